"""The air: `python -m shelfworthy_lab.radio.air CONFIG READY` carries Bluetooth between whoever joins, until ended.

CONFIG: `{participant: [port, public address]}`. Each may join at its port of 127.0.0.1, leave and join again: every
time with a controller as new, to which nobody is connected. Speaks HCI (H4), as bumble's `tcp-client:` does.
"""

import asyncio
import json
import logging
import signal
import sys
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


async def carry(config: dict[str, tuple[int, str]], ready: Path | None = None) -> None:
    """Hold every place until cancelled."""
    air = Air()
    servers = [
        await asyncio.start_server(Place(air, name, address).join, HOST, port)
        for name, (port, address) in config.items()
    ]
    if ready:
        ready.touch()
    try:
        await asyncio.Event().wait()
    finally:
        for server in servers:
            server.close()


async def until_ended(work: asyncio.Task[None]) -> None:
    """Let a process end as it should when it is told to."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
    await asyncio.wait([work])
    if not work.cancelled():
        work.result()


async def main(config: Path, ready: Path) -> None:
    logging.getLogger("bumble").setLevel(logging.CRITICAL)
    await until_ended(asyncio.create_task(carry(json.loads(config.read_text()), ready)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
