"""May this be sold? What a shop's checkout asks before each sale. Pure, but for the rows it is given.

do not sell  it is on hold or withdrawn
sell         it is on sale, and all guidelines are met, or people decided to sell it knowing all that
             decides against it today
unknown      all else: nobody looked, something cannot be determined, something is not met and nobody has
             decided, it is not sold in that market, or it is no longer in the catalogue. What a shop does
             then is its own policy.

Where what was decided is about some markets, SKUs or lots only, the answer is for what is asked about; of
what is not named, the part that may least be sold counts.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from shelfworthy.model import Record
from shelfworthy.shelf.deciding import parts, wording
from shelfworthy.shelf.deciding.automatic import Covering, accepted
from shelfworthy.shelf.deciding.parts import Cell, Scope, Where
from shelfworthy.shelf.deciding.states import ACCEPTING
from shelfworthy.shelf.models import Decision, Listing, Standing, State, Verdict

STOPPED = {State.HELD: "It is on hold", State.WITHDRAWN: "It was withdrawn"}
NAMES = ("market", "variant", "lot")  # what may be asked about alone, in the order of `Where`


class Gate(StrEnum):
    """The three answers."""

    SELL = "sell"
    DO_NOT_SELL = "do not sell"
    UNKNOWN = "unknown"


class Sale(Record, frozen=True):
    """What is to be sold; "" where it is not said. variant: a SKU below the listing's own.

    sold: the markets it is sold in; to be known only where parts of it are in different states. elsewhere:
    whether it is sold in other markets, and not in this.
    """

    market: str = ""
    variant: str = ""
    lot: str = ""
    sold: tuple[str, ...] = ()
    elsewhere: bool = False

    @property
    def scope(self) -> Scope:
        """What is asked about."""
        return parts.scope_of(*([one] if one else [] for one in (self.market, self.variant, self.lot)))


class Passage(Record, frozen=True):
    """An answer with its reasons. decision: the number of the last one about it, None if there is none.

    market, variant, lot: as decisions name them. state: the gravest of those. answers: of the guidelines and
    exposures, which name no finding.
    """

    sku: str
    market: str
    variant: str
    lot: str
    answer: Gate
    reasons: tuple[str, ...]
    state: str
    standing: str
    answers: dict[str, str]
    decision: int | None
    judged_at: str


def passage(listing: Listing, verdict: Verdict | None, decisions: Covering, sale: Sale) -> Passage:
    """The answer for a listing, its verdict and the decisions that covered its cells last."""
    current = parts.of(listing.state, listing.parts)
    cells = list(parts.cells(current, sale.scope, sale.sold))
    answer, reasons = _answer(listing, verdict, decisions, cells, sale)
    numbers = {one.number for cell in cells if (one := decisions.get(cell.last)) is not None}
    return Passage(
        sku=listing.sku,
        market=sale.market,
        variant=sale.variant,
        lot=sale.lot,
        answer=answer,
        reasons=tuple(reasons),
        state=parts.gravest(cell.state for cell in cells),
        standing=verdict.standing if verdict else Standing.NONE,
        answers=verdict.answers if verdict else {},
        decision=max(numbers, default=None),
        judged_at=verdict.judged_at.isoformat() if verdict else "",
    )


def _answer(
    listing: Listing, verdict: Verdict | None, decisions: Covering, cells: Sequence[Cell], sale: Sale
) -> tuple[Gate, list[str]]:
    said = parts.grouped(cells, _counts)
    stopped = [
        (state, _stopping(decisions.get(moved)), where) for (state, moved), where in said if state in STOPPED
    ]
    if stopped:
        reasons = [_reason(f"{STOPPED[state]}{_in(where)}", moved) for state, moved, where in stopped]
        return Gate.DO_NOT_SELL, [*reasons, *_ask_for(where for _, _, where in stopped)]
    if listing.vanished_at is not None:
        return Gate.UNKNOWN, ["It is no longer in the catalogue."]
    if sale.elsewhere:
        return Gate.UNKNOWN, [f"It is not sold in {sale.market}, as far as the catalogue says."]
    if verdict is None or verdict.standing == Standing.NONE:
        return Gate.UNKNOWN, ["Nobody has looked at it."]
    if verdict.standing == Standing.MET:
        return Gate.SELL, ["All guidelines are met."]
    kept = [
        (last, where)
        for (_, number), where in said
        if (last := decisions.get(number)) is not None
        and last.action in ACCEPTING
        and accepted(last, verdict)
    ]
    words = [
        _reason(f"Decision {last.number} keeps it on sale{_in(where)}, knowing the verdict", last)
        for last, where in kept
    ]
    if len(kept) == len(said):
        return Gate.SELL, words
    against = [
        f"{id}: {answer}." for id, answer in sorted(verdict.answers.items()) if answer == Standing.NOT_MET
    ]
    if against:
        undecided = f"Nobody has decided about {'all of it' if kept else 'this'} yet."
        return Gate.UNKNOWN, [*against, undecided, *words, *_ask_for(where for _, where in kept)]
    return Gate.UNKNOWN, ["It cannot be determined whether all guidelines are met.", *words]


def _counts(cell: Cell) -> tuple[State, int | None]:
    """By which decision a cell is answered for: what stopped it, or else what covered it last."""
    return cell.state, cell.moved if cell.state in STOPPED else cell.last


def _stopping(moved: Decision | None) -> Decision | None:
    return moved if moved is not None and moved.action not in ACCEPTING else None


def _reason(words: str, last: Decision | None) -> str:
    return f"{words}: {last.reason}." if last is not None else f"{words}."


def _in(where: Where) -> str:
    words = wording.where(where)
    return f" {words}" if words.startswith("in ") else f" ({words})" if words else ""


def _ask_for(some: Iterable[Where]) -> list[str]:
    """How to be answered for a part, where what was said is not said of all."""
    kinds = zip(NAMES, zip(*some, strict=True), strict=False)  # none, where nothing was said
    told = [name for name, several in kinds if not all(one.everything for one in several)]
    return (
        [f"Ask with {' and '.join(f'`{name}`' for name in told)} to be answered for that alone."]
        if told
        else []
    )
