"""A stranger's look tells the states of a bucket apart, at a real server."""

import asyncio
import http.client
from collections.abc import Iterator

import msgspec
import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Cause, Level, NotLooked, Outcome
from shelfworthy.seen.bucket import Answered, BucketSeen, Grant, Grants, KeyShape, Listed, Written
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import Server
from tests.needs import missing
from tests.probes.bucket.looking import look
from tests.probes.bucket.states import CHECKS, KEY, OBJECTS, STATES, real, surface
from tests.specimen import outcome

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    try:
        with real(tmp_path_factory.mktemp("s3")) as server:
            yield server
    except CantRun as why:
        missing(str(why))


def seen(server: Server, state: str, level: Level = Level.KNOCK) -> BucketSeen:
    return asyncio.run(look(surface(server, state), server.host, level))


def answer(check: str, it: BucketSeen, server: Server, state: str) -> Outcome:
    return outcome(tuple(BY_ID[check].judge(it, About(surface=surface(server, state)))))


@pytest.mark.parametrize("state", STATES)
def test_the_matrix(server: Server, state: str) -> None:
    knock, use = seen(server, state), seen(server, state, Level.USE)
    at = (knock, knock, knock, use)
    given = tuple(answer(check, it, server, state) for check, it in zip(CHECKS, at, strict=True))
    assert given == STATES[state][2]


def test_what_an_open_bucket_shows(server: Server) -> None:
    it = seen(server, "public, rights shown")
    shapes = (KeyShape(shape="a/a-a a-9.caf", count=1), KeyShape(shape="a/h.caf", count=1))
    assert it.listing == Listed(
        objects=2, bytes=sum(map(len, OBJECTS.values())), shapes=shapes, truncated=False
    )
    assert it.acl == Grants(grants=(Grant(group="AllUsers", permission="READ"),))
    assert it.policy == Answered(status=404, code="NoSuchBucketPolicy")
    assert (it.known, it.known_from) == (Answered(status=200, code=""), "listing")
    assert it.random == Answered(status=404, code="")
    assert isinstance(it.write, NotLooked)


def test_no_key_is_kept(server: Server) -> None:
    """Its length is: the look did meet it."""
    kept = msgspec.json.encode(seen(server, "public, rights shown", Level.USE)).decode()
    assert f'"bytes":{sum(map(len, OBJECTS.values()))}' in kept
    for part in (KEY, "Alma", "Reed", "0001", "8f14e45f"):
        assert part not in kept


def test_what_is_written_is_removed(server: Server) -> None:
    it = seen(server, "public and writable", Level.USE)
    assert isinstance(it.write, Written)
    assert isinstance(it.write.put, Answered)
    assert it.write.put.status == 200
    assert it.write.removal == Answered(status=204, code="")
    assert status(server, "GET", f"/pubgrant/{it.write.name}") == 404
    after = seen(server, "public and writable")
    assert isinstance(after.listing, Listed)
    assert after.listing.objects == len(OBJECTS)


def test_below_use_nothing_is_written(server: Server) -> None:
    """The server would have taken it."""
    assert status(server, "PUT", "/pubgrant/ours.txt") == 200
    assert status(server, "DELETE", "/pubgrant/ours.txt") == 204
    assert seen(server, "public and writable").write == NotLooked(Cause.NOT_PERMITTED)


def status(server: Server, method: str, target: str) -> int:
    """What a stranger is answered."""
    line = http.client.HTTPConnection(server.host, server.port, timeout=10)
    try:
        line.request(method, target, b"x" if method == "PUT" else None)
        return line.getresponse().status
    finally:
        line.close()
