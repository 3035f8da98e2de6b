"""The short ways of our host come to the same as bumble's own, whatever an adapter sends, or we do."""

import struct
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, cast

from bumble import hci
from bumble.core import PhysicalTransport
from bumble.host import Connection, DataPacketQueue, Host
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.reach.radio.host import QuietHost
from shelfworthy.reach.radio.phone import Phone

OURS, OTHER = 0x0001, 0x0002
PEER = hci.Address("C4:7C:8D:00:00:01")

HANDLES = st.sampled_from([OURS, OTHER])
LENGTHS = st.integers(-2, 3).map(lambda off: max(0, off))


@st.composite
def units(draw: st.DrawFn) -> bytes:
    """Data: whole, begun, continued, or with lengths that lie."""
    content = draw(st.binary(max_size=6))
    inner = max(0, len(content) + draw(st.sampled_from([0, 0, 0, 1, -1])))
    body = struct.pack("<HH", inner, draw(st.sampled_from([4, 6, 0x40]))) + content
    flags = draw(st.sampled_from([0x2000, 0x2000, 0x1000, 0x0000, 0x6000]))
    length = max(0, len(body) + draw(st.sampled_from([0, 0, 0, 2, -1])))
    return struct.pack("<BHH", 2, draw(HANDLES) | flags, length) + body[: draw(st.integers(0, 12))]


@st.composite
def taken(draw: st.DrawFn) -> bytes:
    """Words that data was taken, of one connection or two, or cut short."""
    handles = draw(st.lists(st.tuples(HANDLES, st.integers(0, 3)), min_size=0, max_size=2))
    body = struct.pack("<B", len(handles)) + b"".join(struct.pack("<HH", *one) for one in handles)
    packet = struct.pack("<BBB", 4, 0x13, len(body)) + body
    return packet[: len(packet) - draw(st.sampled_from([0, 0, 1]))]


@st.composite
def reports(draw: st.DrawFn) -> bytes:
    """Reports of advertisements: none, one or two, extended or not, with lengths that lie."""
    number = draw(st.sampled_from([1, 1, 1, 0, 2]))
    body = bytes([draw(st.sampled_from([0x0D, 0x0D, 0x0D, 0x02])), number])
    for _ in range(number):
        data = draw(st.binary(max_size=5))
        kind, address = draw(st.binary(min_size=2, max_size=2)), draw(st.binary(min_size=6, max_size=6))
        of = bytes([draw(st.sampled_from([0, 1, 2, 3, 0xFE, 0xFF]))])
        told = bytes([len(data) + draw(st.sampled_from([0, 0, 0, 1]))])
        body += kind + of + address + draw(st.binary(min_size=14, max_size=14)) + told + data
    length = max(0, len(body) + draw(st.sampled_from([0, 0, 0, 1, -1])))
    return bytes([4, 0x3E, length]) + body[: draw(st.integers(0, 80))]


def heard(kind: type[Host], packets: list[bytes], *, ready: bool) -> tuple[list[object], int, int]:
    """What a host makes of these packets: units, advertisements, and what is in flight afterwards."""
    host = kind()
    host.ready = ready
    host.le_acl_packet_queue = DataPacketQueue(27, 8, lambda packet: None)
    connection = Connection(host, OURS, PEER, PhysicalTransport.LE)
    host.connections[OURS] = connection
    seen: list[object] = []
    host.on("l2cap_pdu", lambda *said: seen.append(said))
    host.on("advertising_report", lambda report: seen.append(as_told(report)))
    if isinstance(host, QuietHost):
        host.on_att = lambda handle, unit: seen.append((handle, 4, unit))
        host.on_report = lambda *said: seen.append(said)
    for _ in range(5):
        host.le_acl_packet_queue.enqueue(hci.HCI_AclDataPacket(OURS, 0, 0, 1, b"x"), OURS)
    for packet in packets:
        with suppress(Exception):  # bumble's log stumbles over odd packets; ours has none
            host.on_packet(packet)
    return seen, host.le_acl_packet_queue.pending, host.le_acl_packet_queue.completed


def as_told(report: Any) -> tuple[object, ...]:
    """What a phone is told of a report that bumble took apart."""
    told: list[tuple[object, ...]] = []
    deaf = SimpleNamespace(_heard=lambda *said: told.append(said))
    Phone.on_advertising_report(cast(Phone, deaf), report)
    return told[0]


@given(packets=st.lists(units() | taken() | reports(), max_size=8), ready=st.booleans())
def test_the_short_way_comes_to_the_same(packets: list[bytes], ready: bool) -> None:
    assert heard(QuietHost, packets, ready=ready) == heard(Host, packets, ready=ready)


def test_a_whole_unit_goes_the_short_way() -> None:
    unit = struct.pack("<BHHHH", 2, OURS | 0x2000, 7, 3, 4) + b"abc"
    seen, *_ = heard(QuietHost, [unit], ready=True)
    assert seen == [(OURS, 4, b"abc")]


def test_an_advertisement_goes_the_short_way() -> None:
    address, rest = bytes(range(6)), bytes(14)
    report = b"\x04\x3e\x1d\x0d\x01" + b"\x01\x00" + b"\x01" + address + rest + b"\x03" + b"\x02\x01\x06"
    host = QuietHost()
    host.ready = True
    seen: list[object] = []
    host.on("advertising_report", seen.append)
    host.on_report = lambda *said: seen.append(said)
    host.on_packet(report)
    assert seen == [("05:04:03:02:01:00", True, True, b"\x02\x01\x06")]


def said(kind: type[Host], units: list[tuple[int, int, bytes]], size: int) -> list[bytes]:
    """What a host sends an adapter that takes packets of so many bytes, three at a time."""
    sent: list[bytes] = []
    host = kind()
    host.hci_sink = cast(Any, SimpleNamespace(on_packet=sent.append))
    host.le_acl_packet_queue = DataPacketQueue(size, 3, host.send_hci_packet)
    host.connections[OURS] = Connection(host, OURS, PEER, PhysicalTransport.LE)
    for handle, channel, unit in units:
        host.send_l2cap_pdu(handle, channel, unit)
        host.on_packet(struct.pack("<BBBBHH", 4, 0x13, 5, 1, OURS, 1))
    return sent


@given(
    units=st.lists(st.tuples(HANDLES, st.sampled_from([4, 6, 0x40]), st.binary(max_size=40)), max_size=6),
    size=st.integers(5, 30),
)
def test_what_is_sent_the_short_way_is_the_same(units: list[tuple[int, int, bytes]], size: int) -> None:
    assert said(QuietHost, units, size) == said(Host, units, size)
