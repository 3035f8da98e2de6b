"""Take the specimens of the account checks from the lab's servers, and from fixtures where those are honest.

python -m tests.probes.account.take
"""

import asyncio
import tempfile
from datetime import date
from pathlib import Path

import msgspec

from shelfworthy.checks import BY_ID
from shelfworthy.model import Account, Outcome
from shelfworthy.reach import Limits
from shelfworthy.seen import AnySeen
from shelfworthy_lab import accounts
from tests.harvest import write_specimen
from tests.probes.account.fixtures import FIXTURES, Fixture
from tests.probes.account.looking import ABOUT, CHECKS, visited
from tests.probes.account.states import HOST, STATES, real
from tests.servers import serving

WHOLE = ("well kept", "the worst of all")  # states that a specimen of every check is taken of


def main() -> None:
    today = date.today().isoformat()
    with tempfile.TemporaryDirectory() as place, real(Path(place)) as surfaces:
        for surface in surfaces:
            seen, _ = asyncio.run(visited(surface, HOST))
            kept = STATES[WHOLE[0]][1]
            for check, expected, usual in zip(CHECKS, STATES[surface.id][1], kept, strict=True):
                if surface.id in WHOLE or expected is not usual:
                    source = f"the lab's accounts, {surface.id}, {today}"
                    keep(surface.id.replace(", ", "-").replace(" ", "-"), source, seen, check, expected)
    for name, fixture in FIXTURES.items():
        seen = asyncio.run(look_at(fixture))
        keep(name, f"fixture: a service that {fixture.what}, {today}", seen, fixture.check, fixture.said)
    with tempfile.TemporaryDirectory() as place, real(Path(place), WHOLE[:1]) as (surface,):
        assert surface.recipe is not None
        slow = msgspec.structs.replace(surface.recipe, interval_ms=400)
        hurried = Limits(look=0.8)
        seen, _ = asyncio.run(visited(msgspec.structs.replace(surface, recipe=slow), HOST, hurried))
        source = f"the lab's accounts, well kept, with too little time, {today}"
        keep("too-little-time", source, seen, CHECKS[0], Outcome.INCONCLUSIVE)


async def look_at(fixture: Fixture) -> list[AnySeen]:
    async with serving(fixture.liar.behaviour()) as server:
        switches = fixture.liar.state.switches
        surface = msgspec.convert(accounts.surface(f"http://{server.at}/", switches), Account)
        seen, _ = await visited(surface, server.host, Limits(silence=3.0))
        return seen


def keep(name: str, source: str, seen: list[AnySeen], check: str, expected: Outcome) -> None:
    """Write what a check says; ValueError if it is not what was expected."""
    (one,) = (one for one in seen if isinstance(one, BY_ID[check].reads))
    print(check, write_specimen(check, one, ABOUT, source, name, expected).name)


if __name__ == "__main__":
    main()
