"""Read a recording in a test, in this process or in the sandbox's child."""

import asyncio
import io
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from shelfworthy.model import NotSeen, Seen
from shelfworthy.readers.bluetooth import BLUETOOTH, read
from shelfworthy.sandbox.box import Heard, look_into
from shelfworthy.sandbox.limits import Limits
from shelfworthy.seen.bluetooth import BluetoothAccess
from tests.readers.bluetooth.sessions import TOY

FILE = "bear.cap"
USUAL = Limits()
S = TypeVar("S", bound=Seen)


class Told(Struct, frozen=True):
    """What a reader said, and why it did not say more."""

    seen: tuple[Seen, ...]
    trouble: NotSeen | None

    def the(self, kind: type[S]) -> S | None:
        return next((one for one in self.seen if isinstance(one, kind)), None)

    def must(self, kind: type[S]) -> S:
        found = self.the(kind)
        assert found is not None, (self.trouble, self.seen)
        return found


def told(content: bytes, where: str = f"bluetooth:{TOY}") -> Told:
    said = read(io.BytesIO(content), FILE, where)
    seen: list[Seen] = []
    while True:
        try:
            seen.append(next(said))
        except StopIteration:
            return Told(tuple(seen), None)
        except NotSeen as trouble:
            return Told(tuple(seen), trouble)


def in_child(content: bytes, folder: Path, where: str = f"bluetooth:{TOY}", limits: Limits = USUAL) -> Heard:
    """As an audit reads it, with the limits of an audit."""
    file = folder / FILE
    file.write_bytes(content)
    told = (where,)
    return asyncio.run(look_into(BLUETOOTH.read, FILE, file, BLUETOOTH.sees, limits, told=told, patience=120))


def nothing_open(access: BluetoothAccess | None) -> bool:
    """Whether this would clear a device of being open to strangers: all was tried, and all of it refused."""
    return (
        access is not None
        and access.stranger.whole
        and not (access.truncated or access.changed)
        and all(one.came in ("refused", "closed") for one in access.stranger.attempts)
        and any(one.came == "refused" for one in access.stranger.attempts)
    )
