"""What is due, and when: exactly when the roll-up stops counting it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.audit.due import NOT_BY_LOOKING, Due, Why, due, due_in
from shelfworthy.audit.judge import ask, judge, our_court
from shelfworthy.guidelines.cells import FAIL, OPEN, PASS, cells
from shelfworthy.guidelines.grounds import Grounds
from shelfworthy.guidelines.world import World
from shelfworthy.model import (
    AnySurface,
    Cause,
    Correspondence,
    Finding,
    Gap,
    Looked,
    Observation,
    Outcome,
    Seen,
)
from shelfworthy.product.write import product_toml
from shelfworthy.record import Evidence, Recorder, load_evidence, sealed
from shelfworthy.seen.correspondence import CorrespondenceSeen, Reply, ReplyKind, Report
from shelfworthy.seen.database import DatabaseHello
from tests.builders import NOON, database, kept, looked, observed, open_listing, product, refused_listing

REPORTS = Correspondence(id="reports", where="correspondence.toml")
HELLO = DatabaseHello(plain=True, tls=False, version="6.0", wire=17, protocol="OP_MSG", hosts=())


def letters(until: date = date(2026, 11, 20)) -> CorrespondenceSeen:
    """One report, answered after a day."""
    report = Report("mail", date(2026, 11, 1), "e-mail", "ticket 1")
    reply = Reply(date(2026, 11, 2), ("mail",), ReplyKind.STATUS, "ticket 1")
    return CorrespondenceSeen(
        looked_until=until,
        stated_days=0,
        stated_source="",
        reports=(report,),
        replies=(reply,),
        flaws=(),
        sha256="",
    )


def evidence(
    observations: Sequence[Observation[Seen]], looks: Sequence[Looked], gaps: Sequence[Gap] = ()
) -> Evidence:
    surfaces: tuple[AnySurface, ...] = (database(), REPORTS)
    return Evidence(
        product=product(*surfaces),
        observations=tuple(observations),  # type: ignore[arg-type] # of the types there are
        gaps=tuple(gaps),
        looks=tuple(looks),
        attachments=(),
        supplied={},
        digest="",
    )


def said(of: Evidence) -> list[Finding]:
    return list(ask(our_court().checks, of, of.outline()).findings)


def of(given: Evidence) -> dict[str, Due]:
    """What is due, by the name of the probe."""
    return {one.probe: one for one in due(given, said(given), our_court())}


def gap(cause: Cause, by: str, surface: str = "records") -> Gap:
    return sealed(
        Gap(
            id="",
            surface=surface,
            unit="",
            observer="a test",
            at=NOON,
            by=by,
            cause=cause,
            words="It did not answer.",
            lacks=(),
        )
    )


LISTING, GREETING, RECORD = "database-listing/1", "database-hello/1", "correspondence/1"


def test_each_observation_has_the_shelf_life_of_its_tag() -> None:
    seen, hello = observed(open_listing()), observed(HELLO)
    found = of(evidence([seen, hello], [looked(seen, by=LISTING), looked(hello, by=GREETING)]))
    assert found["database-listing"].good_until == NOON + timedelta(days=1)
    assert found["database-hello"].good_until == NOON + timedelta(days=7)
    assert found["database-hello"].why is Why.SHELF_LIFE
    assert (found["database-hello"].what, found["database-hello"].days) == ("database-hello", 7)


def test_an_answer_that_ends_before_its_shelf_life_is_due_then() -> None:
    seen = observed(letters(date(2026, 8, 30)), "reports")
    found = of(evidence([seen], [looked(seen, by=RECORD)]))["correspondence"]
    assert found.good_until == datetime(2026, 11, 28, tzinfo=UTC)
    assert (found.why, found.what) == (Why.UNTIL, "contact-response")
    young = observed(letters(date(2026, 11, 20)), "reports")
    found = of(evidence([young], [looked(young, by=RECORD)]))["correspondence"]
    assert found.good_until == NOON + timedelta(days=30)
    assert found.why is Why.SHELF_LIFE


def test_what_no_look_saw_whole_is_due_at_once() -> None:
    seen = observed(open_listing())
    found = of(evidence([seen], [looked(seen, complete=False, by=LISTING)], [gap(Cause.SILENT, LISTING)]))
    one = found["database-listing"]
    assert (one.good_until, one.last_seen, one.why, one.cause) == (None, NOON, Why.OPEN, Cause.SILENT)
    assert found["database-hello"].cause is Cause.NOBODY_LOOKED


def test_a_look_that_failed_later_takes_nothing_back() -> None:
    seen = observed(open_listing())
    again = observed(refused_listing(), at=NOON + timedelta(hours=1))
    looks = [looked(seen, by=LISTING), looked(again, complete=False, by=LISTING)]
    found = of(evidence([seen, again], looks, [gap(Cause.SILENT, LISTING)]))
    assert found["database-listing"].good_until == NOON + timedelta(days=1)


def test_the_newest_look_counts() -> None:
    seen, again = observed(open_listing()), observed(refused_listing(), at=NOON + timedelta(hours=1))
    found = of(evidence([seen, again], [looked(seen, by=LISTING), looked(again, by=LISTING)]))
    assert found["database-listing"].last_seen == NOON + timedelta(hours=1)


def test_what_is_gone_is_to_be_seen_again() -> None:
    seen = observed(open_listing())
    found = of(evidence([], [looked(seen, by=LISTING)]))
    assert found["database-listing"].cause is Cause.CONTRADICTORY


@pytest.mark.parametrize("cause", sorted(NOT_BY_LOOKING))
def test_where_something_else_is_missing_looking_again_is_not_asked_for(cause: Cause) -> None:
    seen = observed(open_listing())
    none = evidence([seen], [looked(seen, complete=False, by=LISTING)], [gap(cause, LISTING)])
    assert "database-listing" not in of(none)


def test_soonest_first_and_at_once_before_that() -> None:
    seen, hello = observed(open_listing()), observed(HELLO)
    found = due(
        evidence([seen, hello], [looked(hello, by=GREETING), looked(seen, by=LISTING)]), [], our_court()
    )
    assert [one.probe for one in found][-2:] == ["database-listing", "database-hello"]
    assert all(one.good_until is None for one in found[:-2])


def test_an_audit_on_disk(tmp_path: Path) -> None:
    folder = kept(tmp_path / "a.audit", product(database()), refused_listing())
    assert due_in(folder)[-1].good_until == NOON + timedelta(days=1)


def outcomes(
    given: Evidence, findings: list[Finding], at: datetime
) -> dict[str, tuple[Outcome, Cause | None]]:
    """Where each check stands at each surface, as the roll-up counts."""
    court = our_court()
    world = World(
        product=given.product,
        surfaces=given.product.surface,
        looks=given.looks,
        gaps=given.gaps,
        present=frozenset(one.id for one in given.observations),
        findings=tuple(findings),
    )
    grounds = Grounds(court.rules, world, at)
    found = {}
    for check in court.facts.values():
        for surface in grounds.asked_at(check):
            here = grounds.said(check.id).get(surface.id, [])
            if here:
                (cell,) = cells(check, surface, here, grounds)
                found[check.id] = (cell.outcome, cell.cause)
    return found


@settings(max_examples=60)
@given(
    st.sampled_from([refused_listing(), open_listing(), HELLO]),
    st.integers(0, 20),
    st.integers(0, 400),
)
def test_until_then_it_counts_and_after_that_it_does_not(seen: Seen, hours: int, days: int) -> None:
    """The promise of `due`: no pass is lost before the soonest date, and at that date one is."""
    at_database = observed(seen, at=NOON + timedelta(hours=hours))
    at_reports = observed(letters(date(2026, 11, 21) - timedelta(days=min(days, 19))), "reports")
    given = evidence(
        [at_database, at_reports], [looked(at_database, by=LISTING), looked(at_reports, by=RECORD)]
    )
    findings = said(given)
    fresh = outcomes(given, findings, NOON + timedelta(hours=hours))
    passed = {check for check, (outcome, _) in fresh.items() if outcome is PASS}
    for one in due(given, findings, our_court()):
        if one.good_until is None:
            continue
        before = outcomes(given, findings, one.good_until - timedelta(seconds=1))
        after = outcomes(given, findings, one.good_until + timedelta(seconds=1))
        mine = {
            finding.check
            for finding in findings
            if finding.surface == one.surface and finding.check in passed
        }
        assert all(before[check] == fresh[check] for check in mine)
        if mine:
            assert any(after[check] == (OPEN, Cause.AGED) for check in mine), one
        failed = {check for check, (outcome, _) in fresh.items() if outcome is FAIL}
        assert all(after[check][0] is FAIL for check in failed)


def test_judging_and_asking_what_is_due_agree_on_what_was_said(tmp_path: Path) -> None:
    folder = tmp_path / "a.audit"
    seen = observed(letters(), "reports")
    recorder = Recorder(folder, product_toml(product(REPORTS)).encode(), {"correspondence.toml": b""})
    recorder.observation(seen)
    recorder.looked(looked(seen, by=RECORD))
    recorder.close()
    (one,) = due_in(folder)
    assert one.good_until == NOON + timedelta(days=30)
    assert not (folder / "judgements").exists(), "asking what is due judges nothing on record"
    verdict = judge(load_evidence(folder), one.good_until).verdict
    response = verdict.guidelines["vulnerabilities"].requirements["vulnerabilities.response"]
    assert response.answer == "met"
    verdict = judge(load_evidence(folder), one.good_until + timedelta(seconds=1)).verdict
    response = verdict.guidelines["vulnerabilities"].requirements["vulnerabilities.response"]
    assert [change.cause for change in response.would_change] == [Cause.AGED]
