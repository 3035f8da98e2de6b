"""Firmware images made with the field's own tools, and read."""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives import serialization

from shelfworthy.readers.firmware import FIRMWARE
from shelfworthy.readers.firmware.image import seen_in
from shelfworthy.readers.firmware.keys import keys_of
from shelfworthy.sandbox.box import look_into
from shelfworthy.sandbox.limits import Limits
from shelfworthy.seen.firmware import Container, FirmwareImage
from tests.needs import missing

CONTENT = Random(5).randbytes(70_000)  # what no format begins like
NOISE = Random(6).randbytes(1000)


def has(tool: str, package: str) -> None:
    """Skip, or fail where CI is set, without a tool."""
    if not (shutil.which(tool) or Path(tool).exists()):
        missing(f"Debian's {package}")


def run(*command: str | Path, cwd: Path) -> str:
    """Run a tool; what it said."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def identity(name: str, kind: str = "rsa:2048", issuer: str = "") -> tuple[bytes, bytes, str]:
    """A private key, its certificate and its public key, all PEM. issuer: the name of who signs it."""
    return _made(name, kind, issuer)


def says_yes(*command: str | Path, cwd: Path) -> bool:
    """Whether a tool ends well."""
    return subprocess.run(command, cwd=cwd, capture_output=True, timeout=60, check=False).returncode == 0


@cache
def _made(name: str, kind: str, issuer: str) -> tuple[bytes, bytes, str]:
    has("openssl", "openssl")
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        new = (
            "-newkey",
            *(("ec", "-pkeyopt", f"ec_paramgen_curve:{kind[3:]}") if kind[:3] == "ec:" else (kind,)),
        )
        by: tuple[str, ...] = ()
        if issuer:
            key, certificate, _ = identity(issuer)
            (folder / "by.key").write_bytes(key)
            (folder / "by.crt").write_bytes(certificate)
            by = ("-CA", "by.crt", "-CAkey", "by.key")
        run(
            *("openssl", "req", "-x509", *new, "-nodes", "-keyout", "its.key", "-out", "its.crt", *by),
            *("-subj", f"/CN={name}", "-days", "3650", "-addext", "keyUsage=digitalSignature,keyCertSign"),
            cwd=folder,
        )
        key, certificate = (folder / "its.key").read_bytes(), (folder / "its.crt").read_bytes()
    private = serialization.load_pem_private_key(key, None)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return key, certificate, public.decode()


def put(folder: Path, name: str, kind: str = "rsa:2048", issuer: str = "") -> str:
    """An identity's files in a folder, as `name.key` and `name.crt`; its public key."""
    key, certificate, public = identity(name, kind, issuer)
    (folder / f"{name}.key").write_bytes(key)
    (folder / f"{name}.crt").write_bytes(certificate)
    return public


def seen(content: bytes, public_key: str = "") -> tuple[Container, ...]:
    """The containers in these bytes."""
    return seen_in(content, keys_of(public_key)).containers


def first(content: bytes, public_key: str = "") -> Container:
    """The outermost container that was found first."""
    return seen(content, public_key)[0]


def proofs(content: bytes, public_key: str = "") -> list[str]:
    """How all signatures in these bytes stand."""
    return [one.proof for container in seen(content, public_key) for one in container.signatures]


def in_child(content: bytes, folder: Path, public_key: str = "") -> FirmwareImage:
    """As an audit reads it."""
    file = folder / "image"
    file.write_bytes(content)
    looking = look_into(
        FIRMWARE.read, "image", file, FIRMWARE.sees, Limits(), told=(public_key,), patience=120
    )
    heard = asyncio.run(looking)
    assert heard.trouble is None, heard.trouble
    (one,) = heard.seen
    assert isinstance(one, FirmwareImage)
    return one


def flipped(content: bytes, at: int) -> bytes:
    """The same with one bit of a byte turned."""
    return content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :]


def cuts(content: bytes) -> Iterator[bytes]:
    """The same cut off at several places."""
    for part in (0.02, 0.3, 0.7, 0.97):
        yield content[: int(len(content) * part)]
    yield content[:-1]


def spoilt(content: bytes, changes: list[tuple[int, bytes]]) -> bytes:
    """The same with bytes written over."""
    changed = bytearray(content)
    for at, new in changes:
        place = at % len(changed)
        changed[place : place + len(new)] = new
    return bytes(changed)
