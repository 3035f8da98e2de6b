"""Whatever content names, and however much of it: nobody beyond the permission is contacted (law 7).

Each victim answers the test itself just before; afterwards it must have had no other visitor. The fuse of
every test (`tests/conftest.py`) stays silent.
"""

import asyncio
import time
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest

from shelfworthy.audit.following import MOST
from shelfworthy.model import Endpoint, Permission, Policy
from shelfworthy.probes import PROBES
from shelfworthy.product.address import IP
from shelfworthy.reach.names import Resolver
from shelfworthy.record import load_evidence
from shelfworthy.report.on_the_way import seen_on_the_way
from tests.audit.test_following import PATIENT, READ, naming
from tests.looking import Left, allow, bench, door, looked, names, product
from tests.scope.test_places_in_content import REFERENCES, UNROUTED
from tests.servers import Server, answers, page, saying, serving

SAID_BY, VICTIM = "127.0.0.5", "127.0.0.6"
BOTH_OPEN = (f"{SAID_BY}/32", f"{VICTIM}/32")
WELL_BEHAVED = saying(page(b"it would have answered"))


async def tempted(
    folder: Path,
    named: Sequence[str],
    permissions: Sequence[Permission],
    policy: Policy | None = None,
    resolver: Resolver | None = None,
) -> tuple[Left, Server]:
    """Look at a page that names these, with the real probes and one that reads it."""
    async with serving(saying(naming(*named)), SAID_BY) as permitted:
        it = product(
            [Endpoint(id="site", where=f"http://{permitted.at}/")], [allow(permitted.at), *permissions]
        )
        through = door(it, policy or bench(BOTH_OPEN), PATIENT, resolver)
        return await looked(it, through, folder, (READ, *PROBES)), permitted


@pytest.mark.parametrize("escape", REFERENCES)
def test_no_form_of_reference_leads_to_another_place(escape: str, tmp_path: Path) -> None:
    victim_at, to = REFERENCES[escape]

    async def run() -> None:
        async with serving(WELL_BEHAVED, victim_at) as victim:
            assert await answers(victim)
            to_it = to.format(port=victim.port, at=f"{SAID_BY}:1")
            left, permitted = await tempted(tmp_path, [to_it], [], resolver=names(localhost=["127.0.0.1"]))
            assert victim.contacts == 1
            assert left.dialled == {permitted.at}

    asyncio.run(run())


HIDDEN = [  # an IPv4 address in IPv6 has one meaning only, and is taken for what it is
    name
    for name, (at, to) in REFERENCES.items()
    if at == VICTIM and "127.0.0.6:" not in to and not name.startswith("IPv6")
]


@pytest.mark.parametrize("escape", HIDDEN)
def test_an_address_in_disguise_is_not_interpreted_even_where_it_may_be_contacted(
    escape: str, tmp_path: Path
) -> None:
    async def run() -> None:
        async with serving(WELL_BEHAVED, VICTIM) as victim:
            assert await answers(victim)
            to = REFERENCES[escape][1].format(port=victim.port, at="x.test")
            left, permitted = await tempted(tmp_path, [to], [allow(VICTIM)])
            assert victim.contacts == 1
            assert left.dialled == {permitted.at}

    asyncio.run(run())


def test_written_plainly_the_same_address_is_looked_at(tmp_path: Path) -> None:
    """The control of the test before."""

    async def run() -> None:
        async with serving(WELL_BEHAVED, VICTIM) as victim:
            await tempted(tmp_path, [f"http://{VICTIM}:{victim.port}/"], [allow(VICTIM)])
            assert victim.contacts >= 1

    asyncio.run(run())


def test_ten_thousand_hosts(tmp_path: Path) -> None:
    """All of them are the victim. The permission is for the page's network, so each has to be resolved."""
    asked: list[str] = []

    async def all_the_same(host: str) -> tuple[IP, ...]:
        asked.append(host)
        return (ip_address(VICTIM),)

    async def run() -> None:
        async with serving(WELL_BEHAVED, VICTIM) as victim:
            assert await answers(victim)
            hosts = [f"http://h{number}.wild.test:{victim.port}/" for number in range(10_000)]
            began = time.monotonic()
            left, permitted = await tempted(tmp_path, hosts, [allow(f"{SAID_BY}/32")], resolver=all_the_same)
            assert time.monotonic() - began < 60
            assert victim.contacts == 1
            assert left.dialled == {permitted.at}
            assert len(set(asked)) <= MOST

    asyncio.run(run())


def test_metadata_private_and_tunnelled_addresses(tmp_path: Path) -> None:
    """Permitted by the product file, and closed all the same: no attempt is on a transcript."""

    async def run() -> None:
        hosts = [url.partition("//")[2].partition("/")[0].strip("[]") for url in UNROUTED]
        left, permitted = await tempted(tmp_path, UNROUTED, [allow(one) for one in hosts], bench())
        assert left.dialled == {permitted.at}
        assert not [one for one in left.looks if one.surface.startswith("seen:")]

    asyncio.run(run())


NAMES = {
    "a permitted name for a closed address": ([VICTIM], bench()),
    "a permitted name that changes its address": ([SAID_BY, VICTIM], bench()),
    "a permitted name with two addresses": ([f"{VICTIM} {SAID_BY}"], bench()),
    "a permitted name for an address in disguise": ([f"::ffff:{VICTIM}"], bench()),
}


@pytest.mark.parametrize("escape", NAMES)
def test_a_name_that_leads_elsewhere(escape: str, tmp_path: Path) -> None:
    given, policy = NAMES[escape]

    async def run() -> None:
        async with serving(WELL_BEHAVED, VICTIM) as victim:
            assert await answers(victim)
            left, permitted = await tempted(
                tmp_path,
                [f"http://toy.test:{victim.port}/"],
                [allow("toy.test")],
                policy,
                names(toy=given),
            )
            assert victim.contacts == 1
            assert left.dialled <= {permitted.at, f"{SAID_BY}:{victim.port}"}
            assert [one for one in left.looks if one.surface.startswith("seen:")]

    asyncio.run(run())


def test_what_was_not_followed_is_listed_with_what_it_takes(tmp_path: Path) -> None:
    async def run() -> None:
        async with serving(WELL_BEHAVED, VICTIM) as victim:
            moved = page(b"", "302 Found", (f"Location: http://{victim.at}/secret?token=7",))
            async with serving(saying(moved), SAID_BY) as permitted:
                it = product([Endpoint(id="site", where=f"http://{permitted.at}/")], [allow(permitted.at)])
                await looked(it, door(it, bench(BOTH_OPEN), PATIENT), tmp_path)
            assert victim.contacts == 0
            (one,) = seen_on_the_way(load_evidence(tmp_path)).not_followed
            assert (one.what, one.role) == (f"http://{victim.at}", "redirect")
            assert f"permit `look` at {victim.at}" in one.why

    asyncio.run(run())
