"""A real name server, Debian's knot, with the zones a test or a product wants. It knows nothing else.

A zone for the root says of every other name that it does not exist, as the whole DNS would.
"""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from shelfworthy_lab import debian
from shelfworthy_lab.processes import Server, free_port, spawn, wait_for_port

ROOT = "."
SOA = "@ 3600 SOA ns.{zone} hostmaster.{zone} 1 3600 600 86400 60"


def start(
    folder: Path,
    zones: Mapping[str, str],
    signed: tuple[str, ...] = (),
    host: str = "127.0.0.1",
    port: int | None = None,
    name: str = "knot",
) -> Server:
    """Serve these zones by UDP and TCP. zones: records in master file form, by zone name, without SOA.

    signed: zones that knot signs (DNSSEC). Raises CantRun.
    """
    binary = debian.program("knotd", "knot")
    port = port or free_port()
    own = folder / name
    for part in ("run", "db", "zones"):
        (own / part).mkdir(parents=True, exist_ok=True)
    for zone, records in zones.items():
        origin = zone if zone == ROOT else f"{zone}."
        soa = SOA.format(zone="invalid." if zone == ROOT else origin)
        text = f"$ORIGIN {origin}\n$TTL 300\n{soa}\n{records}\n"
        (own / "zones" / _file(zone)).write_text(text)
    (own / "knot.conf").write_text(_config(own, zones, signed, host, port))
    pid_file = spawn(name, [str(binary), "--config", str(own / "knot.conf")], folder)
    wait_for_port(host, port, pid_file, folder / "logs" / f"{name}.log")
    return Server(host, port, pid_file)


def version() -> str:
    """For example `knotd 3.2.6`. Raises CantRun."""
    binary = debian.program("knotd", "knot")
    done = subprocess.run([str(binary), "--version"], capture_output=True, text=True, check=True)
    return f"knotd {done.stdout.strip().rpartition(' ')[2]}"


def _file(zone: str) -> str:
    return re.sub("[^a-z0-9.-]", "_", zone).strip(".") + ".zone"


def _config(own: Path, zones: Mapping[str, str], signed: tuple[str, ...], host: str, port: int) -> str:
    listed = "".join(
        f'  - domain: "{zone}"\n    file: "{_file(zone)}"\n'
        + ("    dnssec-signing: on\n    dnssec-policy: quick\n" if zone in signed else "")
        for zone in zones
    )
    return f"""\
server:
    rundir: "{own / "run"}"
    listen: {host}@{port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: error
database:
    storage: "{own / "db"}"
policy:
  - id: quick
    algorithm: ed25519
    single-type-signing: on
template:
  - id: default
    storage: "{own / "zones"}"
    zonefile-sync: -1
zone:
{listed}"""
