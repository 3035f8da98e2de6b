"""Each kind of store and broker × each state: nothing wrong, nothing left open but where that is expected."""

import asyncio
from pathlib import Path

import pytest

from shelfworthy_lab.home import CantRun
from tests.needs import missing
from tests.truth_matrix import PAGE, Row, expected, measured, page, without_versions

pytestmark = pytest.mark.lab

KINDS = list(expected())


@pytest.fixture(scope="module")
def found() -> dict[str, list[Row]]:
    """What the tests of this module measured, by kind."""
    return {}


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_is_right(kind: str, found: dict[str, list[Row]], tmp_path: Path) -> None:
    try:
        found[kind] = asyncio.run(measured(kind, tmp_path))
    except CantRun as why:
        missing(str(why))
    assert [row for row in found[kind] if row.grade != "right"] == []
    assert len(found[kind]) == sum(len(checks) for checks in expected()[kind].values())


def test_the_page_says_what_was_measured(found: dict[str, list[Row]]) -> None:
    """Update with: python -m tests.truth_matrix"""
    if found.keys() != set(KINDS):
        missing("the servers of every kind")
    assert without_versions(PAGE.read_text()) == without_versions(page(found))


def test_every_kind_is_asked_in_every_state_by_every_check() -> None:
    """The issue's six states, and a port where nobody listens."""
    states = {"open", "password", "TLS only", "other port", "other protocol", "silent", "closed"}
    for kind, truth in expected().items():
        assert truth.keys() == states, kind
        assert len({frozenset(checks) for checks in truth.values()}) == 1, kind


def test_a_wrong_answer_would_be_called_so() -> None:
    row = Row(kind="Redis", state="open", check="database-open", expected="fail", answer="pass")
    assert (row.grade, row.words) == ("wrong", "**wrong**: pass, expected fail")
    assert Row("Redis", "open", "database-open", "fail", "inconclusive").grade == "left open"
    assert Row("Redis", "open", "database-open", "fail", "fail").grade == "right"
