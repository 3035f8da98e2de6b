"""bumble's host of an adapter, without its log, and with a short way for what comes most.

bumble puts every packet into coloured words for a log, also where nobody keeps one: a quarter of all the work
of a session. Another quarter is taking apart, field by field, whole units of data and the words that data was
taken. Both have one shape (Core Specification 5.4, volume 4, part E, sections 5.4.2 and 7.7.19); whatever has
another goes bumble's way.
"""

from struct import Struct

from bumble import hci
from bumble.host import Host

DATA = Struct("<BHHHH")  # kind of packet, handle and flags, length; length and channel of L2CAP
HANDLE, FIRST = 0x0FFF, 0x2000  # whose, and that it begins a unit
TAKEN = Struct("<BBBBHH")  # kind, event, length, how many handles; handle, how many packets of it
TAKEN_HEAD = bytes((hci.HCI_EVENT_PACKET, hci.HCI_NUMBER_OF_COMPLETED_PACKETS_EVENT, 5, 1))


class QuietHost(Host):
    """Does with a packet what bumble does, and says nothing of it. The tape is at the transport."""

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """To the adapter."""
        if self.hci_sink is not None:
            self.hci_sink.on_packet(bytes(packet))

    def on_packet(self, packet: bytes) -> None:
        """From the adapter, as it came."""
        if not (self.ready and (self._is_unit(packet) or self._is_taken(packet))):
            super().on_packet(packet)

    def on_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """From the adapter: events and data; of other kinds none was asked for."""
        if isinstance(packet, hci.HCI_Event):
            self.on_hci_event_packet(packet)
        elif isinstance(packet, hci.HCI_AclDataPacket):
            self.on_hci_acl_data_packet(packet)

    def _is_unit(self, packet: bytes) -> bool:
        """Whether this is a whole unit of data, which then has gone to its channel."""
        if len(packet) < DATA.size or packet[0] != hci.HCI_ACL_DATA_PACKET:
            return False
        _, flags, length, inner, channel = DATA.unpack_from(packet)
        connection = self.connections.get(flags & HANDLE)
        if flags & ~HANDLE != FIRST or connection is None or connection.assembler.current_data is not None:
            return False
        if len(packet) != length + 5 or length != inner + 4:
            return False
        self.on_l2cap_pdu(connection, channel, packet[DATA.size :])
        return True

    def _is_taken(self, packet: bytes) -> bool:
        """Whether this is the word that the adapter took data of one connection, which then is known."""
        if len(packet) != TAKEN.size or not packet.startswith(TAKEN_HEAD):
            return False
        *_, handle, number = TAKEN.unpack(packet)
        queue = self.get_data_packet_queue(handle)
        if queue is None:
            return False
        queue.on_packets_completed(number, handle)
        return True
