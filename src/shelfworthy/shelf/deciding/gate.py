"""May this be sold? What a shop's checkout asks before each sale. Pure, but for the rows it is given.

do not sell  it is on hold or withdrawn
sell         it is on sale, and all guidelines are met, or people decided to sell it knowing all that
             decides against it today
unknown      all else: nobody looked, something cannot be determined, something is not met and nobody has
             decided, or it is no longer in the catalogue. What a shop does then is its own policy.
"""

from enum import StrEnum

from shelfworthy.model import Record
from shelfworthy.shelf.deciding.automatic import accepted
from shelfworthy.shelf.deciding.states import ACCEPTING
from shelfworthy.shelf.models import Decision, Listing, Standing, State, Verdict


class Gate(StrEnum):
    """The three answers."""

    SELL = "sell"
    DO_NOT_SELL = "do not sell"
    UNKNOWN = "unknown"


class Passage(Record, frozen=True):
    """An answer with its reasons. decision: the number of the last one about it, None if there is none.

    answers: of the guidelines and exposures, which name no finding.
    """

    sku: str
    answer: Gate
    reasons: tuple[str, ...]
    state: str
    standing: str
    answers: dict[str, str]
    decision: int | None
    judged_at: str


def passage(listing: Listing, verdict: Verdict | None, last: Decision | None) -> Passage:
    """The answer for a listing, its verdict and the last decision about it."""
    answer, reasons = _answer(listing, verdict, last)
    return Passage(
        sku=listing.sku,
        answer=answer,
        reasons=tuple(reasons),
        state=listing.state,
        standing=verdict.standing if verdict else Standing.NONE,
        answers=verdict.answers if verdict else {},
        decision=last.number if last else None,
        judged_at=verdict.judged_at.isoformat() if verdict else "",
    )


def _answer(listing: Listing, verdict: Verdict | None, last: Decision | None) -> tuple[Gate, list[str]]:
    if listing.state != State.LISTED:
        because = f": {last.reason}" if last else ""
        words = "It is on hold" if listing.state == State.HELD else "It was withdrawn"
        return Gate.DO_NOT_SELL, [f"{words}{because}."]
    if listing.vanished_at is not None:
        return Gate.UNKNOWN, ["It is no longer in the catalogue."]
    if verdict is None or verdict.standing == Standing.NONE:
        return Gate.UNKNOWN, ["Nobody has looked at it."]
    if verdict.standing == Standing.MET:
        return Gate.SELL, ["All guidelines are met."]
    if last is not None and last.action in ACCEPTING and accepted(last, verdict):
        return Gate.SELL, [f"Decision {last.number} keeps it on sale, knowing the verdict: {last.reason}."]
    reasons = [
        f"{id}: {answer}." for id, answer in sorted(verdict.answers.items()) if answer == Standing.NOT_MET
    ]
    if reasons:
        return Gate.UNKNOWN, [*reasons, "Nobody has decided about this yet."]
    return Gate.UNKNOWN, ["It cannot be determined whether all guidelines are met."]
