"""Versions in order, and whether one is affected."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shelfworthy.checks.firmware._known import line
from shelfworthy.checks.firmware._versions import status
from shelfworthy.seen.versions import compare, key
from shelfworthy.seen.vulnerabilities import Flaw, Range, Status

IN_ORDER = [
    ("1.0.1e", "1.0.1g"),
    ("1.0.2", "1.0.2a"),
    ("1.0.2z", "1.0.2za"),
    ("1.0.2zh", "1.1.0"),
    ("1.1.1w", "3.0.0"),
    ("3.0.9", "3.0.20"),
    ("0.53.1", "2012.55"),
    ("2020.81", "2022.83"),
    ("2.90rc1", "2.90"),
    ("2.90", "2.91test1"),
    ("9.2p1", "9.3p1"),
    ("4.2.8p9", "4.2.8p15"),
    ("5.10.231", "5.11"),
    ("6.1", "6.1.1"),
]
TEXT = some.text("0123456789.abprc-+~", max_size=12)


@pytest.mark.parametrize(("older", "newer"), IN_ORDER)
def test_the_older_comes_first(older: str, newer: str) -> None:
    assert compare(older, newer) == -1
    assert compare(newer, older) == 1


def test_what_is_the_same_is_the_same() -> None:
    assert compare("6.1", "6.1.0") == 0
    assert compare("2.1.12", "2.1.12-stable") == 0
    assert compare("3.0.20", "3.0.20+dfsg") == 0


@given(TEXT, TEXT, TEXT)
def test_there_is_one_order(one: str, two: str, three: str) -> None:
    assert compare(one, two) == -compare(two, one)
    if compare(one, two) <= 0 and compare(two, three) <= 0:
        assert compare(one, three) <= 0
    assert key("9" * 5000)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2.6.11", "unaffected"),
        ("4.9.84", "affected"),
        ("5.10.230", "affected"),
        ("5.10.231", "unaffected"),
        ("5.10.300", "unaffected"),
        ("5.11.1", "affected"),
        ("6.13", "unaffected"),
        ("7.0", "unaffected"),
    ],
)
def test_lines_of_a_kernel_as_its_records_tell_them(version: str, expected: Status) -> None:
    ranges = (
        Range("affected", "2.6.12", "2.6.12", True),
        Range("unaffected", "", "2.6.12", False),
        Range("unaffected", "5.10.231", "5.10.*", True),
        Range("unaffected", "6.13", "", False),
    )
    flaw = Flaw("linux", "CVE-2099-12345", ranges, "affected", "", "")
    assert status(flaw, version) == expected


def test_words_that_contradict_each_other_decide_nothing() -> None:
    ranges = (Range("affected", "1.0", "3.0", False), Range("unaffected", "2.0", "", False))
    assert status(Flaw("x", "CVE-2099-12345", ranges, "unknown", "", ""), "2.5") == "unknown"


@pytest.mark.parametrize(
    ("version", "cycle", "fits"),
    [
        ("3.0.13", "3.0", True),
        ("3.5.4", "3.0", False),
        ("3.5.4", "3", True),
        ("1.1.1w", "1.1.1", True),
        ("1.1.10", "1.1.1", False),
        ("6.12.54", "6.1", False),
        ("6.1", "6.1", True),
    ],
)
def test_a_version_belongs_to_a_line(version: str, cycle: str, fits: bool) -> None:
    assert line(version, cycle) == fits
