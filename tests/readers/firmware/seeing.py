"""Read an image in a test, in this process or in the sandbox's child; and spoil one."""

import asyncio
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from shelfworthy.readers.firmware import FIRMWARE
from shelfworthy.readers.firmware.image import seen_in
from shelfworthy.readers.firmware.keys import keys_of
from shelfworthy.sandbox.box import look_into
from shelfworthy.sandbox.limits import Limits
from shelfworthy.seen.firmware import Container, FirmwareImage, Signature

FILE = "firmware.bin"
CODE = random.Random(7).randbytes(6000)  # what an image is of; nothing in it is recognised
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def seen(content: bytes, *keys: PrivateKey) -> FirmwareImage:
    return seen_in(content, keys_of("".join(map(public, keys))))


def only(content: bytes, *keys: PrivateKey) -> Container:
    """The one container that is recognised."""
    (found,) = seen(content, *keys).containers
    return found


def signature(content: bytes, *keys: PrivateKey) -> Signature:
    """The one signature of all containers."""
    (found,) = (one for container in seen(content, *keys).containers for one in container.signatures)
    return found


def formats(content: bytes) -> list[str]:
    return [one.format for one in seen(content).containers]


def in_child(content: bytes, *keys: PrivateKey) -> FirmwareImage:
    """As an audit reads it, with the limits of an audit."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, FILE)
        file.write_bytes(content)
        told = ("".join(map(public, keys)),)
        heard = asyncio.run(
            look_into(FIRMWARE.read, FILE, file, FIRMWARE.sees, Limits(), told=told, patience=60)
        )
    assert heard.trouble is None, heard.trouble
    (found,) = heard.seen
    assert isinstance(found, FirmwareImage)
    return found


def flipped(content: bytes, at: int, bit: int = 0) -> bytes:
    at %= len(content)
    return content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :]


def cuts(content: bytes, least: int) -> Iterator[bytes]:
    """The same, cut off at several places, the first of them so that a header is left."""
    for length in {least, least + 1, len(content) // 2, len(content) * 3 // 4, len(content) - 1}:
        yield content[:length]


def behind_noise(content: bytes) -> bytes:
    return random.Random(8).randbytes(1000) + content


def key(kind: str, number: int = 0) -> PrivateKey:
    """A private key; another one for another number."""
    return _key(kind, number)


@cache
def _key(kind: str, number: int) -> PrivateKey:
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind.startswith("rsa-"):
        return rsa.generate_private_key(65537, int(kind[4:]))
    curves = {"p192": ec.SECP192R1(), "p256": ec.SECP256R1(), "p384": ec.SECP384R1()}
    return ec.generate_private_key(curves[kind])


def public(of: PrivateKey) -> str:
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return of.public_key().public_bytes(encoding, form).decode()


def private(of: PrivateKey) -> bytes:
    traditional = not isinstance(of, ed25519.Ed25519PrivateKey)
    form = (
        serialization.PrivateFormat.TraditionalOpenSSL if traditional else serialization.PrivateFormat.PKCS8
    )
    return of.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def tool(name: str, *words: str, files: dict[str, bytes], makes: str) -> bytes:
    """What a tool of the field makes of files; its words name these as they are called in its folder."""
    with tempfile.TemporaryDirectory() as folder:
        for file, content in files.items():
            Path(folder, file).write_bytes(content)
        program = str(Path(sys.executable).parent / name)
        done = subprocess.run([program, *words], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return Path(folder, makes).read_bytes()
