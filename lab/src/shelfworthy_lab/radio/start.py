"""Start a virtual air and who is on it, each in a process of its own."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import START_SECONDS, alive, end, free_port, module, spawn

AUDITOR = "auditor"
CLASSIC = ("doll", "headset")  # kinds that are known by their public address
AUDITOR_ADDRESS = "00:1B:DC:00:00:01"


@dataclass(frozen=True)
class Guest:
    """A device on the air. process: those with the same share one. classic: its public address."""

    kind: str
    edition: str
    name: str
    address: str = ""
    process: str = ""
    clock: int = 100

    @property
    def id(self) -> str:
        return f"{self.kind}-{self.edition}".rstrip("-").replace(" ", "-")


@dataclass(frozen=True)
class Started:
    """A running air. Ends when its `with` block ends.

    adapter: what an auditor opens, as often as wanted. logs: by the device's id, where it notes who came.
    """

    adapter: str
    logs: dict[str, Path]
    pid_files: tuple[Path, ...]

    def stop(self) -> None:
        for pid_file in reversed(self.pid_files):
            end(pid_file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(guests: Sequence[Guest], folder: Path, port: int | None = None, name: str = "air") -> Started:
    """Start the air, then everybody side by side; returns once all advertise. port: the auditor's. Raises `CantRun`."""
    port = port or free_port()
    taken = {port}
    ports = {guest.id: free_port(taken) for guest in guests}
    places = {AUDITOR: (port, AUDITOR_ADDRESS)}
    places |= {guest.id: (ports[guest.id], _public(guest, n)) for n, guest in enumerate(guests, 2)}
    logs = {guest.id: folder / "radio" / f"{guest.id}.jsonl" for guest in guests}
    shared: dict[str, list[Guest]] = {}
    for guest in guests:
        shared.setdefault(guest.process or guest.id, []).append(guest)
    begun: dict[str, tuple[Path, Path]] = {}
    try:
        begun[name] = _begin(name, "radio.air", places, folder)
        _wait(name, *begun[name], folder)
        for process, members in shared.items():
            begun[process] = _begin(
                process, "radio.run", [_said(one, ports, logs) for one in members], folder
            )
        for process, started in begun.items():
            _wait(process, *started, folder)
    except CantRun:
        for pid_file, _ in begun.values():
            end(pid_file)  # what can't run leaves nobody behind
        raise
    return Started(f"tcp-client:127.0.0.1:{port}", logs, tuple(pid_file for pid_file, _ in begun.values()))


def _said(guest: Guest, ports: dict[str, int], logs: dict[str, Path]) -> dict[str, object]:
    return {
        "kind": guest.kind,
        "edition": guest.edition,
        "name": guest.name,
        "address": guest.address,
        "clock": guest.clock,
        "port": ports[guest.id],
        "log": str(logs[guest.id]),
    }


def _public(guest: Guest, number: int) -> str:
    return guest.address if guest.kind in CLASSIC else f"00:1B:DC:00:{number >> 8:02X}:{number & 0xFF:02X}"


def _begin(name: str, program: str, config: object, folder: Path) -> tuple[Path, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    told, ready = folder / f"{name}.json", folder / f"{name}.ready"
    told.write_text(json.dumps(config))
    ready.unlink(missing_ok=True)
    return spawn(name, module(program, str(told), str(ready)), folder), ready


def _wait(name: str, pid_file: Path, ready: Path, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready.exists():
        if not alive(pid_file) or time.monotonic() > deadline:
            raise CantRun(f"{name} did not start: see {folder / 'logs' / f'{name}.log'}")
        time.sleep(0.02)
