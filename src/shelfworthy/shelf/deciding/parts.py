"""Which part of a listing is in which state, where decisions were about some of it only. Pure.

A decision may name markets, SKUs and lots. SKUs are those below the listing's own, as a shop has them for a
colour or a bundle that its catalogue does not list by itself; another listing of the same product is another
listing. A cell is one market, one SKU and one lot.

What this module keeps:
- A decision covers a cell where each of its three lists is empty or names it, and moves it where `LEADS` says
  so from the state the cell is in; from any other it leaves it.
- All that no decision names is one more name in each of the three, `rest`: what is sold in a new market or as
  a new lot is where decisions about all of it have brought it.
- Of a whole the state is the gravest of its cells: withdrawn, on hold, on sale. So a filter, a number or a
  caller who knows of no parts errs to the side of not selling.
- What is kept beside that state answers for any cell, and names the decision that covered it last, without
  reading the chain. It is empty after a decision about all of it that brought all of it to one state.
- It does not grow for ever: see `TooMany`. A decision about all of a listing is never too many.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final, NamedTuple, TypeVar

from django.utils.translation import gettext as _
from msgspec.structs import replace

from shelfworthy.model import Record, digest
from shelfworthy.shelf.deciding.states import leading, led
from shelfworthy.shelf.words import Action, State

GRAVITY: Final = (State.WITHDRAWN, State.HELD, State.LISTED)
MOST_STEPS: Final = 100  # decisions about parts that follow one another
MOST_NAMES: Final = 5000  # that they name together
MOST_CELLS: Final = 4096  # that they tell apart
SETTLED: Final = frozenset({"", Action.LIST})  # actions that lead to no other state: "" no longer does
Key = TypeVar("Key", bound=Hashable)


class TooMany(ValueError):
    """So many decisions about parts of one listing that nobody could still say what is sold where."""

    def __init__(self) -> None:
        words = _(
            "Too many decisions about parts of this listing have piled up: at most %(steps)s, that name at"
            " most %(names)s markets, SKUs and lots and tell apart at most %(cells)s parts, are kept beside"
            " one another. Decide about all of it first."
        )
        most = {"steps": MOST_STEPS, "names": f"{MOST_NAMES:,}", "cells": f"{MOST_CELLS:,}"}
        super().__init__(words % most)


class Scope(Record, frozen=True):
    """What of a listing a decision is about; an empty list: all."""

    markets: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()

    @property
    def lists(self) -> tuple[tuple[str, ...], ...]:
        return self.markets, self.skus, self.lots

    @property
    def whole(self) -> bool:
        return not any(self.lists)

    def within(self, other: "Scope") -> bool:
        """Whether another is about all of this."""
        return all(
            not wide or (bool(narrow) and set(narrow) <= set(wide))
            for narrow, wide in zip(self.lists, other.lists, strict=True)
        )

    def meets(self, other: "Scope") -> bool:
        """Whether another is about some of this."""
        return all(
            not one or not two or not set(one).isdisjoint(two)
            for one, two in zip(self.lists, other.lists, strict=True)
        )


WHOLE: Final = Scope()


def name_of(text: str) -> str:
    """A SKU or a lot as decisions name it and a till asks about it."""
    return text.strip()


def market_of(text: str) -> str:
    """The same of a market, whose code the catalogue holds in capitals."""
    return name_of(text).upper()


def scope_of(markets: Iterable[str], skus: Iterable[str], lots: Iterable[str]) -> Scope:
    """A scope of three lists."""
    return Scope(markets=tuple(markets), skus=tuple(skus), lots=tuple(lots))


class Step(Record, frozen=True):
    """A decision, as far as it matters here: its number in the chain, what it does, and to what."""

    number: int
    action: str
    scope: Scope


class Parts(Record, frozen=True):
    """Where all cells of a listing are: at `base`, and then as the steps led.

    since: the decision that covered last what no step covers, 0 where there was none; it says nothing where
    there are no steps, for then that is the newest decision about the listing.
    """

    base: State = State.LISTED
    since: int = 0
    steps: tuple[Step, ...] = ()

    @property
    def numbers(self) -> frozenset[int]:
        """The decisions that some cell may have been covered by last; empty: by the newest."""
        return frozenset((self.since, *(one.number for one in self.steps))) if self.steps else frozenset()

    @property
    def markets(self) -> frozenset[str]:
        """The markets that are named."""
        return frozenset(name for one in self.steps for name in one.scope.markets)


class Names(NamedTuple):
    """Some markets, SKUs or lots: these, or with `rest` all but these. Of all there are: none, and `rest`."""

    names: tuple[str, ...]
    rest: bool

    @property
    def everything(self) -> bool:
        return self.rest and not self.names


class Cell(NamedTuple):
    """What the same decisions cover. last: the number of the last of them, 0: none, None: the newest.

    moved: of the last that brought it into its state, as far as that is still known, else of one that covered
    it; who asks why it is stopped has to see whether that stops anything.
    """

    markets: Names
    skus: Names
    lots: Names
    state: State
    last: int | None
    moved: int | None


class Where(NamedTuple):
    """Some cells of which the same is said."""

    markets: Names
    skus: Names
    lots: Names


class _Class(NamedTuple):
    """Names that the same steps cover, as bits."""

    names: Names
    steps: int


def of(state: str, stored: Mapping[str, Any]) -> Parts:
    """The parts of a listing by its two columns."""
    if not stored:
        return Parts(base=State(state))
    steps = (
        Step(number=number, action=action, scope=scope_of(*lists))
        for number, action, *lists in stored["steps"]
    )
    return Parts(base=State(stored["base"]), since=stored["since"], steps=tuple(steps))


def stored(parts: Parts) -> dict[str, Any]:
    """What the second column keeps: nothing where all of the listing is in one state by one decision."""
    if not parts.steps:
        return {}
    steps = [[one.number, str(one.action), *map(list, one.scope.lists)] for one in parts.steps]
    return {"base": str(parts.base), "since": parts.since, "steps": steps}


def gravest(states: Iterable[State]) -> State:
    """The one that counts for all of them."""
    return min(states, key=GRAVITY.index)


def cells(parts: Parts, scope: Scope = WHOLE, sold: Iterable[str] = ()) -> Iterator[Cell]:
    """The cells of a scope. sold: the markets there are, where that is known; of others none is named."""
    known: dict[int, tuple[State, int | None, int | None]] = {}
    for market, sku, lot in product(*_classes(parts, scope, sold)):
        covering = market.steps & sku.steps & lot.steps
        if covering not in known:
            known[covering] = _led(parts, covering)
        yield Cell(market.names, sku.names, lot.names, *known[covering])


def state_of(parts: Parts, scope: Scope = WHOLE) -> State:
    """The gravest state in a scope."""
    return gravest(cell.state for cell in cells(parts, scope))


def moved(parts: Parts, scope: Scope, action: str) -> State:
    """The gravest of the states out of which an action leads in a scope. Raises NoWay."""
    return gravest(leading((cell.state for cell in cells(parts, scope)), action))


def after(parts: Parts, step: Step, before: int) -> Parts:
    """Where a decision brings a listing. before: the number of the one about it before this, 0: none.

    Raises TooMany. Where all cells are in one state then, how each came there matters no longer; which
    decision covered it last still does.
    """
    if not parts.steps and step.scope.whole:
        return Parts(base=led(parts.base, step.action))
    grown = Parts(base=parts.base, since=parts.since if parts.steps else before, steps=(*parts.steps, step))
    if not step.scope.whole and _counted(grown) > MOST_CELLS:
        raise TooMany
    states = {cell.state for cell in cells(grown)}
    if len(states) == 1:
        settled = tuple(replace(one, action="") for one in grown.steps)
        grown = replace(grown, base=states.pop(), steps=settled)
        if step.scope.whole:
            return Parts(base=grown.base)
    grown = replace(grown, steps=tuple(_that_matter(grown.steps)))
    if not step.scope.whole and _piled_up(grown.steps):
        raise TooMany
    return grown


def grouped(found: Sequence[Cell], key: Callable[[Cell], Key]) -> list[tuple[Key, Where]]:
    """Cells of which the same is said, in few words: by markets first, then SKUs, then lots."""
    patterns: dict[Names, dict[tuple[Names, Names], Key]] = defaultdict(dict)
    for cell in found:
        patterns[cell.markets][cell.skus, cell.lots] = key(cell)
    alike: dict[frozenset[tuple[tuple[Names, Names], Key]], list[Names]] = defaultdict(list)
    for markets, pattern in patterns.items():
        alike[frozenset(pattern.items())].append(markets)
    every = [list(dict.fromkeys(names)) for names in zip(*(cell[:3] for cell in found), strict=True)]
    said = []
    for several in alike.values():
        pattern = patterns[several[0]]
        for one in dict.fromkeys(pattern.values()):
            lots: dict[Names, list[Names]] = defaultdict(list)
            for (sku, lot), value in pattern.items():
                if value == one:
                    lots[sku].append(lot)
            skus: dict[tuple[Names, ...], list[Names]] = defaultdict(list)
            for sku, its in lots.items():
                skus[tuple(its)].append(sku)
            for these, of_them in skus.items():
                where = Where(
                    _together(several, every[0]), _together(of_them, every[1]), _together(these, every[2])
                )
                said.append((one, where))
    return said


def by_state(parts: Parts, scope: Scope = WHOLE, sold: Iterable[str] = ()) -> list[tuple[State, Where]]:
    """Where what is the case, the gravest first."""
    said = grouped(list(cells(parts, scope, sold)), lambda cell: cell.state)
    return sorted(said, key=lambda one: (GRAVITY.index(one[0]), one[1]))


def seen(parts: Parts, scope: Scope = WHOLE) -> str:
    """Names what is the case in a scope: the state where it is one, else with a digest of what is where."""
    said = by_state(parts, scope)
    state = said[0][0]
    return (
        str(state) if len(said) == 1 else f"{state} {digest([(str(one), where) for one, where in said])[:16]}"
    )


def _classes(parts: Parts, scope: Scope, sold: Iterable[str]) -> list[list[_Class]]:
    only = (scope.markets or tuple(sold), scope.skus, scope.lots)
    return [
        _classes_of([one.scope.lists[which] for one in parts.steps], only[which])
        for which in range(len(only))
    ]


def _classes_of(lists: Sequence[tuple[str, ...]], only: Sequence[str]) -> list[_Class]:
    """The names of one kind by the steps that cover them. only: the names there are; empty: any."""
    unnamed = sum(1 << place for place, names in enumerate(lists) if not names)
    covering: defaultdict[str, int] = defaultdict(lambda: unnamed)
    for place, names in enumerate(lists):
        for name in names:
            covering[name] |= 1 << place
    alike: defaultdict[int, list[str]] = defaultdict(list)
    for name in sorted(set(only) or covering):
        alike[covering.get(name, unnamed)].append(name)
    found = [_Class(Names(tuple(names), rest=False), steps) for steps, names in alike.items()]
    return found if only else [*found, _Class(Names(tuple(sorted(covering)), rest=True), unnamed)]


def _counted(parts: Parts) -> int:
    number = 1
    for classes in _classes(parts, WHOLE, ()):
        number *= len(classes)
    return number


def _led(parts: Parts, covering: int) -> tuple[State, int | None, int | None]:
    state, last = parts.base, parts.since if parts.steps else None
    moved = last
    for place, step in enumerate(parts.steps):
        if covering >> place & 1:
            there, last = led(state, step.action), step.number
            if there != state or not step.action:  # what a settled step did is no longer known
                state, moved = there, last
    return state, last, moved


def _that_matter(steps: Sequence[Step]) -> Iterator[Step]:
    """Those that lead somewhere, or that some cell may have been covered by last."""
    for place, one in enumerate(steps):
        if one.action not in SETTLED or not any(
            one.scope.within(later.scope) for later in steps[place + 1 :]
        ):
            yield one


def _piled_up(steps: Sequence[Step]) -> bool:
    named = sum(len(names) for one in steps for names in one.scope.lists)
    return sum(not one.scope.whole for one in steps) > MOST_STEPS or named > MOST_NAMES


def _together(some: Sequence[Names], every: Sequence[Names]) -> Names:
    """Several classes as one; all there are: everything."""
    if len(some) == len(every):
        return Names((), rest=True)
    if any(one.rest for one in some):
        left_out = {name for one in every if one not in some for name in one.names}
        return Names(tuple(sorted(left_out)), rest=True)
    return Names(tuple(sorted(name for one in some for name in one.names)), rest=False)
