"""bumble's host of an adapter, without its log, and with a short way for what comes and goes most.

bumble puts every packet into coloured words for a log, also where nobody keeps one: a quarter of all the
work of a session. Another half is taking apart, field by field, whole units of data, the words that data was
taken, and reports of what is advertised, of which a busy street has a thousand a second. Each has one shape
(Core Specification 5.4, volume 4, part E, sections 5.4.2, 7.7.19 and 7.7.65.13); whatever has another goes
bumble's way.
"""

from collections.abc import Callable
from struct import Struct

from bumble import att, hci
from bumble.host import Host

from shelfworthy.reach.radio.cutting import shown

DATA = Struct("<BHHHH")  # kind of packet, handle and flags, length; length and channel of L2CAP
CHANNEL = 4  # bytes of L2CAP's length and channel
HANDLE, FIRST = 0x0FFF, 0x2000  # whose, and that it begins a unit
TAKEN = Struct("<BBBBHH")  # kind, event, length, how many handles; handle, how many packets of it
TAKEN_HEAD = bytes((hci.HCI_EVENT_PACKET, hci.HCI_NUMBER_OF_COMPLETED_PACKETS_EVENT, 5, 1))
REPORT = 29  # bytes of a report of one advertisement, up to its data; the last of them is the data's length
ONE_REPORT = bytes((hci.HCI_LE_EXTENDED_ADVERTISING_REPORT_EVENT, 1))
PUBLIC = (hci.AddressType.PUBLIC_DEVICE, hci.AddressType.PUBLIC_IDENTITY)


class QuietHost(Host):
    """Does with a packet what bumble does, and says nothing of it. The tape is at the transport.

    on_att: who takes the units of the attribute channel, with the handle of their connection. on_report: who
    is told of what is advertised: address, whether it is random, whether it can be connected to, data. None:
    these go bumble's way as well.
    """

    on_att: Callable[[int, bytes], None] | None = None
    on_report: Callable[[str, bool, bool, bytes], None] | None = None

    def send_l2cap_pdu(self, connection_handle: int, cid: int, pdu: bytes) -> None:
        """Send a unit: in one packet, if one holds it."""
        connection = self.connections.get(connection_handle)
        queue = connection.acl_packet_queue if connection else None
        if queue is None or len(pdu) + CHANNEL > queue.max_packet_size:
            super().send_l2cap_pdu(connection_handle, cid, pdu)
            return
        head = DATA.pack(hci.HCI_ACL_DATA_PACKET, connection_handle, len(pdu) + CHANNEL, len(pdu), cid)
        queue.enqueue(head + pdu, connection_handle)  # type: ignore[arg-type] # all that is done to it is `bytes`

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """To the adapter."""
        if self.hci_sink is not None:
            self.hci_sink.on_packet(bytes(packet))

    def on_packet(self, packet: bytes) -> None:
        """From the adapter, as it came."""
        if not (self.ready and (self._is_unit(packet) or self._is_taken(packet) or self._is_report(packet))):
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
        if channel == att.ATT_CID and self.on_att is not None:
            self.on_att(connection.handle, packet[DATA.size :])
        else:
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

    def _is_report(self, packet: bytes) -> bool:
        """Whether this is the report of one advertisement, which then is passed on."""
        if self.on_report is None or len(packet) < REPORT or packet[0] != hci.HCI_EVENT_PACKET:
            return False
        if packet[1] != hci.HCI_LE_META_EVENT or packet[3:5] != ONE_REPORT:
            return False
        if not len(packet) == packet[2] + 3 == packet[REPORT - 1] + REPORT:
            return False
        self.on_report(shown(packet[8:14]), packet[7] not in PUBLIC, bool(packet[5] & 1), packet[REPORT:])
        return True
