"""The short way of our host comes to the same as bumble's own, whatever an adapter sends."""

import struct
from contextlib import suppress

from bumble import hci
from bumble.core import PhysicalTransport
from bumble.host import Connection, DataPacketQueue, Host
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.reach.radio.host import QuietHost

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


def heard(kind: type[Host], packets: list[bytes], *, ready: bool) -> tuple[list[object], int, int]:
    """What a host makes of these packets: its units, and what is in flight afterwards."""
    host = kind()
    host.ready = ready
    host.le_acl_packet_queue = DataPacketQueue(27, 8, lambda packet: None)
    connection = Connection(host, OURS, PEER, PhysicalTransport.LE)
    host.connections[OURS] = connection
    seen: list[object] = []
    host.on("l2cap_pdu", lambda *said: seen.append(said))
    for _ in range(5):
        host.le_acl_packet_queue.enqueue(hci.HCI_AclDataPacket(OURS, 0, 0, 1, b"x"), OURS)
    for packet in packets:
        with suppress(Exception):  # bumble's log stumbles over odd packets; ours has none
            host.on_packet(packet)
    return seen, host.le_acl_packet_queue.pending, host.le_acl_packet_queue.completed


@given(packets=st.lists(units() | taken(), max_size=8), ready=st.booleans())
def test_the_short_way_comes_to_the_same(packets: list[bytes], ready: bool) -> None:
    assert heard(QuietHost, packets, ready=ready) == heard(Host, packets, ready=ready)


def test_a_whole_unit_goes_the_short_way() -> None:
    unit = struct.pack("<BHHHH", 2, OURS | 0x2000, 7, 3, 4) + b"abc"
    seen, *_ = heard(QuietHost, [unit], ready=True)
    assert seen == [(OURS, 4, b"abc")]
