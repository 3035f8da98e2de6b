"""What a probe is: one way of looking at one kind of surface. It looks, it never judges."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from msgspec import Struct

from shelfworthy.model import AnySurface, Bluetooth, Kind, Level, Seen
from shelfworthy.product.address import parse_where
from shelfworthy.reach import Reach


class Probe(Struct, frozen=True, kw_only=True):
    """One look.

    name: the tag of what it sees without the schema number; where several probes see the same, with what
    each is for in front. observe: yields what it saw; what reach can't get is raised as NotSeen, which it
    does not catch. level: that of its first act. times: how often the usual time of a look it may take,
    patience: and of a wait for the next byte.
    tools: distributions whose versions decide what is seen. extra: of ours, that brings those which the core
    does not. schemes: those of its kind's addresses that it speaks (`redis`), of a Bluetooth surface its
    transports; () means all.
    """

    name: str
    version: int
    kind: Kind
    level: Level
    sees: tuple[type[Seen], ...]
    observe: Callable[[Any, Reach], AsyncIterator[Seen]]
    times: int = 1
    patience: int = 1
    tools: tuple[str, ...] = ()
    extra: str = ""
    schemes: tuple[str, ...] = ()

    def is_for(self, surface: AnySurface) -> bool:
        """Whether it looks at a surface: by its kind and its address's scheme; one with a file is read."""
        if surface.kind is not self.kind or surface.file:
            return False
        if isinstance(surface, Bluetooth):
            return surface.transport in self.schemes
        return not self.schemes or parse_where(surface.kind, surface.where).scheme in self.schemes

    @property
    def by(self) -> str:
        """How evidence names it: `name/version`."""
        return f"{self.name}/{self.version}"
