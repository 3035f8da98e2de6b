"""What looking leaves behind: observations, gaps, looks and mentions."""

from datetime import datetime
from functools import cache
from typing import Generic, TypeVar

from msgspec import Struct

from shelfworthy.model.base import Record
from shelfworthy.model.words import Cause, Kind


class Mention(Record, frozen=True):
    """A name, URL, key or recipient found in content.

    what: as found. role: what the content uses it for. field: where in the observation. place: where in the
    content, in words, where people would want to look it up.
    """

    what: str
    role: str
    field: str
    place: str = ""


class Seen(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """Base of everything in `seen/`. The tag is the kind of surface, a part, and a schema number.

    Published types are never edited: the older one upgrades to the newer, filling `NotLooked`.
    """

    @classmethod
    def surface_kind(cls) -> Kind:
        """The kind of surface this is seen of: the name of its module in `seen/`."""
        return _kind(cls)

    @classmethod
    def tag(cls) -> str:
        return str(cls.__struct_config__.tag)

    def newest(self) -> "Seen":
        """The same in the newest form of its type, the only one that checks read.

        An older type says how. What it has no value for is `NotLooked`: nobody looked for that then.
        """
        return self

    def mentions(self) -> tuple[Mention, ...]:
        """Names and addresses found in what was seen, for discovery; never followed from here."""
        return ()

    def looks_up(self) -> tuple[str, ...]:
        """By which names data that an operator imported are to be looked up for the checks."""
        return ()


@cache  # asked of each type that a check reads, for each product
def _kind(of: type[Seen]) -> Kind:
    return Kind(of.__module__.rpartition(".")[2])


def unnumbered(tag: str) -> str:
    """A tag without its schema number: what was seen, whichever form of its type it was kept in."""
    return tag.partition("/")[0]


class NotSeen(Exception):
    """Something was not seen. cause: the house's word; words: a sentence for people.

    Probes do not catch it: `audit` writes the gap. Its subclasses in `reach` are answers as much as absences;
    a probe whose question they answer may catch those, and no others.
    """

    def __init__(self, cause: Cause, words: str) -> None:
        super().__init__(words)
        self.cause = cause
        self.words = words


class NotLooked(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="not looked"):
    """Stands where a value would be if somebody had looked."""

    cause: Cause = Cause.NOBODY_LOOKED


S_co = TypeVar("S_co", bound=Seen, covariant=True)


class Observation(Struct, Generic[S_co], frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The envelope around one thing seen.

    id: digest of everything else. by: probe or reader and its version. tools: libraries that decided
    what was seen, with versions.
    """

    id: str
    surface: str
    unit: str
    observer: str
    at: datetime
    by: str
    tools: dict[str, str]
    seen: S_co


class Gap(Record, frozen=True):
    """What was not seen, and why. lacks: the tags of `seen/` types that are missing for it."""

    id: str
    surface: str
    unit: str
    observer: str
    at: datetime
    by: str
    cause: Cause
    words: str
    lacks: tuple[str, ...]


class Looked(Record, frozen=True):
    """The closing record of one look by one probe at one surface.

    observations, attachments: ids of what it left. complete: the probe ran to its end.
    """

    id: str
    surface: str
    unit: str
    observer: str
    began: datetime
    ended: datetime
    by: str
    sees: tuple[str, ...]
    observations: tuple[str, ...]
    attachments: tuple[str, ...]
    complete: bool
