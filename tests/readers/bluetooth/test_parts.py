"""The parts: the table of pairing methods, extended advertisements, pieces of messages, checksums."""

import io
import struct
from typing import Any

import pytest
from bumble import smp
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.model import Bluetooth, Correspondence
from shelfworthy.probes import PROBES
from shelfworthy.readers import READERS
from shelfworthy.readers._bluetooth.attributes import Covered
from shelfworthy.readers._bluetooth.checksum import fits
from shelfworthy.readers._bluetooth.conversation import Pieces
from shelfworthy.readers._bluetooth.framings import EVENT, Hci
from shelfworthy.readers._bluetooth.heard import Reports
from shelfworthy.readers._bluetooth.smp import method
from shelfworthy.readers._bluetooth.source import Broken, Source
from shelfworthy.seen.bluetooth import BluetoothPairing, BluetoothRecorded
from tests.readers.bluetooth.files import btsnoop, connection
from tests.readers.bluetooth.on_air import checksum
from tests.readers.bluetooth.reading import Told, told

NAMES = {
    smp.PairingMethod.JUST_WORKS: "just works",
    smp.PairingMethod.PASSKEY: "passkey",
    smp.PairingMethod.NUMERIC_COMPARISON: "numeric comparison",
}
MITM, SC = 4, 8


def bumbles(initiator: int, responder: int, *, modern: bool) -> str:
    """The same table, as bumble has it."""
    methods: Any = smp.Session.PAIRING_METHODS
    found = methods[smp.IoCapability(initiator)][smp.IoCapability(responder)]
    if isinstance(found, tuple) and len(found) == 2:
        found = found[modern]
    return NAMES[found[0] if isinstance(found, tuple) else found]


@pytest.mark.parametrize("modern", [False, True])
@pytest.mark.parametrize("responder", range(5))
@pytest.mark.parametrize("initiator", range(5))
def test_the_method_is_the_specifications(initiator: int, responder: int, modern: bool) -> None:
    requirements = MITM | (SC if modern else 0)
    request, response = bytes([1, initiator, 0, requirements]), bytes([2, responder, 0, requirements])
    assert method(request, response) == bumbles(initiator, responder, modern=modern)
    careless = requirements & ~MITM
    assert method(bytes([1, initiator, 0, careless]), bytes([2, responder, 0, careless])) == "just works"


@pytest.mark.parametrize(
    ("ours", "theirs", "modern", "expect"),
    [
        (1, 1, False, "out of band"),
        (1, 0, False, "just works"),
        (1, 0, True, "out of band"),
        (0, 1, True, "out of band"),
        (0, 0, True, "just works"),
    ],
)
def test_out_of_band(ours: int, theirs: int, modern: bool, expect: str) -> None:
    requirements = SC if modern else 0
    assert method(bytes([1, 3, ours, requirements]), bytes([2, 3, theirs, requirements])) == expect


def test_one_side_without_secure_connections_makes_it_legacy() -> None:
    assert method(bytes([1, 1, 0, MITM]), bytes([2, 1, 0, MITM | SC])) == "just works"
    assert method(bytes([1, 9, 0, MITM]), bytes([2, 1, 0, MITM])) == ""


@given(st.binary(min_size=2, max_size=60), st.integers(0, (1 << 24) - 1), st.integers(0, 400))
def test_checksums(pdu: bytes, init: int, flipped: int) -> None:
    good = checksum(pdu, init)
    assert fits(pdu, good, init.to_bytes(3, "little"))
    spoilt = bytearray(pdu)
    spoilt[flipped % len(pdu)] ^= 1 << flipped % 8
    assert not fits(bytes(spoilt), good, init.to_bytes(3, "little"))


@given(st.lists(st.tuples(st.integers(1, 80), st.integers(1, 80)), max_size=8), st.integers(1, 80))
def test_covered_handles(ranges: list[tuple[int, int]], last: int) -> None:
    covered = Covered()
    for one in ranges:
        covered.add(*one)
    there = {handle for first, end in ranges for handle in range(first, end + 1)}
    assert covered.whole(1, last) is there.issuperset(range(1, last + 1))


@given(st.binary(min_size=0, max_size=300), st.lists(st.integers(1, 40), max_size=20))
def test_a_message_in_any_pieces(content: bytes, sizes: list[int]) -> None:
    message = struct.pack("<HH", len(content), 4) + content
    pieces, found, at = Pieces(), None, 4
    found = pieces.first(message[:4], 4)
    for size in [*sizes, len(message)]:
        if found is None and at < len(message):
            part = message[at : at + size]
            found = pieces.more(part, len(part))
            at += size
    assert found == message


def test_a_message_that_says_another_length_is_none() -> None:
    pieces = Pieces()
    assert pieces.first(struct.pack("<HH", 2, 4) + b"abc", 7) is None
    assert pieces.more(b"abc", 3) is None
    assert pieces.first(b"\1", 1) is None
    assert pieces.more(b"abc", 3) is None


def hand_made(*messages: tuple[bytes, bool, int], left: bool = False) -> Told:
    """A recording in which these were said: content, by the device, on which channel. left: it ended then."""
    return told(btsnoop(1002, connection(messages, left=left)))


ASKS = (bytes([1, 4, 0, 0x0D, 16, 0, 0]), False, 6)
ANSWERS = (bytes([2, 3, 0, 0x09, 7, 0, 0]), True, 6)
SAYS_NO = (b"\x05\x05", True, 6)
GIVES_UP = (b"\x05\x0c", False, 6)
MAKES_KEYS = (b"\x0c" + bytes(64), False, 6)


@pytest.mark.parametrize(
    ("messages", "left", "came", "code"),
    [
        ((ASKS, SAYS_NO), False, "refused", 5),
        ((ASKS, GIVES_UP), False, "error", 12),
        ((ASKS, ANSWERS, SAYS_NO), False, "error", 5),
        ((ASKS, ANSWERS, MAKES_KEYS, GIVES_UP), False, "error", 12),
        ((ASKS,), False, "silent", 0),
        ((ASKS, ANSWERS, MAKES_KEYS), False, "silent", 0),
        ((ASKS,), True, "gone", 0),
        ((ASKS, ANSWERS, MAKES_KEYS), True, "gone", 0),
    ],
)
def test_how_a_pairing_ends(
    messages: tuple[tuple[bytes, bool, int], ...], left: bool, came: str, code: int
) -> None:
    pairing = hand_made(*messages, left=left).must(BluetoothPairing)
    (one,) = pairing.tries
    assert (one.came, one.code) == (came, code)
    answered = ANSWERS in messages
    assert (one.io, one.key_size, one.method) == ((3, 7, "just works") if answered else (-1, 0, ""))
    assert not pairing.device_asks


def test_each_pairing_is_told_and_who_asked_for_security() -> None:
    security = (b"\x0b\x05", True, 6)
    pairing = hand_made(security, ASKS, SAYS_NO, ASKS, ANSWERS, ASKS, GIVES_UP).must(BluetoothPairing)
    assert pairing.device_asks
    assert [one.came for one in pairing.tries] == ["refused", "silent", "error"]
    assert hand_made(security).the(BluetoothPairing) is None


def test_who_asks_the_phone_for_its_attributes_is_no_stranger() -> None:
    """The device reads the phone's clock: nobody did anything to the device."""
    asks, answers = (b"\x0a\x03\x00", True, 4), (b"\x0b\1\2\3", False, 4)
    seen = hand_made(asks, answers)
    assert [type(one) for one in seen.seen] == [BluetoothRecorded]
    assert seen.trouble is None


def report(state: int, data: bytes) -> Hci:
    head = struct.pack(
        "<HB6sBBBbbHB6sB", 1 | state << 5, 1, b"\1\2\3\4\5\xc6", 1, 0, 0, 0, 0, 0, 0, bytes(6), len(data)
    )
    content = bytes([0x0D, 1]) + head + data
    return Hci(0, EVENT, False, bytes([0x3E, len(content)]) + content, 0)


def test_a_long_advertisement_comes_in_pieces() -> None:
    reports = Reports()
    assert list(reports.of(report(1, b"\x0a\x09Murm"))) == []
    (heard,) = reports.of(report(0, b"ur Be"))
    assert heard.data == b"\x0a\x09Murmur Be"
    (alone,) = reports.of(report(0, b"\2\1\6"))
    assert alone.data == b"\2\1\6"
    (cut,) = reports.of(report(2, b"\x0a\x09Murm"))
    assert cut.data == b""


def test_a_source_gives_no_more_than_there_is() -> None:
    source = Source(io.BytesIO(bytes(10)))
    assert source.take(4) == bytes(4)
    with pytest.raises(Broken, match="ends at byte 10, in the middle of packet 1"):
        source.skip(1 << 40)
    with pytest.raises(Broken, match="says that it has 1073741824 bytes"):
        source.kept(1 << 30)
    assert source.head(6) == bytes(6)
    assert source.head(6) == b""


def test_what_has_a_file_is_read_and_not_contacted() -> None:
    """A probe and a reader of one kind: which of them looks is the file's matter."""
    air = Bluetooth(id="bear", where="bluetooth:Murmur Bear")
    recorded = Bluetooth(id="bear", where="bluetooth:Murmur Bear", capture="bear.cap")
    assert [way.name for way in READERS if way.is_for(recorded)] == ["bluetooth-recorded"]
    assert not any(way.is_for(recorded) for way in PROBES)
    assert not any(way.is_for(air) for way in READERS)
    letters = Correspondence(id="letters", where="letters.toml")
    assert [way.name for way in READERS if way.is_for(letters)] == ["correspondence"]
