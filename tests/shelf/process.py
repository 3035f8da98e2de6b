"""A real shelf in a process of its own: `shelfworthy shelf up`, as people start it."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shelfworthy_lab.processes import free_port

PATIENCE = 60.0  # seconds for a busy machine; how long a start takes is measured by benchmarks.shelf_start
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


@contextmanager
def running(folder: Path, database: str = "", *arguments: str) -> Iterator[Shelf]:
    """A shelf that is stopped at the end."""
    shelf = Shelf(folder, database, *arguments)
    try:
        yield shelf
    finally:
        shelf.stop()
