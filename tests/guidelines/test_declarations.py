"""Step 4, its end: what a person declared, sentence by sentence."""

from datetime import date

import pytest
from msgspec.structs import replace

from shelfworthy.guidelines import Requirement
from shelfworthy.model import (
    Cause,
    Standing,
)
from tests.guidelines.build import (
    RECORDS,
    answer,
    declared,
    finding,
    looked,
    product,
    surface,
    told,
    world,
)
from tests.guidelines.naive import FAIL, PASS

MET, NOT_MET, OPEN_ANSWER = Standing.MET, Standing.NOT_MET, Standing.CANNOT_DETERMINE


AT_REST = Requirement(asks="?", all=("open",), declared=("storage-at-rest",))
PASSES = (RECORDS, finding("open", PASS, "records", "a"), looked("records", "a"))
FAILS = (RECORDS, finding("open", FAIL, "records", "a"), looked("records", "a"))


def test_what_only_a_person_can_answer_is_open_until_one_does() -> None:
    verdict = answer(world(*PASSES), AT_REST)
    assert told(verdict) == [
        ("storage-at-rest", "", Cause.NEEDS_A_PERSON, "a person declares storage at rest")
    ]
    said = product(declared("g.r", MET))
    verdict = answer(world(*PASSES, about=said), AT_REST)
    assert (verdict.answer, verdict.declared_by, verdict.would_change) == (MET, "A. Person", ())


@pytest.mark.parametrize(
    ("on", "until", "speaks"),
    [
        (date(2026, 3, 1), date(2026, 3, 1), True),
        (date(2026, 1, 1), date(2026, 2, 28), False),
        (date(2026, 3, 2), date(2026, 12, 31), False),
    ],
)
def test_it_speaks_from_its_day_to_its_last(on: date, until: date, speaks: bool) -> None:
    said = product(declared("g.r", MET, on=on, until=until))
    assert (answer(world(*PASSES, about=said), AT_REST).answer is MET) == speaks


def test_where_its_words_are_gone_it_settles_nothing_and_no_older_one_does() -> None:
    older, newer = (
        declared("g.r", MET, on=date(2026, 1, 1)),
        declared("g.r", MET, on=date(2026, 2, 1), by="B. Person"),
    )
    there = world(*PASSES, about=product(older, newer))
    assert answer(there, AT_REST).declared_by == "B. Person"
    assert answer(replace(there, lapsed=(newer,)), AT_REST).answer is OPEN_ANSWER
    assert answer(replace(there, lapsed=(older,)), AT_REST).declared_by == "B. Person"


@pytest.mark.parametrize("declares", [MET, Standing.NOT_APPLICABLE])
def test_against_a_finding_the_finding_stands(declares: Standing) -> None:
    verdict = answer(world(*FAILS, about=product(declared("g.r", declares))), AT_REST)
    assert (verdict.answer, verdict.declared_by) == (NOT_MET, "")
    assert verdict.contradicted == (
        f"A. Person declared it `{declares}` on 2026-01-01; against it: {verdict.because[0]}"
    )


def test_a_pass_stands_too() -> None:
    verdict = answer(world(*PASSES, about=product(declared("g.r", NOT_MET))))
    assert verdict.answer is MET
    assert verdict.contradicted


def test_not_applicable_is_contradicted_by_what_was_found() -> None:
    said = product(declared("g.r", Standing.NOT_APPLICABLE))
    verdict = answer(world(*PASSES, about=said), AT_REST)
    assert verdict.answer is OPEN_ANSWER
    assert "open/pass/records" in verdict.contradicted
    assert told(verdict)


def test_not_applicable_is_contradicted_by_a_seen_surface() -> None:
    said = product(declared("g.r", Standing.NOT_APPLICABLE))
    verdict = answer(world(surface("seen:database:records.example"), about=said))
    assert (verdict.answer, verdict.declared_by) == (OPEN_ANSWER, "")
    assert verdict.contradicted.endswith("against it: seen:database:records.example")
    assert answer(world(RECORDS, about=said)).answer is Standing.NOT_APPLICABLE


def test_of_several_the_newest_speaks_and_of_one_day_the_most_cautious() -> None:
    older, newer = (
        declared("g.r", one, on=on) for one, on in ((MET, date(2026, 1, 1)), (NOT_MET, date(2026, 2, 1)))
    )
    for people in ((older, newer), (newer, older)):
        assert answer(world(RECORDS, about=product(*people))).answer is NOT_MET
    kind, strict = declared("g.r", MET, by="A"), declared("g.r", NOT_MET, by="B")
    for people in ((kind, strict), (strict, kind)):
        assert answer(world(RECORDS, about=product(*people))).declared_by == "B"


def test_what_is_not_asked_is_not_settled() -> None:
    child = Requirement(asks="?", all=("open",), asked_if="for_children")
    verdict = answer(world(RECORDS, about=product(declared("g.r", NOT_MET))), child)
    assert (verdict.answer, verdict.declared_by) == (Standing.NOT_APPLICABLE, "")
