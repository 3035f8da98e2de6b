"""Each open answer says where it is open, why, and what to do."""

import pytest

from shelfworthy.model import (
    Cause,
    Standing,
)
from tests.guidelines.build import (
    RECORDS,
    answer,
    days,
    finding,
    gap,
    looked,
    surface,
    told,
    world,
)
from tests.guidelines.naive import FAIL, OPEN, PASS

MET, NOT_MET, OPEN_ANSWER = Standing.MET, Standing.NOT_MET, Standing.CANNOT_DETERMINE


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_its_sentence(cause: Cause) -> None:
    said = finding("open", OPEN, "records", "a", cause=cause)
    ((check, place, why, what),) = told(answer(world(RECORDS, said, looked("records", "a"))))
    assert (check, place, why) == ("open", "records", cause)
    assert "records" in what or cause is Cause.DATA_MISSING
    assert "{" not in what


def test_what_is_not_permitted_says_how_much_to_permit() -> None:
    said = finding("open", OPEN, "records", "a", cause=Cause.NOT_PERMITTED)
    verdict = answer(world(RECORDS, said, looked("records", "a")))
    assert told(verdict) == [("open", "records", Cause.NOT_PERMITTED, "permit `knock` on records")]


@pytest.mark.parametrize("cause", Cause)
def test_a_gap_that_knows_what_is_missing_says_it_itself(cause: Cause) -> None:
    ((_, _, why, what),) = told(answer(world(RECORDS, gap("records", cause, "database/1"))))
    assert why is cause
    knows = {Cause.NOT_PERMITTED, Cause.NOT_SUPPLIED, Cause.TOOL_MISSING, Cause.DATA_MISSING}
    assert (what == "words") is (cause in knows)


def test_the_gap_of_what_the_check_reads_is_the_reason() -> None:
    said = finding("open", OPEN, "records", "a", cause=Cause.NOT_UNDERSTOOD)
    gaps = (gap("records", Cause.SILENT, "database/1"), gap("records", Cause.REFUSED, "hello/1"))
    assert told(answer(world(RECORDS, said, *gaps)))[0][2] is Cause.SILENT


def test_the_newest_gap_is_the_reason() -> None:
    gaps = (gap("records", Cause.SILENT, at=days(2)), gap("records", Cause.REFUSED, at=days(1)))
    assert told(answer(world(RECORDS, *gaps)))[0][2] is Cause.REFUSED


def test_a_gap_that_a_later_look_closed_is_no_reason() -> None:
    old = gap("records", Cause.SILENT, "database/1", at=days(30))
    said = finding("open", PASS, "records", "a", at=days(20))
    verdict = answer(world(RECORDS, old, said, looked("records", "a", at=days(20))))
    assert told(verdict)[0][2] is Cause.AGED
    unfinished = looked("records", "a", at=days(20), complete=False)
    assert told(answer(world(RECORDS, old, said, unfinished)))[0][2] is Cause.SILENT


def test_what_is_settled_would_not_change() -> None:
    said = (RECORDS, finding("open", FAIL, "records", "a"), looked("records", "a"), surface("other"))
    assert answer(world(*said)).would_change == ()
