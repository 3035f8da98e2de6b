"""What a report says before it has a format: the records that `--format json` prints and all others show."""

from datetime import date, datetime
from enum import StrEnum

from shelfworthy.model import (
    Finding,
    Gap,
    Identity,
    Kind,
    Outcome,
    Owner,
    Record,
    Reference,
    Standing,
    Unit,
    Verdict,
)


class ReportFinding(Finding, frozen=True):
    """A finding as reports show it. because: the sentence itself, filled with the facts.

    requirements: those it is reported under.
    """

    requirements: tuple[str, ...]
    because: str


class ReportSurface(Record, frozen=True):
    """A surface of the product file."""

    id: str
    kind: Kind
    where: str
    unit: str
    owner: Owner


class State(StrEnum):
    """What became of a declaration."""

    SETTLES = "settles"
    CONTRADICTED = "contradicted"  # a finding or a seen surface stands against it
    NOT_NEEDED = "not needed"  # what was seen answers the question
    LEFT_OPEN = "left open"  # it says that nobody can tell
    REPLACED = "replaced"  # by a newer one
    NOT_YET = "not yet"  # it begins later
    EXPIRED = "expired"
    QUOTE_GONE = "quote gone"  # the policy does not hold its words any more
    NO_SUCH_REQUIREMENT = "no such requirement"


class ReportDeclaration(Record, frozen=True):
    """What a person declared. against: what contradicts it, in words, or "". surface: of the quote."""

    requirement: str
    answer: Standing
    because: str
    quote: str
    by: str
    on: date
    until: date
    state: State
    against: str
    surface: str


class ReportMention(Record, frozen=True):
    """A place where something was seen. what: as found. role: what the content uses it for."""

    what: str
    role: str
    surface: str
    observation: str
    field: str


class ReportSeen(Record, frozen=True):
    """A surface seen on the way, which nobody declared.

    because: why its owner is who it is. decides: an app, firmware or capture names it; what is found at the
    others is noted. looked_at: or why_not, a sentence. at: where it was seen, the first of so many times.
    """

    id: str
    kind: Kind
    where: str
    owner: Owner
    because: str
    decides: bool
    looked_at: bool
    why_not: str
    at: tuple[ReportMention, ...]
    times: int


class SeenNotFollowed(ReportMention, frozen=True):
    """A name or address found in content that nobody looked at. id: of the surface it is, "" if of none.

    why: a sentence.
    """

    id: str
    why: str


class PolicyQuote(Record, frozen=True):
    """Words of a policy and where they stand.

    document: its address or file. path, start: the field of the observation, and the offset in characters.
    """

    observation: str
    document: str
    path: str
    start: int
    text: str


class ShopperSentence(Record, frozen=True):
    """One of the five things a shopper asks of a policy, answered in a plain sentence.

    asks: `What it collects`. outcome, finding: of the answer it is made from; None and "" where no check
    answered. quote: the words it rests on; None where it is about something that is not there.
    """

    asks: str
    says: str
    outcome: Outcome | None
    finding: str
    quote: PolicyQuote | None


class ReportPolicy(Record, frozen=True):
    """What a policy says, for those who will not read it. sentences: five, in the same order."""

    surface: str
    unit: str
    sentences: tuple[ShopperSentence, ...]


class Report(Record, frozen=True):
    """One audit: what was judged, the verdict, and what it rests on. verdict.exposures: by requirement.

    policies: those that a check answered for; none means that no policy was read.

    seen_left_out: how much more was seen on the way than is listed.
    """

    product: Identity
    units: tuple[Unit, ...]
    judged_at: datetime
    rules_digest: str
    evidence_digest: str
    verdict: Verdict
    findings: tuple[ReportFinding, ...]
    surfaces: tuple[ReportSurface, ...]
    gaps: tuple[Gap, ...]
    declarations: tuple[ReportDeclaration, ...]
    policies: tuple[ReportPolicy, ...]
    seen: tuple[ReportSeen, ...]
    seen_not_followed: tuple[SeenNotFollowed, ...]
    seen_left_out: int
    references: tuple[Reference, ...]
