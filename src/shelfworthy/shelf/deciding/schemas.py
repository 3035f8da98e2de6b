"""What the API says of decisions, and takes."""

from datetime import datetime

from ninja import Field, Schema

from shelfworthy.shelf.api.frame import MOST, ProblemSaid
from shelfworthy.shelf.deciding.chain import MOST_NAMED, MOST_WORDS
from shelfworthy.shelf.deciding.gate import Gate
from shelfworthy.shelf.deciding.policy import LONGEST
from shelfworthy.shelf.models import Action, State

NO_NUL = r"^[^\x00]*$"  # which PostgreSQL would not even compare
REFUSED = {401: ProblemSaid, 403: ProblemSaid, 422: ProblemSaid}
ABSENT = REFUSED | {404: ProblemSaid}
CONTESTED = ABSENT | {409: ProblemSaid}


class DecisionSaid(Schema):
    """A decision. left_out: whether it rests on findings that are not for this token.

    markets, skus, lots: what of the listing it is about; empty: all. before, after: of what it moved."""

    number: int
    at: datetime
    sku: str
    title: str
    action: str
    before: str
    after: str
    reason: str
    words: str
    rule: str
    policy: str
    person: str
    seconded_by: str
    markets: list[str]
    skus: list[str]
    lots: list[str]
    evidence: str
    rules: str
    finding_keys: list[str]
    finding_ids: list[str]
    left_out: bool
    previous: str
    hash: str


class Decisions(Schema):
    """A page of decisions. next: the cursor of the next page, "" at the end."""

    items: list[DecisionSaid]
    next: str


class ProposalSaid(Schema):
    """A proposal. outcome: "open" while it waits for another person; decision: what it became."""

    id: int
    at: datetime
    sku: str
    action: str
    before: str
    reason: str
    words: str
    because: str
    person: str
    markets: list[str]
    skus: list[str]
    lots: list[str]
    outcome: str
    done_at: datetime | None
    done_by: str
    answer: str
    decision: int | None


class Proposals(Schema):
    """A page of proposals. next: the cursor of the next page, "" at the end."""

    items: list[ProposalSaid]
    next: str


class Made(Schema):
    """What came of it: a decision, or a proposal that waits for somebody else."""

    decision: DecisionSaid | None = None
    proposal: ProposalSaid | None = None


class ToDecide(Schema):
    """A decision to be made. expected: the state of what it is about; in another nothing happens.

    verdict: what was read, as `GET /listings/{sku}/verdict` says it in `digest`; needed to list and to
    reinstate. Has the verdict changed since, or what of the listing is where, nothing happens.
    markets, skus, lots: what of the listing it is about; empty: all. Where parts of that are in different
    states, the gravest is expected, and the action moves those it can. A token for some markets names some of
    these where the listing is sold elsewhere too."""

    action: Action
    expected: State
    verdict: str = Field("", max_length=64)
    reason: str = Field(min_length=1, max_length=60)
    words: str = Field("", max_length=MOST_WORDS)
    markets: list[str] = Field([], max_length=MOST_NAMED)
    skus: list[str] = Field([], max_length=MOST_NAMED)
    lots: list[str] = Field([], max_length=MOST_NAMED)


class ToAnswer(Schema):
    """Words to go with an answer."""

    words: str = Field("", max_length=2000)


class ToTry(Schema):
    """A policy to be tried."""

    text: str = Field(max_length=LONGEST)


class WouldSaid(Schema):
    """What would happen to one listing."""

    sku: str
    title: str
    then: str
    rule: str
    reason: str


class DryRunSaid(Schema):
    """What a policy would do to today's catalogue. people: stay on sale because people decided so.

    whole: whether all listings were gone through before time was up.
    """

    listings: int
    counts: dict[str, int]
    by_rule: dict[str, int]
    people: int
    first: list[WouldSaid]
    left_out: int
    whole: bool


class TurnSaid(Schema):
    """An answer that became another."""

    id: str
    before: str
    after: str


class StepSaid(Schema):
    """One thing that is another today, and the answers that it changed."""

    what: str
    turns: list[TurnSaid]


class ReplaySaid(Schema):
    """A decision judged again."""

    number: int
    then: dict[str, str]
    today: dict[str, str]
    of_then_by_todays: dict[str, str]
    of_today_by_those_of_then: dict[str, str] | None
    steps: list[StepSaid]
    changed: list[str]
    says: list[str]


class GateSaid(Schema):
    """Whether it may be sold, with reasons. state: the gravest of what was asked about."""

    sku: str
    market: str
    variant: str
    lot: str
    answer: Gate
    reasons: list[str]
    state: State
    standing: str
    answers: dict[str, str]
    decision: int | None
    judged_at: str


class Part(Schema):
    """What is to be sold; of what is not said, the part counts that may least be sold.

    variant: a SKU below the listing's own, as decisions name it in `skus`."""

    market: str = Field("", max_length=20, pattern=NO_NUL)
    variant: str = Field("", max_length=100, pattern=NO_NUL)
    lot: str = Field("", max_length=100, pattern=NO_NUL)


class NoticesSaid(Schema):
    """How many entries of a feed were new."""

    new: int


class Asked(Schema):
    """Filters, as on the page; rule: "people" for decisions of people. from, until: days."""

    sku: str = Field("", max_length=100)
    action: str = Field("", pattern="^(list|hold|withdraw|reinstate|)$")
    rule: str = Field("", max_length=60)
    begin: str = Field("", alias="from", pattern=r"^(\d{4}-\d\d-\d\d|)$")
    until: str = Field("", pattern=r"^(\d{4}-\d\d-\d\d|)$")
    cursor: str = Field("", max_length=100)
    limit: int = Field(100, ge=1, le=MOST)


class Pages(Schema):
    """Where a list goes on."""

    cursor: str = Field("", max_length=100)
    limit: int = Field(100, ge=1, le=MOST)
