"""Text from products can do nothing but be read."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.report.clean import LIMIT, REPLACEMENT, escaped, plain
from tests.report import hostile

STEERING = {"Cc", "Zl", "Zp", "Cs"}
TURNING = set("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\xad")


def harmless(text: str) -> bool:
    """Judged by Unicode itself, not by the list the code is written with."""
    return not any(unicodedata.category(sign) in STEERING or sign in TURNING for sign in text)


@given(st.text(st.characters()))
def test_nothing_left_can_steer(text: str) -> None:
    assert harmless(plain(text))


@given(st.text(st.characters()))
def test_cleaning_again_changes_nothing(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text(st.sampled_from("\x1b\x9b[]PX^_0;m\\\x07\x9c ab")))
def test_no_escape_survives_in_any_arrangement(text: str) -> None:
    assert harmless(plain(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07name", "name"),
        ("\x1b]8;;https://evil.test\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b31mred", "red"),
        ("\x1b]never ended", "never ended"),
        ("two\nlines\tand\r\nmore", "two lines and more"),
        ("\u202egnp.exe", f"{REPLACEMENT}gnp.exe"),
        ("bell\x07", f"bell{REPLACEMENT}"),
        ("\ud800", REPLACEMENT),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("Straße, 東京, Ελλάδα", "Straße, 東京, Ελλάδα"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_what_is_left_is_what_people_can_read(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_length_is_bounded_and_what_was_cut_is_counted() -> None:
    assert plain(hostile.LONG) == "A" * LIMIT + "… (70,000 characters)"
    assert plain("A" * LIMIT) == "A" * LIMIT
    assert len(plain(hostile.PILED)) == 4


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_json_keeps_the_value_and_is_safe_to_print(text: str) -> None:
    printed = escaped(json.dumps({"name": text}, ensure_ascii=False).encode())
    assert json.loads(printed) == {"name": text}
    assert harmless(printed.decode())
