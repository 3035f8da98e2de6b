"""Every behaviour of a hostile peer, in the place of a registry: RDAP and WHOIS. Resolvers: tests/reach."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from shelfworthy.checks.domain.domain_registered import judge
from shelfworthy.model import About, Cause, Domain, Outcome, Policy, Registry
from shelfworthy.probes.domain import REGISTRATION
from shelfworthy.reach import Limits
from shelfworthy.record.load import OBSERVATION
from shelfworthy.seen.domain import DomainRegistration
from tests.hostile.servers import ANY, HTTP
from tests.looking import NOBODY, Left, door, looked, product
from tests.servers import Behaviour, serving

LIMITS = Limits(connect=0.5, silence=0.4, look=2.0, received=4 << 20, body=1 << 20)
PEERS: Mapping[str, Behaviour] = HTTP | ANY


@pytest.mark.parametrize("scheme", ["http", "whois"])
def test_no_hostile_registry_clears_a_name_or_takes_long(scheme: str, tmp_path: Path) -> None:
    """All at once, each the registry of a suffix of its own."""
    began = time.monotonic()
    left = asyncio.run(look_at_all(scheme, tmp_path))
    assert time.monotonic() - began < 20
    assert {gap.cause for gap in left.gaps}.isdisjoint({Cause.OUR_FAULT, Cause.NOBODY_LOOKED}), left.said
    files = (tmp_path / "evidence" / "observations").glob("*.json")
    kept = [OBSERVATION.decode(file.read_bytes()) for file in files]
    assert len(kept) + len({gap.surface for gap in left.gaps}) == len(PEERS)
    assert len(left.gaps) > len(PEERS) // 2
    for one in kept:
        assert isinstance(one.seen, DomainRegistration)
        about = About(surface=Domain(id=one.surface, where="domain:toy.test"))
        assert Outcome.PASS not in {answer.outcome for answer in judge(one.seen, about)}


async def look_at_all(scheme: str, folder: Path) -> Left:
    async with AsyncExitStack() as stack:
        at = {
            name: (await stack.enter_async_context(serving(behaviour))).at
            for name, behaviour in PEERS.items()
        }
        known = tuple(
            Registry(to=f"{scheme}://{place}/", suffixes=(f"suffix{number}",))
            for number, place in enumerate(at.values())
        )
        policy = Policy(open=("127.0.0.5/32", "127.0.0.1/32"), resolver=(NOBODY,), registry=known)
        surfaces = [
            Domain(id=f"name-{number}", where=f"domain:toy.suffix{number}") for number in range(len(at))
        ]
        it = product(surfaces, [])
        return await looked(it, door(it, policy, LIMITS), folder, (REGISTRATION,))
