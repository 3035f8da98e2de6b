"""The lab's controllers: who hears an advertisement, and short ways that come to the same as bumble's own."""

import asyncio
import struct
from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import pytest
from bumble import controller, hci, ll
from bumble.core import InvalidPacketError, PhysicalTransport
from bumble.host import Connection, DataPacketQueue, Host
from bumble.transport.common import PacketParser
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy_lab.radio.controllers import HELD, Air, LabController
from shelfworthy_lab.radio.host import QuietHost
from shelfworthy_lab.radio.packets import Parser

TOY, PHONE, OTHER = (hci.Address(f"C4:7C:8D:00:00:0{number}") for number in range(1, 4))
CALL_OFF = bytes(hci.HCI_LE_Create_Connection_Cancel_Command())
REPORT = bytes([4, 0x3E])


class Ear:
    """The host of a controller: keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[bytes] = []

    def on_packet(self, packet: bytes) -> None:
        self.told.append(packet)

    @property
    def heard(self) -> int:
        """Reports of advertisements."""
        return sum(packet.startswith(REPORT) and packet[3] == 0x0D for packet in self.told)

    @property
    def connected(self) -> int:
        """Connections that were made."""
        return sum(packet.startswith(REPORT) and packet[3:5] == b"\x01\x00" for packet in self.told)

    @property
    def called_off(self) -> int:
        """Attempts of which the host was told that nothing came of them."""
        return sum(packet.startswith(REPORT) and packet[3:5] == b"\x01\x02" for packet in self.told)


class Counting(LabController):
    """Counts the advertisements that it is handed at all."""

    handed = 0

    def on_ll_advertising_pdu(self, packet: ll.AdvertisingPdu) -> None:
        self.handed += isinstance(packet, ll.AdvExtInd)
        super().on_ll_advertising_pdu(packet)


class LongWay(LabController):
    """The same without its short way."""

    def _is_unit(self, packet: bytes) -> bool:
        return False


def scan(on: bool) -> bytes:
    return bytes(
        hci.HCI_LE_Set_Extended_Scan_Enable_Command(enable=int(on), filter_duplicates=0, duration=0, period=0)
    )


def call(whom: hci.Address) -> bytes:
    return bytes(
        hci.HCI_LE_Extended_Create_Connection_Command(
            initiator_filter_policy=0,
            own_address_type=hci.OwnAddressType.RANDOM,
            peer_address_type=whom.address_type,
            peer_address=whom,
            initiating_phys=1,
            scan_intervals=[96],
            scan_windows=[96],
            connection_interval_mins=[12],
            connection_interval_maxs=[24],
            max_latencies=[0],
            supervision_timeouts=[72],
            min_ce_lengths=[0],
            max_ce_lengths=[0],
        )
    )


@pytest.mark.parametrize(
    ("said", "reports", "connections"),
    [
        ([], 0, 0),
        ([scan(True)], 1, 0),
        ([scan(True), scan(False)], 0, 0),
        ([call(OTHER)], 0, 0),
        ([call(TOY)], 0, 1),
        ([call(TOY), CALL_OFF], 0, 0),
        ([call(OTHER), CALL_OFF, call(TOY)], 0, 1),
        ([scan(True), call(TOY)], 1, 1),
    ],
    ids=[
        "nobody listens",
        "scans",
        "scanned",
        "calls another",
        "calls it",
        "called it",
        "called another first",
        "scans and calls it",
    ],
)
def test_an_advertisement_is_heard_by_who_listens_or_calls(
    said: list[bytes], reports: int, connections: int
) -> None:
    async def test() -> None:
        air, ear, witness = Air(), Ear(), Ear()
        toy = LabController("toy", cast(Any, Ear()), air, "00:00:00:00:00:01")
        phone = Counting("phone", cast(Any, ear), air, "00:00:00:00:00:02")
        listens = LabController("witness", cast(Any, witness), air, "00:00:00:00:00:03")
        phone.random_address = PHONE
        listens.on_packet(scan(True))
        for packet in said:
            phone.on_packet(packet)
        toy.send_advertising_pdu(ll.AdvExtInd(advertiser_address=TOY, data=b"\x02\x01\x06", sid=0))
        await asyncio.sleep(0.01)
        assert witness.heard == 1  # it was on the air
        assert (ear.heard, ear.connected) == (reports, connections)
        assert phone.handed == max(reports, connections)
        assert ear.called_off == said.count(CALL_OFF)

    asyncio.run(test())


def test_who_left_is_told_nothing() -> None:
    async def test() -> None:
        air, ear = Air(), Ear()
        toy = LabController("toy", cast(Any, Ear()), air, "00:00:00:00:00:01")
        phone = LabController("phone", cast(Any, ear), air, "00:00:00:00:00:02")
        phone.on_packet(scan(True))
        for _ in range(2):
            toy.send_advertising_pdu(ll.AdvExtInd(advertiser_address=TOY, data=b"", sid=0))
            await asyncio.sleep(0.01)
            if phone in air.controllers:
                assert ear.heard == 1
                phone.leave()
        assert ear.heard == 1

    asyncio.run(test())


@st.composite
def units(draw: st.DrawFn) -> bytes:
    """Data: whole, begun, continued, of a connection that is none, or with lengths that lie."""
    content = draw(st.binary(max_size=6))
    inner = max(0, len(content) + draw(st.sampled_from([0, 0, 0, 1, -1])))
    body = struct.pack("<HH", inner, 4) + content
    flags = draw(st.sampled_from([0x0000, 0x0000, 0x1000, 0x2000]))
    length = max(0, len(body) + draw(st.sampled_from([0, 0, 0, 0, 1])))
    return struct.pack("<BHH", 2, draw(st.sampled_from([1, 1, 1, 2])) | flags, length) + body


Said = tuple[bool, bytes]  # whether the toy says it, else the phone; packet
Outcome = tuple[list[bytes], Counter[int]]  # data a host got; packets it was told were taken, by connection


async def carried(kind: type[LabController], said: list[Said], leaves: int) -> list[Outcome]:
    """What the hosts of toy and phone are told; the phone leaves after so many packets."""
    air, ears = Air(), (Ear(), Ear())
    ends = [
        kind(name, cast(Any, ear), air, f"00:00:00:00:00:0{number}")
        for number, (name, ear) in enumerate(zip(("toy", "phone"), ears, strict=True), 1)
    ]
    for here, mine, other in ((ends[0], TOY, PHONE), (ends[1], PHONE, TOY)):
        here.random_address = mine
        here.le_connections[other] = controller.Connection(
            here, 1, hci.Role.CENTRAL, mine, other, air, PhysicalTransport.LE, 1
        )
    for number, (by_toy, packet) in enumerate(said):
        if number == leaves:
            ends[1].leave()
        try:
            ends[not by_toy].on_packet(packet)
        except Exception:  # of what is no HCI, neither makes anything
            continue
    await asyncio.sleep(3 * HELD)
    return [outcome(ear) for ear in ears]


def outcome(ear: Ear) -> Outcome:
    taken: Counter[int] = Counter()
    for packet in ear.told:
        if packet.startswith(b"\x04\x13"):
            assert packet[2:4] == b"\x05\x01"
            taken.update({packet[4]: packet[6]})
    return [packet for packet in ear.told if packet[0] == 2], taken


@given(said=st.lists(st.tuples(st.booleans(), units()), max_size=40), leaves=st.integers(0, 60))
def test_data_goes_the_short_way_as_it_goes_the_long_one(said: list[Said], leaves: int) -> None:
    async def both() -> None:
        assert await carried(LabController, said, leaves) == await carried(LongWay, said, leaves)

    asyncio.run(both())


def test_a_host_is_told_soon_that_all_it_sent_was_taken() -> None:
    unit = struct.pack("<BHHHH", 2, 1, 5, 1, 4) + b"x"

    async def test() -> None:
        (_, taken), (data, _) = await carried(LabController, [(True, unit)] * 50, leaves=99)
        assert taken == {1: 50}
        assert len(data) == 50

    asyncio.run(test())


@given(
    stream=st.lists(
        st.sampled_from(
            [b"\x02\x01\x20\x02\x00ab", b"\x04\x13\x01\x00", b"\x01\x03\x0c\x00", b"\x04\x0e\x00", b"GET /"]
        ),
        max_size=6,
    ).map(b"".join),
    cuts=st.lists(st.integers(0, 40), max_size=4),
)
def test_packets_are_told_apart_as_bumble_does(stream: bytes, cuts: list[int]) -> None:
    def parsed(kind: type[PacketParser]) -> list[object]:
        seen: list[object] = []
        parser = kind(cast(Any, SimpleNamespace(on_packet=seen.append)))
        for begins, ends in zip([0, *sorted(cuts)], [*sorted(cuts), len(stream)], strict=True):
            try:
                parser.feed_data(stream[begins:ends])
            except InvalidPacketError:
                seen.append("none")
        return seen

    assert parsed(Parser) == parsed(PacketParser)


PACKETS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([1, 2]), st.binary(max_size=5)).map(
            lambda one: struct.pack("<BHHHH", 2, one[0] | 0x2000, len(one[1]) + 4, len(one[1]), 4) + one[1]
        ),
        units(),
        st.tuples(st.sampled_from([1, 2]), st.integers(0, 3)).map(
            lambda one: struct.pack("<BBBBHH", 4, 0x13, 5, 1, *one)
        ),
    ),
    max_size=8,
)


async def lived(kind: type[Host], packets: list[bytes]) -> tuple[list[object], list[bytes], int]:
    """What a device's host makes of these packets, what it sends meanwhile, and what is in flight then."""
    sent: list[bytes] = []
    sink = SimpleNamespace(on_packet=sent.append)
    host = kind(cast(Any, SimpleNamespace(set_packet_sink=lambda _: None)), cast(Any, sink))
    host.ready = True
    host.le_acl_packet_queue = DataPacketQueue(12, 2, host.send_hci_packet)
    host.connections[1] = Connection(host, 1, PHONE, PhysicalTransport.LE)
    seen: list[object] = []
    host.on("l2cap_pdu", lambda *said: seen.append(said))
    for number, packet in enumerate(packets):
        host.send_l2cap_pdu(1 + number % 2, 4, bytes(3 * number))
        try:
            host.on_packet(packet)
        except Exception:  # as above
            continue
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return seen, [b"".join(sent)], host.le_acl_packet_queue.pending


@given(packets=PACKETS)
def test_a_devices_host_does_as_bumbles(packets: list[bytes]) -> None:
    async def both() -> None:
        assert await lived(QuietHost, packets) == await lived(Host, packets)

    asyncio.run(both())
