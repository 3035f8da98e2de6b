"""Every mistake in a file is answered with file, line, key, what was expected and the nearest right word.

A wrong file and what people read about it lie side by side in `mistakes/`.
"""

from pathlib import Path

import pytest

from shelfworthy.product.mistakes import BadFile, Mistake, nearest, quoted
from shelfworthy.product.read import read_policy, read_product
from tests.snapshots import same_as

HERE = Path(__file__).parent / "mistakes"
FILES = sorted(path.stem for path in HERE.glob("*.toml"))


@pytest.mark.parametrize("name", FILES)
def test_all_mistakes_of_a_file(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    read = read_policy if name == "policy" else read_product
    with pytest.raises(BadFile) as bad:
        read(Path(f"{name}.toml"))
    same_as(HERE / f"{name}.txt", str(bad.value))
    assert str(bad.value).isprintable() or "\n" in str(bad.value)


def test_each_wrong_file_has_its_words_and_each_words_their_file() -> None:
    assert sorted(path.stem for path in HERE.glob("*.txt")) == FILES
    assert len(FILES) >= 10


@pytest.mark.parametrize("name", FILES)
def test_every_line_named_is_the_line_of_its_key(name: str) -> None:
    """The last word of the key, or the word that is missing's table, really stands on that line."""
    read = read_policy if name == "policy" else read_product
    with pytest.raises(BadFile) as bad:
        read(HERE / f"{name}.toml")
    lines = (HERE / f"{name}.toml").read_text().split("\n")
    for mistake in bad.value.mistakes:
        if mistake.line and mistake.key:
            last = mistake.key.rpartition(".")[2]
            there = lines[mistake.line - 1]
            inside = f" {last} =" in there  # of a table on one line
            assert inside or there.startswith((f"{last} =", "[", "open =")), (mistake, there)
            if there.startswith("[") and "missing" not in mistake.found:
                assert set(there.strip("[]").split(".")) <= set(mistake.key.split("."))


def test_a_mistake_is_one_line() -> None:
    mistake = Mistake(
        file="bear/product.toml",
        line=7,
        key="surface.records.kind",
        found='"databse" is not a kind of surface',
        nearest="database",
        expected="One of: database, bucket.",
    )
    assert str(mistake) == (
        'bear/product.toml:7: surface.records.kind: "databse" is not a kind of surface.'
        ' Did you mean "database"? One of: database, bucket.'
    )
    assert str(Mistake(file="f", found="it is empty")) == "f: it is empty."


def test_nothing_from_a_file_can_paint_the_terminal_or_fill_it() -> None:
    assert quoted("\x1b[2J\u202e\n") == '"\\u001b[2J\\u202e\\u000a"'
    assert len(quoted("x" * 10_000)) < 70


def test_the_nearest_word_only_when_it_is_near() -> None:
    assert nearest("databse", ["endpoint", "database"]) == "database"
    assert nearest("Database", ["endpoint", "database"]) == "database"
    assert nearest("colour", ["name", "vendor"]) == ""
