"""Asking resolvers: who is asked, what counts as an answer, and resolvers that mean no good."""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

import dns.flags
import dns.message
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.model import Cause, Domain, Policy
from shelfworthy.reach import Limits, Missing, NotSeen, Reach, Told, look_up, try_look_up
from shelfworthy.reach.dns_messages import NoAnswer, answer, is_cut, question
from shelfworthy.reach.resolver import ALIASES, ENDLESS, FAILED, LOOP, NO_NAME, NONE, RECORDS, REFUSED
from tests import clock
from tests.looking import door, product
from tests.name_servers import always, answered, by_tcp, cut, pointing_at_itself, zone
from tests.servers import serving
from tests.udp import Behaviour, answering, silent

TOY = {"toy.test": ["A 127.0.0.5", "MX 20 b.toy.test.", "MX 10 A.toy.test."], "null.test": ["MX 0 ."]}
LIMITS = Limits(connect=0.5, silence=0.3, look=3.0)


def reach_to(*resolvers: str, limits: Limits = LIMITS) -> Reach:
    """A look at a name, by these resolvers; the product file permits nothing."""
    policy = Policy(open=("127.0.0.5/32",), resolver=resolvers)
    it = product([Domain(id="name", where="domain:toy.test")], [])
    return door(it, policy, limits).reach(it.surface[0])


def told(behaviour: Behaviour, name: str = "toy.test", kind: str = "A") -> Told | Missing:
    async def run() -> Told | Missing:
        async with answering(behaviour) as peer:
            return await try_look_up(reach_to(peer.at), name, kind)

    return asyncio.run(run())


def test_what_is_there_and_what_is_not() -> None:
    assert told(zone(TOY)) == Told(state=RECORDS, records=("127.0.0.5",))
    assert told(zone(TOY), kind="AAAA") == Told(state=NONE)
    assert told(zone(TOY), "other.test") == Told(state=NO_NAME)
    assert told(zone(TOY), "TOY.test.", "MX") == Told(
        state=RECORDS, records=("20 b.toy.test", "10 a.toy.test")
    )


@pytest.mark.parametrize(
    ("code", "state"), [("SERVFAIL", FAILED), ("REFUSED", REFUSED), ("NOTIMP", FAILED), ("FORMERR", FAILED)]
)
def test_errors_are_states(code: str, state: str) -> None:
    assert told(always(lambda it: answered(it, code=code).to_wire())) == Told(state=state)


def test_aliases_are_followed_across_answers() -> None:
    """One server goes no further than its zones; another gives the whole chain at once."""
    known = {"toy.test": ["CNAME a.test."], "a.test": ["CNAME b.test."], "b.test": ["A 127.0.0.5"]}
    whole = Told(state=RECORDS, aliases=("a.test", "b.test"), records=("127.0.0.5",))
    assert told(zone(known)) == whole
    records = ["toy.test. 60 IN CNAME a.test.", "a.test. 60 IN CNAME b.test.", "b.test. 60 IN A 127.0.0.5"]
    assert told(always(lambda it: answered(it, records).to_wire())) == whole


def test_the_last_alias_does_not_exist() -> None:
    assert told(zone({"toy.test": ["CNAME gone.test."]})) == Told(state=NO_NAME, aliases=("gone.test",))


def test_circles_and_endless_chains_of_aliases_end() -> None:
    circle = {"toy.test": ["CNAME a.test."], "a.test": ["CNAME toy.test."]}
    assert told(zone(circle)) == Told(state=LOOP, aliases=("a.test", "toy.test"))
    assert told(zone({"toy.test": ["CNAME toy.test."]})) == Told(state=LOOP, aliases=("toy.test",))
    chain = {f"{n}.test": [f"CNAME {n + 1}.test."] for n in range(100)}
    endless = told(zone(chain), "0.test")
    assert isinstance(endless, Told)
    assert endless.state == ENDLESS
    assert len(endless.aliases) == ALIASES
    all_at_once = [f"{n}.test. 60 IN CNAME {n + 1}.test." for n in range(100)]
    assert told(always(lambda it: answered(it, all_at_once).to_wire(max_size=65535)), "0.test") == endless


def test_a_cut_answer_is_asked_for_by_tcp() -> None:
    async def run() -> None:
        whole = [f"toy.test. 60 IN A 127.0.{n // 250}.{n % 250}" for n in range(300)]
        async with answering(always(cut)) as peer:
            tcp = by_tcp(lambda it: answered(it, whole).to_wire(max_size=65535))
            async with serving(tcp, peer.host, peer.port) as server:
                found = await look_up(reach_to(peer.at), "toy.test", "A")
                assert len(found.records) == 300
                assert server.contacts == 1

    asyncio.run(run())


def test_the_second_resolver_is_asked_where_the_first_does_not_know() -> None:
    async def run() -> None:
        refusing = always(lambda it: answered(it, code="REFUSED").to_wire())
        for first in (silent, refusing):
            async with answering(first) as one, answering(zone(TOY)) as two:
                found = await look_up(reach_to(one.at, two.at), "toy.test", "A")
                assert found.state == RECORDS
                assert one.contacts

    asyncio.run(run())


def other_number(content: bytes) -> bytes:
    message = answered(content, ["toy.test. 60 IN A 127.0.0.6"])
    message.id ^= 1
    return message.to_wire()


def other_question(content: bytes) -> bytes:
    asked = dns.message.make_query("other.test", "A")
    asked.id = dns.message.from_wire(content).id
    return answered(asked.to_wire(), ["other.test. 60 IN A 127.0.0.6"]).to_wire()


def referral(content: bytes) -> bytes:
    message = answered(content)
    message.authority.append(dns.rrset.from_text("test.", 60, "IN", "NS", "a.nic.test."))
    return message.to_wire()


def announces_more(content: bytes) -> bytes:
    whole = bytearray(answered(content, ["toy.test. 60 IN A 127.0.0.6"]).to_wire())
    whole[6:8] = (60_000).to_bytes(2)
    return bytes(whole)


HOSTILE: dict[str, tuple[Behaviour, Cause, str]] = {
    "says nothing": (silent, Cause.SILENT, "sent no answer"),
    "another number": (always(other_number), Cause.SILENT, "sent no answer"),
    "another number, for ever": (
        always(lambda it: [other_number(it)] * 20),
        Cause.NOT_UNDERSTOOD,
        "not the answer to our question",
    ),
    "another question": (
        always(lambda it: [other_question(it)] * 20),
        Cause.NOT_UNDERSTOOD,
        "another question than ours",
    ),
    "our own question back": (
        always(lambda it: [it] * 20),
        Cause.NOT_UNDERSTOOD,
        "not the answer to our question",
    ),
    "noise": (
        always(lambda it: [it[:2] + b"\xfc" + b"\xff" * 200] * 20),
        Cause.NOT_UNDERSTOOD,
        "500 records",
    ),
    "a name that points at itself": (
        always(lambda it: [pointing_at_itself(it)] * 20),
        Cause.NOT_UNDERSTOOD,
        "not a well-formed DNS message",
    ),
    "cut off anywhere": (
        always(lambda it: [answered(it, ["toy.test. 60 IN A 127.0.0.6"]).to_wire()[:-2]] * 20),
        Cause.NOT_UNDERSTOOD,
        "not a well-formed DNS message",
    ),
    "announces 60,000 records": (always(lambda it: [announces_more(it)] * 20), Cause.NOT_UNDERSTOOD, "500"),
    "only says who might know": (always(referral), Cause.NOT_UNDERSTOOD, "resolves nothing"),
    "datagrams of a byte": (always(lambda it: [b"x"] * 20), Cause.NOT_UNDERSTOOD, "not the answer"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_resolver_that_means_no_good_leaves_it_open_in_time(name: str) -> None:
    behaviour, cause, words = HOSTILE[name]
    began = clock.now()
    missing = told(behaviour)
    assert clock.now() - began < 2
    assert isinstance(missing, Missing)
    assert missing.cause is cause
    assert words in missing.words


def test_the_right_answer_after_wrong_ones_counts() -> None:
    """Somebody guesses at our port: what does not fit is passed over."""
    right = ["toy.test. 60 IN A 127.0.0.5"]
    both = always(lambda it: [other_number(it), other_question(it), answered(it, right).to_wire()])
    assert told(both) == Told(state=RECORDS, records=("127.0.0.5",))


HOSTILE_TCP: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "hangs up in the middle": (lambda it: b"", "hung up in the middle"),
    "another number": (other_number, "not the answer to our question"),
    "noise": (lambda it: it[:2] + b"\x80" + b"\xff" * 300, "records"),
}


@pytest.mark.parametrize("name", HOSTILE_TCP)
def test_a_resolver_that_means_no_good_by_tcp(name: str) -> None:
    make, words = HOSTILE_TCP[name]

    async def run() -> None:
        async with answering(always(cut)) as peer, serving(by_tcp(make), peer.host, peer.port):
            with pytest.raises(NotSeen, match=words):
                await look_up(reach_to(peer.at), "toy.test", "A")

    asyncio.run(run())


def test_a_name_nobody_can_be_asked_about() -> None:
    missing = told(zone(TOY), "a" * 64 + ".test")
    assert isinstance(missing, Missing)
    assert "no name a resolver can be asked about" in missing.words


@settings(max_examples=300)
@given(
    st.binary(max_size=600),
    st.sampled_from([b"\x84\x00", b"\x80\x03", b"\x00\x00"]),
    st.lists(st.integers(0, 40), min_size=4, max_size=4),
)
def test_noise_in_an_answer_is_no_answer_or_one_about_our_name(
    noise: bytes, flags: bytes, counts: list[int]
) -> None:
    asked = question("toy.test", "A")
    content = asked.content[:2] + flags + b"".join(count.to_bytes(2) for count in counts) + noise
    began = time.process_time()
    is_cut(asked, content)
    with suppress(NoAnswer):
        assert answer(asked, content).code
        assert content[2] & 0x80
    assert time.process_time() - began < 1


@settings(max_examples=300)
@given(st.data())
def test_flipped_bytes_of_a_good_answer_break_nothing(data: st.DataObject) -> None:
    asked = question("toy.test", "MX")
    records: Iterable[str] = ["toy.test. 60 IN MX 10 mail.toy.test.", "toy.test. 60 IN MX 20 b.toy.test."]
    content = bytearray(answered(asked.content, records).to_wire())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(2, len(content) - 1))] = data.draw(st.integers(0, 255))
    began = time.process_time()
    with suppress(NoAnswer):
        assert answer(asked, bytes(content)).code
    assert time.process_time() - began < 1
