"""bumble's host of a device, without its log, whose words cost a quarter of all that a device does."""

import asyncio
from struct import Struct

from bumble import hci
from bumble.host import Host
from bumble.transport.common import TransportSink, TransportSource

UNIT = Struct("<BHHHH")  # kind of packet, handle and flags, length; length and channel of the unit
BEGINS = 0x2000  # flags of a packet with which a unit begins
TAKEN = Struct("<BBBBHH")  # kind, event, length, how many handles; handle, how many packets were taken


class QuietHost(Host):
    """Does with a packet what bumble does, and says nothing of it.

    What it sends in one turn of the loop leaves at once. Whole units, and the words that such were taken, are
    not taken apart field by field.
    """

    def __init__(self, source: TransportSource, sink: TransportSink) -> None:
        self._leaving: list[bytes] = []
        super().__init__(source, sink)

    def send_l2cap_pdu(self, connection_handle: int, cid: int, pdu: bytes) -> None:
        here = self.connections.get(connection_handle)
        if here is None or len(pdu) + 4 > here.acl_packet_queue.max_packet_size:
            super().send_l2cap_pdu(connection_handle, cid, pdu)
        else:
            packet = UNIT.pack(hci.HCI_ACL_DATA_PACKET, connection_handle, len(pdu) + 4, len(pdu), cid) + pdu
            here.acl_packet_queue.enqueue(packet, connection_handle)  # type: ignore[arg-type] # it has its bytes

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        if not self._leaving:
            asyncio.get_running_loop().call_soon(self._leave)
        self._leaving.append(bytes(packet))

    def on_packet(self, packet: bytes) -> None:
        if not (self.ready and (self._unit(packet) or self._taken(packet))):
            super().on_packet(packet)

    def on_hci_packet(self, packet: hci.HCI_Packet) -> None:
        if isinstance(packet, hci.HCI_Event):
            self.on_hci_event_packet(packet)
        elif isinstance(packet, hci.HCI_AclDataPacket):
            self.on_hci_acl_data_packet(packet)

    def _leave(self) -> None:
        leaving = b"".join(self._leaving)
        self._leaving.clear()
        if self.hci_sink is not None:
            self.hci_sink.on_packet(leaving)

    def _unit(self, packet: bytes) -> bool:
        if packet[0] != hci.HCI_ACL_DATA_PACKET or len(packet) < UNIT.size:
            return False
        _, handle, length, inner, channel = UNIT.unpack_from(packet)
        here = self.connections.get(handle ^ BEGINS)
        if (
            here is None
            or here.assembler.current_data is not None
            or not len(packet) - 5 == length == inner + 4
        ):
            return False
        self.on_l2cap_pdu(here, channel, packet[UNIT.size :])
        return True

    def _taken(self, packet: bytes) -> bool:
        if packet[:4] != b"\x04\x13\x05\x01" or len(packet) != TAKEN.size:
            return False
        handle, number = TAKEN.unpack(packet)[4:]
        queue = self.get_data_packet_queue(handle)
        if queue is not None:
            queue.on_packets_completed(number, handle)
        return queue is not None
