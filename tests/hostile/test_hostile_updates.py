"""Whatever update servers and lists of advisories do: looks end in time and memory, and clear nothing."""

import asyncio
import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shelfworthy.audit.judge import judge_folder
from shelfworthy.model import AnySurface, Cause, Contact, Outcome, Scheme, Update
from shelfworthy.probes.contact import CONTACT
from shelfworthy.probes.update import SUPPORT, UPDATE
from shelfworthy.reach import Limits
from shelfworthy_lab.tuf_repository import Repository
from tests import clock
from tests.hostile.servers import ANY, HTTP
from tests.looking import Left, allow, bench, door, looked, product
from tests.probes.update.states import NAME, repository
from tests.servers import Behaviour, Reader, Server, Writer, http, page, serving

LIMITS = Limits(connect=0.5, silence=0.2, look=0.8)
IN_TIME = 12.0
MEMORY = 40 << 20
# One of each sort: what they do to a request of reach is tested in test_hostile_peers.py.
SORTS = (
    *("nothing", "hangs up", "resets", "noise after the question", "one byte now and then"),
    *(
        "a body of one byte now and then",
        "endless header lines",
        "endless body",
        "endless chunks of one byte",
    ),
    *("gzip bomb", "gzip that is none", "HTTP/0.9", "cut in the header", "cut in the body"),
    *("stalled in the body", "endless redirects", "switching protocols"),
)
WEB: dict[str, Behaviour] = {name: (ANY | HTTP)[name] for name in SORTS}
GREEDY = ("endless body", "endless header lines", "gzip bomb")
JSON = ("Content-Type: application/json",)


def always(content: bytes, headers: tuple[str, ...] = JSON) -> Behaviour:
    """This, whatever is asked."""

    async def behave(reader: Reader, writer: Writer) -> None:
        if await http(reader):
            writer.write(page(content, headers=headers))

    return behave


def metadata(**changed: object) -> bytes:
    """A root in which something is not what it should be; its signatures are those of the right one."""
    _, root = repository()
    raw = json.loads(root)
    raw["signed"] |= changed
    return json.dumps(raw).encode()


def endless_roots() -> Behaviour:
    """There is always one more root, well signed by the one before; the trusted one is the first."""
    made = Repository()

    async def behave(reader: Reader, writer: Writer) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split()[1].decode()
        while path.endswith("root.json") and path not in made.files and made.roots < 50:
            made.publish_root()
        content = made.files.get(path)
        writer.write(page(b"", "404 Not Found") if content is None else page(content, headers=JSON))

    made.publish(NAME, b"image", 1)
    return behave


MANY_KEYS = {"root": {"keyids": [f"{number:064x}" for number in range(20_000)], "threshold": 1}}
LIES: dict[str, Behaviour] = {
    "ten megabytes of JSON": always(b'{"image": "' + b"a" * (10 << 20) + b'"}'),
    "deep JSON": always(b'{"a":' * 200_000 + b"1" + b"}" * 200_000),
    "wide JSON": always(json.dumps({f"signature{number}": number for number in range(50_000)}).encode()),
    "one long word": always(b"a." * 900_000 + b"bin", ("Content-Type: text/plain",)),
    "many words": always(b"url=a.bin " * 90_000, ("Content-Type: text/plain",)),
    "an image that is the manifest": always(b'{"version": 1, "image": "manifest.json?x.bin"}'),
    "an image of another scheme": always(b'{"version": 1, "image": "mongodb://127.0.0.6/x.bin"}'),
    "metadata without keys": always(metadata(keys={}, roles={})),
    "metadata with a thousand keys": always(metadata(roles=MANY_KEYS)),
    "metadata of version zero": always(metadata(version=0)),
    "metadata with fractions": always(metadata(extra=1.5)),
    "metadata of a huge number": always(metadata(version=10**400)),
    "metadata with keys of no kind": always(
        metadata(keys={"a": {"keytype": "rsa", "scheme": "x", "keyval": {}}})
    ),
    "metadata that ends in no time": always(metadata(expires="31 May 2029")),
    "roots without end": endless_roots(),
    "a list of a million advisories": always(
        b'"2019/a.json","2019-01-01"\n' * 70_000, ("Content-Type: text/csv",)
    ),
    "provider metadata that names itself": always(
        b'{"publisher": {}, "distributions": [{"directory_url": "."}, {"rolie": {"feeds": [{"url": "."}]}}]}'
    ),
    "a page of dates": always(
        b"<html lang=en>" + b"<p>CVE-2019-1 1 May 2019 support until" * 200, ("Content-Type: text/html",)
    ),
    "mailboxes without end": always(
        b"<html lang=en>" + b"<p>report a vulnerability to a@b.c.d.e.f.g.h.test" * 20_000,
        ("Content-Type: text/html",),
    ),
}


def surfaces(at: Server) -> tuple[AnySurface, ...]:
    base = f"http://{at.at}"
    return (
        Update(id="unsaid", where=f"update:{base}/manifest.json", support=f"{base}/help"),
        Update(id="tuf", where=f"update:{base}/metadata/timestamp.json", scheme=Scheme.TUF, root="root.json"),
        Update(id="own-root", where=f"update:{base}/metadata/timestamp.json", scheme=Scheme.TUF),
        Update(
            id="signed",
            where=f"update:{base}/manifest.json",
            scheme=Scheme.MANIFEST,
            image="bear.bin",
            public_key="key.pem",
        ),
        Contact(id="maker", where=f"contact:{base}/"),
    )


async def look_at(behaviour: Behaviour, folder: Path, limits: Limits) -> Left:
    supplied = {"root.json": repository()[1], "key.pem": b"-----BEGIN PUBLIC KEY-----"}
    async with serving(behaviour) as server:
        it = product(surfaces(server), [allow(server.at)])
        way = door(it, bench(), limits, supplied=supplied)
        left = await looked(it, way, folder, [UPDATE, SUPPORT, CONTACT])
        assert server.contacts
        assert left.dialled == {server.at}
        return left


@pytest.mark.parametrize("name", [*WEB, *LIES])
def test_hostile_servers(name: str, tmp_path: Path) -> None:
    began = clock.now()
    limits = LIMITS if name in WEB else Limits(connect=0.5, silence=0.5, look=4.0)
    left = asyncio.run(look_at((WEB | LIES)[name], tmp_path, limits))
    assert clock.now() - began < IN_TIME
    assert not [gap.words for gap in left.gaps if gap.cause is Cause.OUR_FAULT]
    explained = {(gap.surface, gap.by) for gap in left.gaps}
    assert {(look.surface, look.by) for look in left.looks if not look.complete} == explained
    judgement = judge_folder(left.folder, datetime(2026, 11, 22, tzinfo=UTC))
    mine = [f for f in judgement.findings if f.check.startswith(("update-", "contact-reach", "contact-hist"))]
    cleared = sorted((f.check, f.says) for f in mine if f.outcome in (Outcome.PASS, Outcome.MOOT))
    # Whoever lists advisories with days has them, and where all pages are gone, none names a mailbox.
    rightly = {
        "a page of dates": [("contact-history", "page"), ("contact-reachable", "none-named")],
        "roots without end": [("contact-reachable", "none-named")],
    }
    assert cleared == rightly.get(name, [])


@pytest.mark.parametrize("name", GREEDY)
def test_memory_is_bounded(name: str, tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        asyncio.run(look_at((WEB | LIES)[name], tmp_path, LIMITS))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MEMORY


def test_no_more_roots_are_followed_than_one_look_should(tmp_path: Path) -> None:
    left = asyncio.run(look_at(LIES["roots without end"], tmp_path, Limits(look=6.0)))
    (tuf,) = [
        it["seen"]["signed"]
        for it in left.observations
        if it["surface"] == "own-root" and "signed" in it["seen"]
    ]
    assert tuf["missing"]["url"].endswith("/9.root.json")
    judgement = judge_folder(left.folder, datetime(2026, 11, 22, tzinfo=UTC))
    said = {f.check: f.says for f in judgement.findings if f.surface == "own-root"}
    assert (said["update-metadata-signed"], said["update-freshness"]) == ("tuf-missing", "not-verified")
