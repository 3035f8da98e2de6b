"""Fixtures that answer with something that is neither a yes nor a no: nothing of it clears (law 1)."""

import asyncio
import struct
from pathlib import Path

import pytest

from shelfworthy.audit.findings import answers
from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Broker, Cause, Level, Outcome
from shelfworthy.probes.broker import BROKER
from shelfworthy.probes.broker.frames import MOST
from shelfworthy.reach import Limits
from shelfworthy.record.load import OBSERVATION
from tests.hostile.brokers import COAP, GRANTED, LET_IN, LINKS, frame, in_mqtt, lists_then, start
from tests.looking import Left, allow, bench, door, looked, product
from tests.probes.broker.peers import (
    TUNE,
    Answer,
    Reply,
    amqp,
    answering,
    coap_answer,
    mqtt,
    replying,
    tired,
)
from tests.probes.broker.states import CHECKS, FAIL, OPEN, PASS
from tests.servers import Behaviour, Reader, Writer, serving
from tests.specimen import outcome

LIMITS = Limits(silence=1.0)


async def over_tcp(behaviour: Behaviour, scheme: str, folder: Path) -> Left:
    async with serving(behaviour) as server:
        return await look_at(f"{scheme}://{server.at}", folder)


async def over_udp(answer: Answer, folder: Path) -> Left:
    async with answering(answer) as server:
        return await look_at(f"coap://{server.host}:{server.port}", folder)


async def look_at(where: str, folder: Path) -> Left:
    it = product([Broker(id="messages", where=where)], [allow("127.0.0.5", Level.USE)])
    return await looked(it, door(it, bench(), LIMITS), folder, [BROKER])


def said(left: Left) -> tuple[Outcome, ...]:
    """What `CHECKS` say of the one thing that was seen."""
    (file,) = (left.folder / "evidence" / "observations").glob("*.json")
    seen = OBSERVATION.decode(file.read_bytes())
    about = About(surface=Broker(id="messages", where="mqtt://127.0.0.5"))
    return tuple(outcome(list(answers(BY_ID[check], seen, about))) for check in CHECKS)


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (replying(amqp(b"PLAIN", frame(1, struct.pack("!HHHBHH", 10, 50, 403, 0, 0, 0)))), PASS),
        (tired(replying(amqp(b"PLAIN", b""))), OPEN),
    ],
)
def test_who_hangs_up_on_the_published_password_may_only_be_tired(
    behaviour: Behaviour, expected: Outcome, tmp_path: Path
) -> None:
    left = asyncio.run(over_tcp(behaviour, "amqp", tmp_path))
    assert said(left) == (expected, expected, FAIL)


def opening(code: int) -> Behaviour:
    """Lets everybody in, and closes with this code when its virtual host is opened."""

    async def behave(reader: Reader, writer: Writer) -> None:
        for answer in (start(b""), TUNE, frame(1, struct.pack("!HHHBHH", 10, 50, code, 0, 0, 0))):
            await reader.read(4096)
            writer.write(answer)
        await reader.read(4096)

    return behave


@pytest.mark.parametrize(("code", "expected"), [(403, PASS), (320, OPEN), (530, OPEN), (541, OPEN)])
def test_an_error_of_the_broker_is_no_refusal_to_let_read(
    code: int, expected: Outcome, tmp_path: Path
) -> None:
    """Going down, no such virtual host, internal error (AMQP 0-9-1, section 1.1 of the reference)."""
    left = asyncio.run(over_tcp(opening(code), "amqp", tmp_path))
    assert said(left) == (FAIL, expected, FAIL)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [(mqtt(0, 0x87, 5), PASS), (mqtt(0, 0xA2, 5), OPEN), (mqtt(0, 0x97, 5), OPEN), (mqtt(0, 0x80), PASS)],
)
def test_what_a_broker_cannot_do_is_no_refusal_to_let_read(
    reply: Reply, expected: Outcome, tmp_path: Path
) -> None:
    left = asyncio.run(over_tcp(replying(reply), "mqtt", tmp_path))
    assert said(left) == (FAIL, expected, FAIL)


def test_a_message_without_end_does_not_hide_who_was_let_in(tmp_path: Path) -> None:
    large = in_mqtt(LET_IN + GRANTED + b"\x30\xff\xff\xff\x7f\0\x04toys", bytes(1 << 16))
    left = asyncio.run(over_tcp(large, "mqtt", tmp_path))
    assert said(left) == (FAIL, FAIL, FAIL)
    (seen,) = [one["seen"] for one in left.observations]
    assert seen["received"]["truncated"]
    assert MOST <= seen["received"]["size"] + 100 < 2 * MOST


def test_a_frame_we_did_not_wish_for_does_not_hide_who_was_let_in(tmp_path: Path) -> None:
    too_long = in_mqtt(start(b"") + TUNE, frame(3, bytes(100_000), channel=1))
    left = asyncio.run(over_tcp(too_long, "amqp", tmp_path))
    assert said(left) == (FAIL, OPEN, FAIL)


@pytest.mark.parametrize("after", [b"\xff" * 9, b""])
def test_what_else_a_coap_server_says_does_not_hide_what_it_handed_out(after: bytes, tmp_path: Path) -> None:
    def answer(datagram: bytes) -> bytes:
        return coap_answer(datagram, "2.05", b"here") if b"\x010\x05voice" in datagram else after

    left = asyncio.run(over_udp(lists_then(answer), tmp_path))
    assert said(left) == (FAIL, FAIL, FAIL)


def test_garbage_before_anything_was_answered_is_not_understood(tmp_path: Path) -> None:
    left = asyncio.run(over_udp(COAP["noise"], tmp_path))
    assert [gap.cause for gap in left.gaps] == [Cause.NOT_UNDERSTOOD]


@pytest.mark.parametrize(("listing", "expected"), [(b"</a>,</b>", PASS), (LINKS, OPEN)])
def test_resources_nobody_asked_for_may_be_open(listing: bytes, expected: Outcome, tmp_path: Path) -> None:
    def answer(datagram: bytes) -> bytes:
        if b"well-known" in datagram:
            return coap_answer(datagram, "2.05", listing)
        return coap_answer(datagram, "4.01")

    left = asyncio.run(over_udp(answer, tmp_path))
    assert said(left) == (expected, expected, FAIL)


def test_a_list_that_breaks_off_is_not_all_there_is(tmp_path: Path) -> None:
    """The second block is an error, whose words are no links."""

    def answer(datagram: bytes) -> bytes:
        if b"well-known" not in datagram:
            return coap_answer(datagram, "4.01")
        if b"\x1e" in datagram[-3:]:  # the second block (RFC 7959, section 2.2)
            return coap_answer(datagram, "4.08", b"</open>")
        return coap_answer(datagram, "2.05", b"</a>,", b"\xd1\x0a\x0e")

    left = asyncio.run(over_udp(answer, tmp_path))
    (seen,) = [one["seen"] for one in left.observations]
    assert (seen["received"]["offered"], seen["received"]["truncated"]) == (1, True)
    assert said(left) == (OPEN, OPEN, FAIL)
