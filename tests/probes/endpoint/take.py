"""Take specimens of `http-cleartext` and `tls-certificate` from a real nginx.

python -m tests.probes.endpoint.take     writes them anew; each states beforehand what the check must say
"""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec.structs import replace

from shelfworthy.audit.look import look
from shelfworthy.model import About, Endpoint, Outcome
from shelfworthy.product.write import product_toml
from shelfworthy.reach import fuse
from shelfworthy.record import Recorder, load_evidence
from shelfworthy.seen import AnySeen
from shelfworthy.seen.endpoint import EndpointCertificate, EndpointPlain
from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.processes import free_port
from tests.builders import door, product
from tests.harvest import write_specimen
from tests.probes.endpoint.real import HOST, NAME, nginx, said_by

FAIL, PASS, OPEN = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE
PLAIN = {  # name → what nginx has on the plain port, what the check must say
    "nginx-asks-password": ("return 401;", FAIL),
    "nginx-redirects-elsewhere": ("return 301 https://elsewhere.plumwhistle.test/;", FAIL),
    "nginx-redirects-to-http": (f"return 301 http://{HOST}:1/;", FAIL),
    "nginx-not-found": ("return 404;", OPEN),
    "nginx-hangs-up": ("return 444;", OPEN),
}
CERTIFICATES = {  # name → what it must say
    "nginx-untrusted": FAIL,
    "nginx-not-yet": FAIL,
    "nginx-sha1": FAIL,
    "nginx-address": PASS,
    "nginx-no-roots": OPEN,
}


def seen_at(surface: Endpoint, folder: Path, kind: type[AnySeen]) -> AnySeen:
    """What the probes see of a kind at one endpoint."""
    of = product(surface)
    recorder = Recorder(folder, product_toml(of).encode(), {})
    asyncio.run(look(of, door(of), recorder, "specimens", budget=60, tell=lambda step: None))
    recorder.close()
    (found,) = (one.seen for one in load_evidence(folder).observations if isinstance(one.seen, kind))
    return found


def take_plain(work: Path, source: str) -> Iterator[Path]:
    for name, (served, wanted) in PLAIN.items():
        folder, port = work / name, free_port()
        folder.mkdir()
        with nginx(folder, plain=(port, served)) as listening:
            surface = Endpoint(id="it", where=f"https://{HOST}:{listening}/", name=NAME, plain_port=port)
            seen = seen_at(surface, folder / "it.audit", EndpointPlain)
        about = About(surface=surface)
        yield write_specimen("http-cleartext", seen, about, f"{source}, {served}", name, wanted)


def take_certificates(work: Path, source: str) -> Iterator[Path]:
    for name, wanted in CERTIFICATES.items():
        folder = work / name
        folder.mkdir()
        authority = Authority(folder)
        asked = HOST if name == "nginx-address" else NAME
        shown = authority.issue(asked)
        pair = shown.certificate, shown.key
        if name == "nginx-not-yet":
            pair = not_yet(folder)
        if name == "nginx-sha1":
            pair = by_sha1(folder)
        with nginx(folder, "ssl_ciphers ALL:@SECLEVEL=0", shown=pair) as listening:
            named = "" if asked == HOST else NAME
            surface = Endpoint(id="it", where=f"https://{HOST}:{listening}/", name=named)
            seen = seen_at(surface, folder / "it.audit", EndpointCertificate)
        roots = Authority(folder / "another").pem if name == "nginx-untrusted" else authority.pem
        about = About(surface=surface, references={"roots": roots.read_bytes()})
        if name == "nginx-no-roots":
            about = replace(about, references={"roots": b""})
        words = name.removeprefix("nginx-").replace("-", " ")
        yield write_specimen("tls-certificate", seen, about, f"{source}, certificate: {words}", name, wanted)


def not_yet(folder: Path) -> tuple[Path, Path]:
    """A certificate of the folder's authority that begins in a month."""
    authority = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    signer = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key, month = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC) + timedelta(days=30)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(month)
        .not_valid_after(month + timedelta(days=90))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .sign(signer, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    shown, own = folder / "later.crt", folder / "later.key"
    shown.write_bytes(certificate.public_bytes(pem))
    own.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return shown, own


def by_sha1(folder: Path) -> tuple[Path, Path]:
    """A certificate of the folder's authority signed with SHA-1, by the openssl program."""
    shown, own, asked = folder / "sha1.crt", folder / "sha1.key", folder / "sha1.csr"
    (folder / "sha1.ext").write_text(
        f"subjectAltName=DNS:{NAME}\nauthorityKeyIdentifier=keyid\nextendedKeyUsage=serverAuth\n"
    )
    request = ["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={NAME}"]
    sign = ["openssl", "x509", "-req", "-sha1", "-days", "90", "-in", asked, "-out", shown, "-extfile"]
    authority = ["-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-CAcreateserial"]
    subprocess.run([*request, "-keyout", str(own), "-out", str(asked)], check=True, capture_output=True)
    subprocess.run([*map(str, (*sign, folder / "sha1.ext", *authority))], check=True, capture_output=True)
    return shown, own


def main() -> None:
    """Write all of them."""
    fuse.arm(lambda host: host.startswith("127."))  # this asks its own servers whether they listen
    source = f"{said_by('nginx', '-v')}, {datetime.now(UTC):%Y-%m-%d}"
    with tempfile.TemporaryDirectory() as name:
        for taken in (take_plain, take_certificates):
            for path in taken(Path(name), source):
                sys.stdout.write(f"{path.parent.parent.name} {path.parent.name} {path.stem}\n")


if __name__ == "__main__":
    main()
