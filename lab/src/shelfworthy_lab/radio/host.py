"""bumble's host of a device, without its log, whose words cost a quarter of all that a device does."""

from bumble import hci
from bumble.host import Host


class QuietHost(Host):
    """Does with a packet what bumble does, and says nothing of it."""

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        if self.hci_sink is not None:
            self.hci_sink.on_packet(bytes(packet))

    def on_hci_packet(self, packet: hci.HCI_Packet) -> None:
        if isinstance(packet, hci.HCI_Event):
            self.on_hci_event_packet(packet)
        elif isinstance(packet, hci.HCI_AclDataPacket):
            self.on_hci_acl_data_packet(packet)
