"""Parts of a listing: what is kept says of every cell what going through all decisions says."""

from collections.abc import Iterable
from itertools import chain, combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.shelf.deciding import parts, wording
from shelfworthy.shelf.deciding.gate import STOPPED
from shelfworthy.shelf.deciding.parts import Names, Parts, Scope, Step, TooMany, Where, scope_of
from shelfworthy.shelf.deciding.states import ACCEPTING, LEADS, NoWay
from shelfworthy.shelf.words import Action, State

MARKETS, SKUS, LOTS = ("DE", "FR", "GB", "new"), ("S1", "S2", "other"), ("L1", "L2", "L3", "later")
NAMED = MARKETS[:-1], SKUS[:-1], LOTS[:-1]  # the last of each is never decided about by its name
ALL = Names((), rest=True)


def some_of(names: Iterable[str]) -> st.SearchStrategy[tuple[str, ...]]:
    several = list(names)
    subsets = chain.from_iterable(combinations(several, size) for size in range(len(several) + 1))
    return st.sampled_from([(), (), *subsets])


SCOPES = st.builds(scope_of, *(some_of(names) for names in NAMED))
DECISIONS = st.lists(st.tuples(st.sampled_from(list(Action)), SCOPES), max_size=14)


def step(number: int, action: str, *markets: str, lots: Iterable[str] = ()) -> Step:
    return Step(number=number, action=action, scope=scope_of(markets, (), lots))


def brought(steps: Iterable[Step]) -> Parts:
    current, before = Parts(), 0
    for one in steps:
        current = parts.after(parts.of(parts.state_of(current), parts.stored(current)), one, before)
        before = one.number
    return current


def covers(scope: Scope, cell: tuple[str, str, str]) -> bool:
    return all(not names or name in names for names, name in zip(scope.lists, cell, strict=True))


@given(DECISIONS, SCOPES)
def test_what_is_kept_says_of_every_cell_what_all_decisions_say(
    decisions: list[tuple[Action, Scope]], asked: Scope
) -> None:
    cells = list(product(MARKETS, SKUS, LOTS))
    naive = dict.fromkeys(cells, State.LISTED)
    last = dict.fromkeys(cells, 0)
    moved = dict.fromkeys(cells, 0)
    current = Parts()
    for number, (action, scope) in enumerate(decisions, 1):
        covered = [cell for cell in cells if covers(scope, cell)]
        out_of = {naive[cell] for cell in covered if (naive[cell], action) in LEADS}
        if out_of:
            assert parts.moved(current, scope, action) == parts.gravest(out_of)
        else:
            with pytest.raises(NoWay):
                parts.moved(current, scope, action)
        current = parts.after(parts.of(parts.state_of(current), parts.stored(current)), Step(
            number=number, action=action, scope=scope), number - 1)  # fmt: skip
        for cell in covered:
            moved[cell] = (
                number if LEADS.get((naive[cell], action), naive[cell]) != naive[cell] else moved[cell]
            )
            naive[cell] = LEADS.get((naive[cell], action), naive[cell])
            last[cell] = number
    for cell in cells:
        (found,) = parts.cells(current, scope_of(*([name] for name in cell)))
        assert found.state == naive[cell]
        assert (len(decisions) if found.last is None else found.last) == last[cell]
        if current.steps and all(one.action for one in current.steps) and found.state in STOPPED:
            assert found.moved == max(moved[cell], current.since)  # what moved it before that is not kept
    inside = {naive[cell] for cell in cells if covers(asked, cell)}
    assert parts.state_of(current, asked) == parts.gravest(inside)
    assert (parts.seen(current, asked) in {str(state) for state in State}) == (len(inside) == 1)
    assert bool(parts.stored(current)) or len(set(naive.values())) == 1
    told: dict[tuple[str, str, str], State] = {}
    for state, where in parts.by_state(current):
        for cell in cells:
            if all((name in names.names) != names.rest for names, name in zip(where, cell, strict=True)):
                assert told.setdefault(cell, state) == state
    assert told == naive


@given(DECISIONS)
def test_the_gate_can_say_by_what_a_part_was_stopped(decisions: list[tuple[Action, Scope]]) -> None:
    current, decided = Parts(), list[tuple[Action, Scope]]()
    for action, scope in decisions:
        try:
            parts.moved(current, scope, action)
        except NoWay:  # the chain asks that first, and takes no such decision
            continue
        decided.append((action, scope))
        one = Step(number=len(decided), action=action, scope=scope)
        current = parts.after(current, one, len(decided) - 1)
    for cell in product(MARKETS, SKUS, LOTS):
        (found,) = parts.cells(current, scope_of(*([name] for name in cell)))
        if current.steps and all(one.action for one in current.steps) and found.state in STOPPED:
            assert found.moved
            action, scope = decided[found.moved - 1]
            assert action not in ACCEPTING
            assert covers(scope, cell)


@given(DECISIONS, DECISIONS)
def test_what_is_seen_is_the_same_only_where_every_cell_is(
    one: list[tuple[Action, Scope]], other: list[tuple[Action, Scope]]
) -> None:
    def states(of: Parts) -> list[State]:
        return [
            parts.state_of(of, scope_of(*([name] for name in cell))) for cell in product(MARKETS, SKUS, LOTS)
        ]

    made = [
        brought(Step(number=n, action=action, scope=scope) for n, (action, scope) in enumerate(several, 1))
        for several in (one, other)
    ]
    assert (parts.seen(made[0]) == parts.seen(made[1])) == (states(made[0]) == states(made[1]))


def test_nothing_is_kept_of_what_is_in_one_state() -> None:
    assert parts.stored(brought([step(1, "hold"), step(2, "reinstate")])) == {}
    one = brought([step(1, "hold", "GB"), step(2, "withdraw", "DE"), step(3, "reinstate", "GB")])
    assert parts.stored(one)["since"] == 0
    assert parts.stored(brought([*one.steps, step(4, "withdraw")])) == {}
    assert brought([*one.steps, step(4, "withdraw")]) == Parts(base=State.WITHDRAWN)


def test_what_was_decided_knowingly_of_a_part_is_kept_though_all_is_in_one_state() -> None:
    one = brought([step(7, "list"), step(8, "list", "GB")])
    assert one == Parts(since=7, steps=(step(8, "", "GB"),))
    assert [(cell.markets.names, cell.last) for cell in parts.cells(one, sold=["GB", "DE"])] == [
        (("DE",), 7),
        (("GB",), 8),
    ]


def test_to_and_fro_in_one_market_does_not_pile_up() -> None:
    steps = [step(n, "hold" if n % 2 else "reinstate", "GB") for n in range(1, 1001)]
    assert len(brought(steps).steps) == 1


def test_what_piles_up_is_refused_and_a_decision_about_all_never() -> None:
    steps = [step(n, "hold", f"M{n}") for n in range(1, parts.MOST_STEPS + 1)]
    current = brought(steps)
    with pytest.raises(TooMany, match="Decide about all of it first"):
        parts.after(current, step(101, "hold", "M101"), 100)
    assert parts.after(current, step(101, "hold"), 100) == Parts(base=State.HELD)
    mixed = parts.after(current, step(101, "list"), 100)
    assert parts.state_of(mixed) == State.HELD
    names = [f"L{n}" for n in range(parts.MOST_NAMES + 1)]
    with pytest.raises(TooMany):
        parts.after(Parts(), step(1, "hold", lots=names), 0)
    apart = brought([
        Step(number=n, action="hold", scope=scope_of([f"M{n}"], [f"S{n}"], [f"L{n}"])) for n in range(1, 16)
    ])  # fmt: skip
    with pytest.raises(TooMany):
        parts.after(apart, Step(number=16, action="hold", scope=scope_of(["M"], ["S"], ["L"])), 15)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (Where(ALL, ALL, ALL), ""),
        (Where(Names(("DE", "GB"), rest=False), ALL, ALL), "in DE, GB"),
        (Where(Names(("GB",), rest=True), ALL, ALL), "everywhere but in GB"),
        (Where(Names(("GB",), rest=False), Names(("S1",), rest=True), Names(("L1", "L2"), rest=False)),
         "in GB, all SKUs but S1, lot L1, L2"),
        (Where(ALL, Names(("S1",), rest=False), Names(tuple(f"L{n}" for n in range(9)), rest=True)),
         "SKU S1, all lots but L0, L1, L2, L3, L4, L5, L6, L7 …"),
    ],
)  # fmt: skip
def test_what_is_where_in_words(where: Where, words: str) -> None:
    assert wording.where(where) == words


def test_of_markets_that_are_sold_only_those_are_said() -> None:
    current = brought([step(1, "hold", "GB"), step(2, "withdraw", "AT")])
    assert parts.state_of(current) == State.WITHDRAWN
    said = parts.by_state(current, sold=["GB", "DE", "FR"])
    assert [(state, wording.where(where)) for state, where in said] == [
        (State.HELD, "in GB"),
        (State.LISTED, "in DE, FR"),
    ]


def test_who_was_held_before_all_was_is_held_by_the_decision_about_all() -> None:
    """Which decision held it first is known no longer once all of it is in one state."""
    current = brought([step(1, "hold", lots=["L1"]), step(2, "hold"), step(3, "withdraw", lots=["L2"])])
    (cell,) = parts.cells(current, scope_of((), (), ["L1"]))
    assert (cell.state, cell.last, cell.moved) == (State.HELD, 2, 2)
