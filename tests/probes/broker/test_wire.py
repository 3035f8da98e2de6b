"""Frames, packets and datagrams: cut anywhere they are the same, and what is none is refused."""

import struct
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.probes.broker import amqp, coap, dtls, mqtt
from shelfworthy.probes.broker.frames import KEPT, Frame, Frames
from shelfworthy.probes.broker.topics import (
    MOST_BYTES,
    MOST_MESSAGES,
    MOST_SHAPES,
    MOST_TOPICS,
    Tally,
    topic_shape,
)
from shelfworthy_lab.mosquitto import _packet, _text


def cut(content: bytes, cuts: list[int]) -> list[bytes]:
    """The content in pieces."""
    places = [0, *sorted(place % (len(content) + 1) for place in cuts), len(content)]
    return [content[first:last] for first, last in pairwise(places)]


@given(st.lists(st.binary(max_size=300), max_size=6), st.lists(st.integers(0, 10_000), max_size=12))
def test_packets_are_the_same_however_they_come(bodies: list[bytes], cuts: list[int]) -> None:
    content = b"".join(_packet(0x30, body) for body in bodies)
    frames = Frames(mqtt.measure)
    came = [frame for piece in cut(content, cuts) for frame in frames.feed(piece)]
    assert [frame.body for frame in came] == bodies
    assert not frames.partial


@given(st.lists(st.integers(0, 3 * KEPT), min_size=1, max_size=8))
def test_of_a_long_packet_only_the_beginning_is_held(cuts: list[int]) -> None:
    long = _packet(0x30, _text("toys") + bytes(3 * KEPT))
    frames = Frames(mqtt.measure)
    came: list[Frame] = []
    for piece in cut(long + _packet(0xD0, b""), cuts):
        came += frames.feed(piece)
        assert len(frames._held) <= KEPT + len(piece) + 16
    assert [frame.length for frame in came] == [6 + 3 * KEPT, 0]
    assert len(came[0].body) == KEPT
    assert mqtt.published("3.1.1", came[0]) == ("toys", 3 * KEPT, False)


def test_who_stops_in_between_gets_the_rest_later() -> None:
    frames = Frames(mqtt.measure)
    first = next(frames.feed(b"\x20\x02\0\0\x30\x03\0\x01a\x90\x03"))
    assert mqtt.joined(first) == 0
    assert [mqtt.kind(frame) for frame in frames.feed(b"\0\x01\0")] == [mqtt.PUBLISH, mqtt.SUBACK]


@given(st.binary(max_size=60))
def test_any_bytes_are_packets_or_refused(content: bytes) -> None:
    frames = Frames(mqtt.measure)
    try:
        for frame in frames.feed(content):
            for read in (mqtt.joined, mqtt.subscribed, lambda one: mqtt.published("5", one)):
                with_refusal(read, frame)
    except ValueError:
        return


def with_refusal(read: object, frame: Frame) -> None:
    assert callable(read)
    try:
        read(frame)
    except ValueError:
        return


@pytest.mark.parametrize(
    ("version", "body", "expected"),
    [
        ("3.1.1", b"\0\x04toysplum", ("toys", 4, True)),
        ("5", b"\0\x04toys\0plum", ("toys", 4, True)),
        ("5", b"\0\x04toys\x02\x01\x01plum", ("toys", 4, True)),
        ("3.1.1", b"\0\0", ("", 0, True)),
    ],
)
def test_what_is_read_of_a_message(version: str, body: bytes, expected: tuple[str, int, bool]) -> None:
    assert (
        mqtt.published(version, Frame(head=b"\x31" + bytes([len(body)]), body=body, length=len(body)))
        == expected
    )


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_a_stranger_says_nothing_of_credentials_and_never_the_same_name(version: str) -> None:
    one, other = (mqtt.connect(version) for _ in range(2))
    assert one != other
    flags = one[2 + 6 + 1]
    assert flags == 0x02  # a clean start; no user name, no password, no will
    assert b"audit" in one


@given(st.binary(max_size=200))
def test_any_bytes_are_amqp_frames_or_refused(content: bytes) -> None:
    frames = Frames(amqp.measure)
    try:
        for frame in frames.feed(content):
            if amqp.named(frame) == amqp.START:
                amqp.introduction(frame)
            if amqp.named(frame) == amqp.DELIVER:
                amqp.delivered(frame)
            if frame.head[0] == amqp.CONTENT:
                amqp.body_size(frame)
    except (ValueError, struct.error):
        return


@given(st.binary(max_size=200))
def test_a_greeting_of_any_bytes_is_read_or_refused(table: bytes) -> None:
    body = struct.pack("!HHBBI", 10, 10, 0, 9, len(table)) + table + struct.pack("!I", 5) + b"PLAIN"
    try:
        known = amqp.introduction(Frame(head=b"\x01", body=body, length=len(body)))
    except (ValueError, struct.error):
        return
    assert known.mechanisms == ("PLAIN",)


@given(st.binary(max_size=200))
def test_any_datagram_is_a_message_or_refused(content: bytes) -> None:
    try:
        message = coap.read(content)
    except ValueError:
        return
    assert len(message.payload) < len(content)


@given(
    st.lists(st.text("abcxyz0189.-_~", min_size=1, max_size=300), max_size=5),
    st.integers(0, 1 << 15),
    st.none() | st.tuples(st.integers(0, 500), st.integers(0, 6)),
)
def test_a_request_is_read_back(names: list[str], number: int, block: tuple[int, int] | None) -> None:
    message = coap.read(coap.get("/" + "/".join(names), number, b"plum", block))
    assert (message.type, message.number, message.token, message.code) == (0, number, b"plum", "0.01")
    assert message.block == (None if block is None else (block[0], False, block[1]))


def test_the_links_of_a_list() -> None:
    """RFC 6690, section 2, with a comma and a bracket in a title."""
    listing = (
        '</sensors/temp>;if="sensor";title="a, <b>",</sensors/light?unit=lux>;ct=0,<http://x.test/>;rel="x"'
    )
    assert list(coap.links(listing)) == ["/sensors/temp", "/sensors/light?unit=lux", "http://x.test/"]


@pytest.mark.parametrize("text", ['"' * 60_001, '"' + '\\"' * 500_000, "<" * 500_000, '"\\'])
def test_a_list_that_does_not_end_is_read_in_time(text: str) -> None:
    began = time.process_time()
    assert list(coap.links(f"</toys>,{text}")) == ["/toys"]
    assert time.process_time() - began < 2


def test_a_size_that_is_no_number_of_the_protocol_is_not_believed() -> None:
    """RFC 7959, section 4: at most four bytes; more would not fit into what evidence can hold either."""
    head = b"\x60\x45\0\1"
    assert coap.read(head + b"\xd4\x0f" + b"\xff" * 4).whole == (1 << 32) - 1
    assert coap.read(head + b"\xd9\x0f" + b"\xff" * 9).whole == -1


def test_an_escaped_path_is_asked_for_byte_by_byte() -> None:
    assert b"\xb2b\xff" in coap.get("/b%FF", 1, b"plum")


@pytest.mark.parametrize(
    ("version", "code", "expected"),
    [
        ("3.1.1", 0, True),
        ("3.1.1", 0x80, False),
        ("5", 2, True),
        ("5", 0x87, False),
        ("5", 0x80, None),  # unspecified
        ("5", 0x97, None),  # quota
        ("5", 0xA2, None),  # wildcards
    ],
)
def test_only_want_of_rights_is_a_refusal(version: str, code: int, expected: bool | None) -> None:
    assert mqtt.granted(version, code) is expected


@pytest.mark.parametrize(("longest", "asked"), [(0, 1 << 16), (1 << 17, 1 << 16), (4096, 4096)])
def test_we_wish_for_frames_that_are_held_whole(longest: int, asked: int) -> None:
    body = struct.pack("!HHHIH", 10, 30, 7, longest, 60)
    answer = struct.unpack("!HIH", amqp.tuned(Frame(head=b"\x01", body=body, length=len(body))))
    assert answer == (7, asked, 60)
    assert asked <= KEPT


def test_dtls_answers_are_records_of_dtls() -> None:
    cookie = b"\x03\0\0\x03\0\0\0\0\0\0\0\x03\xfe\xff\0"  # HelloVerifyRequest with an empty one
    record = b"\x16\xfe\xff" + bytes(8) + len(cookie).to_bytes(2, "big") + cookie
    assert dtls.answers(record)
    assert dtls.answers(b"\x15\xfe\xfd" + bytes(8) + b"\0\x02\x02\x28")
    assert not dtls.answers(record[:-1])
    assert not dtls.answers(b"\x16\x03\x03" + record[3:])
    assert not dtls.answers(dtls.client_hello(bytes(dtls.RANDOM)))  # an echo
    assert not dtls.answers(b"")


@pytest.mark.parametrize(
    ("topic", "shape"),
    [
        ("toys/bear-7/voice", "toys/‹a9›/voice"),
        ("children/Mia/location", "children/‹a›/location"),
        ("mia.marsh@plumpost.test/inbox", "‹@›/inbox"),
        ("users/4711", "users/‹9›"),
        ("/", "‹›/‹›"),
        ("Voice/VOICE", "Voice/VOICE"),
        ("a/" * 40, "/".join(["‹a›"] * 12) + "/…"),
        ("日本/voice", "‹a›/voice"),
    ],
)
def test_shapes(topic: str, shape: str) -> None:
    assert topic_shape(topic) == shape


def test_what_is_counted() -> None:
    tally = Tally()
    for size in (5, 7, 3):
        tally.message("toys/bear-7/voice", size)
    tally.message("toys/bear-8/voice", 9, retained=True)
    tally.message("$SYS/broker/uptime", 4)
    seen = tally.received()
    assert (seen.messages, seen.topics, seen.size, seen.system, seen.truncated) == (4, 2, 24, 1, False)
    (shape,) = seen.shapes
    assert (shape.shape, shape.topics, shape.messages, shape.retained) == ("toys/‹a9›/voice", 2, 4, 1)
    assert (shape.smallest, shape.largest) == (3, 9)


def test_there_is_an_end_to_counting() -> None:
    tally = Tally()
    for number in range(MOST_TOPICS + 5):
        tally.message(f"{'x/' * (number % (MOST_SHAPES + 9))}{number}", 1)
    assert tally.received().topics == MOST_TOPICS
    assert tally.received().truncated
    assert not tally.full
    for _ in range(MOST_MESSAGES):
        tally.message("toys", 1)
    assert tally.full
    heavy = Tally()
    heavy.message("toys", MOST_BYTES)
    assert heavy.full
