"""Letters to those outside, and the files that distributors keep, from templates, as HTML.

What this module keeps:
- A letter quotes findings as they were judged, with the digests of their evidence and their dates, and says
  what the shop did. It never says that a law was broken, nor anything that is not recorded.
- It is read outside: of the findings it holds those that are published (`audience.visible`), and those that
  a decider lifts for this one letter, each by itself, which is logged. What it leaves out it does not count.
  The reason of the decision is told only where all of its findings are; its words never: they are the shop's.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import shown
from shelfworthy.shelf.deciding.shown import ToldFinding
from shelfworthy.shelf.models import Decision, Letter, Person
from shelfworthy.shelf.people.log import note
from shelfworthy.shelf.people.permission import reader_of


class Kind(StrEnum):
    """Whom a letter is to, or which file it is."""

    MAKER = "maker"
    SELLER = "seller"
    AUTHORITY = "authority"
    OWNERS = "owners"
    PSTI = "psti"
    CRA = "cra"


TITLES: Final[dict[Kind, "Promise | str"]] = {
    Kind.MAKER: _("Letter to the maker"),
    Kind.SELLER: _("Letter to the seller"),
    Kind.AUTHORITY: _("Letter to the authority"),
    Kind.OWNERS: _("Letter to owners of units already sold"),
    Kind.PSTI: _("File for the United Kingdom's product security regime"),
    Kind.CRA: _("File for Article 20 of the EU's Cyber Resilience Act"),
}


PARTS: Final = ("markets", "skus", "lots")


class NotLiftable(ValueError):
    """A finding that this decision does not rest on, or that this person may not see."""


def make(decision: Decision, kind: Kind, lifted: Iterable[str], person: Person) -> Letter:
    """A letter, kept as it is now. lifted: keys of findings to let out in it. Raises NotLiftable."""
    at = now()
    wanted = set(lifted)
    hidden = {one.key: one for one in shown.hidden_outside(decision, reader_of(person), at)}
    if wanted - hidden.keys():
        raise NotLiftable(gettext("Only findings of this decision that you may see yourself can be let out."))
    with transaction.atomic():
        letter = Letter.objects.create(
            listing=decision.listing,
            decision=decision,
            kind=kind,
            lifted=sorted(wanted),
            content=html(decision, kind, wanted, person, at),
            person=person,
            at=at,
        )
        for key in sorted(wanted):
            note(
                person, "letter: finding let out", decision.listing.sku, f"letter {letter.pk} ({kind}): {key}"
            )
        words = f"letter {letter.pk} ({kind}), decision {decision.number}"
        note(person, "letter: made", decision.listing.sku, words)
    return letter


def html(decision: Decision, kind: Kind, lifted: set[str], person: Person, at: datetime) -> str:
    """The letter as one page that needs nothing else."""
    _may, public, _all = shown.for_outside(decision, at)
    let_out = [one for one in shown.hidden_outside(decision, reader_of(person), at) if one.key in lifted]
    quoted = _ordered([*public, *let_out])
    whole = {one.key for one in quoted} == set(decision.finding_keys)
    context = {
        "decision": decision,
        "listing": decision.listing,
        "product": decision.listing.product,
        "kind": kind,
        "title": TITLES[kind],
        "letter": kind not in (Kind.PSTI, Kind.CRA),
        "findings": quoted,
        "reason": decision.reason if whole else "",
        "at": at,
        **paper(),
        **_history(decision),
    }
    return render_to_string(f"shelf/deciding/letters/{kind}.html", context)


def paper() -> dict[str, str]:
    """What every letter is written on: its style sheet, and how a day and a moment are written."""
    style = (files(__package__) / "letter.css").read_text(encoding="utf-8")
    return {"style": style, "day": gettext("j F Y"), "moment": gettext("j F Y H:i")}


def _ordered(quoted: list[ToldFinding]) -> list[ToldFinding]:
    from shelfworthy.model import Severity

    gravity = [str(one) for one in Severity]
    return sorted(quoted, key=lambda one: (gravity.index(one.severity), one.check, one.surface, one.id))


def _history(decision: Decision) -> dict[str, Any]:
    """When the listing's sale stopped and went on, and which letters there were by this one."""
    decisions = Decision.objects.filter(listing=decision.listing, number__lte=decision.number)
    letters = Letter.objects.filter(listing=decision.listing)
    return {
        "decisions": list(
            decisions.order_by("number").only("number", "at", "before", "after", "hash", *PARTS)
        ),
        "maker_told": letters.filter(kind=Kind.MAKER).order_by("at").first(),
        "authority_told": letters.filter(kind=Kind.AUTHORITY).order_by("at").first(),
    }
