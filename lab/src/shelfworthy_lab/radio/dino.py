"""A talking dinosaur: says what it is told by whoever knows its one key, or recorded somebody who does."""

import secrets
from collections.abc import Sequence

from bumble.core import UUID
from bumble.gatt import Service

from shelfworthy_lab.radio import dino_commands as commands
from shelfworthy_lab.radio.dino_commands import Edition
from shelfworthy_lab.radio.peripheral import Peripheral, Presence, Properties


class Dino(Peripheral):
    """The dinosaur."""

    def __init__(self, presence: Presence, edition: Edition) -> None:
        super().__init__(presence, edition.guard)
        self._edition = edition
        self._nonce = secrets.token_bytes(8)

    def services(self) -> Sequence[Service]:
        make = self.characteristic
        self._answer = make(commands.ANSWER, Properties.NOTIFY)
        has = [
            make(commands.COMMAND, Properties.WRITE, write=self._commanded),
            self._answer,
            make(commands.CHILD, Properties.READ, lambda: commands.NAME_OF_CHILD),
        ]
        has += [make(commands.NONCE, Properties.READ, lambda: self._nonce)] if self._edition.nonces else []
        return [Service(UUID(commands.BASE.format(0)), has)]

    def came(self) -> None:
        self._nonce = secrets.token_bytes(8)

    def _commanded(self, value: bytes) -> None:
        if len(value) != 16:
            return
        plain = commands.plain(value)
        wanted = commands.SAY + (self._nonce if self._edition.nonces else b"")
        if plain.startswith(wanted):
            self.log.note("said something")
            self.tell(self._answer, commands.WORD)
