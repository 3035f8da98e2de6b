"""What is said of an event to a reader: nothing of findings that the reader may not see.

- An event that speaks only of findings the reader may not see is not told at all.
- Where some are hidden, the others are told, and of the event's facts only where the verdict or the listing
  stood before and after, which whoever sees the listing sees.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop

from shelfworthy.audience import Mark, Reader, may_see
from shelfworthy.model import Record
from shelfworthy.shelf.deciding.parts import scope_of
from shelfworthy.shelf.deciding.wording import of_scope
from shelfworthy.shelf.evidence.marks import marks_of
from shelfworthy.shelf.models import Event, State

PART = ("markets", "skus", "lots")  # of the listing, where something is not about all of it
ALWAYS = ("before", "after", *PART)  # facts that every reader of the listing sees anyway
LONGEST = 300  # characters of a fact in words

KINDS = {
    "verdict changed": gettext_noop("The verdict changed"),
    "decision made": gettext_noop("A decision was made"),
    "supplier to be asked": gettext_noop("The supplier is to be asked"),
    "policy noted": gettext_noop("The policy noted something"),
    "decision proposed": gettext_noop("A decision was proposed"),
}
PLACES = {"supplier to be asked": "#asked"}  # of the page of a listing
FACTS = {
    "before": gettext_noop("before"),
    "after": gettext_noop("after"),
    "because": gettext_noop("because"),
    "action": gettext_noop("action"),
    "reason": gettext_noop("reason"),
    "words": gettext_noop("in words"),
    "rule": gettext_noop("by the rule"),
}

BECAUSE = {  # a verdict became another
    "evidence": gettext_noop("evidence came in"),
    "product": gettext_noop("the product or its version changed"),
    "rules": gettext_noop("the rules changed"),
    "time": gettext_noop("time passed"),
}


class Told(Record, frozen=True):
    """An event as one reader is told of it. once: names it. keys: of findings. facts: JSON."""

    once: str
    at: datetime
    kind: str
    sku: str
    title: str
    facts: dict[str, Any]
    keys: tuple[str, ...]

    @property
    def heading(self) -> str:
        """In one line, with what it became."""
        what = gettext(KINDS.get(self.kind, self.kind))
        after = self.facts.get("after")
        became = f": {_worded('after', after)}" if isinstance(after, str) else ""
        became += f" ({self.part})" if became and self.part else ""
        return one_line(f"{self.sku} {self.title}: {what}{became}" if self.sku else f"{what}{became}")

    @property
    def part(self) -> str:
        """What of the listing it is about, in words; "" for all of it."""
        lists: list[list[str]] = [self.facts.get(name, []) for name in PART]
        return of_scope(scope_of(*lists), gettext)

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Its facts for people: label and words."""
        said = tuple(
            (gettext(FACTS[name]), one_line(_worded(name, self.facts[name])))
            for name in FACTS
            if isinstance(self.facts.get(name), str | int) and self.facts[name] != ""
        )
        return (*said, (gettext("only"), one_line(self.part))) if self.part else said

    @property
    def path(self) -> str:
        """The page where people read on, and where on it."""
        return f"{path_of(self.sku)}{PLACES.get(self.kind, '') if self.sku else ''}"

    @property
    def url(self) -> str:
        """The same from elsewhere."""
        return f"{settings.SHELF_URL}{self.path}"


def _worded(name: str, value: object) -> str:
    """A fact as people read it."""
    text = str(value)
    if name == "because":
        return gettext(BECAUSE.get(text, text))
    if name in ("before", "after") and text in State:
        return str(State(text).label)
    return gettext(text) if name in (*ALWAYS, "action") else text


def tell_of(events: Sequence[Event], reader: Reader, at: datetime) -> list[Told]:
    """Those of the events that this reader is told of, each as far as it may see."""
    marks = marks_of(key for event in events for key in event.keys)
    told = (told_of(event, reader, at, marks) for event in events)
    return [one for one in told if one is not None]


def told_of(event: Event, reader: Reader, at: datetime, marks: Mapping[str, Mark]) -> Told | None:
    """An event as a reader is told of it; None: not at all."""
    keys = tuple(key for key in event.keys if may_see(key, reader, at, marks))
    if not reader.inside or (event.keys and not keys):
        return None
    whole = len(keys) == len(event.keys)
    return Told(
        once=event.once,
        at=event.at,
        kind=event.kind,
        sku=event.listing.sku if event.listing else "",
        title=event.listing.title if event.listing else "",
        facts={name: value for name, value in event.facts.items() if whole or name in ALWAYS},
        keys=keys,
    )


def path_of(sku: str) -> str:
    """The page of a listing; of the watch where there is none."""
    try:
        return reverse("listing", args=[sku]) if sku else reverse("watch")
    except NoReverseMatch:  # a number of the shop's that no path can hold
        return reverse("watch")


def one_line(text: str) -> str:
    """Text from wherever, as one line that is not too long and holds no control characters."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in text[: 2 * LONGEST]).split())
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def kinds() -> Iterable[tuple[str, str]]:
    """The kinds of events there are, and what people call them."""
    return tuple((kind, gettext(words)) for kind, words in KINDS.items())
