"""Peers of the other stores that mean no good: each speaks a protocol until it lies."""

import json
import struct
from collections.abc import Callable

from tests.hostile.servers import NOISE, after_the_question, endless, once
from tests.probes.database import http_stores as fixtures
from tests.servers import Behaviour, Reader, Writer

LONG = 10_000


def in_turn(*answers: bytes, first: bytes = b"") -> Behaviour:
    """Says `first`, then one of these for each thing it hears, the last one again and again."""

    async def behave(reader: Reader, writer: Writer) -> None:
        writer.write(first)
        turn = 0
        while await reader.read(4096):
            writer.write(answers[min(turn, len(answers) - 1)])
            turn += 1

    return behave


def bulk(text: str) -> bytes:
    return f"${len(text)}\r\n{text}\r\n".encode()


PONG = b"+PONG\r\n"
SPACE = "".join(f"db{number}:keys=1,expires=0\r\n" for number in range(LONG))
REDIS: dict[str, Behaviour] = {
    "pongs without end": after_the_question(endless(PONG, PONG)),
    "a line without end": after_the_question(endless(b"+", b"PONG" * 1000)),
    "a string of two gigabytes": in_turn(PONG, b"$2147483647\r\n"),
    "a string shorter than it says": in_turn(PONG, b"$100\r\nplum\r\n"),
    "a string longer than it says": in_turn(PONG, b"$1\r\nplumwhistle\r\n"),
    "a length below zero": in_turn(PONG, b"$-5\r\n"),
    "a length of letters": in_turn(PONG, b"$plum\r\n"),
    "arrays": in_turn(PONG, b"*1000000\r\n"),
    "a number of a thousand digits": in_turn(PONG, bulk(""), b":" + b"9" * 1000 + b"\r\n"),
    "ten thousand databases": in_turn(PONG, b":7\r\n", bulk(SPACE), b"+OK\r\n"),
    "hangs up after the greeting": in_turn(PONG, b""),
    "an error that is none": once(b"-PLUM whistle\r\n"),
    "noise after the greeting": in_turn(PONG, NOISE),
}


def message(kind: bytes, content: bytes, length: int | None = None) -> bytes:
    """A PostgreSQL message, whose length may be a lie."""
    return kind + struct.pack("!i", 4 + len(content) if length is None else length) + content


UNSUPPORTED = message(b"E", b"SFATAL\0C0A000\0Mno\0\0")
LET_IN = message(b"R", bytes(4)) + message(b"Z", b"I")
POSTGRESQL: dict[str, Behaviour] = {
    "yes, and no TLS": in_turn(b"S", NOISE),
    "yes and no": in_turn(b"SN"),
    "no, and noise": in_turn(b"N", NOISE),
    "neither": in_turn(b"?"),
    "no, and an error without fields": in_turn(b"N", message(b"E", b"")),
    "a length below zero": in_turn(b"N", message(b"E", b"", -1)),
    "a length of two gigabytes": in_turn(b"N", message(b"E", b"", 1 << 30)),
    "greets, and parameters without end": in_turn(
        b"N", UNSUPPORTED + message(b"S", b"plum\0whistle\0") * 5000
    ),
    "lets in, and rows without end": in_turn(
        LET_IN, message(b"D", struct.pack("!hi", 1, 4) + b"plum") * 5000
    ),
    "lets in, and a row that lies": in_turn(
        LET_IN, message(b"D", struct.pack("!hi", 1, 900)) + message(b"Z", b"I")
    ),
    "lets in, and a row of no length": in_turn(LET_IN, message(b"D", b"\xff\xff") + message(b"Z", b"I")),
    "lets in, and an empty row": in_turn(LET_IN, message(b"D", b"") + message(b"Z", b"I")),
    "asks for something unknown": in_turn(message(b"R", struct.pack("!i", -7))),
}


def packet(content: bytes, number: int = 0, length: int | None = None) -> bytes:
    """A MySQL packet, whose length may be a lie."""
    return (len(content) if length is None else length).to_bytes(3, "little") + bytes([number]) + content


def greeting(version: bytes = b"8.0.1", capabilities: int = 0x8F7FF) -> bytes:
    """Of a server; without the bit 0x800 it has no TLS."""
    low, high = capabilities & 0xFFFF, capabilities >> 16
    tail = bytes(8) + b"\0" + struct.pack("<HBHHB", low, 45, 2, high, 21) + bytes(10) + bytes(13)
    return packet(b"\x0a" + version + b"\0" + bytes(4) + tail + b"mysql_native_password\0")


OK = packet(b"\0\0\0\2\0\0\0", 2)
END = b"\xfe\0\0\2\0"
COLUMN = packet(b"\3def", 2)
ONE = packet(b"\1", 1) + COLUMN + packet(END, 3)
MYSQL: dict[str, Behaviour] = {
    "a greeting of sixteen megabytes": in_turn(b"", first=b"\xff\xff\xff\0\x0a"),
    "a greeting of nothing": in_turn(b"", first=packet(b"")),
    "a number out of turn": in_turn(b"", first=packet(b"\x0a8.0.1\0" + bytes(40), 7)),
    "no version": in_turn(b"", first=greeting(b"plumwhistle")),
    "an old protocol": in_turn(b"", first=greeting(capabilities=0)),
    "a greeting cut short": in_turn(b"", first=packet(b"\x0a8.0.1\0plum")),
    "greetings without end": after_the_question(endless(greeting(), greeting())),
    "TLS, and noise": in_turn(NOISE, first=greeting(capabilities=0x8FFFF)),
    "neither in nor out": in_turn(packet(b"\x05plum", 2), first=greeting()),
    "asks for another plugin for ever": in_turn(
        packet(b"\xfemysql_native_password\0", 2), packet(b"\xfemysql_native_password\0", 4), first=greeting()
    ),
    "wants a file": in_turn(OK, packet(b"\xfb/etc/hostname", 1), first=greeting()),
    "columns without end": in_turn(OK, packet(b"\1", 1) + COLUMN * 5000, first=greeting()),
    "a row that lies": in_turn(OK, ONE + packet(b"\xfc\xff", 4) + packet(END, 5), first=greeting()),
    "a row longer than itself": in_turn(OK, ONE + packet(b"\x40plum", 4) + packet(END, 5), first=greeting()),
    "a row that is an error": in_turn(OK, ONE + packet(b"\xff\x15\x04", 4), first=greeting()),
    "an empty error": in_turn(b"", first=packet(b"\xff")),
}

DEEP = b"[" * 200_000
MANY = [f"plum{number}" for number in range(50_000)]
MISTYPED = [7, None, ["index"], {"index": 7}, {"index": "bears", "docs.count": "-5"}]
HUGE = {"index": "p" * 200_000, "docs.count": "9" * 400}


def instead(store: fixtures.Store, path: str, body: object) -> Behaviour:
    """A store that says something else at one place."""
    return fixtures.serve(lambda target: (200, {}, body) if target.startswith(path) else store(target))


def json_lies(store: Callable[[], fixtures.Store], listing: str) -> dict[str, Behaviour]:
    """What every listing over HTTP may be instead of one."""
    return {
        "a listing nested deeply": instead(store(), listing, DEEP),
        "a listing of other things": instead(store(), listing, {"plum": MISTYPED}),
        "a listing of nothing at all": instead(store(), listing, b""),
        "a listing that is no text": instead(store(), listing, NOISE),
        "a welcome nested deeply": instead(store(), "/", DEEP),
        "a welcome of other types": instead(store(), "/", {"tagline": 7, "version": [], "couchdb": 7}),
        "a welcome cut short": instead(store(), "/", b'{"tagline": "You Know'),
    }


OVER_HTTP: dict[str, dict[str, Behaviour]] = {
    "elasticsearch+http": json_lies(fixtures.elasticsearch, "/_cat")
    | {
        "indices of wrong types": instead(fixtures.elasticsearch(), "/_cat", MISTYPED),
        "names and counts of any size": instead(fixtures.elasticsearch(), "/_cat", [HUGE]),
        "fifty thousand indices": instead(fixtures.elasticsearch(dict.fromkeys(MANY, 1)), "/plum", b""),
    },
    "couchdb+http": json_lies(fixtures.couchdb, "/_all_dbs")
    | {
        "databases of wrong types": instead(fixtures.couchdb(), "/_all_dbs", MISTYPED),
        "counts of any size": instead(fixtures.couchdb(), "/bears", {"doc_count": 10**30}),
        "counts below zero": instead(fixtures.couchdb(), "/bears", {"doc_count": -7}),
        "fifty thousand databases": instead(fixtures.couchdb(), "/_all_dbs", MANY),
    },
    "firebase+http": {
        "values instead of names": instead(
            fixtures.firebase(), "/.json", {"mia": {"email": "mia@plumpost.test"}}
        ),
        "fifty thousand names": instead(fixtures.firebase(MANY), "/plum", b""),
        "nested deeply": instead(fixtures.firebase(), "/.json", DEEP),
        "nothing, and not in JSON": instead(fixtures.firebase(), "/.json", b"null"),
        "a number": instead(fixtures.firebase(), "/.json", json.dumps(7).encode()),
    },
}
STORES: dict[str, dict[str, Behaviour]] = {
    "redis": REDIS,
    "postgresql": POSTGRESQL,
    "mysql": MYSQL,
    **OVER_HTTP,
}
