"""Packets out of a stream: data and events that came whole are handed on as they are."""

from contextlib import suppress

from bumble import hci
from bumble.transport.common import PacketParser


class Parser(PacketParser):
    """bumble's, which otherwise looks at each packet in three steps."""

    def feed_data(self, data: bytes) -> None:
        while not self.packet and len(data) > 4:  # none is begun
            if data[0] == hci.HCI_ACL_DATA_PACKET:
                length = 5 + data[3] + 256 * data[4]
            elif data[0] == hci.HCI_EVENT_PACKET:
                length = 3 + data[2]
            else:
                break
            if length > len(data):
                break
            if self.sink is not None:
                with suppress(Exception):  # what one packet leads to does not end the stream
                    self.sink.on_packet(data[:length])
            data = data[length:]
        super().feed_data(data)
