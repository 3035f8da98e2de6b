"""The camera's root file system: real programs of Debian packages, and around them what a maker adds.

Nothing in it is ever run here: its programs are for another processor.
"""

import shutil
import stat
import struct
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shelfworthy_lab.products.camera import content

PROGRAMS = ("usr/sbin/dropbear", "usr/sbin/dnsmasq", "usr/sbin/lighttpd", "usr/sbin/mosquitto")
ALIASES = ("sh", "init", "login", "mount", "wget", "telnetd", "cp", "reboot", "udhcpc", "crond", "getty")
STACK = 0x6474E551  # PT_GNU_STACK


def make(packages: Path, edition: str, at: Path) -> None:
    """Write the file system of an edition. packages: what the Debian packages hold."""
    for name in ("bin", "sbin", "lib", "usr/bin", "usr/sbin", "etc", "dev", "proc", "tmp", "data"):
        (at / name).mkdir(parents=True)
    for program in PROGRAMS:
        shutil.copy(packages / program, at / program)
    busybox = next(one for one in (packages / "bin/busybox", packages / "usr/bin/busybox") if one.is_file())
    shutil.copy(busybox, at / "bin/busybox")
    for alias in ALIASES:
        (at / "bin" / alias).symlink_to("busybox")
    for library in sorted([*packages.glob("lib/*/*.so*"), *packages.glob("usr/lib/*/*.so*")]):
        if library.is_file() and not library.is_symlink():
            shutil.copy(library, at / "lib" / library.name)
    for extra in ("usr/bin/openssl", "usr/bin/curl"):
        if (packages / extra).is_file():
            shutil.copy(packages / extra, at / extra)
    for name, text in content.FILES[edition].items():
        file = at / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755 if text.startswith("#!") else 0o600 if name == "etc/shadow" else 0o644)
    if edition == "2018":
        (at / "usr/bin/ipcamd").write_bytes(loose(busybox.read_bytes()))
        (at / "usr/bin/ipcamd").chmod(0o755)
        (at / "etc/lighttpd/server.pem").write_bytes(_private() + _certificate())
    else:
        (at / "etc/ssl").mkdir(exist_ok=True)
        (at / "etc/ssl/owlwatch-ca.pem").write_bytes(_certificate())
        public = ec.derive_private_key(content.UPDATE_SECRET, ec.SECP256R1()).public_key()
        (at / "etc/owlwatch/update-key.pem").write_bytes(
            public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        )
    for path in at.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.stat().st_mode & stat.S_ISUID:
            path.chmod(0o755)


def loose(program: bytes) -> bytes:
    """An ELF file of 32 bits, little-endian, that asks for an executable stack, as old compilers had it."""
    made = bytearray(program)
    (at,) = struct.unpack_from("<I", program, 28)
    size, count = struct.unpack_from("<HH", program, 42)
    for place in range(at, at + size * count, size):
        if struct.unpack_from("<I", program, place)[0] == STACK:
            flags = struct.unpack_from("<I", program, place + 24)[0]
            struct.pack_into("<I", made, place + 24, flags | 1)
    return bytes(made)


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(content.SERVER_SECRET, ec.SECP256R1())


def _private() -> bytes:
    kind = serialization.PrivateFormat.TraditionalOpenSSL
    return _key().private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())


def private_lines() -> list[str]:
    """The key that lies in each camera of 2018, as its file has it: no report may show it."""
    return _private().decode().splitlines()[1:-1]


def _certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "OwlWatch")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(_key().public_key())
        .serial_number(2018)
        .not_valid_before(content.MADE)
        .not_valid_after(content.MADE + 7300 * timedelta(days=1))
        .sign(_key(), hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)
