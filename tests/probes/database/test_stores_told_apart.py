"""A stranger's look tells the states of every other store apart, beside those of the truth matrix."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from pathlib import Path

import pytest

from shelfworthy.audit.findings import answers
from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Cause, Database, Gap, Level, Observation, Outcome
from shelfworthy.reach import Limits
from shelfworthy.record.load import OBSERVATION
from shelfworthy.seen import AnySeen
from shelfworthy_lab.home import CantRun
from tests.looking import Left, allow, bench, door, looked, product
from tests.needs import missing
from tests.probes.database.stores import CHECKS, MORE, Truth, running
from tests.specimen import outcome

pytestmark = pytest.mark.lab

LIMITS = Limits(silence=1.0)
# Why nothing was seen of those that are no such store. A web server waits for the end of a line.
NO_STORE = {"other protocol": Cause.SILENT, "silent": Cause.SILENT, "closed": Cause.REFUSED}
OTHERWISE = {"Redis": {"other protocol": Cause.NOT_UNDERSTOOD}}


@pytest.mark.parametrize("kind", MORE)
def test_states_are_told_apart(kind: str, tmp_path: Path) -> None:
    async def run() -> Left:
        async with running(kind, tmp_path / "servers", more=True) as places:
            return await look_at(places, tmp_path / "audit", Level.KNOCK)

    left = run_lab(run)
    assert [row for row in compare(MORE[kind], left) if row[-1] != "right"] == []
    causes = {gap.surface: gap.cause for gap in left.gaps if gap.surface in NO_STORE}
    assert causes == NO_STORE | OTHERWISE.get(kind, {})
    assert not [gap.words for gap in left.gaps if gap.cause is Cause.OUR_FAULT]


async def look_at(places: Mapping[str, str], folder: Path, level: Level) -> Left:
    """One audit of all of them at once."""
    surfaces = [Database(id=state, where=where) for state, where in places.items()]
    it = product(surfaces, [allow("127.0.0.0/8", level)])
    return await looked(it, door(it, bench(("127.0.0.0/8",)), LIMITS), folder)


def run_lab(run: Callable[[], Coroutine[object, object, Left]]) -> Left:
    """Run it, or skip where a real server is missing."""
    try:
        return asyncio.run(run())
    except CantRun as why:
        missing(str(why))


def compare(truth: Mapping[str, Truth], left: Left) -> Iterator[tuple[str, str, Outcome, Outcome, str]]:
    """Print right, wrong and left open."""
    for state, expected in truth.items():
        for check, wanted in zip(CHECKS, expected, strict=True):
            said = answer(check, state, left)
            verdict = "right" if said is wanted else "left open" if said is Outcome.INCONCLUSIVE else "wrong"
            print(f"{state:35} {check:25} {wanted:13} {said:13} {verdict}")
            yield state, check, wanted, said, verdict


def answer(check: str, state: str, left: Left) -> Outcome:
    """What a check says of a surface; where nothing was seen there must be a gap that says why."""
    known = BY_ID[check]
    of = [one for one in read(left.folder) if one.surface == state and isinstance(one.seen, known.reads)]
    if not of:
        tags = {seen.tag() for seen in known.reads}
        assert any(tags & set(gap.lacks) for gap in gaps_of(state, left))
        return Outcome.INCONCLUSIVE
    surface = Database(id=state, where="redis://127.0.0.1")
    return outcome([said for one in of for said in answers(known, one, About(surface=surface))])


def gaps_of(state: str, left: Left) -> tuple[Gap, ...]:
    return tuple(gap for gap in left.gaps if gap.surface == state)


def read(folder: Path) -> list[Observation[AnySeen]]:
    files = sorted((folder / "evidence" / "observations").glob("*.json"))
    return [OBSERVATION.decode(path.read_bytes()) for path in files]
