"""Packets of HCI out of a stream of bytes (Core Specification 5.4, volume 4, part A, section 2).

bumble's parser looks at a packet in three steps, and copies it twice. Those that are whole in what just came
are cut out here; what is left, and whatever is odd, goes bumble's way.
"""

from contextlib import suppress

from bumble import hci
from bumble.transport.common import PacketParser

LENGTHS = {  # kind of packet: where its length stands, and in how many bytes
    hci.HCI_COMMAND_PACKET: (3, 1),
    hci.HCI_ACL_DATA_PACKET: (3, 2),
    hci.HCI_SYNCHRONOUS_DATA_PACKET: (3, 1),
    hci.HCI_EVENT_PACKET: (2, 1),
    hci.HCI_ISO_DATA_PACKET: (3, 2),
}


class QuickParser(PacketParser):
    """bumble's parser, with a short way for what comes most."""

    def feed_data(self, data: bytes) -> None:
        """Hand on every packet that is whole now. Raises InvalidPacketError on what is none."""
        begins = 0
        while self.state == self.NEED_TYPE and (ends := _end(data, begins)):
            if self.sink is not None:
                with suppress(Exception):  # as bumble does: what one packet leads to does not end the stream
                    self.sink.on_packet(data[begins:ends])
            begins = ends
        if begins < len(data):
            super().feed_data(data[begins:])


def _end(data: bytes, begins: int) -> int:
    """Where the packet ends that begins here, 0 if that is not in these bytes."""
    if begins >= len(data) or (told := LENGTHS.get(data[begins])) is None:
        return 0
    at, size = begins + told[0], told[1]
    body = at + size
    ends = body + int.from_bytes(data[at:body], "little")
    return ends if body <= len(data) and ends <= len(data) else 0
