"""Each kind of store and broker × each state: nothing wrong, nothing left open but where that is expected."""

import asyncio
from collections.abc import Callable
from functools import cache

import pytest

from shelfworthy.model import Cause
from shelfworthy_lab.home import CantRun
from tests.looking import Left
from tests.needs import missing
from tests.probes.broker.brokers_told_apart import told_apart
from tests.probes.database.stores import MORE
from tests.probes.database.stores_told_apart import compare
from tests.truth_matrix import PAGE, Row, expected, measured, page, without_versions

pytestmark = pytest.mark.lab

KINDS = list(expected())
# Why nothing was seen of those that are no such store. A web server waits for the end of a line.
NO_STORE = {"other protocol": Cause.SILENT, "silent": Cause.SILENT, "closed": Cause.REFUSED}
OTHERWISE = {"Redis": {"other protocol": Cause.NOT_UNDERSTOOD}}


Look = Callable[[str], tuple[list[Row], Left]]


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Look:
    """Measures a kind, once for all tests of this module."""

    @cache
    def once(kind: str) -> tuple[list[Row], Left]:
        try:
            return asyncio.run(measured(kind, tmp_path_factory.mktemp("matrix")))
        except CantRun as why:
            missing(str(why))

    return once


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_is_right(kind: str, look: Look) -> None:
    rows, _ = look(kind)
    assert [row for row in rows if row.grade != "right"] == []
    assert len(rows) == sum(len(checks) for checks in expected()[kind].values())


@pytest.mark.parametrize("kind", MORE)
def test_states_are_told_apart(kind: str, look: Look) -> None:
    """Those of stores that are not the matrix'; and what could not be seen says why."""
    _, left = look(kind)
    assert [row for row in compare(MORE[kind], left) if row[-1] != "right"] == []
    causes = {gap.surface: gap.cause for gap in left.gaps if gap.surface in NO_STORE}
    assert causes == NO_STORE | OTHERWISE.get(kind, {})
    assert not [gap.words for gap in left.gaps if gap.cause is Cause.OUR_FAULT]


def test_the_states_of_a_broker_are_told_apart(look: Look) -> None:
    """Those that are not the matrix' as well; of the others see `probes/broker/test_told_apart.py`."""
    _, left = look("AMQP")
    told_apart("AMQP: RabbitMQ", left)


def test_the_page_says_what_was_measured(look: Look) -> None:
    """Update with: python -m tests.truth_matrix"""
    found = {kind: look(kind)[0] for kind in KINDS}
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
