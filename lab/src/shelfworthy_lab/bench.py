"""What a product is built on: a folder, free ports, and a note of every part that can't run."""

import datetime as dt
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from shelfworthy_lab import listeners, toml
from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.listeners import RUNNING, Listener, Page
from shelfworthy_lab.processes import free_port
from shelfworthy_lab.tls import PAGES, Kind, pair

Pages = Callable[[str], dict[str, Page]]

PAPERS = "papers"  # the part that files of the operator's own are
NOBODY = "127.0.0.1:1"  # no lab name is asked about outside of this machine
UNTIL = dt.date(2099, 12, 31)
RISK = {"level": "risk"}


@dataclass(frozen=True)
class Site:
    """Where a web server is: `https://host:port`, and its plain port."""

    origin: str
    plain_port: int


class Bench:
    """Collects ports, parts and the tables of product.toml while a product's parts are started.

    A part that can't run is noted with its reason, stays declared, and the others go on.
    """

    def __init__(self, folder: Path, only: Collection[str], ransom: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.ransom = ransom
        self.authority = Authority(folder)
        self.ports: dict[str, int] = {}
        self.parts: dict[str, str] = {}
        self.surfaces: list[toml.Table] = []
        self.shown_by: dict[str, str] = {}
        self.hosts: dict[str, str] = {}
        self.risked: set[str] = set()  # hosts to which firmware may be pushed
        self.radio: list[str] = []  # addresses, or `bluetooth:NAME`
        self.asking: dict[str, toml.Value] = {
            "resolver": [NOBODY]
        }  # whom the policy lets auditors ask about names
        self._only = only
        self._web: list[Listener] = []

    def port(self, name: str) -> int:
        """A free port, remembered under `name`."""
        self.ports[name] = free_port(set(self.ports.values()))
        return self.ports[name]

    def declare(self, surface: toml.Table, part: str, host: str, address: str, *, risk: bool = False) -> None:
        """A surface of the product file, which `part` serves at `host`, meaning `address`.

        risk: whether firmware may be pushed to it.
        """
        self.surfaces.append(surface)
        self.shown_by[str(surface["id"])] = part
        self.hosts[host] = address
        if risk:
            self.risked.add(host)

    def declare_radio(self, surface: toml.Table, part: str, port: int) -> None:
        """A device on a virtual air, which auditors join at this port of 127.0.0.1: one air for a product."""
        self.surfaces.append(surface)
        self.shown_by[str(surface["id"])] = part
        where = str(surface["where"])
        self.radio.append(where if where.count(":") == 1 else where.removeprefix("bluetooth:"))
        self.asking["adapter"] = f"tcp-client:127.0.0.1:{port}"

    def paper(self, name: str, kind: str, file: str, text: str) -> None:
        """Write a file beside the product file and declare it."""
        (self.folder / file).write_text(text)
        self.supply({"id": name, "kind": kind, "where": file, "owner": "maker"})

    def supply(self, surface: toml.Table) -> None:
        """Declare a surface that is a file beside the product file: nobody serves it, so it is there."""
        self.surfaces.append(surface)
        self.shown_by[str(surface["id"])] = PAPERS
        self.parts[PAPERS] = RUNNING

    def declare_name(self, surface: toml.Table, part: str) -> None:
        """A name of the product, which others are asked about and nobody contacts."""
        self.surfaces.append(surface)
        self.shown_by[str(surface["id"])] = part

    def wants(self, part: str) -> bool:
        """Whether this part was asked for; noted if not."""
        if self._only and part not in self._only:
            self.parts[part] = "can't run: left out by --only"
            return False
        return True

    def run(self, starts: dict[str, Callable[[], None]]) -> None:
        """Start parts side by side, and note how that went: most of the time they wait for themselves."""
        with ThreadPoolExecutor() as pool:
            begun = {part: pool.submit(start) for part, start in starts.items() if self.wants(part)}
        for part, outcome in begun.items():
            try:
                outcome.result()
                self.parts[part] = RUNNING
            except CantRun as error:
                self.parts[part] = f"can't run: {error}"

    def endpoint(
        self, part: str, about: Kind, host: str, address: str, pages: Pages = lambda _: PAGES
    ) -> str:
        """Declare an endpoint, which `serve` starts; `pages` is told its origin, which is the answer."""
        site = self.site(part, about, host, address, pages)
        surface: dict[str, toml.Value] = {"id": part, "kind": "endpoint", "where": f"{site.origin}/"}
        surface |= {"owner": "maker", "plain_port": site.plain_port, "ca": "ca.pem"}
        self.declare(surface, part, host, address)
        return site.origin

    def site(self, part: str, about: Kind, host: str, address: str, pages: Pages = lambda _: PAGES) -> "Site":
        """A web server that is no endpoint of its own; whoever declares what it serves has it started."""
        port = self.port(part)
        plain_port = port if about.plain == "same" else self.port(f"{part}-plain")
        origin = f"https://{host}:{port}"
        self._web += pair(about, part, self.authority, host, address, port, plain_port, pages(origin))
        return Site(origin, plain_port)

    def serve(self) -> None:
        """Start the endpoints in one process."""
        names = [listener.name for listener in self._web if listener.name in self.shown_by.values()]
        wanted = [name for name in names if self.wants(name)]
        if not wanted:
            return
        started = [listener for listener in self._web if listener.name.removesuffix("-plain") in wanted]
        try:
            _, outcome = listeners.start(started, self.folder, "web")
        except CantRun as error:
            outcome = dict.fromkeys(wanted, f"can't run: {error}")
        self.parts |= {name: outcome[name] for name in wanted}

    def write(self, product: toml.Table, unit: toml.Table) -> None:
        """Write product.toml, which audits all of this, and the policy that lets it."""
        allowed: toml.Table = {"level": "use", "basis": "own", "person": "Shelfworthy lab", "until": UNTIL}
        permissions: list[toml.Table] = [
            {"to": host, **allowed, **(RISK if host in self.risked else {}), "resolve": address}
            for host, address in self.hosts.items()
        ]
        permissions += [{"to": device, **allowed} for device in self.radio]
        tables = [("[product]", product), ("[[unit]]", unit)]
        tables += [("[[surface]]", surface) for surface in self.surfaces]
        tables += [("[[permission]]", permission) for permission in permissions]
        (self.folder / "product.toml").write_text(toml.tables(tables))
        loopback = "127.0.0.0/8"
        policy: list[tuple[str, toml.Table]] = [
            ("", {"observer": "Shelfworthy lab", "open": [loopback], **self.asking}),
            ("[[permit]]", {"to": loopback, "level": "use"}),
        ]
        risked = [self.hosts[host] for host in sorted(self.risked)] + self.radio
        policy += [("[[permit]]", {"to": device, **RISK}) for device in risked]
        (self.folder / "policy.toml").write_text(toml.tables(policy))
