"""The syllable counters, by words whose syllables are sure."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shelfworthy.checks.policy._syllables import english, german, spanish

SURE = [
    line.split("\t") for line in (Path(__file__).parent / "syllables.tsv").read_text("utf-8").splitlines()
]
COUNTERS: dict[str, Callable[[str], int]] = {"en": english, "de": german, "es": spanish}


@pytest.mark.parametrize(("language", "least"), [("en", 200), ("de", 60), ("es", 60)])
def test_nearly_every_word_and_the_sum_are_right(language: str, least: int) -> None:
    words = {word: int(number) for code, word, number in SURE if code == language}
    assert len(words) >= least
    counted = {word: COUNTERS[language](word) for word in words}
    wrong = {word: counted[word] for word in words if counted[word] != words[word]}
    assert len(wrong) <= 0.02 * len(words), wrong
    assert abs(sum(counted.values()) - sum(words.values())) <= 0.01 * sum(words.values())


@pytest.mark.parametrize("language", COUNTERS)
@pytest.mark.parametrize(
    "word", ["", "-", "'", "’s", "Brrr", "X", "ÄÖÜ", "日本", "a" * 1500, "e-mail-address"]
)
def test_every_word_has_one_at_least(language: str, word: str) -> None:
    assert COUNTERS[language](word) >= 1


@pytest.mark.parametrize(
    ("word", "number"),
    [("child's", 1), ("Child’s", 1), ("house's", 1), ("didn't", 2), ("e-mail", 2), ("can't", 1)],
)
def test_apostrophes_and_hyphens(word: str, number: int) -> None:
    assert english(word) == number
