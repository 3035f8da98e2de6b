"""What can be seen of published incidents: what, when, and where it can be read."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from shelfworthy.model import Seen


class IncidentKind(StrEnum):
    """What tells of an incident."""

    LEAK = "leak"  # customers' data is in the hands of strangers
    DECISION = "decision"  # of a regulator or a court
    PRESS = "press"
    ADVISORY = "advisory"  # of a maker, or of those who coordinate


class Incident(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that was published. data: what strangers got of customers', "" where it does not say."""

    on: date
    what: IncidentKind
    title: str
    source: str
    data: str


class Search(Struct, frozen=True, forbid_unknown_fields=True):
    """A day on which somebody looked somewhere for published incidents."""

    on: date
    where: str


class IncidentSeen(Seen, frozen=True, tag="incident/1"):
    """A list of what was published about incidents of a product. searches: by whoever keeps the list.

    sha256: of the file.
    """

    incidents: tuple[Incident, ...]
    searches: tuple[Search, ...]
    sha256: str
