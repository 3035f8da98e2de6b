"""bumble's host of an adapter, without its log.

bumble puts every packet into coloured words for a log, also where nobody keeps one: a quarter of all the work
of a session.
"""

from bumble import hci
from bumble.host import Host


class QuietHost(Host):
    """Does with a packet what bumble does, and says nothing of it. The tape is at the transport."""

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """To the adapter."""
        if self.hci_sink is not None:
            self.hci_sink.on_packet(bytes(packet))

    def on_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """From the adapter: events and data; of other kinds none was asked for."""
        if isinstance(packet, hci.HCI_Event):
            self.on_hci_event_packet(packet)
        elif isinstance(packet, hci.HCI_AclDataPacket):
            self.on_hci_acl_data_packet(packet)
