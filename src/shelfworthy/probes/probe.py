"""What a probe is: one way of looking at one kind of surface. It looks, it never judges."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from msgspec import Struct

from shelfworthy.model import Kind, Level, Seen
from shelfworthy.reach import Reach


class Probe(Struct, frozen=True, kw_only=True):
    """One look.

    name: the tag of what it sees without the schema number. observe: yields what it saw; what reach can't
    get is raised as NotSeen, which it does not catch. level: that of its first act. tools: distributions
    whose versions decide what is seen. extra: of ours, that brings those which the core does not.
    """

    name: str
    version: int
    kind: Kind
    level: Level
    sees: tuple[type[Seen], ...]
    observe: Callable[[Any, Reach], AsyncIterator[Seen]]
    tools: tuple[str, ...] = ()
    extra: str = ""

    @property
    def by(self) -> str:
        """How evidence names it: `name/version`."""
        return f"{self.name}/{self.version}"
