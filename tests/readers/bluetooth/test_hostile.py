"""Files that mean no good: bounded time and memory, no crash of ours, and nothing cleared."""

import random
import struct
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.model import Cause
from shelfworthy.sandbox.limits import Limits
from shelfworthy.seen.bluetooth import BluetoothAccess, BluetoothRecorded
from tests.readers.bluetooth.files import FORMS, block, btsnoop, connection, in_form, pcap
from tests.readers.bluetooth.on_air import checksum
from tests.readers.bluetooth.reading import FILE, in_child, nothing_open, told
from tests.readers.bluetooth.sessions import NAME, TOY, record, recorded, stays_a_stranger

MANY = 1_000_000
GIGABYTE = 1 << 30
PATIENCE = 25  # seconds, on a busy machine; the child is ended after 20 of computing
SECTION = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
INTERFACE = block(1, struct.pack("<HHI", 251, 0, 0))
DEVICE = bytes.fromhex(TOY.replace(":", ""))[::-1]


@settings(max_examples=300)
@given(
    form=st.sampled_from(FORMS),
    kind=st.sampled_from(["open", "sc-passkey"]),
    spoilt=st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=4)), max_size=12),
    named=st.booleans(),
)
def test_spoilt_files(form: str, kind: str, spoilt: list[tuple[int, bytes]], named: bool) -> None:
    """Whatever is written over: an answer, or NotSeen; anything else would be a crash of ours."""
    content = bytearray(in_form(recorded(kind), form))
    for at, new in spoilt:
        place = at % len(content)
        content[place : place + len(new)] = new
    seen = told(bytes(content), f"bluetooth:{NAME if named else TOY}")
    assert seen.seen or seen.trouble
    for one in seen.seen:
        assert len(repr(one)) < 100_000


@given(
    st.binary(max_size=400),
    st.sampled_from([b"btsnoop\0\0\0\0\1\0\0\x03\xea", SECTION + INTERFACE, b"", b"\xd4\xc3\xb2\xa1"]),
)
def test_any_bytes(content: bytes, start: bytes) -> None:
    seen = told(start + content)
    assert seen.seen or seen.trouble


@given(
    st.lists(st.binary(min_size=1, max_size=60), max_size=30),
    st.sampled_from([187, 201, 251, 256, 192, 272, 157, 254]),
)
def test_any_packets(packets: list[bytes], link: int) -> None:
    seen = told(pcap(link, [(at, one) for at, one in enumerate(packets)]))
    assert seen.seen or seen.trouble


ATTRIBUTE_PDUS = st.binary(min_size=1, max_size=30) | st.builds(
    lambda code, rest: bytes([code]) + rest,
    st.sampled_from(
        [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 22, 23, 24, 25, 27, 29, 35, 82, 210]
    ),
    st.binary(max_size=24),
)


@settings(max_examples=300)
@given(st.lists(st.tuples(ATTRIBUTE_PDUS, st.booleans(), st.sampled_from([4, 6])), max_size=40))
def test_any_messages_in_a_connection(messages: list[tuple[bytes, bool, int]]) -> None:
    """Through to the parts that read attributes and pairing, which garbage in a file seldom reaches."""
    seen = told(btsnoop(1002, connection(messages)))
    recorded_so = seen.must(BluetoothRecorded)
    assert recorded_so.connections == 1
    access = seen.the(BluetoothAccess)
    assert not nothing_open(access)
    if access is not None:
        assert {one.handle for one in access.stranger.attempts} <= {one.handle for one in access.attributes}


@cache
def guarded() -> bytes:
    """A session in which all was tried and all refused."""
    return record("open", stays_a_stranger, guards=("encrypted", "authorised"))


@pytest.mark.parametrize("form", FORMS)
def test_cut_at_every_seventh_byte(form: str) -> None:
    """What was whole counts; and it says that it was cut, or it was cut between two packets."""
    content = in_form(guarded(), form)
    full = told(content).must(BluetoothAccess)
    assert nothing_open(full)
    some = 0
    for end in range(0, len(content), 7):
        seen = told(content[:end])
        access = seen.the(BluetoothAccess)
        if access is not None:
            some += 1
            assert set(access.stranger.attempts) <= set(full.stranger.attempts)
        if seen.trouble is None:
            assert not nothing_open(access) or access == full
        else:
            words = ("it ends at byte", "holds no packet", "without listing")
            assert any(one in seen.trouble.words for one in words)
    assert some > 20


def test_a_file_that_is_cut_leaves_the_look_incomplete(tmp_path: Path) -> None:
    """In the child of an audit: what was seen before, and the gap."""
    content = in_form(guarded(), "pcap 256")
    between = packets_end(content)
    for end in range(len(content) // 2, len(content), len(content) // 14):
        heard = in_child(content[: end + (end in between)], tmp_path)
        assert heard.trouble is not None
        assert heard.trouble.cause is Cause.NOT_UNDERSTOOD
        assert "could be read in part only: it ends at byte" in heard.trouble.words
        assert BluetoothRecorded in {type(one) for one in heard.seen}


def packets_end(content: bytes) -> set[int]:
    """Where the packets of a pcap end: a file that is cut there looks whole."""
    ends, at = set[int](), 24
    while at < len(content):
        at += 16 + int.from_bytes(content[at + 8 : at + 12], "little")
        ends.add(at)
    return ends


CLAIMS = {
    "btsnoop": btsnoop(1002, [])[:16] + struct.pack(">IIIIq", GIGABYTE, GIGABYTE, 0, 0, 0),
    "pcap": pcap(251, []) + struct.pack("<IIII", 0, 0, GIGABYTE, GIGABYTE),
    "pcapng packet": SECTION + INTERFACE + struct.pack("<II", 6, GIGABYTE) + bytes(100),
    "pcapng interface": SECTION + struct.pack("<II", 1, GIGABYTE) + bytes(100),
    "pcapng other": SECTION + struct.pack("<II", 4, GIGABYTE) + bytes(100),
    "pcapng section": SECTION[:4] + struct.pack("<II", GIGABYTE, 0x1A2B3C4D) + bytes(100),
    "pcapng packet inside": SECTION
    + INTERFACE
    + block(6, struct.pack("<IIIII", 0, 0, 0, GIGABYTE, GIGABYTE)),
}


@pytest.mark.parametrize("which", CLAIMS)
def test_claims_of_a_gigabyte(which: str, tmp_path: Path) -> None:
    began = time.monotonic()
    heard = in_child(CLAIMS[which], tmp_path)
    assert heard.trouble is not None
    assert heard.trouble.cause is Cause.NOT_UNDERSTOOD
    assert "byte" in heard.trouble.words
    assert heard.seen == ()
    assert time.monotonic() - began < PATIENCE


LOOPS = {
    "length 0": SECTION + INTERFACE + struct.pack("<III", 6, 0, 0) * 10,
    "length 8": SECTION + struct.pack("<II", 4, 8) * 10,
    "length 13": SECTION + struct.pack("<III", 4, 13, 13) * 10,
    "lengths differ": SECTION + struct.pack("<III", 4, 12, 16),
    "no interface": SECTION + block(6, bytes(20)),
    "no byte order": SECTION[:8] + bytes(20),
    "short packet": SECTION + INTERFACE + block(6, bytes(8)),
    "short interface": SECTION + block(1, b""),
    "interfaces without end": SECTION + INTERFACE * 300,
}


@pytest.mark.parametrize("which", LOOPS)
def test_blocks_that_lead_nowhere(which: str, tmp_path: Path) -> None:
    heard = in_child(LOOPS[which], tmp_path)
    assert heard.trouble is not None
    assert heard.trouble.cause is Cause.NOT_UNDERSTOOD
    assert "at byte" in heard.trouble.words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it ends at byte 0"),
        (b"PK\x03\x04" + bytes(100), "ZIP archive"),
        (b"\x1f\x8b\x08\x00" + bytes(100), "gzip"),
        (b"hello, world", "begins neither like btsnoop nor like pcap or pcapng"),
        (btsnoop(1002, [])[:8] + bytes(8), "version 0"),
        (pcap(1, [(0, bytes(60))]), "link types 1"),
        (btsnoop(1003, [(0, 0, bytes(9))]), "link types 1003"),
        (pcap(251, []), "holds no packet"),
    ],
)
def test_what_is_no_recording_of_bluetooth_says_what_it_is(
    content: bytes, words: str, tmp_path: Path
) -> None:
    heard = in_child(content, tmp_path)
    assert heard.trouble is not None
    assert heard.trouble.cause is Cause.NOT_UNDERSTOOD
    assert words in heard.trouble.words
    assert heard.seen == ()


def adverts(addresses: int, data: bytes) -> Iterator[bytes]:
    """A million advertisements on the air, of so many devices, ours among them."""
    for number in range(MANY):
        address = DEVICE if number % addresses == 0 else struct.pack("<IH", number % addresses, 0xC000)
        pdu = bytes([0x40, 6 + len(data)]) + address + data
        yield b"\xd6\xbe\x89\x8e" + pdu + (checksum(pdu, 0x555555) if number == 0 else b"\0\0\0")


FLOODS: dict[str, Callable[[], bytes]] = {
    "empty packets": lambda: pcap(187, [(0, b"")]) + bytes(16) * MANY,
    "others' advertisements": lambda: pcap(251, enumerate(adverts(MANY, b"\x02\x01\x06"))),
    "the device's, all broken": lambda: pcap(251, enumerate(adverts(1, b""))),
    "connections": lambda: pcap(251, enumerate(connects())),
    "one report of many": lambda: btsnoop(1002, [(0, 3, report())] * (MANY // 100)),
    "pcapng blocks": lambda: SECTION + block(11, b"") * MANY,
    "writes": lambda: btsnoop(1002, writes()),
}


def connects() -> Iterator[bytes]:
    """Everybody connects to the device, again and again, and then says something."""
    chance = random.Random(1)
    for number in range(MANY // 10):
        access = number.to_bytes(4, "big")
        pdu = bytes([0x45, 34]) + chance.randbytes(6) + DEVICE + access + bytes(18)
        yield b"\xd6\xbe\x89\x8e" + pdu + (checksum(pdu, 0x555555) if number < 2000 else b"\0\0\0")
        yield access + b"\x02\x0b\x07\x00\x04\x00\x10\x01\x00\xff\xff\x00\x28" + bytes(3)


def report() -> bytes:
    one = b"\0\1" + DEVICE + b"\0\0"
    return b"\x04\x3e\xff\x02\xff" + one * 25


def writes() -> Iterator[tuple[int, int, bytes]]:
    """Each to another attribute and with other bytes, answered at once."""
    messages: list[tuple[bytes, bool, int]] = []
    for number in range(MANY // 4):
        messages.append((struct.pack("<BH", 0x12, number & 0xFFFF) + number.to_bytes(12, "big"), False, 4))
        messages.append((b"\x13", True, 4))
    return connection(messages)


@pytest.mark.slow
@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("which", FLOODS)
def test_a_million_packets(which: str, named: bool, tmp_path: Path) -> None:
    """Read to the end with what an audit gives it: 20 s of computing and 512 MiB. The clock is not asked."""
    where = f"bluetooth:{NAME if named else TOY}"
    heard = in_child(FLOODS[which](), tmp_path, where, Limits(time=100))
    words = "" if heard.trouble is None else heard.trouble.words
    assert heard.trouble is None or heard.trouble.cause in (Cause.NOT_UNDERSTOOD, Cause.NOT_SUPPLIED)
    assert not words.startswith(f"Reading {FILE}")  # what the parent says of a child that it ended
