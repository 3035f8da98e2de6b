"""A stranger's look tells the states of a MongoDB server apart, in every version the lab has."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from shelfworthy.audit.findings import answers
from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Cause, Database, Gap, Observation, Outcome, canonical
from shelfworthy.reach import Limits
from shelfworthy.record.load import OBSERVATION
from shelfworthy.seen import AnySeen
from shelfworthy.seen.database import DatabaseHello, DatabaseListing, Listing
from shelfworthy_lab import mongod
from shelfworthy_lab.home import CantRun
from tests.looking import Left, allow, bench, door, looked, product
from tests.needs import missing
from tests.probes.database.states import OTHERS, REAL, Truth, others, real
from tests.specimen import outcome

pytestmark = pytest.mark.lab

CHECKS = ("database-open", "database-cleartext")
LIMITS = Limits(silence=1.0)


@pytest.fixture(scope="module", params=mongod.VERSIONS)
def servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, int]]:
    """The real servers of one version: state → port."""
    try:
        with real(request.param, tmp_path_factory.mktemp("mongod")) as ports:
            yield ports
    except CantRun as why:
        missing(str(why))


def test_real_servers(servers: dict[str, int], tmp_path: Path) -> None:
    compare(REAL, asyncio.run(look_at(servers, tmp_path)), tmp_path)


def test_other_peers(tmp_path: Path) -> None:
    async def run() -> Left:
        async with others(tmp_path / "peers") as ports:
            return await look_at(ports, tmp_path)

    left = asyncio.run(run())
    compare(OTHERS, left, tmp_path)
    causes = {gap.surface: gap.cause for gap in left.gaps}
    assert causes == {
        "no MongoDB: web server": Cause.SILENT,  # it waits for the end of a line
        "no MongoDB: TLS web server": Cause.SILENT,  # and the same behind TLS
        "no MongoDB: like Redis": Cause.NOT_UNDERSTOOD,
        "hangs": Cause.SILENT,
        "closes": Cause.SILENT,
        "nobody listens": Cause.REFUSED,
    }


async def look_at(ports: Mapping[str, int], folder: Path) -> Left:
    """One audit of all of them at once, at the level `knock` and above."""
    surfaces = [Database(id=name, where=f"mongodb://127.0.0.1:{port}") for name, port in ports.items()]
    it = product(surfaces, [allow("127.0.0.1")])
    return await looked(it, door(it, bench(("127.0.0.1/32",)), LIMITS), folder)


def compare(truth: Mapping[str, Truth], left: Left, folder: Path) -> None:
    """Print right, wrong and left open; fail on the first two differing from the truth."""
    observations = read(folder)
    rows = []
    for state, expected in truth.items():
        for check, wanted in zip(CHECKS, expected, strict=True):
            said = answer(check, [one for one in observations if one.surface == state], left.gaps)
            verdict = "right" if said is wanted else "left open" if said is Outcome.INCONCLUSIVE else "wrong"
            rows.append((state, check, wanted, said, verdict))
            print(f"{state:35} {check:20} {wanted:13} {said:13} {verdict}")
    assert [row for row in rows if row[-1] != "right"] == []


def read(folder: Path) -> list[Observation[AnySeen]]:
    files = sorted((folder / "evidence" / "observations").glob("*.json"))
    return [OBSERVATION.decode(path.read_bytes()) for path in files]


def answer(check: str, observations: list[Observation[AnySeen]], gaps: tuple[Gap, ...]) -> Outcome:
    """What a check says of a surface; where nothing was seen there must be a gap that says why."""
    known = BY_ID[check]
    of = [one for one in observations if isinstance(one.seen, known.reads)]
    if not of:
        assert any(seen.tag() in gap.lacks for seen in known.reads for gap in gaps)
        return Outcome.INCONCLUSIVE
    surface = Database(id=of[0].surface, where="mongodb://127.0.0.1")
    return outcome([said for one in of for said in answers(known, one, About(surface=surface))])


def test_what_is_kept_of_an_open_one(servers: dict[str, int], tmp_path: Path) -> None:
    """Names, types and counts of the 600 records planted, and how many look like an e-mail address."""
    asyncio.run(look_at({"open": servers["open"]}, tmp_path))
    hello, listing = sorted((one.seen for one in read(tmp_path)), key=lambda seen: seen.tag())
    assert isinstance(hello, DatabaseHello)
    assert (hello.plain, hello.protocol, hello.version) == (True, "OP_MSG", hello.version)
    assert hello.version in mongod.VERSIONS
    assert isinstance(listing, DatabaseListing)
    assert isinstance(listing.answer, Listing)
    (bears,) = msgspec.json.decode(canonical(listing.answer))["databases"]
    assert bears == {
        "name": "bears",
        "truncated": False,
        "collections": [
            {
                "name": "users",
                "count": 600,
                "fields": [
                    {"name": "_id", "types": ["int"], "records": 600, "email_like": 0},
                    {"name": "birthday", "types": ["string"], "records": 600, "email_like": 0},
                    {"name": "email", "types": ["string"], "records": 600, "email_like": 600},
                ],
            }
        ],
    }


def test_what_an_old_one_shows(tmp_path: Path) -> None:
    """Fixture: 2.4 has neither listCollections nor OP_MSG; indexes are no collections."""

    async def run() -> None:
        async with others(tmp_path / "peers") as ports:
            await look_at({"old": ports["fixture 2.4, open"]}, tmp_path)

    asyncio.run(run())
    hello, listing = sorted((one.seen for one in read(tmp_path)), key=lambda seen: seen.tag())
    assert isinstance(hello, DatabaseHello)
    assert (hello.version, hello.wire, hello.protocol) == ("2.4.14", 0, "OP_QUERY")
    assert isinstance(listing, DatabaseListing)
    assert isinstance(listing.answer, Listing)
    told = msgspec.json.decode(canonical(listing.answer))["databases"][0]["collections"]
    assert [(one["name"], one["count"]) for one in told] == [("messages", 2182), ("users", 821)]
