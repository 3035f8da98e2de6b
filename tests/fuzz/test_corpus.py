"""The corpus of the fuzzer, and every input that it ever found, read again."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.readers.firmware import keys
from shelfworthy.readers.firmware.formats import FORMATS
from tests.fuzz.look import CORPUS, FOUND, KEYS, Wrong, look

SEEDS = sorted(one for one in CORPUS.iterdir() if one != KEYS)
FLASH = {"jffs2-big", "jffs2-lzo", "jffs2-rtime", "ubifs"}  # what only an extractor reads


@pytest.mark.parametrize("file", [*SEEDS, *sorted(FOUND.iterdir())], ids=lambda one: one.name)
def test_it_is_answered(file: Path) -> None:
    seen = look(file.read_bytes())
    assert file.parent == FOUND or seen.containers or file.name in FLASH


def test_every_format_has_a_specimen() -> None:
    found = {one.format for file in SEEDS for one in look(file.read_bytes()).containers}
    assert {one.name for one in FORMATS} - found <= {"rauc-crypt"}
    assert sum(file.stat().st_size for file in SEEDS) < 300_000


@settings(max_examples=400)
@given(
    file=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.integers(0, 1 << 17), st.binary(min_size=1, max_size=6)), max_size=6),
    length=st.integers(0, 1 << 17),
    moved=st.tuples(st.integers(0, 1 << 17), st.integers(0, 1 << 17), st.integers(0, 300)),
)
def test_what_is_changed_is_answered(
    file: Path, changes: list[tuple[int, bytes]], length: int, moved: tuple[int, int, int]
) -> None:
    """As the fuzzer does, without its eyes: bytes written over, moved, cut off."""
    content = bytearray(file.read_bytes())
    for at, new in changes:
        place = at % min(len(content), 700) if at % 2 else at % len(content)
        content[place : place + len(new)] = new
    to, start, count = moved[0] % len(content), moved[1] % len(content), moved[2]
    content[to : to + count // 2] = content[start : start + count]
    look(bytes(content[: length or None]))


def test_a_reader_that_verifies_what_was_changed_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray((CORPUS / "silicon-labs-gbl").read_bytes())
    content[200] ^= 1
    look(bytes(content))
    monkeypatch.setattr(keys, "fits", lambda verify: True)
    with pytest.raises(Wrong):
        look(bytes(content))
