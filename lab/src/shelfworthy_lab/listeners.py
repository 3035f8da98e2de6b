"""What one listener of a web process does, and how such a process is started."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import START_SECONDS, alive, module, spawn

RUNNING = "running"


@dataclass(frozen=True)
class Page:
    """One page of a site. encoding: of its body on the wire; latin-1 holds any bytes."""

    body: str
    type: str = "text/html; charset=utf-8"
    status: int = 200
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Listener:
    """One port.

    kind: `tls` by OpenSSL; `legacy` TLS by tlslite-ng, which still has SSLv3, RC4, 3DES and NULL;
    `plain` HTTP; `refuse` holds the port without listening; `silent` accepts and never says a word.
    versions: lowest and highest, as (major, minor) on the wire: (3, 0) is SSLv3, (3, 4) is TLS 1.3.
    ciphers: an OpenSSL cipher list for `tls`; names of bulk ciphers, best liked first, for `legacy`.
    redirect: answer everything with 301 to this origin plus the path asked for.
    """

    name: str
    host: str
    port: int
    kind: Literal["tls", "legacy", "plain", "refuse", "silent"]
    certificate: str = ""
    key: str = ""
    versions: tuple[tuple[int, int], tuple[int, int]] = ((3, 3), (3, 4))
    ciphers: str = "ECDHE+AESGCM:ECDHE+CHACHA20"
    anonymous: bool = False
    client_authority: str = ""
    hsts: bool = False
    redirect: str = ""
    cookie: bool = False
    pages: dict[str, Page] = field(default_factory=dict)

    @classmethod
    def read(cls, said: dict[str, Any]) -> Self:
        """The listener that `asdict` and JSON made of one (JSON has no tuples)."""
        lowest, highest = said["versions"]
        pages = {path: Page(**page) for path, page in said["pages"].items()}
        return cls(**said | {"versions": (tuple(lowest), tuple(highest)), "pages": pages})


def start(listeners: Sequence[Listener], folder: Path, name: str) -> tuple[Path, dict[str, str]]:
    """Start one process for all of them. Answers its pid file, and per listener `running` or why not."""
    folder.mkdir(parents=True, exist_ok=True)
    config, ready = folder / f"{name}.json", folder / f"{name}.ready"
    config.write_text(json.dumps([asdict(listener) for listener in listeners]))
    ready.unlink(missing_ok=True)
    pid_file = spawn(name, module("serve", str(config), str(ready)), folder)
    deadline = time.monotonic() + START_SECONDS
    while not ready.exists():
        if not alive(pid_file) or time.monotonic() > deadline:
            raise CantRun(f"{name} did not start: see {folder / 'logs' / f'{name}.log'}")
        time.sleep(0.02)
    outcome: dict[str, str] = json.loads(ready.read_text())
    return pid_file, outcome
