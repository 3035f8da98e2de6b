"""Which versions and suites do 11 servers accept? Ours beside sslyze and nmap's ssl-enum-ciphers, in one
run.

python -m benchmarks.tls [--sslyze PYTHON]

Ours is a whole audit's look at each server (both probes of the kind, evidence written), sslyze its
certificate and cipher suite scans without the time to import it. sslyze runs in an environment of its own:
that of PYTHON, or one made in the user's cache folder. Whatever the three do not agree on becomes a row,
decided by a handshake: the suite is offered alone, and what the server answers is shown. Writes
`results/tls.md`.
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from tests.looking import Left, allow, bench, door, looked, product
from tests.probes.endpoint import real

from benchmarks.results import keep
from shelfworthy.model import Endpoint, Level
from shelfworthy.probes import PROBES
from shelfworthy.probes.endpoint.offers import offer
from shelfworthy.probes.endpoint.plan import NUMBERS
from shelfworthy.reach import Limits, fuse
from shelfworthy.seen.tls_suites import name, names
from shelfworthy_lab import tls

HOST = real.HOST
ROUNDS = 3
AIM = 5.0  # times as fast as sslyze
PEER = "sslyze==6.3.1"
MINE = tuple(probe for probe in PROBES if probe.name.startswith("endpoint-"))
NUMBER = {called: number for number, called in names().items()}

Accepted = dict[tuple[str, str], set[str]]  # (server, version) → names of suites
Starts = Callable[[Path], AbstractContextManager[int]]

# Run by the other environment's Python: ports come in, seconds and accepted suites go out.
SSLYZE = """
import sys, time
from sslyze import *
import json
wanted = {ScanCommand.CERTIFICATE_INFO, *(c for c in ScanCommand if c.value.endswith("cipher_suites"))}
began = time.perf_counter()
scanner = Scanner()
scanner.queue_scans([
    ServerScanRequest(ServerNetworkLocation(hostname="localhost", port=int(port), ip_address=sys.argv[1]),
                      scan_commands=wanted)
    for port in sys.argv[2:]
])
accepted = {}
for result in scanner.get_results():
    for command in wanted if result.scan_result else ():
        suites = getattr(result.scan_result, command.value).result
        for suite in getattr(suites, "accepted_cipher_suites", ()):
            version = suites.tls_version_used.name
            key = f"{result.server_location.port} {version}"
            accepted.setdefault(key, []).append(suite.cipher_suite.name)
print(json.dumps({"seconds": time.perf_counter() - began, "accepted": accepted}))
"""
SSLYZE_VERSIONS = {
    "SSL_2_0": "SSLv2",
    "SSL_3_0": "SSLv3",
    "TLS_1_0": "TLS 1.0",
    "TLS_1_1": "TLS 1.1",
    "TLS_1_2": "TLS 1.2",
    "TLS_1_3": "TLS 1.3",
}


def of_the_lab(kind: str) -> Starts:
    """One of the lab's endpoints."""

    @contextmanager
    def start(folder: Path) -> Iterator[int]:
        with tls.start(kind, folder) as server:
            yield server.port

    return start


SERVERS: dict[str, Starts] = {
    "nginx, good": lambda at: real.nginx(at, "ssl_protocols TLSv1.2 TLSv1.3", "ssl_ciphers ECDHE+AESGCM"),
    "nginx, old and anonymous": lambda at: real.nginx(
        at, "ssl_protocols TLSv1 TLSv1.1 TLSv1.2", "ssl_ciphers ALL:@SECLEVEL=0"
    ),
    "gnutls-serv, RC4 and 3DES": lambda at: real.gnutls(
        at, "NORMAL:+VERS-TLS1.0:+ARCFOUR-128:+3DES-CBC:+ANON-ECDH"
    ),
    "s_server, NULL and anonymous only": lambda at: real.openssl(
        at, "-tls1_2", "-cipher", "eNULL:aNULL:@SECLEVEL=0"
    ),
    **{
        f"lab, {kind}": of_the_lab(kind)
        for kind in (
            "sslv3",
            "expired",
            "self-signed",
            "wrong-name",
            "rsa-1024",
            "client-certificate",
            "plain-http",
        )
    },
}


def ours(ports: dict[str, int]) -> tuple[float, Accepted]:
    """Seconds, and what one look at all servers side by side found."""
    surfaces = [Endpoint(id=server, where=f"https://{HOST}:{port}/") for server, port in ports.items()]
    it = product(surfaces, [allow(HOST, Level.KNOCK)])

    async def run(folder: Path) -> Left:
        through = door(it, bench((f"{HOST}/32",)), Limits(silence=2.0))
        return await looked(it, through, folder, MINE)

    with tempfile.TemporaryDirectory() as place:
        began = time.perf_counter()
        left = asyncio.run(run(Path(place)))
        seconds = time.perf_counter() - began
    found: Accepted = {}
    for one in left.observations:
        for version in one["seen"].get("versions", ()):
            if version["suites"]:
                found[one["surface"], version["version"]] = {name(suite) for suite in version["suites"]}
    return seconds, found


def sslyzes(python: str, ports: dict[str, int]) -> tuple[float, Accepted]:
    """Seconds, and what sslyze found."""
    command = [python, "-c", SSLYZE, HOST, *map(str, ports.values())]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    servers = {str(port): server for server, port in ports.items()}
    found: Accepted = {}
    for key, suites in said["accepted"].items():
        port, version = key.split()
        found[servers[port], SSLYZE_VERSIONS[version]] = set(suites)
    return float(said["seconds"]), found


def nmaps(nmap: str, ports: dict[str, int]) -> tuple[float, Accepted]:
    """Seconds, and what nmap's ssl-enum-ciphers found."""
    wanted = ",".join(map(str, ports.values()))
    # "+" runs the script although the ports are not those of a known service.
    command = [nmap, "-Pn", "-n", "-p", wanted, "--script", "+ssl-enum-ciphers", "-oX", "-", HOST]
    began = time.perf_counter()
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600).stdout
    seconds = time.perf_counter() - began
    servers = {str(port): server for server, port in ports.items()}
    found: Accepted = {}
    for port in ET.fromstring(said).iter("port"):
        for table in port.iterfind("script[@id='ssl-enum-ciphers']/table"):
            version = str(table.get("key")).replace("TLSv", "TLS ")
            suites = {str(elem.text) for elem in table.iter("elem") if elem.get("key") == "name"}
            found[servers[str(port.get("portid"))], version] = {of_registry(suite) for suite in suites}
    return seconds, found


def of_registry(suite: str) -> str:
    """nmap names the suites of TLS 1.3 in a way of its own."""
    return suite.replace("TLS_AKE_WITH_", "TLS_")


def disagreements(ports: dict[str, int], *found: Accepted) -> list[tuple[str, ...]]:
    """A row for each suite that not all of them say is accepted, with what the server says to it alone."""
    rows = []
    for server, version in sorted({key for one in found for key in one}):
        said = [one.get((server, version), set()) for one in found]
        for suite in sorted(suite for suite in set().union(*said) if not all(suite in one for one in said)):
            answer = decided(ports[server], version, suite)
            rows.append((server, version, suite, *("yes" if suite in one else "no" for one in said), answer))
    return rows


def decided(port: int, version: str, suite: str) -> str:
    """What a server answers to a hello with this suite alone: its ServerHello in hex, or what it did
    instead.
    """
    if suite not in NUMBER:
        return "no suite of this name is registered"
    surface = Endpoint(id="it", where=f"https://{HOST}:{port}/")
    through = door(product([surface], [allow(HOST)]), bench((f"{HOST}/32",)), Limits())

    async def ask() -> str:
        reply = await offer(
            through.reach(surface), Level.KNOCK, "localhost", NUMBERS[version], (NUMBER[suite],)
        )
        if reply.hello is None:
            return reply.reply + (f" {reply.alert}" if reply.alert >= 0 else "")
        return f"{reply.reply}: `{reply.hello.raw.hex()}`"

    return asyncio.run(ask())


def environment(given: str | None) -> str:
    """The Python that has sslyze: the one given, or that of an environment made for it, outside of the
    tree.
    """
    if given:
        return given
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "shelfworthy" / PEER.replace("==", "-")
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", PEER], check=True)
    return str(python)


def times(seconds: float, of_ours: float, found: Accepted, total: int) -> tuple[str, ...]:
    """A tool's row: time, ratio, servers of which it found suites, suites."""
    servers = len({server for server, _ in found})
    suites = sum(map(len, found.values()))
    return f"{seconds:.2f}", f"{seconds / of_ours:.1f}", f"{servers} of {total}", str(suites)


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.tls", description=__doc__)
    parser.add_argument("--sslyze", metavar="PYTHON", help="a Python that can import sslyze")
    python = environment(parser.parse_args(arguments).sslyze)
    nmap = shutil.which("nmap") or sys.exit("needs the Debian package nmap")
    fuse.arm(lambda host: host in {HOST, "localhost"})  # the servers of this run, while no look is under way
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        ports = {}
        for number, (server, start) in enumerate(SERVERS.items()):
            folder = Path(place) / str(number)
            folder.mkdir()
            ports[server] = stack.enter_context(start(folder))
        my_rounds = [ours(ports) for _ in range(ROUNDS)]
        their_rounds = [sslyzes(python, ports) for _ in range(ROUNDS)]
        nmap_seconds, nmap_found = nmaps(nmap, ports)
        mine, theirs = my_rounds[-1][1], their_rounds[-1][1]
        rows = disagreements(ports, mine, theirs, nmap_found)
    my_seconds = statistics.median(seconds for seconds, _ in my_rounds)
    their_seconds = statistics.median(seconds for seconds, _ in their_rounds)
    total = len(ports)
    table = [
        ("shelfworthy", *times(my_seconds, my_seconds, mine, total)),
        (PEER.replace("==", " "), *times(their_seconds, my_seconds, theirs, total)),
        ("nmap ssl-enum-ciphers", *times(nmap_seconds, my_seconds, nmap_found, total)),
    ]
    head = ("server", "version", "suite", "shelfworthy", "sslyze", "nmap", "offered alone")
    lines = [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]
    ratio = their_seconds / my_seconds
    keep(
        "tls",
        "TLS versions and cipher suites of 11 servers",
        f"All on loopback, in one run; ours and sslyze: median of {ROUNDS}, nmap once."
        f" Aim: at least {AIM:g} times as fast as sslyze; it is {ratio:.1f} times.",
        ("tool", "seconds", "times ours", "servers with suites", "suites found"),
        table,
        "\n".join([f"## {len(rows)} disagreements, and the handshake that decides\n", *lines]),
    )


if __name__ == "__main__":
    main(sys.argv[1:])
