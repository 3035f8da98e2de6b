"""Start a virtual air and who is on it."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import START_SECONDS, alive, end, free_port, module, spawn

AUDITOR = "auditor"
AIR = "air"
CLASSIC = ("doll", "headset")  # kinds that are known by their public address
AUDITOR_ADDRESS = "00:1B:DC:00:00:01"


@dataclass(frozen=True)
class Guest:
    """A device on the air. process: those with the same share one; `AIR` is the air's own, which is faster.

    label: tells it from its like.

    interval: ms between its advertisements.
    """

    kind: str
    edition: str
    name: str
    address: str = ""
    process: str = ""
    clock: int = 100
    label: str = ""
    interval: int = 20

    @property
    def id(self) -> str:
        return "-".join(word for word in (self.kind, self.edition, self.label) if word).replace(" ", "-")


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


def start(guests: Sequence[Guest], folder: Path, port: int | None = None) -> Started:
    """Start the air and everybody on it; returns once all of them advertise. One air for a folder.

    port: the auditor's. Raises `CantRun`.
    """
    port = port or free_port()
    taken = {port}
    ports = {guest.id: free_port(taken) for guest in guests if guest.process != AIR}
    public = {guest.id: _public(guest, number) for number, guest in enumerate(guests, 2)}
    places = {AUDITOR: (port, AUDITOR_ADDRESS)} | {id: (at, public[id]) for id, at in ports.items()}
    logs = {guest.id: folder / "radio" / f"{guest.id}.jsonl" for guest in guests}
    shared: dict[str, list[dict[str, object]]] = {}
    for guest in guests:
        said = asdict(guest) | {
            "port": ports.get(guest.id),
            "public": public[guest.id],
            "log": str(logs[guest.id]),
        }
        shared.setdefault(guest.process or guest.id, []).append(said)
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "air.json"
    here = shared.pop(AIR, [])
    config.write_text(json.dumps({"air": places, "processes": shared, "here": here}))
    everybody = (AIR, *shared)
    for name in everybody:
        _ready(folder, name).unlink(missing_ok=True)
    spawn(AIR, module("radio.street", str(config)), folder)
    pid_files = tuple(folder / "pids" / f"{name}.pid" for name in everybody)
    started = Started(f"tcp-client:127.0.0.1:{port}", logs, pid_files)
    try:
        for name in everybody:  # the air is ready after everybody else has a pid file
            _wait(folder, name)
    except CantRun:
        started.stop()  # what can't run leaves nobody behind
        raise
    return started


def _public(guest: Guest, number: int) -> str:
    """Of Classic devices the address is public; LE ones have another, which nobody sees."""
    classic = guest.kind in CLASSIC
    return guest.address if classic else f"00:1B:DC:00:{number >> 8:02X}:{number & 0xFF:02X}"


def _ready(folder: Path, name: str) -> Path:
    return folder / f"{name}.ready"


def _wait(folder: Path, name: str) -> None:
    pid_file, deadline = folder / "pids" / f"{name}.pid", time.monotonic() + START_SECONDS
    while not _ready(folder, name).exists():
        if not alive(pid_file) or time.monotonic() > deadline:
            raise CantRun(f"{name} did not start: see {folder / 'logs' / f'{name}.log'}")
        time.sleep(0.01)
