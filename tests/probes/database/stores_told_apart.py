"""One look at every state of a store, and what the checks say of each beside what they must."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from pathlib import Path

from shelfworthy.audit.findings import answers
from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Database, Gap, Level, Observation, Outcome
from shelfworthy.reach import Limits
from shelfworthy.record.load import OBSERVATION
from shelfworthy.seen import AnySeen
from shelfworthy_lab.home import CantRun
from tests.looking import Left, allow, bench, door, looked, product
from tests.needs import missing
from tests.probes.database.stores import CHECKS, Truth
from tests.specimen import outcome

LIMITS = Limits(silence=1.0)


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
