"""A device's process: `python -m shelfworthy_lab.radio.run CONFIG READY` switches on what CONFIG lists, until ended.

CONFIG: a list of devices, each with its `kind` and `edition` (see `devices`), its `port` at the air, and who it is.
"""

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any

from bumble.transport import open_transport

from shelfworthy_lab.radio.air import HOST, until_ended
from shelfworthy_lab.radio.devices import make
from shelfworthy_lab.radio.peripheral import Presence


async def _device(said: dict[str, Any], on: asyncio.Event) -> None:
    presence = Presence(said["name"], said["address"], Path(said["log"]))
    device = make(said["kind"], said["edition"], presence, said["clock"])
    async with await open_transport(f"tcp-client:{HOST}:{said['port']}") as line:
        await device.begin(line.source, line.sink)
        on.set()
        await line.source.wait_for_termination()


async def _all(config: list[dict[str, Any]], ready: Path) -> None:
    switches = [asyncio.Event() for _ in config]
    work = [_device(said, on) for said, on in zip(config, switches, strict=True)]
    async with asyncio.TaskGroup() as devices:
        for each in work:
            devices.create_task(each)
        for on in switches:
            await on.wait()
        ready.touch()


async def main(config: Path, ready: Path) -> None:
    logging.getLogger("bumble").setLevel(logging.CRITICAL)
    await until_ended(asyncio.create_task(_all(json.loads(config.read_text()), ready)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
