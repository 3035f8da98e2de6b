"""What is where in words: “on hold in GB, lot 7”; for pages translated, for the API and the log as it is."""

from collections.abc import Callable, Iterable
from typing import Final

from django.utils.translation import gettext, gettext_noop

from shelfworthy.shelf.deciding.parts import Names, Scope, Where
from shelfworthy.shelf.words import State

SHOWN: Final = 8  # names
THESE: Final = (gettext_noop("in %(names)s"), gettext_noop("SKU %(names)s"), gettext_noop("lot %(names)s"))
OTHERS: Final = (
    gettext_noop("everywhere but in %(names)s"),
    gettext_noop("all SKUs but %(names)s"),
    gettext_noop("all lots but %(names)s"),
)


def as_it_is(text: str) -> str:
    """English, whoever reads."""
    return text


def where(one: Where, say: Callable[[str], str] = as_it_is) -> str:
    """Of which part something is said; "" for all of it."""
    pairs = zip(one, THESE, OTHERS, strict=True)
    words = [
        say(others if names.rest else these) % _named(names)
        for names, these, others in pairs
        if not names.everything
    ]
    return ", ".join(words)


def of_scope(scope: Scope, say: Callable[[str], str] = as_it_is) -> str:
    """The same of what a decision is about."""
    return where(Where(*(Names(names, rest=not names) for names in scope.lists)), say)


def stands(said: Iterable[tuple[State, Where]]) -> list[tuple[State, str]]:
    """Where what is the case, for a page in its language."""
    return [(state, where(one, gettext)) for state, one in said]


def _named(names: Names) -> dict[str, str]:
    shown = ", ".join(names.names[:SHOWN])
    return {"names": f"{shown} …" if len(names.names) > SHOWN else shown}
