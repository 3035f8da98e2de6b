"""Asking who makes or sells a product for what is missing, where nobody could determine an answer.

What this module keeps:
- A letter asks, and tells of no finding: which requirements of the five guidelines are open, why, and what
  would settle each, in words that are the same for every product. What probes and readers wrote in their own
  words is not in it, since that can be about anything.
- It names a place only where no finding that is not public (`audience.visible`) speaks of that place. What is
  open at a place that a finding marked for some speaks of is not asked at all.
- It does not say what of the rest is met or not met, and that it does not, it says.
- A listing waits for its letter from when the policy says so until it is made, and again once the day has
  passed by which it was to be answered.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shelfworthy.audience import EVERYBODY, NOBODY, visible
from shelfworthy.guidelines import Requirement, Rules, five_guidelines
from shelfworthy.model import Cause, Change, Finding, Outcome, Record
from shelfworthy.model import Standing as Answer
from shelfworthy.report import reasons
from shelfworthy.report.clean import plain
from shelfworthy.report.on_the_way import called
from shelfworthy.report.words import words
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding.automatic import TELLS
from shelfworthy.shelf.deciding.letters import paper
from shelfworthy.shelf.deciding.policy import Then
from shelfworthy.shelf.evidence.marks import marks_of
from shelfworthy.shelf.evidence.rolling import judgement_of
from shelfworthy.shelf.evidence.supplying import supplies
from shelfworthy.shelf.models import Event, Letter, Listing, Person, Standing, Verdict
from shelfworthy.shelf.people.log import note

DAYS = 30  # to answer, unless somebody says another day
PLACES = 12  # of one question
HOST = re.compile(r"\[[^\]]+\]|[^/?:]+")  # of what follows on "://"


class To(StrEnum):
    """Who is asked; the kind of the letter."""

    MAKER = "ask-maker"
    SELLER = "ask-seller"


TITLES: Final[dict[str, "Promise | str"]] = {
    To.MAKER: _("Questions to the maker"),
    To.SELLER: _("Questions to the seller"),
}
REACHED = _("Tell us whether it is in service and how it is reached; it is then looked at again.")
DESCRIBED = _("Describe how it works, with a document that shows it, so that a person can judge.")
OURS = _("This is for us to mend; the audit of a test lab settles it sooner.")
SETTLES: Final[dict[Cause, "Promise | str"]] = {
    Cause.UNREACHABLE: REACHED,
    Cause.SILENT: REACHED,
    Cause.REFUSED: _("Tell us how a test lab is let in, or have one look and send us its audit."),
    Cause.NOT_UNDERSTOOD: DESCRIBED,
    Cause.NOT_PERMITTED: _(
        "Permit in writing that we look at it, or have a test lab do so and send us its audit."
    ),
    Cause.NOT_SUPPLIED: _("Supply what shows the answer."),
    Cause.NOBODY_LOOKED: _("Have a test lab look and send us its audit, or supply what shows the answer."),
    Cause.TOOL_MISSING: OURS,
    Cause.DATA_MISSING: OURS,
    Cause.NEEDS_A_PERSON: DESCRIBED,
    Cause.CONTRADICTORY: _(
        "Tell us what is right, with a document that shows it; then it is looked at again."
    ),
    Cause.OUR_FAULT: OURS,
    Cause.AGED: _("Have it looked at again by a test lab, and send us its audit."),
}


class NothingOpen(ValueError):
    """There is nothing to ask for."""


class Question(Record, frozen=True):
    """A requirement that is open, in the reader's language. asks: its question. why, settles: sentences.

    places: where it is open, as far as they may be named.
    """

    id: str
    guideline: str
    asks: str
    why: tuple[str, ...]
    settles: tuple[str, ...]
    places: tuple[str, ...] = ()


def questions(listing: Listing, at: datetime) -> tuple[Question, ...]:
    """What is open about a listing and may be asked outside; all of it where nobody has looked."""
    rules = five_guidelines()
    verdict: Verdict | None = getattr(listing, "verdict", None)
    if verdict is None or verdict.judged is None:
        return tuple(
            _question(id, requirement, (), rules)
            for id, requirement in rules.requirements()
            if id.partition(".")[0] in rules.guideline
        )
    judgement = judgement_of(bytes(verdict.judged.content))
    closed, unnamed = _not_for_outside(judgement.findings, at)
    found = []
    for heading, inside in rules.requirement.items():
        said = judgement.verdict.guidelines.get(heading)
        for name, requirement in inside.items():
            answer = said.requirements.get(f"{heading}.{name}") if said else None
            if answer is None or answer.answer is not Answer.CANNOT_DETERMINE:
                continue
            open_ = [one for one in answer.would_change if not _spoken_of(one, closed)]
            if open_ or not answer.would_change:
                told = [one for one in open_ if not _spoken_of(one, unnamed)]
                found.append(_question(f"{heading}.{name}", requirement, open_, rules, told))
    return tuple(found)


def make(listing: Listing, to: To, answer_by: date, person: Person) -> Letter:
    """The letter, kept as it is now. Raises NothingOpen."""
    at = now()
    asked = questions(listing, at)
    if not asked:
        raise NothingOpen(gettext("Nothing is open that could be asked for."))
    with transaction.atomic():
        letter = Letter.objects.create(
            listing=listing,
            kind=to,
            content=html(listing, to, asked, answer_by, at),
            answer_by=answer_by,
            person=person,
            at=at,
        )
        note(person, "letter: made", listing.sku, f"letter {letter.pk} ({to}), to be answered by {answer_by}")
    return letter


def html(listing: Listing, to: To, asked: Sequence[Question], answer_by: date, at: datetime) -> str:
    """The letter as one page that needs nothing else."""
    context = {
        "listing": listing,
        "product": listing.product,
        "title": TITLES[to],
        "letter": True,
        "to_maker": to is To.MAKER,
        "questions": asked,
        "answer_by": answer_by,
        "shelf": settings.SHELF_URL,
        "at": at,
        **paper(),
    }
    return render_to_string("shelf/deciding/letters/ask.html", context)


def waiting(listings: QuerySet[Listing], covered: Iterable[int], at: datetime) -> QuerySet[Listing]:
    """Those about which the policy said to ask, while what it said so for is the case, and nobody did, or the
    day of the answer has passed. covered: listings of which the reader may not know what speaks against them.
    """
    to_ask = Event.objects.filter(kind=TELLS[Then.ASK])
    open_ = to_ask.filter(keys=[], listing__verdict__undetermined_since__lte=F("at"))
    against = to_ask.filter(listing__verdict__standing=Standing.NOT_MET).exclude(keys=[])
    # Since when that is so, and not since it was said: another policy says it again.
    same = to_ask.filter(listing=OuterRef("listing"), keys=OuterRef("keys")).order_by("at")
    against = against.exclude(listing__in=covered).annotate(since=Subquery(same.values("at")[:1]))
    open_ = open_.annotate(since=F("listing__verdict__undetermined_since"))
    asked = Letter.objects.filter(
        listing=OuterRef("listing"), decision=None, at__gte=OuterRef("since"), answer_by__gte=at.date()
    )
    still = [said.exclude(Exists(asked)).values("listing") for said in (open_, against)]
    return listings.filter(Q(pk__in=still[0]) | Q(pk__in=still[1]))


def by_default(at: datetime) -> date:
    """The day by which an answer is asked for."""
    return at.date() + timedelta(days=DAYS)


def _question(
    id: str, requirement: Requirement, changes: Sequence[Change], rules: Rules, named: Sequence[Change] = ()
) -> Question:
    causes = list(dict.fromkeys(one.cause for one in changes)) or [Cause.NOBODY_LOOKED]
    told = supplies(requirement, changes)
    settles = [str(SETTLES[one]) for one in causes if one is not Cause.NOT_SUPPLIED or not told]
    places = [plain(one.surface) for one in named if one.surface]
    return Question(
        id=id,
        guideline=gettext(reasons.title(id.partition(".")[0], rules)),
        asks=gettext(requirement.asks),
        why=tuple(gettext(words().cause[one]) for one in causes),
        settles=tuple(dict.fromkeys([*told, *settles])),
        places=tuple(dict.fromkeys(places))[:PLACES],
    )


def _not_for_outside(
    findings: Sequence[Finding], at: datetime
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that are marked for some, and with them the failures that are not public."""
    marks = marks_of(one.key for one in findings)
    marked = {key for key, mark in marks.items() if mark.holds(at) and EVERYBODY not in mark.to}
    public = {one.id for one in visible(findings, NOBODY, at, marks)}
    return (
        tuple(one for one in findings if one.key in marked),
        tuple(
            one
            for one in findings
            if one.id not in public and (one.outcome is Outcome.FAIL or one.key in marked)
        ),
    )


def _spoken_of(change: Change, findings: Sequence[Finding]) -> bool:
    """Whether one of the findings names the place of a change, as its own or in a fact."""
    if not change.surface:
        return False
    names = _names(change.surface)
    return any(
        change.surface == one.surface or any(name in text for name in names for text in _texts(one))
        for one in findings
    )


def _names(surface: str) -> list[str]:
    """What a text may call the place of a surface: as people do, or where it is an address by its host."""
    place = called(surface).casefold()
    _scheme, address, rest = place.partition("://")
    host = HOST.match(rest) if address else None
    return [place, host[0]] if host else [place]


def _texts(finding: Finding) -> Iterator[str]:
    """The texts of a finding that may name a place."""
    if finding.surface.startswith("seen:"):
        yield called(finding.surface).casefold()
    for fact in finding.facts.values():
        yield from (str(one).casefold() for one in (fact if isinstance(fact, tuple) else (fact,)))
