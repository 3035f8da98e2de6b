"""Reading files: what a reader sees is evidence like any other, and nobody is contacted for it."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from shelfworthy.audit.look import look
from shelfworthy.model import AnySurface, Cause, Correspondence, Incident, Kind, Product, Seen
from shelfworthy.probes import Probe
from shelfworthy.product.write import product_toml
from shelfworthy.reach import Reach
from shelfworthy.readers import READERS, Reader
from shelfworthy.record import Recorder, load_evidence, looks_done, verify
from shelfworthy.seen.correspondence import CorrespondenceSeen
from shelfworthy.seen.incident import IncidentSeen
from tests.builders import database, open_listing, probe
from tests.looking import Left, bench, door, product

GOOD = (
    b'looked_until = 2026-01-01\n[[contact]]\nid = "mail"\non = 2025-12-01\n'
    b'source = "ticket 1"\nby = "Wren"\n'
)
PRODUCT = product(
    [Correspondence(id="reports", where="correspondence.toml"), Incident(id="press", where="sub/news.toml")],
    [],
)
FILES = {"correspondence.toml": GOOD, "sub/news.toml": b""}


async def slow(surface: AnySurface, reach: Reach) -> AsyncIterator[Seen]:
    await asyncio.sleep(1)
    yield open_listing()


async def starts_a_program(surface: AnySurface, reach: Reach) -> AsyncIterator[Seen]:
    subprocess.run(["/bin/true"], check=True)
    yield open_listing()


def read(
    folder: Path,
    files: dict[str, bytes],
    it: Product = PRODUCT,
    readers: tuple[Reader, ...] = READERS,
    probes: tuple[Probe, ...] = (),
    done: frozenset[tuple[str, str]] = frozenset(),
    budget: float = 30,
) -> Left:
    """Read the files of a product with the real `look`; what that left."""
    recorder = Recorder(folder, product_toml(it).encode(), files)
    asyncio.run(
        look(
            it,
            door(it, bench()),
            recorder,
            "test bench",
            budget=budget,
            tell=lambda step: None,
            readers=readers,
            probes=probes,
            done=done,
        )
    )
    recorder.close()
    return Left(folder)


def test_files_are_read_without_any_permission_and_kept_with_the_evidence(tmp_path: Path) -> None:
    left = read(tmp_path / "a.audit", FILES)
    assert left.gaps == ()
    assert {(look.surface, look.by, look.complete) for look in left.looks} == {
        ("reports", "correspondence/1", True),
        ("press", "incident/1", True),
    }
    assert left.transcripts == ()
    evidence = load_evidence(tmp_path / "a.audit")
    assert {type(one.seen) for one in evidence.observations} == {CorrespondenceSeen, IncidentSeen}
    assert evidence.supplied == FILES
    assert verify(tmp_path / "a.audit").problems == ()
    for one in evidence.observations:
        assert "limits, hook" in one.tools["sandbox"]


def test_what_was_seen_holds_days_and_no_names(tmp_path: Path) -> None:
    read(tmp_path / "a.audit", FILES)
    observations = (tmp_path / "a.audit" / "evidence" / "observations").iterdir()
    content = b"".join(path.read_bytes() for path in observations)
    assert b"2025-12-01" in content
    assert b"Wren" not in content


def test_a_file_with_mistakes_is_a_gap_that_names_them(tmp_path: Path) -> None:
    files = {"correspondence.toml": b"looked_until = 2026-01-01\nletters = 7\n", "sub/news.toml": b""}
    left = read(tmp_path / "a.audit", files)
    (gap,) = left.gaps
    assert (gap.surface, gap.cause) == ("reports", Cause.NOT_UNDERSTOOD)
    assert gap.words.startswith("correspondence.toml:2: letters: there is no such key.")
    assert gap.lacks == ("correspondence/1",)
    assert [look.complete for look in left.looks if look.surface == "reports"] == [False]


def test_a_file_that_is_not_there_is_a_gap(tmp_path: Path) -> None:
    left = read(tmp_path / "a.audit", {"sub/news.toml": b""})
    (gap,) = left.gaps
    assert (gap.surface, gap.cause) == ("reports", Cause.NOT_SUPPLIED)


def test_what_was_read_is_not_read_again(tmp_path: Path) -> None:
    folder = tmp_path / "a.audit"
    read(folder, FILES)
    done = looks_done(folder, product_toml(PRODUCT).encode(), FILES)
    assert done == {("reports", "correspondence/1"), ("press", "incident/1")}
    again = read(folder, FILES, done=done)
    assert len(again.looks) == 2


def test_another_file_begins_another_audit(tmp_path: Path) -> None:
    folder = tmp_path / "a.audit"
    read(folder, FILES)
    with pytest.raises(Exception, match=r"began with another correspondence\.toml"):
        looks_done(folder, product_toml(PRODUCT).encode(), FILES | {"correspondence.toml": b"other"})


@pytest.mark.parametrize(
    ("act", "cause", "words"),
    [
        ("crashes", Cause.OUR_FAULT, "The reader of correspondence.toml crashed: ZeroDivisionError"),
        ("dies", Cause.OUR_FAULT, "The child that read correspondence.toml died"),
        ("lists", Cause.OUR_FAULT, "Reading correspondence.toml went beyond reading"),
        ("babbles", Cause.OUR_FAULT, "said something it cannot have seen"),
        ("allocates", Cause.NOT_UNDERSTOOD, "took more than 512 MiB of memory"),
        ("nothing", Cause.OUR_FAULT, "The reader correspondence/1 ended without a word."),
    ],
)
def test_whatever_a_reader_does_is_a_gap(act: str, cause: Cause, words: str, tmp_path: Path) -> None:
    bad = Reader(
        name="correspondence",
        version=1,
        kind=Kind.CORRESPONDENCE,
        sees=(CorrespondenceSeen, IncidentSeen),
        read=f"tests.sandbox.hostile:{act}",
    )
    it = product([Correspondence(id="reports", where="correspondence.toml")], [])
    left = read(tmp_path / "a.audit", {"correspondence.toml": b"/"}, it, (bad,))
    (gap,) = left.gaps
    assert gap.cause is cause
    assert words in gap.words
    assert not left.looks[0].complete


BOTH = replace(PRODUCT, surface=(*PRODUCT.surface, database()))


def test_files_are_read_while_probes_look(tmp_path: Path) -> None:
    left = read(tmp_path / "a.audit", FILES, BOTH, probes=(probe(slow),))
    assert left.gaps == ()
    assert len(left.looks) == 3


@pytest.mark.trips_fuse
def test_programs_of_others_are_not_started_meanwhile(tmp_path: Path) -> None:
    left = read(tmp_path / "a.audit", FILES, BOTH, probes=(probe(starts_a_program),))
    assert {(gap.surface, gap.cause) for gap in left.gaps} == {("records", Cause.OUR_FAULT)}
    assert any("subprocess.Popen" in words for words in left.said)


def test_a_reader_whose_library_is_missing_says_how_to_get_it(tmp_path: Path) -> None:
    heavy = Reader(
        name="correspondence",
        version=1,
        kind=Kind.CORRESPONDENCE,
        sees=(CorrespondenceSeen,),
        read="tests.sandbox.hostile:seen",
        tools=("no-such-distribution",),
        extra="letters",
    )
    it = product([Correspondence(id="reports", where="correspondence.toml")], [])
    (gap,) = read(tmp_path / "a.audit", {"correspondence.toml": GOOD}, it, (heavy,)).gaps
    assert gap.cause is Cause.TOOL_MISSING
    assert "pip install 'shelfworthy[letters]'" in gap.words


def test_without_time_left_nobody_looked(tmp_path: Path) -> None:
    left = read(tmp_path / "a.audit", FILES, budget=0)
    assert {gap.cause for gap in left.gaps} == {Cause.NOBODY_LOOKED}
