"""Whatever looks like a value does not survive as a name; what a programmer chose does."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.probes.masking import LONGEST, masked, shape, word

NAMES = (
    *("users", "VoiceMessage", "private_profile", "fs.files", "cloudpets-staging", "cloudpets_test", "_id"),
    *("email", "birthMonth", "address2", "logs2016", "sha256", "v1_2", "Bitcoin Address", "READ1"),
    *("PLEASE_READ", "PWNED_SECURE_YOUR_STUFF_SILLY", "README_MISSING_DATABASES"),
)

around = st.sampled_from(["", "user_", "by ", "Kontakt.", "x"])
persons = st.from_regex(r"[a-z]{2,9}[._]?[a-z]{2,9}[0-9]{0,4}", fullmatch=True)
emails = st.builds("{}@{}.test".format, persons, persons)
phones = st.from_regex(r"(\+|00|0)[1-9][0-9]{1,3}[ /.-]?[0-9]{3,4}[ .-]?[0-9]{3,4}", fullmatch=True)
dates = st.dates().flatmap(
    lambda day: st.sampled_from(
        [day.isoformat(), day.strftime("%d.%m.%Y"), day.strftime("%Y%m%d"), f"{day:%d %m %y}"]
    )
)
hashes = st.text("0123456789abcdef", min_size=16, max_size=64)
tokens = st.text(string.ascii_letters + string.digits, min_size=33, max_size=80)
values = st.one_of(
    emails, phones, dates, hashes, tokens, st.uuids().map(str), st.uuids().map(lambda one: one.hex)
)


@given(around, values)
def test_no_value_survives_as_a_name(before: str, value: str) -> None:
    kept = masked(before + value)
    assert {letter for letter in kept if letter.isalnum()} <= {"a", "9"}


@given(st.text(max_size=300))
def test_a_shape_holds_no_letter_and_no_digit_of_the_value(value: str) -> None:
    kept = shape(value)
    assert not set(kept) - set("‹›a9") - set(string.punctuation) - {" "}
    assert len(kept) <= LONGEST + 2


@given(st.text(max_size=300))
def test_a_name_stays_as_it_is_or_loses_everything(name: str) -> None:
    assert masked(name) in {name, shape(name)}


@pytest.mark.parametrize("name", NAMES)
def test_names_a_programmer_chose_stay(name: str) -> None:
    assert masked(name) == name


@given(st.one_of(st.none(), st.integers(), st.text(), st.lists(st.text())))
def test_a_word_is_letters_or_nothing(value: object) -> None:
    assert word(value) in ("", value)
    assert all(letter in string.ascii_letters for letter in word(value))
