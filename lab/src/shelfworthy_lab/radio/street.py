"""An air and who is on it, each in a process of its own: `python -m shelfworthy_lab.radio.street CONFIG`.

CONFIG: `air`, participant → [port, public address]; `processes`, name → its devices, each with its `kind` and
`edition` (see `devices`), its `port` at the air, and who it is. Beside it, `NAME.ready` is written once all
of a process advertise, and `pids/NAME.pid`. They are forks of this one, which carries the air: importing
bumble takes longer than all they do. `here`: devices that live in this one, each with its `public` address.
"""

import asyncio
import json
import logging
import os
import signal
import sys
import traceback
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import uvloop
from bumble import att, smp
from bumble.transport import open_transport
from bumble.transport.common import Transport

from shelfworthy_lab import processes
from shelfworthy_lab.radio.air import HOST, Indoors, carry
from shelfworthy_lab.radio.controllers import Air
from shelfworthy_lab.radio.devices import make
from shelfworthy_lab.radio.packets import Parser
from shelfworthy_lab.radio.peripheral import Presence
from shelfworthy_lab.radio.start import AIR


def main(config: Path) -> None:
    """Fork, then carry the air."""
    logging.getLogger("bumble").setLevel(logging.CRITICAL)
    for unit in (att.ATT_PDU, smp.SMP_Command):  # put into words before bumble asks whether to log them
        unit.__str__ = object.__repr__  # type: ignore[method-assign]
    told, folder = json.loads(config.read_text()), config.parent
    for name, devices in told["processes"].items():
        pid = os.fork()
        if pid == 0:
            _lives(name, devices, folder)
        processes.note(name, pid, folder)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends is gone
    _until_ended(_air(told, folder / f"{AIR}.ready"))


async def _air(told: dict[str, Any], ready: Path) -> None:
    air = Air()
    for said in told["here"]:
        await _switched_on(said, Indoors(air, said["name"], said["public"]))
    await carry(air, told["air"], ready)


def _lives(name: str, devices: list[dict[str, Any]], folder: Path) -> None:
    """A fork's whole life."""
    status = 1
    try:
        log = os.open(folder / "logs" / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(log, 1)
        os.dup2(log, 2)
        _until_ended(_all(devices, folder / f"{name}.ready", folder / f"{AIR}.ready"))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _until_ended(work: Coroutine[Any, Any, None]) -> None:
    """Run until done, or told to end."""

    async def run() -> None:
        task = asyncio.ensure_future(work)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()

    uvloop.run(run())


async def _all(devices: list[dict[str, Any]], ready: Path, air: Path) -> None:
    while not air.exists():
        await asyncio.sleep(0.005)
    switches = [asyncio.Event() for _ in devices]
    async with asyncio.TaskGroup() as group:
        for said, on in zip(devices, switches, strict=True):
            group.create_task(_device(said, on))
        for on in switches:
            await on.wait()
        ready.touch()


async def _device(said: dict[str, Any], on: asyncio.Event) -> None:
    async with await open_transport(f"tcp-client:{HOST}:{said['port']}") as line:
        line.source.parser = Parser()
        await _switched_on(said, line)
        on.set()
        await line.source.wait_for_termination()


async def _switched_on(said: dict[str, Any], line: Indoors | Transport) -> None:
    presence = Presence(said["name"], said["address"], Path(said["log"]), said["interval"])
    await make(said["kind"], said["edition"], presence, said["clock"]).begin(line.source, line.sink)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
