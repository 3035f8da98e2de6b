"""What is seen on the way is looked at in the same run where both files permit it, and nowhere else.

Every server here answers whoever comes: what was not contacted was not, although it would have answered.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import pytest

from shelfworthy.audit.following import AT_ONE_HOST
from shelfworthy.audit.judge import judge
from shelfworthy.audit.look import look
from shelfworthy.model import (
    AnySurface,
    Cause,
    Database,
    Endpoint,
    Kind,
    Level,
    Mention,
    Permission,
    Policy,
    Seen,
    Standing,
)
from shelfworthy.probes import PROBES, Probe
from shelfworthy.product.write import product_toml
from shelfworthy.reach import Limits, Reach, request
from shelfworthy.record import Recorder, load_evidence
from shelfworthy.report.on_the_way import seen_on_the_way
from shelfworthy_lab import CantRun, mongod
from tests.discovery.content import APP, Content
from tests.looking import Left, allow, bench, door, looked, product
from tests.needs import missing
from tests.probes.database.test_replica_set import begin
from tests.servers import Reader, Server, Writer, http, page, saying, serving

HERE, THERE, ELSEWHERE = "127.0.0.5", "127.0.0.6", "127.0.0.7"
OPENED = (f"{HERE}/32", f"{THERE}/32", f"{ELSEWHERE}/32")
PATIENT = Limits(connect=1.0, silence=1.0, look=8.0)


async def read(surface: AnySurface, reach: Reach) -> AsyncIterator[Content]:
    """What the lines of a page name."""
    reply = await request(reach, reach.address, level=Level.LOOK)
    yield Content(names=tuple(reply.body.decode().splitlines()))


READ = Probe(name="content", version=1, kind=Kind.ENDPOINT, level=Level.LOOK, sees=(Content,), observe=read)


def naming(*names: str) -> bytes:
    return page("\n".join(names).encode())


async def look_at(
    folder: Path,
    first: Server,
    permissions: Sequence[Permission],
    policy: Policy | None = None,
    probes: Sequence[Probe] = (READ,),
) -> Left:
    it = product([Endpoint(id="site", where=f"http://{first.at}/")], permissions)
    return await looked(it, door(it, policy or bench(OPENED), PATIENT), folder, probes)


def seen_at(left: Left) -> set[str]:
    """The surfaces nobody declared at which a look ended well."""
    return {one.surface for one in left.looks if one.complete and one.surface.startswith("seen:")}


async def chain(stack: AsyncExitStack, length: int, *more: str) -> list[Server]:
    """Servers each of which names the next; the last names `more`."""
    servers: list[Server] = []
    named = more
    for number in reversed(range(length)):
        at = (HERE, THERE, ELSEWHERE)[number % 3]
        servers.append(await stack.enter_async_context(serving(saying(naming(*named)), at)))
        named = (f"http://{servers[-1].at}/a/page",)
    return servers[::-1]


def test_what_is_permitted_is_looked_at_in_the_same_run_and_nothing_else(tmp_path: Path) -> None:
    async def run() -> None:
        async with AsyncExitStack() as stack:
            no = await stack.enter_async_context(serving(saying(page()), THERE))
            yes = await stack.enter_async_context(serving(saying(naming(f"http://{no.at}/")), THERE))
            also = await stack.enter_async_context(serving(saying(page()), ELSEWHERE))
            first = await stack.enter_async_context(
                serving(saying(naming(f"http://{no.at}/x", f"http://{yes.at}/", f"http://{also.at}/")), HERE)
            )
            left = await look_at(tmp_path, first, [allow(HERE), allow(yes.at), allow(ELSEWHERE)])
            assert (first.contacts, yes.contacts, also.contacts, no.contacts) == (1, 1, 1, 0)
            assert seen_at(left) == {f"seen:endpoint:http://{one.at}/" for one in (yes, also)}
            assert left.dialled == {first.at, yes.at, also.at}
            assert not left.gaps

    asyncio.run(run())


def test_what_content_leads_to_ends(tmp_path: Path) -> None:
    async def run() -> None:
        async with AsyncExitStack() as stack:
            servers = await chain(stack, 5)
            left = await look_at(tmp_path, servers[0], [allow(at) for at in (HERE, THERE, ELSEWHERE)])
            assert [one.contacts for one in servers] == [1, 1, 1, 0, 0]
            (gap,) = left.gaps
            assert gap.surface == f"seen:endpoint:http://{servers[3].at}/"
            assert gap.cause is Cause.NOBODY_LOOKED
            assert "more than 2 steps" in gap.words
            assert "declare it as a [[surface]]" in gap.words

    asyncio.run(run())


def test_a_circle_is_gone_round_once(tmp_path: Path) -> None:
    async def run() -> None:
        async with AsyncExitStack() as stack:
            back: list[str] = []

            async def behave(reader: Reader, writer: Writer) -> None:
                if await http(reader):
                    writer.write(naming(*back))

            last = await stack.enter_async_context(serving(behave, THERE))
            first = await stack.enter_async_context(serving(saying(naming(f"http://{last.at}/")), HERE))
            back += [f"http://{first.at}/", f"http://{last.at}/again"]
            await look_at(tmp_path, first, [allow(HERE), allow(THERE)])
            assert (first.contacts, last.contacts) == (1, 1)

    asyncio.run(run())


def test_a_permitted_host_is_no_port_scan(tmp_path: Path) -> None:
    """A permission without a port, and a page that names three dozen of them."""

    async def run() -> None:
        async with AsyncExitStack() as stack:
            several = [await stack.enter_async_context(serving(saying(page()), THERE)) for _ in range(36)]
            names = [f"http://{one.at}/" for one in several]
            first = await stack.enter_async_context(serving(saying(naming(*names)), HERE))
            left = await look_at(tmp_path, first, [allow(HERE), allow(THERE)])
            assert sum(one.contacts for one in several) == AT_ONE_HOST
            assert len(left.gaps) == 36 - AT_ONE_HOST
            assert all(f"More than {AT_ONE_HOST} things were seen at {THERE}" in said for said in left.said)

    asyncio.run(run())


def test_what_an_app_names_is_followed_further_and_what_forbids_it_is_on_record(tmp_path: Path) -> None:
    """What decides and nobody looked at keeps a question open: the gap says what it takes."""

    async def run() -> None:
        async with AsyncExitStack() as stack:
            several = [await stack.enter_async_context(serving(saying(page()), HERE)) for _ in range(20)]
            no = await stack.enter_async_context(serving(saying(page()), THERE))

            async def unpack(surface: AnySurface, reach: Reach) -> AsyncIterator[Content]:
                yield Content(names=tuple(f"http://{one.at}/" for one in (*several, no)))

            apps = msgspec.structs.replace(READ, name="app", kind=Kind.APP, observe=unpack)
            it = product([APP], [allow(HERE)])
            left = await looked(it, door(it, bench(OPENED), PATIENT), tmp_path, (apps, READ))
            assert [one.contacts for one in several] == [1] * 20
            assert no.contacts == 0
            (gap,) = left.gaps
            assert (gap.surface, gap.cause) == (f"seen:endpoint:http://{no.at}/", Cause.NOT_PERMITTED)
            assert f'to = "{no.at}", level = "look"' in gap.words

    asyncio.run(run())


def test_what_was_only_seen_is_never_written_to(tmp_path: Path) -> None:
    """The permission is for `use`; a declared bucket is written to there, one a page names is not."""
    asked: list[bytes] = []

    async def bucket(reader: Reader, writer: Writer) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).split()[0])
        writer.write(page(b"<Error><Code>AccessDenied</Code></Error>", "403 Forbidden"))

    async def run() -> None:
        async with serving(bucket, THERE) as storage:
            content = naming(f"s3+http://{storage.at}/recordings")
            async with serving(saying(content), HERE) as first:
                buckets = tuple(probe for probe in PROBES if probe.kind is Kind.BUCKET)
                left = await look_at(tmp_path, first, [allow(HERE), allow(THERE)], probes=(READ, *buckets))
                assert seen_at(left) == {f"seen:bucket:s3+http://{storage.at}/recordings"}
                assert asked
                assert b"PUT" not in asked
                (observation,) = (one for one in left.observations if one["surface"].startswith("seen:"))
                assert observation["seen"]["write"] == {"kind": "not looked", "cause": "not permitted"}

    asyncio.run(run())


def test_who_may_contact_shared_storage_may_not_look_at_what_others_keep_there(tmp_path: Path) -> None:
    async def run() -> None:
        async with serving(saying(page()), THERE) as storage:
            name = f"s3.amazonaws.com:{storage.port}"
            content = naming(f"http://{name}/strangers/key", f"http://strangers.{name}/", f"http://{name}/")
            async with serving(saying(content), HERE) as first:
                buckets = tuple(probe for probe in PROBES if probe.kind is Kind.BUCKET)
                permitted = [allow(HERE), allow("s3.amazonaws.com", resolve=THERE)]
                left = await look_at(tmp_path, first, permitted, probes=(READ, *buckets))
                assert seen_at(left) == {f"seen:endpoint:http://{name}/"}  # the host itself may be contacted

    asyncio.run(run())


@pytest.mark.parametrize("resolver", [(), ("127.0.0.5:1",)], ids=["nobody to ask", "a resolver"])
def test_names_are_asked_about_where_the_policy_says_whom_to_ask(
    resolver: tuple[str, ...], tmp_path: Path
) -> None:
    async def run() -> None:
        async with serving(saying(naming("security@bear.test")), HERE) as first:
            policy = msgspec.structs.replace(bench(OPENED), resolver=resolver)
            names = tuple(probe for probe in PROBES if probe.kind is Kind.DOMAIN)
            assert names
            left = await look_at(tmp_path, first, [allow(HERE)], policy, (READ, *names))
            asked = {one.surface for one in left.looks} - {"site"}
            assert asked == ({"seen:domain:bear.test"} if resolver else set())

    asyncio.run(run())


def test_what_an_earlier_run_saw_leads_on(tmp_path: Path) -> None:
    """Stopped before it followed anything: the second run contacts only what is new."""

    async def run() -> None:
        async with AsyncExitStack() as stack:
            from_page = await stack.enter_async_context(serving(saying(page(b"")), THERE))
            move = page(b"", "302 Found", (f"Location: http://{from_page.at}/",))
            first = await stack.enter_async_context(serving(saying(move), HERE))
            plain = tuple(probe for probe in PROBES if probe.name == "endpoint-plain")
            await look_at(tmp_path, first, [allow(HERE)], probes=plain)
            assert (first.contacts, from_page.contacts) == (1, 0)
            it = product([Endpoint(id="site", where=f"http://{first.at}/")], [allow(HERE), allow(THERE)])
            recorder = Recorder(tmp_path, product_toml(it).encode(), {})
            await look(
                it,
                door(it, bench(OPENED), PATIENT),
                recorder,
                "test bench",
                budget=30,
                tell=lambda step: None,
                done=frozenset({("site", plain[0].by)}),
                probes=plain,
            )
            assert (first.contacts, from_page.contacts) == (1, 1)
            recorder.close()
            (one,) = seen_on_the_way(load_evidence(tmp_path)).seen
            assert (one.id, one.looked_at) == (f"seen:endpoint:http://{from_page.at}/", True)

    asyncio.run(run())


class Riddle(Seen, frozen=True, tag="riddle/1"):
    """What it mentions breaks us."""

    def mentions(self) -> tuple[Mention, ...]:
        raise RuntimeError("a secret of the peer")


async def puzzle(surface: AnySurface, reach: Reach) -> AsyncIterator[Riddle]:
    yield Riddle()


def test_a_crash_over_what_is_mentioned_ends_nothing(tmp_path: Path) -> None:
    async def run() -> None:
        riddle = msgspec.structs.replace(READ, name="riddle", sees=(Riddle,), observe=puzzle)
        async with serving(saying(naming("x.test")), HERE) as first:
            left = await look_at(tmp_path, first, [allow(HERE)], probes=(riddle, READ))
            assert all(one.complete for one in left.looks)
            assert [gap.cause for gap in left.gaps] == [Cause.OUR_FAULT]
            assert "secret" not in left.said[0]

    asyncio.run(run())


@pytest.mark.lab
def test_a_real_replica_set_with_members_inside_and_outside_of_the_permission(tmp_path: Path) -> None:
    """The open secondary is declared, its open primary is found and permitted, a third member is not."""
    try:
        first = mongod.start(tmp_path / "1", replica_set="bears", host=THERE)
    except CantRun as why:
        missing(str(why))
    with (
        first,
        mongod.start(tmp_path / "2", replica_set="bears", host=HERE) as second,
        mongod.start(tmp_path / "3", replica_set="bears", host=ELSEWHERE) as third,
    ):
        begin(first, second, third)
        records = Database(id="records", where=f"mongodb://{HERE}:{second.port}")
        it = product([records], [allow(HERE, Level.KNOCK), allow(THERE, Level.KNOCK)])
        left = asyncio.run(looked(it, door(it, bench(OPENED), PATIENT), tmp_path / "a.audit"))
    inside, outside = (f"seen:database:mongodb://{one.host}:{one.port}" for one in (first, third))
    assert seen_at(left) == {inside}
    assert left.dialled == {f"{HERE}:{second.port}", f"{THERE}:{first.port}"}

    evidence = load_evidence(tmp_path / "a.audit")
    judgement = judge(evidence, max(look.ended for look in evidence.looks))
    by_place = {(one.check, one.surface): one for one in judgement.findings}
    found, noted = by_place["database-open", "records"], by_place["database-open", inside]
    data = judgement.verdict.exposures["exposure.data"]
    assert data.answer is Standing.NOT_MET
    assert found.id in data.because
    assert noted.id in data.notes
    assert noted.id not in data.findings
    seen = {one.id: one for one in seen_on_the_way(evidence).seen}
    assert seen.keys() == {inside, outside}
    assert (seen[inside].looked_at, seen[outside].looked_at) == (True, False)
    assert f"permit `look` at {ELSEWHERE}:{third.port}" in seen[outside].why_not
    assert seen[inside].at[0].role == "replica set member"
