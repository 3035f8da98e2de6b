"""Take specimens of what servers do when they tire, share a port, fall silent or show odd certificates.

python -m tests.probes.endpoint.take_odd     from real haproxy, dropbear, nginx and tlslite-ng
"""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from tlslite.api import TLSConnection, X509CertChain, parsePEMKey
from tlslite.x509 import X509

from shelfworthy.model import About, Endpoint, Outcome
from shelfworthy.reach import fuse
from shelfworthy.seen import AnySeen
from shelfworthy.seen.endpoint import EndpointCertificate, EndpointPlain, EndpointTls
from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.processes import free_port
from tests.harvest import write_specimen
from tests.probes.endpoint.real import HOST, NAME, nginx, program, running, said_by
from tests.probes.endpoint.take import seen_at

FAIL, OPEN = Outcome.FAIL, Outcome.INCONCLUSIVE
HELLO = "tcp-request inspect-delay 2s\n tcp-request content"
ALL = {"tls-versions": OPEN, "tls-ciphers": OPEN, "tls-known-flaws": OPEN, "tls-forward-secrecy": OPEN}
EC_KEY = bytes.fromhex("06072a8648ce3d0201")  # id-ecPublicKey, 1.2.840.10045.2.1 (RFC 5480, section 2.1.1)
ANYTHING = EC_KEY[:-1] + b"\x63"
# name → what haproxy does in front of nginx, and what the checks must say
FRONTS: dict[str, tuple[str, dict[str, Outcome]]] = {
    "haproxy-mute-about-old": (f"{HELLO} silent-drop if {{ req.ssl_ver lt 3.1 }}", ALL),
    "haproxy-mute": (f"{HELLO} silent-drop if TRUE", ALL),
    "haproxy-shares-its-port": (
        f"{HELLO} accept if {{ req.ssl_hello_type 1 }}\n use_backend other if {{ req.ssl_ver lt 3.1 }}",
        ALL,
    ),
    "haproxy-tired": (
        "\n ".join(
            [
                "stick-table type ip size 10 expire 1m store conn_cnt",
                "tcp-request connection track-sc0 src",
                f"{HELLO} reject if {{ req.len gt 0 }} {{ sc0_conn_cnt gt 12 }}",
            ]
        ),
        ALL | {"tls-forward-secrecy": FAIL},
    ),
}


@contextmanager
def haproxy(folder: Path, front: str, behind: int, other: int) -> Iterator[int]:
    """haproxy in front of a TLS server. other: the port of what shares its own with it."""
    port = free_port()
    (folder / "haproxy.cfg").write_text(
        "defaults\n mode tcp\n timeout connect 2s\n timeout client 30s\n timeout server 30s\n"
        f"frontend it\n bind {HOST}:{port}\n {front}\n default_backend it\n"
        f"backend it\n server it {HOST}:{behind}\nbackend other\n server other {HOST}:{other}\n"
    )
    command = [program("haproxy", "haproxy"), "-db", "-f", str(folder / "haproxy.cfg")]
    with running(command, port, folder) as listening:
        yield listening


@contextmanager
def dropbear(folder: Path) -> Iterator[int]:
    """An SSH server, with a key of its own and nobody to let in."""
    port = free_port()
    place = folder / "ssh"
    place.mkdir()
    key = [program("dropbearkey", "dropbear-bin"), "-t", "ed25519", "-f", str(place / "key")]
    subprocess.run(key, check=True, capture_output=True)
    command = [program("dropbear", "dropbear-bin"), "-F", "-E", "-s", "-p", f"{HOST}:{port}"]
    with running([*command, "-r", str(place / "key"), "-P", str(place / "pid")], port, place) as listening:
        yield listening


def take_fronts(work: Path, day: str) -> Iterator[Path]:
    for name, (front, truth) in FRONTS.items():
        folder = work / name
        (folder / "behind").mkdir(parents=True)
        new = ("ssl_protocols TLSv1.2 TLSv1.3", "ssl_ciphers ECDHE+AESGCM")
        old = ("ssl_protocols TLSv1.2", "ssl_ciphers AES128-SHA:ECDHE+AESGCM:@SECLEVEL=0")
        with ExitStack() as stack:
            served = old if name == "haproxy-tired" else new
            behind = stack.enter_context(nginx(folder / "behind", *served))
            other = stack.enter_context(dropbear(folder))
            listening = stack.enter_context(haproxy(folder, front, behind, other))
            surface = Endpoint(id="it", where=f"https://{HOST}:{listening}/", name=NAME)
            seen = seen_at(surface, folder / "it.audit", EndpointTls)
        words = name.removeprefix("haproxy-").replace("-", " ")
        source = f"{said_by('haproxy', '-v')} in front of {said_by('nginx', '-v')}: {words}, {day}"
        for check, wanted in truth.items():
            yield write_specimen(check, seen, About(surface=surface), source, name, wanted)


def take_plain(work: Path, day: str) -> Iterator[Path]:
    nowhere, ssh, control = (work / name for name in ("nowhere", "ssh", "control"))
    for folder in (nowhere, ssh, control):
        folder.mkdir()
    port = free_port()
    with nginx(nowhere, plain=(port, "location / { return 302; }")) as listening:
        surface = Endpoint(id="it", where=f"https://{HOST}:{listening}/", name=NAME, plain_port=port)
        seen = seen_at(surface, nowhere / "it.audit", EndpointPlain)
    source = f"{said_by('nginx', '-v')}, return 302 and no place, {day}"
    yield plain(surface, seen, source, "nginx-redirects-nowhere", FAIL)
    with nginx(ssh) as listening, dropbear(ssh) as port:
        surface = Endpoint(id="it", where=f"https://{HOST}:{listening}/", name=NAME, plain_port=port)
        seen = seen_at(surface, ssh / "it.audit", EndpointPlain)
    source = f"{said_by('nginx', '-v')} beside {said_by('dropbear', '-V')}, {day}"
    yield plain(surface, seen, source, "dropbear", OPEN)
    with haproxy(control, "tcp-request content reject if TRUE", 1, 1) as listening:
        surface = Endpoint(id="it", where=f"https://{HOST}:{listening}/", name=NAME, plain_port=free_port())
        seen = seen_at(surface, control / "it.audit", EndpointPlain)
    source = f"{said_by('haproxy', '-v')}, which rejects every hello; the plain port refused, {day}"
    yield plain(surface, seen, source, "haproxy-rejects", OPEN)


def plain(surface: Endpoint, seen: AnySeen, source: str, name: str, wanted: Outcome) -> Path:
    return write_specimen("http-cleartext", seen, About(surface=surface), source, name, wanted)


def take_certificates(work: Path, day: str) -> Iterator[Path]:
    many = work / "many"
    many.mkdir()
    authority = Authority(many / "own")
    shown = authority.issue(NAME)
    long = many / "long.crt"
    long.write_text(shown.certificate.read_text() + authority.issue("other").certificate.read_text() * 99)
    with nginx(many, shown=(long, shown.key)) as listening:
        source = f"{said_by('nginx', '-v')}, which sends a hundred certificates, {day}"
        yield certificate(many, listening, authority, source, "nginx-too-many")
    for name, spoilt in (("cut-short", cut_short), ("unknown-key", unknown_key)):
        folder = work / name
        folder.mkdir()
        authority = Authority(folder)
        with tlslite(folder, authority, spoilt) as listening:
            source = f"tlslite-ng 0.8.2, certificate: {name.replace('-', ' ')}, {day}"
            yield certificate(folder, listening, authority, source, f"tlslite-{name}")


def certificate(folder: Path, port: int, authority: Authority, source: str, name: str) -> Path:
    surface = Endpoint(id="it", where=f"https://{HOST}:{port}/", name=NAME)
    seen = seen_at(surface, folder / "it.audit", EndpointCertificate)
    about = About(surface=surface, references={"roots": authority.pem.read_bytes()})
    return write_specimen("tls-certificate", seen, about, source, name, OPEN)


def cut_short(der: bytes) -> bytes:
    return der[:-20]


def unknown_key(der: bytes) -> bytes:
    """The certificate with a key of a kind nobody registered; as long as before."""
    assert EC_KEY in der
    return der.replace(EC_KEY, ANYTHING)


@contextmanager
def tlslite(folder: Path, authority: Authority, spoilt: object) -> Iterator[int]:
    """A TLS server by tlslite-ng, which sends whatever certificate it is given."""
    issued = authority.issue(NAME, "ec")
    der = x509.load_pem_x509_certificate(issued.certificate.read_bytes()).public_bytes(Encoding.DER)
    sent = X509()
    sent.parse(issued.certificate.read_text())
    sent.bytes = bytearray(spoilt(der))  # type: ignore[operator]
    chain = X509CertChain([sent])
    key = parsePEMKey(issued.key.read_text(), private=True)

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(Exception):
                line = TLSConnection(self.request)
                line.handshakeServer(certChain=chain, privateKey=key)
                line.close()

    with ThreadingTCPServer((HOST, 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def main() -> None:
    """Write all of them."""
    fuse.arm(lambda host: host.startswith("127."))  # this asks its own servers whether they listen
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    with tempfile.TemporaryDirectory() as name:
        for taken in (take_fronts, take_plain, take_certificates):
            for path in taken(Path(name), day):
                sys.stdout.write(f"{path.parent.parent.name} {path.parent.name} {path.stem}\n")


if __name__ == "__main__":
    main()
