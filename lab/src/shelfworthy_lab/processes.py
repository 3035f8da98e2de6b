"""Start, find and end the lab's processes, each by its pid file.

A pid file holds the process id and when that process started (`/proc/PID/stat`, field 22, in clock ticks
since boot). An id that was given to another process meanwhile does not match and is never touched. Further
lines name files the process leaves behind, to be removed with it.
"""

import os
import random
import re
import signal
import socket
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from shelfworthy_lab.home import CantRun

# Below the kernel's ephemeral range, so that no outgoing connection takes a port between choice and use.
PORTS: Sequence[int] = range(12_000, 32_000)
START_SECONDS = 100.0  # who died is noticed at once; an Erlang server took 40 s on a machine in use
STOP_SECONDS = 15.0


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, and its pid file. Stops when its `with` block ends."""

    host: str
    port: int
    pid_file: Path

    def running(self) -> bool:
        return alive(self.pid_file)

    def stop(self) -> None:
        end(self.pid_file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def free_port(taken: set[int] | None = None) -> int:
    """A port nobody holds at any address (SeaweedFS does not start beside one); adds it to `taken`."""
    taken = set() if taken is None else taken
    own = _own_ports()
    for _ in range(200):
        port = random.SystemRandom().choice(own)  # a test that seeds `random` must not get the same again
        if port not in taken and _is_free(port):
            taken.add(port)
            return port
    raise CantRun("no free port")


def spawn(
    name: str,
    command: list[str],
    folder: Path,
    environment: dict[str, str] | None = None,
    leaves: Iterable[str] = (),
) -> Path:
    """Start a program that outlives us; its output goes to `logs/NAME.log`. Answers its pid file.

    leaves: files it creates outside `folder` and does not remove.
    """
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    (folder / "pids").mkdir(exist_ok=True)
    log = str(folder / "logs" / f"{name}.log")
    # posix_spawn, not Popen: nobody waits for these, and Popen complains of that when it is collected.
    pid = os.posix_spawn(
        command[0],
        command,
        os.environ | (environment or {}),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )
    return note(name, pid, folder, leaves)


def note(name: str, pid: int, folder: Path, leaves: Iterable[str] = ()) -> Path:
    """Write the pid file of a process that runs, in a folder that others were started in."""
    pid_file = folder / "pids" / f"{name}.pid"
    pid_file.write_text("\n".join([f"{pid} {_started(pid)}", *leaves]) + "\n")
    return pid_file


def module(name: str, *arguments: str) -> list[str]:
    """The command that runs one of this package's modules."""
    return [sys.executable, "-m", f"shelfworthy_lab.{name}", *arguments]


def alive(pid_file: Path) -> bool:
    """Whether the process this pid file was written for still runs."""
    return _pid(pid_file) is not None


def wait_for_port(host: str, port: int, pid_file: Path, log: Path) -> None:
    """Return once the process listens there; raise `CantRun` with the end of its log if it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((host, port)) == 0:
                return
        if not alive(pid_file):
            raise CantRun(f"{pid_file.stem} ended at once: {_tail(log)}")
        time.sleep(0.02)
    end(pid_file)
    raise CantRun(
        f"{pid_file.stem} does not listen on {host}:{port} after {START_SECONDS:.0f} s: {_tail(log)}"
    )


def end(pid_file: Path, by: signal.Signals = signal.SIGTERM) -> bool:
    """End the process of this pid file (by a signal, then KILL) and remove it. False if it did not run."""
    pid = _pid(pid_file)
    if pid is not None:
        os.kill(pid, by)
        deadline = time.monotonic() + STOP_SECONDS
        while _pid(pid_file) is not None and time.monotonic() < deadline:
            time.sleep(0.02)
        if _pid(pid_file) is not None:
            os.kill(pid, signal.SIGKILL)
            while _pid(pid_file) is not None:
                time.sleep(0.02)
    if pid_file.exists():
        for left in pid_file.read_text().splitlines()[1:]:
            Path(left).unlink(missing_ok=True)
        pid_file.unlink()
    return pid is not None


def _pid(pid_file: Path) -> int | None:
    """The process id, if it still names the process we started."""
    try:
        pid, started = pid_file.read_text().splitlines()[0].split()
    except (FileNotFoundError, IndexError, ValueError):
        return None
    return int(pid) if _started(int(pid)) == started else None


def _started(pid: int) -> str | None:
    """When a process started (field 22); None if it is gone, or dead and waits to be collected.

    mongod's first thread may be gone (state Z) while others still hold its ports: field 20 counts threads.
    """
    try:
        # The program's name (field 2) may hold blanks and brackets: read from after the last one.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    if fields[0] != "Z" or int(fields[17]) > 1:
        return fields[19]
    with suppress(ChildProcessError):  # not ours: whoever started it collects it
        os.waitpid(pid, os.WNOHANG)
    return None


def _own_ports() -> Sequence[int]:
    """Those that nobody beside us chooses from, while what they chose is not listened on yet: every n-th,
    where `$SHELFWORTHY_LAB_PORTS` says "k/n" (tests that run side by side); else all. Raises CantRun.
    """
    said = os.environ.get("SHELFWORTHY_LAB_PORTS", "0/1")
    share = re.fullmatch(r"(\d{1,4})/(\d{1,4})", said)
    if share is None or int(share[1]) >= int(share[2]):
        raise CantRun(f"SHELFWORTHY_LAB_PORTS is {said!r}; it is to be k/n, as 0/4 for the first of four.")
    return PORTS[int(share[1]) :: int(share[2])]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("0.0.0.0", port))  # held, not listened on
        except OSError:
            return False
    return True


def _tail(log: Path) -> str:
    """The lines that say what went wrong, as far as they can be told; else the last ones."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    telling = [line for line in lines if re.search(r"(?i)error|panic|fatal|failed", line)]
    return " / ".join((telling or lines)[-3:])[-600:] or "it said nothing"
