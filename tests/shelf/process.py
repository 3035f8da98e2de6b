"""A real shelf in a process of its own: `shelfworthy shelf up`, as people start it."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shelfworthy_lab.processes import free_port

START_SECONDS = 10.0  # the bound: from nothing to the log-in page
PATIENCE = 60.0  # seconds for a machine that others keep busy; `benchmarks.shelf_start` measures an idle one
PASSWORD = re.compile(r"one-time password +(\S+)")


class Shelf:
    """A running shelf."""

    def __init__(self, folder: Path, database: str = "", *arguments: str) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "SHELFWORTHY_SHELF": str(folder),
            "DATABASE_URL": database,
            "SHELFWORTHY_URL": self.url,
        }
        self.output = folder.with_name(f"{folder.name}.log")
        self._arguments = arguments
        self.began = time.monotonic()
        self.start()

    def start(self) -> None:
        """Start it, again where it was killed; back when the log-in page is there."""
        self.began = time.monotonic()
        command = [sys.executable, "-m", "shelfworthy", "shelf", "up", "--port", str(self.port)]
        with self.output.open("ab") as out:
            self.process = subprocess.Popen(
                [*command, *self._arguments], stdout=out, stderr=out, env=self.environment,
                start_new_session=True,
            )  # fmt: skip
        while self.get("/log-in") != 200:
            assert self.process.poll() is None, self.log()
            assert time.monotonic() - self.began < PATIENCE, self.log()
            time.sleep(0.05)
        self.took = time.monotonic() - self.began
        self.worked = _worked(self.process.pid)

    def get(self, path: str, headers: dict[str, str] | None = None) -> int:
        """The status, 0 where nothing answers."""
        return self.ask("GET", path, headers=headers)[0]

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and body; 0 where nothing answers."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            client.request(method, path, body, headers or {})
            answer = client.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            client.close()

    def log(self) -> str:
        """What it wrote."""
        return self.output.read_text()

    def password(self) -> str:
        """The one-time password it printed."""
        found = PASSWORD.search(self.log())
        assert found, self.log()
        return found[1]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`shelfworthy …` for this shelf."""
        return subprocess.run(
            [sys.executable, "-m", "shelfworthy", *arguments],
            env=self.environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def stop(self) -> int:
        """Ctrl-C, and the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def kill(self) -> None:
        """As a machine dies: all its processes at once, none asked."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(60)


def _worked(group: int) -> float:
    """Seconds of processor time that a group of processes has had: the same however busy a machine is."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            fields = stat.read_text().rpartition(")")[2].split()  # from the third on, see proc(5)
            if int(fields[2]) == group:
                ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(folder: Path, database: str = "", *arguments: str) -> Iterator[Shelf]:
    """A shelf that is stopped at the end."""
    shelf = Shelf(folder, database, *arguments)
    try:
        yield shelf
    finally:
        shelf.stop()
