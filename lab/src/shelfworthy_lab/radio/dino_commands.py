"""The dinosaur on the air: AES-ECB blocks under one key for all of them, so that recordings work again.

A command is one block of 16 bytes: `say:`, what to say, and zeros. The fixed one wants the nonce of this
connection there, which only those may read who paired.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from shelfworthy_lab.radio.guard import AUTHENTICATION, COMPARES, Guard, Pairing

BASE = "74616e73-7964-0000-{:04x}-696e6f736175"
COMMAND, ANSWER, CHILD, NONCE = (BASE.format(n) for n in range(1, 5))
KEY = b"TansyDinoKey2017"
SAY = b"say:"
NAME_OF_CHILD = b"Quilla Fenwick-Bramble"
WORD = b"\x01said"


@dataclass(frozen=True)
class Edition:
    """nonces: commands must carry this connection's."""

    guard: Guard
    nonces: bool


EDITIONS = {
    "2017": Edition(Guard(pairing=Pairing(secure=False)), nonces=False),
    "fixed": Edition(Guard(AUTHENTICATION, pairing=COMPARES), nonces=True),
}


def block(content: bytes) -> bytes:
    """One command, enciphered."""
    cipher = Cipher(algorithms.AES(KEY), modes.ECB()).encryptor()
    return cipher.update(content.ljust(16, b"\0")[:16]) + cipher.finalize()


def plain(command: bytes) -> bytes:
    """What is in one of 16 bytes."""
    cipher = Cipher(algorithms.AES(KEY), modes.ECB()).decryptor()
    return cipher.update(command) + cipher.finalize()


def planted() -> list[str | bytes]:
    """What it was told, which belongs in no evidence."""
    return [NAME_OF_CHILD]
