"""A talking dinosaur whose commands are AES-ECB blocks under one key for all of them: what was recorded works again.

A command is one block of 16 bytes: `say`, a sentence's number, and zeros. The fixed one wants the nonce of this
connection in it, which only those learn who may read, and a key that it gave its owner.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from bumble.core import UUID
from bumble.gatt import Service
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from shelfworthy_lab.radio.guard import AUTHENTICATION, COMPARES, Guard, Pairing
from shelfworthy_lab.radio.peripheral import Peripheral, Presence, Properties

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
    cipher = Cipher(algorithms.AES(KEY), modes.ECB()).encryptor()  # noqa: S305 - that is its flaw
    return cipher.update(content.ljust(16, b"\0")[:16]) + cipher.finalize()


class Dino(Peripheral):
    """The dinosaur."""

    def __init__(self, presence: Presence, edition: Edition) -> None:
        super().__init__(presence, edition.guard)
        self._edition = edition
        self._nonce = secrets.token_bytes(8)

    def services(self) -> Sequence[Service]:
        make = self.characteristic
        self._answer = make(ANSWER, Properties.NOTIFY)
        has = [
            make(COMMAND, Properties.WRITE, write=self._commanded),
            self._answer,
            make(CHILD, Properties.READ, lambda: NAME_OF_CHILD),
        ]
        has += [make(NONCE, Properties.READ, lambda: self._nonce)] if self._edition.nonces else []
        return [Service(UUID(BASE.format(0)), has)]

    def came(self) -> None:
        self._nonce = secrets.token_bytes(8)

    def _commanded(self, value: bytes) -> None:
        if len(value) != 16:
            return
        cipher = Cipher(algorithms.AES(KEY), modes.ECB()).decryptor()  # noqa: S305 - as above
        plain = cipher.update(value) + cipher.finalize()
        wanted = SAY + (self._nonce if self._edition.nonces else b"")
        if plain.startswith(wanted):
            self.log.note("said something")
            self.tell(self._answer, WORD)


def planted() -> list[str | bytes]:
    """What it was told, which belongs in no evidence."""
    return [NAME_OF_CHILD]
