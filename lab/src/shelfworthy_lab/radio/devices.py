"""The devices that can be switched on, by kind and edition."""

from typing import Protocol

from bumble.transport.common import TransportSink, TransportSource

from shelfworthy_lab.radio import dino_commands, manners, matrix
from shelfworthy_lab.radio.bystander import Band, Lock
from shelfworthy_lab.radio.dino import Dino
from shelfworthy_lab.radio.doll import Doll
from shelfworthy_lab.radio.editions import EDITIONS
from shelfworthy_lab.radio.guard import Guard
from shelfworthy_lab.radio.peripheral import Presence
from shelfworthy_lab.radio.toy import Toy


class Device(Protocol):
    """Whatever can be switched on."""

    async def begin(self, source: TransportSource, sink: TransportSink) -> None: ...


def make(kind: str, edition: str, presence: Presence, clock: int) -> Device:
    """A device, not switched on yet. clock: how much faster than ours its own runs."""
    match kind:
        case "toy":
            return Toy(presence, EDITIONS[edition], clock)
        case "dino":
            return Dino(presence, dino_commands.EDITIONS[edition])
        case "doll":
            return Doll(presence, manners.EDITIONS[edition])
        case "box":
            return Toy(presence, matrix.LE[edition], clock)
        case "headset":
            return Doll(presence, matrix.CLASSIC[edition])
        case "band":
            return Band(presence, Guard())
        case "lock":
            return Lock(presence, Guard())
    raise ValueError(f"no device {kind!r}")
