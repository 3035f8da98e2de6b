"""Run real looks in a test: scope from a few permissions, the real door and recorder, and what they left."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from shelfworthy.audit.look import look
from shelfworthy.model import (
    AnySurface,
    Basis,
    Gap,
    Identity,
    Level,
    Looked,
    Permission,
    Permit,
    Policy,
    Product,
)
from shelfworthy.probes import PROBES, Probe
from shelfworthy.product.address import IP
from shelfworthy.product.scope import Scope
from shelfworthy.product.write import product_toml
from shelfworthy.reach import Door, Limits, Transcript
from shelfworthy.reach.names import Resolver
from shelfworthy.record import Recorder

TODAY = date(2026, 11, 21)
QUICK = Limits(connect=0.5, silence=0.3, look=1.0)  # so that waiting for hostile servers is quick
NOBODY = "127.0.0.1:1"  # no name of a test is asked about outside of this machine
OPEN = ("127.0.0.5/32",)  # where permitted servers of tests listen; everything else stays closed

T = TypeVar("T")


def allow(to: str, level: Level = Level.USE, until: date = date(2027, 1, 1), resolve: str = "") -> Permission:
    return Permission(
        to=to, level=level, basis=Basis.WRITTEN, person="Wren Ashdown", until=until, resolve=resolve
    )


def bench(
    opened: tuple[str, ...] = OPEN, permit: tuple[Permit, ...] = (Permit(to="*", level=Level.USE),)
) -> Policy:
    return Policy(observer="test bench", open=opened, permit=permit, resolver=(NOBODY,))


def product(surfaces: Sequence[AnySurface], permissions: Sequence[Permission]) -> Product:
    identity = Identity(name="Murmurpal", vendor="Plumwhistle")
    return Product(product=identity, surface=tuple(surfaces), permission=tuple(permissions))


def door(
    it: Product,
    policy: Policy,
    limits: Limits = QUICK,
    resolver: Resolver | None = None,
    today: date = TODAY,
    supplied: Mapping[str, bytes] | None = None,
) -> Door:
    return Door(Scope(it, policy, today), limits, resolver or no_names, supplied or {})


async def no_names(host: str) -> tuple[IP, ...]:
    """A resolver that knows no name: these tests ask nobody."""
    raise OSError(f"{host} is not known here")


def names(**known: Sequence[str]) -> Resolver:
    """A resolver that knows these names, also under `.test`: what it gives when asked first, second, …"""
    asked: dict[str, int] = {}

    async def resolve(host: str) -> tuple[IP, ...]:
        turns = known.get(host.removesuffix(".test"))
        if turns is None:
            raise OSError(f"{host} is not known here")
        turn = asked.get(host, 0)
        asked[host] = turn + 1
        return tuple(ip_address(word) for word in turns[min(turn, len(turns) - 1)].split())

    return resolve


class Left:
    """What a look left on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        evidence = folder / "evidence"
        self.gaps = _all(evidence / "gaps", Gap)
        self.looks = _all(evidence / "looks", Looked)
        self.observations = _all(evidence / "observations", dict[str, Any])
        attachments = [evidence / "attachments" / name for look in self.looks for name in look.attachments]
        self.transcripts = tuple(
            msgspec.json.decode(path.read_bytes(), type=Transcript) for path in attachments
        )
        self.bytes = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())

    @property
    def said(self) -> tuple[str, ...]:
        """The words of all gaps."""
        return tuple(gap.words for gap in self.gaps)

    @property
    def dialled(self) -> set[str]:
        """Addresses a connection was attempted to."""
        events = {"connected", "refused", "unreachable"}
        return {entry.to for script in self.transcripts for entry in script.entries if entry.event in events}


async def looked(
    it: Product, through: Door, folder: Path, probes: Sequence[Probe] = PROBES, budget: float = 30
) -> Left:
    """Look at a product with the real `look`, and read back what it left."""
    await look_only(it, through, folder, probes, budget)
    await asyncio.sleep(0.1)  # let hung-up connections close, the servers' ends too
    return Left(folder)


async def look_only(
    it: Product, through: Door, folder: Path, probes: Sequence[Probe] = PROBES, budget: float = 30
) -> None:
    """The look alone, and its evidence on disk."""
    recorder = Recorder(folder, product_toml(it).encode(), dict(through.supplied))
    await look(it, through, recorder, "test bench", budget=budget, tell=lambda step: None, probes=probes)
    recorder.close()


def _all(folder: Path, of: type[T]) -> tuple[T, ...]:
    return tuple(msgspec.json.decode(path.read_bytes(), type=of) for path in sorted(folder.glob("*.json")))
