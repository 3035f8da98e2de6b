"""Correspondence and incidents: every mistake in such a file is answered as one in a product file is."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from shelfworthy.model import Correspondence, Incident, Kind, Record
from shelfworthy.product.mistakes import BadFile
from shelfworthy.product.papers import (
    FEW_WORDS,
    PAPERS,
    How,
    check_papers,
    read_correspondence,
    read_incidents,
)
from shelfworthy.product.sheet import LARGEST
from tests.looking import product
from tests.snapshots import same_as

HERE = Path(__file__).parent / "paper_mistakes"
FILES = sorted(path.stem for path in HERE.glob("*.toml"))
TODAY = date(2026, 11, 22)

Read = Callable[[bytes, str, date], Record]
BOTH = pytest.mark.parametrize("read", [read_correspondence, read_incidents])


def reader_of(name: str) -> Read:
    return read_correspondence if name.startswith("correspondence") else read_incidents


def mistakes(read: Read, content: bytes | str, today: date = TODAY) -> str:
    with pytest.raises(BadFile) as bad:
        read(content.encode() if isinstance(content, str) else content, "paper.toml", today)
    return str(bad.value)


@pytest.mark.parametrize("name", FILES)
def test_all_mistakes_of_a_file(name: str) -> None:
    content = (HERE / f"{name}.toml").read_bytes()
    same_as(HERE / f"{name}.txt", mistakes(reader_of(name), content))


def test_each_wrong_file_has_its_words() -> None:
    assert sorted(path.stem for path in HERE.glob("*.txt")) == FILES
    assert len(FILES) >= 5


def test_a_good_file_is_read() -> None:
    read = read_correspondence(
        b'looked_until = 2026-11-22\n[[contact]]\nid = "a"\non = 2026-11-01\nhow = "phone"\nsource = "s"\n'
        b'[[reply]]\non = 2026-11-01\nanswers = ["a"]\nkind = "automatic"\nsource = "s"\n',
        "x.toml",
        TODAY,
    )
    assert [one.how for one in read.contact] == [How.PHONE]
    assert read.reply[0].answers == ("a",)
    assert read_incidents(b"", "x.toml", TODAY).incident == ()


def test_a_day_ahead_is_today_elsewhere_and_two_are_the_future() -> None:
    read_correspondence(b"looked_until = 2026-11-23\n", "x.toml", TODAY)
    assert "lies after today" in mistakes(read_correspondence, "looked_until = 2026-11-24\n")
    one = '[[incident]]\non = {}\nwhat = "press"\ntitle = "t"\nsource = "s"\n'
    read_incidents(one.format("2026-11-23").encode(), "x.toml", TODAY)
    assert "lies after today" in mistakes(read_incidents, one.format("2026-11-24"))


def test_a_letter_is_no_few_words() -> None:
    entry = '[[incident]]\non = 2026-01-01\nwhat = "press"\ntitle = "{}"\nsource = "s"\n'
    read_incidents(entry.format("x" * FEW_WORDS).encode(), "x.toml", TODAY)
    assert "letters do not belong here" in mistakes(read_incidents, entry.format("x" * (FEW_WORDS + 1)))


# -- hostile files -----------------------------------------------------------------------------------------

HOSTILE: dict[str, tuple[bytes, str]] = {
    "no text": (b"\xff\xfe\x00", "is not UTF-8"),
    "no TOML": (b"[[[[", "this is not TOML"),
    "too large": (b"#" * (LARGEST + 1), "the most that is read"),
    "a dotted key without end": (b"a." * 5000 + b"a = 1", "more than 32 parts"),
    "deep lists": (b"x = " + b"[" * 5000 + b"]" * 5000, "this is not TOML"),
    "deep tables": (b"x = " + b"{a=" * 5000 + b"1" + b"}" * 5000, "this is not TOML"),
    "a number of a million digits": (b"x = " + b"9" * 1_000_000, "TOML"),
    "a date that is none": (b"looked_until = 2026-02-30", "TOML"),
    "control characters": (b'x = "\\u001b[2J"', "there is no such key"),
}


@BOTH
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(20)
def test_a_hostile_file_is_answered_with_words(read: Read, name: str) -> None:
    content, words = HOSTILE[name]
    said = mistakes(read, content)
    assert words in said
    assert said.replace("\n", "").isprintable()
    assert len(said) < 100_000


@BOTH
def test_a_hundred_mistakes_are_enough(read: Read) -> None:
    said = mistakes(read, b"looked_until = 2026-01-01\n" + b"[[incident]]\n[[contact]]\n" * 900)
    assert said.count("\n") == 100
    assert "more than 100 mistakes" in said


@BOTH
def test_more_items_than_anybody_keeps_are_refused(read: Read) -> None:
    key = "contact" if read is read_correspondence else "incident"
    assert "it has 1001 items" in mistakes(
        read, "looked_until = 2026-01-01\n" * (key == "contact") + f"[[{key}]]\n" * 1001
    )


def test_text_that_turns_or_steers_is_refused() -> None:
    one = '[[incident]]\non = 2026-01-01\nwhat = "press"\ntitle = "{}"\nsource = "s"\n'
    assert "a control character" in mistakes(read_incidents, one.format("\\u001b[2J"))
    assert "direction of writing" in mistakes(read_incidents, one.format("\u202etxt"))


# -- beside a product file ---------------------------------------------------------------------------------


def test_the_mistakes_of_all_papers_are_told_at_once(tmp_path: Path) -> None:
    it = product([Correspondence(id="a", where="a.toml"), Incident(id="b", where="b.toml")], [])
    with pytest.raises(BadFile) as bad:
        check_papers(it, {"a.toml": b"", "b.toml": b"x = 1"}, tmp_path, TODAY)
    files = [Path(mistake.file).name for mistake in bad.value.mistakes]
    assert files == ["a.toml", "b.toml"]
    check_papers(it, {"a.toml": b"looked_until = 2026-01-01", "b.toml": b""}, tmp_path, TODAY)


def test_papers_are_those_two_kinds() -> None:
    assert set(PAPERS) == {Kind.CORRESPONDENCE, Kind.INCIDENT}
