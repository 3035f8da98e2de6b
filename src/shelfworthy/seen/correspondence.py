"""What can be seen of a maker's answers to reports: dates and who is due, never a letter."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from shelfworthy.model import Seen


class ReplyKind(StrEnum):
    """What a reply was. An automatic one is sent to anybody, by nobody."""

    ACKNOWLEDGEMENT = "acknowledgement"
    STATUS = "status"
    FIX = "fix"
    AUTOMATIC = "automatic"


class Report(Struct, frozen=True, forbid_unknown_fields=True):
    """A vulnerability that was reported to the maker. id: its name in the file. how: the way it was sent.

    source: where it can be read that it was.
    """

    id: str
    on: date
    how: str
    source: str


class Reply(Struct, frozen=True, forbid_unknown_fields=True):
    """What came back. answers: ids of the reports it answers."""

    on: date
    answers: tuple[str, ...]
    kind: ReplyKind
    source: str


class Flaw(Struct, frozen=True, forbid_unknown_fields=True):
    """A flaw of the product that is publicly known. fixed_on: None while it is open."""

    id: str
    known_publicly_since: date
    fixed_on: date | None
    source: str


class CorrespondenceSeen(Seen, frozen=True, tag="correspondence/1"):
    """A record of correspondence with a maker about vulnerabilities.

    looked_until: the last day the record speaks of; what had not come by then is not in it. stated_days: in
    how many days the maker promises to acknowledge a report, 0 where it promises nothing; stated_source:
    where. sha256: of the file.
    """

    looked_until: date
    stated_days: int
    stated_source: str
    reports: tuple[Report, ...]
    replies: tuple[Reply, ...]
    flaws: tuple[Flaw, ...]
    sha256: str
