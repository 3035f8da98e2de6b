"""Audit a catalogue of products with five outside-in surfaces each, beside a bare asyncio loop in one run.

    python -m benchmarks.catalogue [PRODUCTS]        default 2,000

The servers are one real nginx on fifty loopback addresses, with TLS 1.2 and 1.3 and in cleartext. The loop
(`benchmarks.bare`) opens as many new connections as the transcripts of our audits show, TLS where we
completed a handshake. Rates are by processor time of the measured process, since the server shares the
machine; the evidence of every product is verified afterwards. Writes `results/catalogue.md`.
"""

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from tests.probes.endpoint.real import program, wait

from benchmarks.command import Run, measured, run
from benchmarks.results import keep
from shelfworthy.cli.exits import NOT_MET
from shelfworthy.reach import Transcript
from shelfworthy.record import load_evidence, verify
from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.processes import free_port

HOSTS = [f"127.0.4.{number}" for number in range(1, 51)]
SURFACES = 5
FEW = 200  # products, beside the many: the cost of each must not grow
AIM_MEMORY, AIM_RATE = 300.0, 1 / 3
POLICY = 'observer = "a benchmark"\nopen = ["127.0.0.0/8"]\n'
PAGES = {
    "index.html": "<html lang=en><title>Toys</title><a href=/security>Report a flaw</a></html>",
    "security": "<html lang=en><p>Report a vulnerability to security@plumwhistle.test</p></html>",
    ".well-known/security.txt": "Contact: mailto:security@plumwhistle.test\nExpires: 2099-01-01T00:00:00Z\n",
}


@contextmanager
def site(folder: Path) -> Iterator[tuple[int, int]]:
    """nginx on all hosts. Yields its port with TLS and its plain one."""
    folder.mkdir()
    for name, text in PAGES.items():
        path = folder / "www" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shown = Authority(folder).issue("plumwhistle.test", "ec")
    tls, plain = free_port(), free_port()
    listens = " ".join(f"listen {host}:{tls} ssl; listen {host}:{plain};" for host in ("127.0.0.1", *HOSTS))
    own = " ".join(
        f"{part}_temp_path {folder}/t;" for part in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/log; events {{ worker_connections 4096; }}\n"
        f"http {{ access_log off; keepalive_timeout 0; default_type text/html; {own}\n"
        f"server {{ {listens} root {folder}/www; ssl_protocols TLSv1.2 TLSv1.3;\n"
        f"ssl_certificate {shown.certificate}; ssl_certificate_key {shown.key}; }} }}\n"
    )
    server = subprocess.Popen(
        [program("nginx", "nginx"), "-e", f"{folder}/log", "-p", str(folder), "-c", "nginx.conf"]
    )
    try:
        wait(tls, server, folder / "log")
        yield tls, plain
    finally:
        server.terminate()
        server.wait(10)


def listings(place: Path, products: int, tls: int, plain: int) -> Path:
    """A catalogue of so many products, each with its own mix of hosts."""
    path = place / f"{products}.csv"
    with path.open("w") as file:
        file.write("name,vendor,contact,endpoint\n")
        for number in range(products):
            www, api, cdn, updates, old = (
                HOSTS[(number * 7 + one * 11) % len(HOSTS)] for one in range(SURFACES)
            )
            secure = " ".join(f"https://{host}:{tls}/" for host in (api, cdn, updates))
            file.write(f"Bear {number},Plumwhistle,https://{www}:{tls}/,{secure} http://{old}:{plain}/\n")
    return path


def ours(place: Path, catalogue: Path) -> Run:
    """Audit it all; the products' audits are beside the catalogue."""
    policy = place / "policy.toml"
    policy.write_text(POLICY)
    given = ("--catalogue", str(catalogue), "--policy", str(policy), "--out", str(catalogue.with_suffix("")))
    return run(place, NOT_MET, "audit", *given)


def contacts(audits: Path) -> Counter[str]:
    """How the connections of all audits began, by event of their transcripts; every audit is verified."""
    found: Counter[str] = Counter()
    for audit in audits.glob("*.audit"):
        assert verify(audit).problems == ()
        for look in load_evidence(audit).looks:
            for name in look.attachments:
                content = (audit / "evidence" / "attachments" / name).read_bytes()
                entries = msgspec.json.decode(content, type=Transcript).entries
                found.update(entry.event for entry in entries)
        found["products"] += 1
    return found


def main() -> None:
    """Measure and keep the table."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    rows, each = [], {}
    with tempfile.TemporaryDirectory() as name, site(Path(name) / "site") as (tls, plain):
        place = Path(name)
        ours(place, listings(place, 1, tls, plain))  # compiles
        for products in (FEW, many):
            catalogue = listings(place, products, tls, plain)
            done = ours(place, catalogue)
            seen = contacts(catalogue.with_suffix(""))
            assert seen["products"] == products
            secure = round(seen["tls"] / products)
            open_ = round(seen["connected"] / products) - secure
            numbers = (str(number) for number in (products, secure, open_, tls, plain))
            loop = measured(place, 0, [sys.executable, "-m", "benchmarks.bare", *numbers, *HOSTS])
            each[products] = (done, loop)
            for who, one in (("shelfworthy", done), ("bare loop", loop)):
                rows.append(
                    (
                        f"{products:,}",
                        who,
                        f"{secure} TLS, {open_} plain",
                        f"{one.wall:.1f}",
                        f"{one.cpu:.1f}",
                        f"{one.cpu / products * 1000:.1f}",
                        f"{products * (secure + open_) / one.cpu:.0f}",
                        f"{one.memory:.0f}",
                    )
                )
    ratios = {products: loop.cpu / done.cpu for products, (done, loop) in each.items()}
    growth = (each[many][0].cpu / many) / (each[FEW][0].cpu / FEW)
    keep(
        "catalogue",
        f"A catalogue of {many:,} products with {SURFACES} surfaces each",
        "One process each; start, survey, judging, evidence on disk and results are in ours. Connections and"
        " processor time are of the measured process; nginx shares the machine.",
        (
            "products",
            "who",
            "connections each",
            "wall s",
            "CPU s",
            "CPU ms each",
            "connections per CPU s",
            "peak MB",
        ),
        rows,
        f"Our rate by processor time is {ratios[many]:.2f} of the bare loop's (aim: {AIM_RATE:.2f}), "
        f"with {FEW} products {ratios[FEW]:.2f}. A product of {many:,} costs {growth:.2f} times one of {FEW} "
        f"(aim: 1). Peak memory {each[many][0].memory:.0f} MB (aim: under {AIM_MEMORY:.0f}).",
    )


if __name__ == "__main__":
    main()
