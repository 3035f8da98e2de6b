"""The air: carries Bluetooth between whoever joins at a port of 127.0.0.1.

Whoever leaves may join again, with a controller as new, to which nobody is connected. Ports speak HCI (H4),
as bumble's `tcp-client:` does.
"""

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import cast

from bumble.core import InvalidPacketError
from bumble.transport.common import BaseSource

from shelfworthy_lab.radio.controllers import Air, LabController
from shelfworthy_lab.radio.packets import Parser

HOST = "127.0.0.1"


class Line(asyncio.Protocol):
    """A participant's line: it has a controller for as long as it is open.

    What the controller says in one turn of the loop leaves at once: whoever waits for it is woken once.
    """

    def __init__(self, place: "Place") -> None:
        self._place = place
        self._waiting: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._loop = asyncio.get_running_loop()
        self._controller = self._place.take(self)
        self._parser = Parser(self._controller)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except InvalidPacketError:  # who does not speak HCI is put out
            self.hang_up()

    def connection_lost(self, error: Exception | None) -> None:
        self._controller.leave()
        self._place.leave(self)

    def hang_up(self) -> None:
        self._transport.close()

    def on_packet(self, packet: bytes) -> None:
        """Take a packet of the controller's to its host."""
        if not self._waiting:
            self._loop.call_soon(self._say)
        self._waiting.append(packet)

    def _say(self) -> None:
        said = b"".join(self._waiting)
        self._waiting.clear()
        if not self._transport.is_closing():
            self._transport.write(said)


class Place:
    """Where one participant joins. One at a time: whoever comes later takes the place over."""

    def __init__(self, air: Air, name: str, address: str) -> None:
        self._air = air
        self._name = name
        self._address = address
        self._here: Line | None = None

    def take(self, line: Line) -> LabController:
        """A controller as new for who joins."""
        if self._here is not None:
            self._here.hang_up()
        self._here = line
        return LabController(self._name, line, self._air, self._address)

    def leave(self, line: Line) -> None:
        if self._here is line:
            self._here = None


class Indoors:
    """The line of a device that lives in the air's own process: it leads through no socket."""

    def __init__(self, air: Air, name: str, address: str) -> None:
        self.source = BaseSource()
        self.sink = Mouth(LabController(name, self, air, address))

    def on_packet(self, packet: bytes) -> None:
        """Take a packet of the controller's to its host, when this turn of the loop is over."""
        if self.source.sink is not None:
            asyncio.get_running_loop().call_soon(self.source.sink.on_packet, packet)


class Mouth:
    """Takes what a host says to its controller."""

    def __init__(self, controller: LabController) -> None:
        self._parser = Parser(controller)

    def on_packet(self, packet: bytes) -> None:
        self._parser.feed_data(packet)


async def carry(air: Air, places: Mapping[str, tuple[int, str]], ready: Path) -> None:
    """Hold every place until cancelled. places: participant → port, public address."""
    loop = asyncio.get_running_loop()
    servers = [
        await loop.create_server(partial(Line, Place(air, name, address)), HOST, port)
        for name, (port, address) in places.items()
    ]
    ready.touch()
    try:
        await asyncio.Event().wait()
    finally:
        for server in servers:
            server.close()
