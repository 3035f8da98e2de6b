"""A declaration whose words are gone from its policy settles nothing; what was not read takes none back."""

from datetime import date, timedelta

import pytest
from msgspec import structs

from shelfworthy.audit.judge import judge
from shelfworthy.model import Declaration, Judgement, Standing
from shelfworthy.record import Evidence
from shelfworthy.record.quotes import lapsed
from shelfworthy.record.store import sealed
from shelfworthy.report import html
from shelfworthy.report.assemble import report_of
from shelfworthy.report.diff import diff, text
from shelfworthy.report.shape import State
from shelfworthy.seen.policy import PolicySeen
from tests.report import audits, papers
from tests.report.policies import texts
from tests.report.policies.texts import BASE, seen

SAID = Declaration(
    requirement="privacy.readable",
    answer=Standing.MET,
    because="A teacher read it to her class.",
    by="A. Tester",
    on=date(2026, 2, 1),
    until=date(2027, 2, 1),
    quote=texts.PERIOD,
    surface="policy",
)
CHANGED = seen(*(line.replace("30 days", "90 days") for line in BASE))


def audit(said: Declaration, *several: PolicySeen) -> tuple[Evidence, Judgement]:
    """An audit in which each was seen a day after the one before."""
    evidence, _ = papers.audited(audits.BEAR, *several)
    later = tuple(
        sealed(structs.replace(one, id="", at=one.at + timedelta(days=number - len(several))))
        for number, one in enumerate(evidence.observations)
    )
    product = structs.replace(evidence.product, declaration=(said,))
    evidence = structs.replace(
        evidence, product=product, observations=later, looks=(audits.looked("policy", later),)
    )
    return evidence, judge(evidence, audits.JUDGED_AT)


def state(audited: tuple[Evidence, Judgement]) -> State:
    [said] = report_of(*audited).declarations
    return said.state


def answer(audited: tuple[Evidence, Judgement]) -> Standing:
    return audited[1].verdict.guidelines["privacy"].requirements["privacy.readable"].answer


def test_it_settles_while_its_words_stand() -> None:
    audited = audit(SAID, seen(*BASE))
    assert (state(audited), answer(audited)) == (State.SETTLES, Standing.MET)


def test_it_settles_nothing_when_they_are_gone() -> None:
    audited = audit(SAID, CHANGED)
    assert (state(audited), answer(audited)) == (State.QUOTE_GONE, Standing.CANNOT_DETERMINE)
    assert "are gone from the policy" in html.report(*audited)


def test_only_the_newest_look_counts() -> None:
    assert state(audit(SAID, seen(*BASE), CHANGED)) is State.QUOTE_GONE
    assert state(audit(SAID, CHANGED, seen(*BASE))) is State.SETTLES


@pytest.mark.parametrize(
    "quote",
    [
        "we keep the hours for 30 days  and then delete them",
        "We keep the hours … delete them.",
        "“We keep the hours for 30 days”",
        "It is about the Lantern [...] 30 days",
    ],
)
def test_typography_and_what_is_left_out_make_no_difference(quote: str) -> None:
    assert state(audit(structs.replace(SAID, quote=quote), seen(*BASE))) is State.SETTLES


def test_parts_in_another_order_are_other_words() -> None:
    turned = structs.replace(SAID, quote="delete them … We keep the hours")
    assert state(audit(turned, seen(*BASE))) is State.QUOTE_GONE


def test_what_was_not_read_whole_takes_none_back() -> None:
    assert state(audit(SAID, seen(*BASE[:3], whole=False))) is State.SETTLES
    assert state(audit(SAID, seen(*BASE[:3]))) is State.QUOTE_GONE


def test_without_evidence_or_without_a_surface_nothing_is_asked() -> None:
    assert lapsed(audit(SAID)[0].product, ()) == ()
    assert state(audit(structs.replace(SAID, surface=""), CHANGED)) is State.SETTLES


def test_the_diff_says_what_is_to_be_declared_again() -> None:
    found = diff(*audit(SAID, seen(*BASE)), *audit(SAID, CHANGED))
    assert [one.requirement for one in found.declared] == ["privacy.readable"]
    said = text(found)
    assert "privacy.readable: met, by A. Tester: the words it quotes are gone from the policy." in said
    again = diff(*audit(SAID, CHANGED), *audit(SAID, CHANGED))
    assert again.declared == ()


def test_it_says_too_whose_requirement_a_change_concerns() -> None:
    other = structs.replace(SAID, requirement="privacy.choices", quote=texts.DATE)
    old, new = audit(other, seen(*BASE)), audit(other, CHANGED)
    found = diff(*old, *new)
    settles = [one for one in report_of(*new).declarations if one.state is State.SETTLES]
    assert list(found.declared) == settles
    assert settles
