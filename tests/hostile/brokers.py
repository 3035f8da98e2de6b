"""Brokers that mean no good, in MQTT, AMQP and CoAP; the first two as behaviours, the last by datagram."""

import struct
from collections.abc import Callable, Iterator

from tests.hostile.servers import CHUNK, NOISE, after_the_question, cut, drip, endless, once
from tests.probes.broker.peers import Answer, coap_answer
from tests.servers import Behaviour

LET_IN = b"\x20\x02\0\0"
GRANTED = b"\x90\x03\0\x01\0\x90\x03\0\x02\0"
LONGEST = b"\xff\xff\xff\x7f"  # 256 MiB, the longest there is (MQTT 3.1.1, section 2.2.3)


def published(topic: bytes, payload: bytes = b"x") -> bytes:
    body = struct.pack("!H", len(topic)) + topic + payload
    assert len(body) < 128
    return bytes([0x30, len(body)]) + body


def topics_without_end() -> Iterator[bytes]:
    yield LET_IN + GRANTED
    turn = 0
    while True:
        turn += 1
        yield b"".join(
            published(f"toys/{turn}/{number}/{'x/' * (turn % 20)}".encode()) for number in range(500)
        )


def in_mqtt(start: bytes, again: bytes) -> Behaviour:
    return after_the_question(endless(start, again))


MQTT: dict[str, Behaviour] = {
    "an answer of 256 MiB": in_mqtt(b"\x20" + LONGEST, CHUNK),
    "a length of five bytes": once(b"\x20\xff\xff\xff\xff\x7f\0\0"),
    "an answer of no length": once(b"\x20\0"),
    "an answer cut short": cut(b"\x20\x02\0"),
    "an answer now and then": after_the_question(drip(b"\x20\x7f" + bytes(127)), 0.05),
    "an unknown code": once(b"\x20\x02\0\x55"),
    "a message before the answer": once(published(b"toys")),
    "a packet only clients send": once(b"\x10\x02\0\0"),
    "let in, and silence": once(LET_IN),
    "let in, and hung up": cut(LET_IN),
    "let in, and noise": in_mqtt(LET_IN, NOISE),
    "let in, and answers to nothing": in_mqtt(LET_IN, b"\x90\x03\0\x07\0" * 500),
    "granted, and a message of 256 MiB": in_mqtt(LET_IN + GRANTED + b"\x30" + LONGEST + b"\0\x04toys", CHUNK),
    "granted, and a topic longer than its message": once(LET_IN + GRANTED + b"\x30\x04\xff\xfftoys"),
    "granted, and a message of nothing": in_mqtt(LET_IN + GRANTED, b"\x30\0"),
    "granted, and a grant cut short": once(LET_IN + b"\x90\x01\0"),
}
FLOODS: dict[str, Behaviour] = {
    "messages without end": in_mqtt(LET_IN + GRANTED, published(b"toys/voice") * 500),
    "messages without end and without a grant": in_mqtt(LET_IN, published(b"toys/voice") * 500),
    "topics without end": after_the_question(topics_without_end),
}


def frame(kind: int, body: bytes, length: int | None = None, channel: int = 0) -> bytes:
    """An AMQP frame whose length may be a lie."""
    return struct.pack("!BHI", kind, channel, len(body) if length is None else length) + body + b"\xce"


def start(table: bytes, mechanisms: bytes = b"ANONYMOUS", size: int | None = None) -> bytes:
    """`Connection.Start` whose table may be none."""
    body = struct.pack("!HHBBI", 10, 10, 0, 9, len(table) if size is None else size) + table
    return frame(1, body + struct.pack("!I", len(mechanisms)) + mechanisms + struct.pack("!I", 0))


AMQP: dict[str, Behaviour] = {
    "a frame of 4 GiB": after_the_question(endless(frame(1, b"\0\x0a\0\x0a", 0xFFFFFFFF), CHUNK)),
    "a frame of nothing": once(frame(1, b"")),
    "a frame cut short": cut(frame(1, b"\0\x0a\0\x0a", 400)),
    "a frame of no kind": once(frame(7, b"\0\x0a\0\x0a")),
    "frames of nothing without end": after_the_question(endless(b"", frame(8, b"") * 500)),
    "a greeting now and then": after_the_question(drip(start(b"")), 0.05),
    "a table longer than its frame": once(start(b"", size=0xFFFFFFFF)),
    "a table of unknown types": once(start(b"\x04plumZ1234")),
    "a name longer than its table": once(start(b"\xffplum")),
    "a text longer than its table": once(start(b"\x04plumS\xff\xff\xff\xff")),
    "no way to log in": once(start(b"", b"")),
    "ways to log in without end": once(start(b"", b"ANONYMOUS " * 5000)),
    "ways to log in that are noise": once(start(b"", NOISE)),
    "a greeting, and silence": once(start(b"")),
    "a greeting, and the same again": in_mqtt(start(b""), start(b"")),
    "another version": cut(b"AMQP\x00\x01\x00\x00"),
    "half a version": cut(b"AMQ"),
    "let in, and silence": once(start(b"") + frame(1, struct.pack("!HHHIH", 10, 30, 0, 0, 0))),
    "let in, and noise": after_the_question(
        endless(start(b"") + frame(1, struct.pack("!HHHIH", 10, 30, 0, 0, 0)), NOISE)
    ),
    "let in, and messages without end": after_the_question(
        endless(
            start(b"") + frame(1, struct.pack("!HHHIH", 10, 30, 0, 0, 0)), frame(3, b"x", channel=1) * 500
        )
    ),
}

MORE = b"\xd1\x0a\x0e"  # Block2: there is more (RFC 7959, section 2.2)
LINKS = b",".join(b"</toys/%d/voice>" % number for number in range(70))


def always(code: str, payload: bytes = b"", options: bytes = b"") -> Answer:
    return lambda datagram: coap_answer(datagram, code, payload, options)


def lists_then(answer: Callable[[bytes], bytes]) -> Answer:
    """A list of resources as it should be; this to everything else."""
    return lambda datagram: (
        coap_answer(datagram, "2.05", LINKS) if b"well-known" in datagram else answer(datagram)
    )


COAP: dict[str, Answer] = {
    "noise": lambda datagram: NOISE,
    "one byte": lambda datagram: b"\x60",
    "our own words": lambda datagram: datagram,
    "an acknowledgement and nothing more": lambda datagram: b"\x60\0" + datagram[2:4],
    "a reset": lambda datagram: b"\x70\0" + datagram[2:4],
    "the answer to another question": lambda datagram: coap_answer(b"\x44\x01\0\0plum", "2.05", b"</toys>"),
    "an option longer than the datagram": always("2.05", b"", b"\xdd\xff\xff"),
    "an option of no length": always("2.05", b"", b"\xff"[:0] + b"\x1f"),
    "an option of reserved length": always("2.05", b"", b"\xf1"),
    "a list without end": always("2.05", LINKS, MORE),
    "a list of noise": always("2.05", NOISE[:1000]),
    "a list of open brackets": always("2.05", b"<" * 60_000),
    "a list of quotes": always("2.05", b'"' * 60_000),
    "a list, and silence": lists_then(lambda datagram: b""),
    "a list, and noise": lists_then(lambda datagram: NOISE),
    "a list, and errors": lists_then(always("5.00")),
    "a list, and blocks without end": lists_then(always("4.02", b"", MORE)),
    "an unknown code": always("2.31"),
    "a list of other hosts": always(
        "2.05", b"<coap://127.0.0.6/toys>,<//127.0.0.6/toys>,<http://127.0.0.6/>"
    ),
}
