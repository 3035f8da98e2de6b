"""The air: carries Bluetooth between whoever joins at a port of 127.0.0.1.

Whoever leaves may join again, with a controller as new, to which nobody is connected. Ports speak HCI (H4),
as bumble's `tcp-client:` does.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from bumble.core import InvalidPacketError
from bumble.transport.common import PacketParser

from shelfworthy_lab.radio.controllers import Air, LabController

HOST = "127.0.0.1"
AT_ONCE = 1 << 16  # bytes


class Sink:
    """Takes a controller's packets to its host."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def on_packet(self, packet: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(packet)


class Place:
    """Where one participant joins. One at a time: whoever comes later takes the place over."""

    def __init__(self, air: Air, name: str, address: str) -> None:
        self._air = air
        self._name = name
        self._address = address
        self._here: asyncio.StreamWriter | None = None

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._here is not None:
            self._here.close()
        self._here = writer
        controller = LabController(
            self._name, host_sink=Sink(writer), link=self._air, public_address=self._address
        )
        parser = PacketParser(controller)
        try:
            while received := await reader.read(AT_ONCE):
                parser.feed_data(received)
        except (InvalidPacketError, ConnectionError, asyncio.CancelledError):
            pass  # whoever does not speak HCI has left; and the air may end
        finally:
            controller.leave()
            writer.close()
            if self._here is writer:
                self._here = None


async def carry(places: Mapping[str, tuple[int, str]], ready: Path) -> None:
    """Hold every place until cancelled. places: participant → port, public address."""
    air = Air()
    servers = [
        await asyncio.start_server(Place(air, name, address).join, HOST, port)
        for name, (port, address) in places.items()
    ]
    ready.touch()
    try:
        await asyncio.Event().wait()
    finally:
        for server in servers:
            server.close()
