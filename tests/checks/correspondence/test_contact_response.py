"""Answers in time: each limit from both sides, and until when a pass holds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.checks.correspondence.contact_response import judge
from shelfworthy.model import About, Answer, Correspondence, Outcome
from shelfworthy.seen.correspondence import CorrespondenceSeen, Flaw, Reply, ReplyKind, Report

ABOUT = About(surface=Correspondence(id="reports", where="correspondence.toml"))
SENT = date(2026, 1, 1)
AUTOMATIC, BY_HAND = ReplyKind.AUTOMATIC, ReplyKind.ACKNOWLEDGEMENT


def after(days: int) -> date:
    return SENT + timedelta(days=days)


def record(
    looked: int, *, stated: int = 0, replies: dict[int, ReplyKind] | None = None, flaws: tuple[Flaw, ...] = ()
) -> CorrespondenceSeen:
    """One report of day 0, looked at until that day. replies: by day."""
    return CorrespondenceSeen(
        looked_until=after(looked),
        stated_days=stated,
        stated_source="",
        reports=(Report("mail", SENT, "e-mail", "ticket"),),
        replies=tuple(Reply(after(day), ("mail",), kind, "ticket") for day, kind in (replies or {}).items()),
        flaws=flaws,
        sha256="",
    )


def said(seen: CorrespondenceSeen) -> list[str]:
    return [answer.says for answer in judge(seen, ABOUT)]


@pytest.mark.parametrize(
    ("looked", "stated", "expected"),
    [
        (30, 0, "waiting"),
        (31, 0, "silent-30"),
        (90, 0, "silent-30"),
        (91, 0, "silent-90"),
        (7, 7, "waiting"),
        (8, 7, "overdue"),
        (30, 7, "overdue"),
        (31, 7, "silent-30"),
        (45, 45, "waiting"),
        (46, 45, "silent-30"),
        (91, 120, "silent-90"),
    ],
)
def test_silence(looked: int, stated: int, expected: str) -> None:
    assert said(record(looked, stated=stated)) == [expected]


@pytest.mark.parametrize(
    ("day", "stated", "expected"),
    [
        (0, 0, "answered"),
        (30, 0, "answered"),
        (31, 0, "late"),
        (7, 7, "answered"),
        (8, 7, "late"),
        (90, 365, "answered"),
        (91, 365, "late"),  # as long in silence would have been a failure, whatever is stated
    ],
)
def test_an_answer_in_time(day: int, stated: int, expected: str) -> None:
    assert said(record(95, stated=stated, replies={day: BY_HAND})) == [expected]


def test_the_first_answer_of_a_person_counts() -> None:
    assert said(record(60, replies={1: AUTOMATIC})) == ["silent-30"]
    assert said(record(60, replies={1: AUTOMATIC, 40: BY_HAND})) == ["late"]
    assert said(record(60, replies={40: BY_HAND, 2: ReplyKind.FIX})) == ["answered"]


@pytest.mark.parametrize(
    ("since", "fixed", "expected"),
    [
        (10, None, "answered"),
        (9, None, "flaw-open"),
        (0, 90, "answered"),
        (0, 91, "fixed-late"),
        (50, 20, "answered"),
    ],
)
def test_known_flaws(since: int, fixed: int | None, expected: str) -> None:
    flaw = Flaw("hole", after(since), None if fixed is None else after(fixed), "advisory")
    assert said(record(100, replies={1: BY_HAND}, flaws=(flaw,))) == [expected]


def test_every_failure_is_told_and_none_is_passed_over() -> None:
    flaw = Flaw("hole", SENT, None, "advisory")
    assert said(record(100, flaws=(flaw,))) == ["silent-90", "flaw-open"]


def passing(seen: CorrespondenceSeen) -> Answer:
    (answer,) = judge(seen, ABOUT)
    assert answer.outcome is Outcome.PASS
    return answer


def test_a_pass_ends_with_the_record() -> None:
    answer = passing(record(60, replies={1: BY_HAND}))
    assert answer.until == datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=150)


@given(
    looked=st.integers(0, 400),
    stated=st.integers(0, 120),
    other=st.integers(0, 400),
    flaw=st.one_of(st.none(), st.integers(0, 400)),
)
def test_the_same_record_kept_until_then_would_not_pass(
    looked: int, stated: int, other: int, flaw: int | None
) -> None:
    """What a pass says of its end is the first day on which the same record, kept on, would say otherwise."""
    base = record(looked, stated=stated, replies={0: BY_HAND})
    flaws = () if flaw is None else (Flaw("hole", after(min(flaw, looked)), None, "advisory"),)
    reports = (*base.reports, Report("second", after(min(other, looked)), "form", "ticket"))

    def kept(days: int) -> CorrespondenceSeen:
        return CorrespondenceSeen(
            looked_until=after(days),
            stated_days=stated,
            stated_source="",
            reports=reports,
            replies=base.replies,
            flaws=flaws,
            sha256="",
        )

    (*_, last) = answers = list(judge(kept(looked), ABOUT))
    if last.outcome is not Outcome.PASS:
        assert {answer.outcome for answer in answers} == {Outcome.FAIL}
        return
    assert last.until is not None
    ends = (last.until.date() - SENT).days
    assert looked < ends <= looked + 90
    for day in (looked, ends - 1):
        assert passing(kept(day))
    if ends < looked + 90:
        assert {answer.outcome for answer in judge(kept(ends), ABOUT)} == {Outcome.FAIL}
