"""The shapes of keys hold nothing of the keys."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.probes.bucket.shapes import EXTENSIONS, LONGEST, MOST, shape, shapes
from shelfworthy.seen.bucket import KeyShape


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("voice/kid-0001.caf", "a/a-9.caf"),
        ("voice/8f14e45fceea167a5a36dedd4bea2543.CAF", "a/h.caf"),
        ("550e8400-e29b-41d4-a716-446655440000/a.wav", "h/a.wav"),
        ("alma.reed@plumpost.test", "a.a@a.a"),
        ("John.Smith", "a.a"),
        ("2017-02-27T10:00.json", "9-9-9a9:9.json"),
        ("Дневник/Маша.mp3", "a/a.mp3"),
        ("\x00\u202e☃", "???"),
        ("", ""),
        ("x." * 200, "a." * 31 + "a…"),
    ],
)
def test_a_key_becomes_its_shape(key: str, expected: str) -> None:
    assert shape(key) == expected


@given(st.text(max_size=80))
def test_no_letter_or_digit_of_a_key_survives(key: str) -> None:
    found = shape(key)
    stem, dot, extension = found.rpartition(".")
    stem = stem if dot and extension in EXTENSIONS else found
    assert set(stem) <= set("a9h?…") | set(string.punctuation + " ")
    assert len(stem) <= LONGEST


def test_the_rest_is_counted_together() -> None:
    counted = {f"{'a' * n}": n for n in range(1, MOST + 3)}
    found = shapes(counted)
    assert found[0] == KeyShape(shape="a" * (MOST + 2), count=MOST + 2)
    assert found[-1] == KeyShape(shape="…", count=1 + 2)
    assert sum(one.count for one in found) == sum(counted.values())
