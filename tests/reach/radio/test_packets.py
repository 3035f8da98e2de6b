"""The short way through a stream of packets comes to the same as bumble's own, however it is cut."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, cast

from bumble.core import InvalidPacketError
from bumble.transport.common import PacketParser
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.reach.radio.packets import QuickParser


@st.composite
def packets(draw: st.DrawFn) -> bytes:
    """A packet of any kind; now and then of none."""
    body = draw(st.binary(max_size=8))
    match draw(st.sampled_from([1, 2, 2, 2, 3, 4, 4, 5, 0x47])):
        case 2 | 5 as kind:
            return (
                bytes([kind])
                + draw(st.binary(min_size=2, max_size=2))
                + len(body).to_bytes(2, "little")
                + body
            )
        case 4:
            return b"\x04" + draw(st.binary(min_size=1, max_size=1)) + bytes([len(body)]) + body
        case 0x47:
            return b"GET / HTTP/1.1"
        case kind:
            return bytes([kind]) + draw(st.binary(min_size=2, max_size=2)) + bytes([len(body)]) + body


class Seen:
    """Keeps what is handed on, and fails at some of it."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []

    def on_packet(self, packet: bytes) -> None:
        self.packets.append(packet)
        if len(packet) == 7:
            raise ValueError("a packet that leads to something else")


def parsed(make: Callable[[Any], PacketParser], pieces: list[bytes]) -> tuple[list[bytes], list[int]]:
    """What a parser hands on, and which pieces it found to be no HCI."""
    seen, odd = Seen(), []
    parser = make(seen)
    for number, piece in enumerate(pieces):
        try:
            parser.feed_data(piece)
        except InvalidPacketError:
            odd.append(number)
    return seen.packets, odd


@given(stream=st.lists(packets(), max_size=6).map(b"".join), cuts=st.lists(st.integers(0, 80), max_size=4))
def test_the_short_way_comes_to_the_same(stream: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(stream)]
    pieces = [stream[one:other] for one, other in pairwise(places)]
    assert parsed(QuickParser, pieces) == parsed(PacketParser, pieces)


def test_whole_packets_go_the_short_way() -> None:
    seen = Seen()
    parser = QuickParser(cast(Any, seen))
    parser.packet = cast(Any, None)  # bumble's way would need it
    parser.feed_data(b"\x04\x0e\x01\x00" + b"\x02\x01\x20\x01\x00\x07" * 2)
    assert seen.packets == [b"\x04\x0e\x01\x00", *[b"\x02\x01\x20\x01\x00\x07"] * 2]
