"""Asking registries: whom, how patiently, and registries that mean no good."""

import asyncio
import time

import pytest

from shelfworthy.model import Cause, Domain, Policy, Registry
from shelfworthy.probes.domain.registration import registration
from shelfworthy.reach import Limits, NotSeen, Reach, ask_registry
from shelfworthy_lab import rdap
from tests import clock
from tests.hostile.servers import deaf, hangs_up, nothing, resets
from tests.looking import NOBODY, door, product
from tests.name_servers import after_a_line, drips, in_turn, pours, registry, saying_json
from tests.servers import Behaviour, page, saying, self_signed, serving

LIMITS = Limits(connect=0.5, silence=0.4, look=6.0)
TOY = rdap.answer("toy.test", rdap.Registration(days=400))


def reach_to(*known: Registry, limits: Limits = LIMITS, opened: tuple[str, ...] = ("127.0.0.0/8",)) -> Reach:
    policy = Policy(open=opened, resolver=(NOBODY,), registry=known)
    it = product([Domain(id="name", where="domain:toy.test")], [])
    return door(it, policy, limits).reach(it.surface[0])


def test_rdap_before_whois_and_the_longest_suffix_first() -> None:
    async def run() -> None:
        async with serving(registry(TOY)) as web, serving(after_a_line(b"Domain Name: toy.test\n")) as text:
            both = (
                Registry(to=f"whois://{text.at}", suffixes=("test",)),
                Registry(to=f"http://{web.at}/com/v1/", suffixes=("test",)),
                Registry(to="http://127.0.0.9:1/", suffixes=("other.test", "com")),
            )
            told = await ask_registry(reach_to(*both), "toy.test")
            assert (told.protocol, told.at, told.found) == ("rdap", web.at, True)
            assert text.contacts == 0

    asyncio.run(run())


def test_it_comes_back_when_asked_to() -> None:
    async def run() -> None:
        later = saying_json(b"", 429, ["Retry-After: 1"])
        async with serving(in_turn(later, registry(TOY))) as web:
            began = time.monotonic()
            told = await ask_registry(
                reach_to(Registry(to=f"http://{web.at}/", suffixes=("test",))), "toy.test"
            )
            assert told.found
            assert time.monotonic() - began >= 1
            assert web.contacts == 2

    asyncio.run(run())


def test_it_follows_redirects_to_registries_of_the_policy() -> None:
    async def run() -> None:
        async with serving(registry(TOY), "127.0.0.6") as second:
            to = [f"Location: http://{second.at}/domain/toy.test"]
            async with serving(saying_json(b"", 302, to)) as first:
                known = (
                    Registry(to=f"http://{first.at}/", suffixes=("test",)),
                    Registry(to=f"http://{second.at}/", suffixes=("example",)),
                )
                told = await ask_registry(reach_to(*known), "toy.test")
                assert (told.at, told.found) == (second.at, True)

    asyncio.run(run())


def test_its_certificate_has_to_be_one_browsers_believe() -> None:
    async def run() -> None:
        async with serving(registry(TOY), tls=self_signed()) as web:
            known = Registry(to=f"https://{web.at}/", suffixes=("test",))
            with pytest.raises(NotSeen, match="CERTIFICATE_VERIFY_FAILED") as gap:
                await ask_registry(reach_to(known), "toy.test")
            assert gap.value.cause is Cause.NOT_UNDERSTOOD

    asyncio.run(run())


def test_without_a_registry_it_says_which_file_to_supply_under_which_key() -> None:
    async def run() -> None:
        with pytest.raises(NotSeen) as gap:
            await ask_registry(reach_to(), "toy.test")
        assert gap.value.cause is Cause.DATA_MISSING
        assert "data.iana.org/rdap/dns.json" in gap.value.words
        assert 'bootstrap = "dns.json"' in gap.value.words

    asyncio.run(run())


NOT_UNDERSTOOD, SILENT, REFUSED = Cause.NOT_UNDERSTOOD, Cause.SILENT, Cause.REFUSED
ELSEWHERE = "http://127.0.0.66:8080/domain/toy.test"
HOSTILE: dict[str, tuple[Behaviour, Cause, str]] = {
    "silence": (nothing, SILENT, "fell silent"),
    "does not even read": (deaf, SILENT, "fell silent"),
    "hangs up": (hangs_up, SILENT, "hung up without an HTTP answer"),
    "resets": (resets, SILENT, "hung up without an HTTP answer"),
    "a byte every tenth of a second": (drips, SILENT, "look took more than|did not finish its answer"),
    "ten megabytes": (pours(10 << 20), NOT_UNDERSTOOD, "too long, or broke it off"),
    "no JSON": (saying_json(b"<html>Hello</html>"), NOT_UNDERSTOOD, "did not answer in JSON"),
    "a hundred thousand brackets": (saying_json(b"[" * 100_000), NOT_UNDERSTOOD, "did not answer in JSON"),
    "no UTF-8": (saying_json(b'{"ldhName": "\xff\xfe"}'), NOT_UNDERSTOOD, "JSON"),
    "JSON of another kind": (saying_json(b"[1, 2]"), NOT_UNDERSTOOD, "no RDAP domain"),
    "an error as success": (registry({"errorCode": 404}), NOT_UNDERSTOOD, "no RDAP domain"),
    "another domain": (
        registry(rdap.answer("other.test", rdap.Registration(days=400))),
        NOT_UNDERSTOOD,
        "another domain",
    ),
    "a name that is none": (registry(TOY | {"ldhName": 7}), NOT_UNDERSTOOD, "another domain"),
    "status 500": (saying_json(b"", 500), NOT_UNDERSTOOD, "status 500"),
    "status 403": (saying_json(b"", 403), REFUSED, "status 403"),
    "come back tomorrow": (saying_json(b"", 429, ["Retry-After: 86400"]), REFUSED, "asked later"),
    "come back, with no time": (saying_json(b"", 429), REFUSED, "asked later"),
    "come back for ever": (saying_json(b"", 429, ["Retry-After: 0"]), REFUSED, "status 429"),
    "come back at a time without end": (
        saying_json(b"", 429, ["Retry-After: " + "9" * 400]),
        REFUSED,
        "asked later",
    ),
    "a redirect to itself": (
        saying_json(b"", 302, ["Location: /domain/toy.test"]),
        NOT_UNDERSTOOD,
        "round in a circle",
    ),
    "a redirect elsewhere": (
        saying_json(b"", 302, [f"Location: {ELSEWHERE}"]),
        Cause.NOT_PERMITTED,
        "no resolver or registry of the operator's policy",
    ),
    "a redirect to a file": (
        saying_json(b"", 302, ["Location: file:///etc/passwd"]),
        Cause.NOT_PERMITTED,
        "no plain web address",
    ),
    "no HTTP": (saying(b"220 mail.test ESMTP\r\n"), NOT_UNDERSTOOD, "does not speak HTTP"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_registry_that_means_no_good_leaves_it_open_in_time(name: str) -> None:
    behaviour, cause, words = HOSTILE[name]

    async def run() -> None:
        async with serving(behaviour) as web:
            began = clock.now()
            reach = reach_to(
                Registry(to=f"http://{web.at}/", suffixes=("test",)),
                limits=Limits(connect=0.5, silence=0.4, look=2.0),
            )
            with pytest.raises(NotSeen, match=words) as gap:
                await registration(reach, "toy.test")
            assert gap.value.cause is cause
            assert clock.now() - began < 4

    asyncio.run(run())


def test_redirects_that_go_on_and_on_end() -> None:
    async def run() -> None:
        count = 0

        async def onwards(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal count
            count += 1
            await saying_json(b"", 302, [f"Location: /domain/{count}"])(reader, writer)

        async with serving(onwards) as web:
            with pytest.raises(NotSeen, match="on for too long"):
                await ask_registry(reach_to(Registry(to=f"http://{web.at}/", suffixes=("test",))), "toy.test")
            assert web.contacts <= 5

    asyncio.run(run())


WHOIS: dict[str, tuple[Behaviour, Cause, str]] = {
    "silence": (nothing, SILENT, "fell silent"),
    "hangs up": (hangs_up, SILENT, "empty"),
    "more than anybody says of a domain": (after_a_line(b"x" * (1 << 20)), NOT_UNDERSTOOD, "too long"),
    "noise": (after_a_line(b"\xff\x00\x01" * 99), NOT_UNDERSTOOD, "nothing that is understood"),
    "both": (
        after_a_line(b"Domain Name: toy.test\nExpiry Date: 2099-01-01\nNot found.\n"),
        NOT_UNDERSTOOD,
        "both that it has",
    ),
    "another domain": (
        after_a_line(b"Domain Name: other.test\n"),
        NOT_UNDERSTOOD,
        "nothing that is understood",
    ),
    "too many questions": (after_a_line(b"Query rate limit exceeded.\n"), NOT_UNDERSTOOD, "nothing that is"),
    "a web page": (after_a_line(page(b"Hello")), NOT_UNDERSTOOD, "nothing that is understood"),
}


@pytest.mark.parametrize("name", WHOIS)
def test_a_whois_server_that_means_no_good(name: str) -> None:
    behaviour, cause, words = WHOIS[name]

    async def run() -> None:
        async with serving(behaviour) as server:
            reach = reach_to(Registry(to=f"whois://{server.at}", suffixes=("test",)))
            with pytest.raises(NotSeen, match=words) as gap:
                await registration(reach, "toy.test")
            assert gap.value.cause is cause

    asyncio.run(run())


def test_a_web_page_for_people_is_no_registrys_no() -> None:
    async def run() -> None:
        async with serving(saying_json(b"<h1>Not Found</h1>", 404, ["Content-Type: text/html"])) as web:
            with pytest.raises(NotSeen) as seen:
                await ask_registry(reach_to(Registry(to=f"http://{web.at}/", suffixes=("test",))), "toy.test")
            assert seen.value.cause is Cause.NOT_UNDERSTOOD

    asyncio.run(run())
