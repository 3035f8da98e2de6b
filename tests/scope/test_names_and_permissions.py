"""Names that lead elsewhere and permissions that do not reach: no contact, although it would answer."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct, structs

from shelfworthy.model import AnySurface, Basis, Cause, Database, Endpoint, Level, Permission, Permit, Policy
from shelfworthy.probes import PROBES
from shelfworthy.probes.database import LISTING
from shelfworthy.reach import Limits
from tests.looking import QUICK, TODAY, Left, allow, bench, door, looked, names, product
from tests.scope.followers import FOLLOWER
from tests.servers import Server, answers, mongo, page, saying, serving

BOTH_OPEN = ("127.0.0.5/32", "127.0.0.6/32")
WELL_BEHAVED = saying(page(b"it would have answered"))


def open_database(command: dict[str, Any]) -> dict[str, Any]:
    """A server that lets everyone in."""
    if "listDatabases" in command:
        return {"ok": 1.0, "databases": [{"name": "murmurpal"}]}
    if "listCollections" in command:
        return {"ok": 1.0, "cursor": {"id": 0, "firstBatch": [{"name": "toys"}]}}
    return {"ok": 1.0, "ismaster": True, "maxWireVersion": 17, "version": "6.0.5", "n": 7}


class Case(Struct, frozen=True):
    """permissions for a server at HOST:PORT, the policy, the words of the gap that must follow."""

    permission: Callable[[Server], list[Permission]]
    policy: Policy
    says: str


NOT_ALLOWED: dict[str, Case] = {
    "no permission at all": Case(lambda at: [], bench(), "does not permit any contact"),
    "another port of the host": Case(
        lambda at: [allow(f"{at.host}:{at.port % 65535 + 1}")], bench(), "does not permit any contact"
    ),
    "another host's port": Case(
        lambda at: [allow(f"127.0.0.6:{at.port}")], bench(BOTH_OPEN), "does not permit any contact"
    ),
    "a permission that ended yesterday": Case(
        lambda at: [allow(at.at, until=date(2026, 11, 20))], bench(), "ended on 2026-11-20"
    ),
    "being public, for more than look": Case(
        lambda at: [structs.replace(allow(at.at, Level.KNOCK), basis=Basis.PUBLIC)],
        bench(),
        "covers only `look`",
    ),
    "a level too low": Case(lambda at: [allow(at.at, Level.LOOK)], bench(), "permits only `look`"),
    "a policy stricter than the product file": Case(
        lambda at: [allow(at.at)],
        bench(permit=(Permit(to="*", level=Level.LOOK),)),
        "policy permits only `look`",
    ),
    "a policy that names other places": Case(
        lambda at: [allow(at.at)],
        bench(permit=(Permit(to="127.0.0.6", level=Level.USE),)),
        "policy does not permit any contact",
    ),
    "a range the policy has not opened": Case(lambda at: [allow(at.at)], bench(()), "closed by default"),
    "a range of which the policy has opened another part": Case(
        lambda at: [allow(at.at)], bench(("127.0.0.6/32", "::1/128")), "closed by default"
    ),
}


@pytest.mark.parametrize("escape", NOT_ALLOWED)
def test_a_permission_that_does_not_reach_lets_nothing_through(escape: str, tmp_path: Path) -> None:
    """The act is a listing, at `knock`, by the real probe."""
    case = NOT_ALLOWED[escape]

    async def run() -> None:
        async with serving(mongo(open_database)) as victim:
            assert await can_be_listed(victim, tmp_path / "control")
            before = victim.contacts
            it = product([Database(id="db", where=f"mongodb://{victim.at}")], case.permission(victim))
            left = await looked(it, door(it, case.policy), tmp_path / "look", (LISTING,))
            assert victim.contacts == before
            assert [gap.cause for gap in left.gaps] == [Cause.NOT_PERMITTED]
            assert case.says in left.said[0]
            assert not left.dialled

    asyncio.run(run())


async def can_be_listed(at: Server, folder: Path) -> bool:
    """The control: with the right permission the same probe lists it."""
    it = product([Database(id="db", where=f"mongodb://{at.at}")], [allow(at.at)])
    left = await looked(it, door(it, bench()), folder, (LISTING,))
    return bool(left.observations) and not left.gaps


async def look_by_name(
    folder: Path, victim: Server, permissions: list[Permission], answer: list[str], policy: Policy
) -> Left:
    """Look at `toy.test` on the victim's port, while the resolver gives these answers one after the other."""
    it = product([Endpoint(id="site", where=f"http://toy.test:{victim.port}/")], permissions)
    assert await answers(victim)
    return await looked(it, door(it, policy, resolver=names(toy=answer)), folder, (FOLLOWER,))


NAMES = {
    "a name for a closed address": ["127.0.0.6"],
    "a name for a closed address in disguise": ["::ffff:127.0.0.6"],
    "a name for the unspecified address": ["0.0.0.0"],
    "a name for closed addresses only": ["127.0.0.6 ::1 127.0.0.1 169.254.169.254"],
}


@pytest.mark.parametrize("escape", NAMES)
def test_a_permitted_name_opens_no_closed_address(escape: str, tmp_path: Path) -> None:
    async def run() -> None:
        at = "127.0.0.1" if "unspecified" in escape else "127.0.0.6"
        async with serving(WELL_BEHAVED, at) as victim:
            before = victim.contacts
            left = await look_by_name(tmp_path, victim, [allow("toy.test")], NAMES[escape], bench())
            assert victim.contacts == before + 1  # our own question
            assert not left.dialled
            assert left.gaps[0].cause is Cause.NOT_PERMITTED

    asyncio.run(run())


def test_of_several_addresses_only_open_ones_are_dialled(tmp_path: Path) -> None:
    """Also when the open one refuses: the closed one, which would answer, is no second try."""

    async def run() -> None:
        async with serving(WELL_BEHAVED, "127.0.0.6") as victim:
            given = ["127.0.0.6 127.0.0.5 ::1"]
            left = await look_by_name(tmp_path, victim, [allow("toy.test")], given, bench())
            assert victim.contacts == 1
            assert left.dialled == {f"127.0.0.5:{victim.port}"}
            assert "refused the connection" in left.said[0]

    asyncio.run(run())


def test_an_answer_that_changes_after_the_check_is_not_dialled(tmp_path: Path) -> None:
    """Rebinding within a look: the name is asked for once; only the checked address is dialled."""

    async def run() -> None:
        async with serving(WELL_BEHAVED, "127.0.0.6") as victim:
            to_itself = page(b"http://toy.test:{port}/".replace(b"{port}", str(victim.port).encode()))
            async with serving(saying(to_itself), "127.0.0.5", victim.port) as first:
                given = ["127.0.0.5", "127.0.0.6"]
                left = await look_by_name(tmp_path, victim, [allow("toy.test")], given, bench())
                assert victim.contacts == 1
                assert first.contacts >= 2
                assert left.dialled == {first.at}

    asyncio.run(run())


def test_an_answer_that_changes_between_two_tries_is_checked_again(tmp_path: Path) -> None:
    """Rebinding between looks: the first address is silent, so there is a second try, with a new answer."""

    async def run() -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(60)

        async with (
            serving(WELL_BEHAVED, "127.0.0.6") as victim,
            serving(silent, "127.0.0.5", victim.port) as first,
        ):
            given = ["127.0.0.5", "127.0.0.6"]
            left = await look_by_name(tmp_path, victim, [allow("toy.test")], given, bench())
            assert (victim.contacts, first.contacts) == (1, 1)
            assert left.dialled == {first.at}
            assert left.gaps[0].cause is Cause.NOT_PERMITTED

    asyncio.run(run())


@pytest.mark.parametrize("until", [TODAY, date(2026, 11, 20)], ids=["pinned elsewhere", "pin expired"])
def test_a_pinned_name_never_falls_back_to_the_resolver(until: date, tmp_path: Path) -> None:
    async def run() -> None:
        async with serving(WELL_BEHAVED, "127.0.0.6") as victim:
            pinned = [allow("toy.test", until=until, resolve="127.0.0.5")]
            left = await look_by_name(tmp_path, victim, pinned, ["127.0.0.6"], bench(BOTH_OPEN))
            assert victim.contacts == 1
            assert left.dialled <= {f"127.0.0.5:{victim.port}"}
            assert len(left.gaps) == 1

    asyncio.run(run())


def test_a_database_that_names_its_neighbours_introduces_nobody(tmp_path: Path) -> None:
    """A replica set's `hello` names hosts, a primary and itself elsewhere; a driver would go there."""

    async def run() -> None:
        async with serving(mongo(open_database), "127.0.0.6") as victim:
            assert await answers(victim)
            member = {"setName": "rs0", "hosts": [victim.at], "primary": victim.at, "me": victim.at}

            def introduces(command: dict[str, Any]) -> dict[str, Any]:
                return open_database(command) | member | {"passives": [victim.at], "secondary": True}

            async with serving(mongo(introduces)) as permitted:
                it = product([Database(id="db", where=f"mongodb://{permitted.at}")], [allow(permitted.at)])
                left = await looked(it, door(it, bench(), Limits(silence=0.3)), tmp_path)
                assert victim.contacts == 1
                assert left.dialled == {permitted.at}
                assert left.observations

    asyncio.run(run())


def test_proxies_of_the_environment_are_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with serving(WELL_BEHAVED, "127.0.0.6") as proxy, serving(WELL_BEHAVED) as permitted:
            assert await answers(proxy)
            for variable in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
                monkeypatch.setenv(variable, f"http://{proxy.at}")
            surfaces: list[AnySurface] = [Endpoint(id="site", where=f"http://{permitted.at}/")]
            it = product(surfaces, [allow(permitted.at)])
            await looked(it, door(it, bench(), QUICK), tmp_path, (FOLLOWER, *PROBES))
            assert (proxy.contacts, permitted.contacts > 0) == (1, True)

    asyncio.run(run())
