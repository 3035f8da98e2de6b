"""Several audits of a product: whose evidence clears what, about which version, in whatever order."""

from datetime import datetime, timedelta
from random import Random

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from shelfworthy.audit.judge import Court
from shelfworthy.guidelines import World, plan_of
from shelfworthy.model import Finding, Kind, Outcome, Standing, Unit, Verdict, digest
from shelfworthy.record import Outline, Said
from shelfworthy.record.load import SeenSurface
from shelfworthy.shelf.evidence.combining import EVERY, Piece, Version, combined
from shelfworthy.shelf.evidence.rolling import Wanted, judged, judgement_of, moments, row_of, undated
from shelfworthy.shelf.evidence.trust import USUAL, Trust, heard, trust_of
from shelfworthy.shelf.words import Origin
from tests.guidelines.build import TODAY, declared, finding, looked, product, surface
from tests.guidelines.worlds import CHECKS, RULES, Choices, world

COURT = Court((), {}, RULES, CHECKS, plan_of(RULES, CHECKS), "0" * 64)
WORLDS = st.lists(st.binary(min_size=Choices.SIZE, max_size=Choices.SIZE), min_size=1, max_size=2)
TRUSTED = (Origin.LAB, Origin.SHOP)
OTHERS = (Origin.SUPPLIER, Origin.OTHER)


def piece(made: World, origin: Origin, name: str) -> Piece:
    """A world as one audit; its observations are its own."""
    surfaces = [*made.surfaces, *made.beside]
    return Piece(
        origin=origin,
        outline=Outline(
            product=replace(made.product, surface=tuple(one for one in surfaces if one.declared)),
            seen=tuple(
                SeenSurface(surface=one, decides=one in made.surfaces) for one in surfaces if not one.declared
            ),
            known=(),
            looks=tuple(
                replace(one, id=f"{name}-{one.id}", observations=own(name, one.observations))
                for one in made.looks
            ),
            gaps=tuple(replace(one, id=f"{name}-{number}") for number, one in enumerate(made.gaps)),
            present=frozenset(own(name, made.present)),
            supplied={},
            digest=digest(name.encode()),
            lapsed=made.lapsed,
        ),
        said=Said(
            versions={},
            references={},
            findings=tuple(
                replace(one, id=f"{name}-{number}", evidence=own(name, one.evidence))
                for number, one in enumerate(made.findings)
            ),
        ),
    )


def own(name: str, ids: object) -> tuple[str, ...]:
    return tuple(f"{name}/{one}" for one in ids)  # type: ignore[attr-defined]


def pieces(drawn: list[bytes], origins: tuple[Origin, ...], name: str) -> list[Piece]:
    return [
        piece(world(Choices(one)), origins[number % len(origins)], f"{name}{number}")
        for number, one in enumerate(drawn)
    ]


def verdict(several: list[Piece], at: datetime = TODAY, wanted: Version = EVERY) -> Verdict:
    asked = Wanted(audits=(), version=wanted, trust=USUAL, own=None, at=at)
    found = combined(several, wanted)
    assert found is not None
    return judged(several, found, asked, COURT).verdict


def answers(of: Verdict) -> dict[str, Standing]:
    found = {f"exposure.{id}" if "." not in id else id: one.answer for id, one in of.exposures.items()}
    for guideline in of.guidelines.values():
        found |= {id: one.answer for id, one in guideline.requirements.items()}
    return found


much = settings(max_examples=150, database=None, suppress_health_check=list(HealthCheck))


@much
@given(WORLDS, WORLDS)
def test_nothing_others_send_turns_a_failure_of_the_labs_into_anything_better(
    labs: list[bytes], others: list[bytes]
) -> None:
    trusted = pieces(labs, TRUSTED, "lab")
    alone = answers(verdict(trusted))
    together = answers(verdict(trusted + pieces(others, OTHERS, "supplier")))
    assert [id for id, one in alone.items() if one is Standing.NOT_MET and together[id] is not one] == []


@much
@given(WORLDS, WORLDS, st.integers())
def test_order_never_matters(labs: list[bytes], others: list[bytes], seed: int) -> None:
    several = pieces(labs, TRUSTED, "lab") + pieces(others, OTHERS, "supplier")
    mixed = several[:]
    Random(seed).shuffle(mixed)
    assert combined(mixed) == combined(several)
    assert verdict(mixed) == verdict(several)


@much
@given(WORLDS, st.integers(min_value=0, max_value=60))
def test_nothing_changes_before_the_next_moment(labs: list[bytes], days: int) -> None:
    """`until` is never too late: up to it the verdict is the same."""
    several = pieces(labs, TRUSTED, "lab")
    found = combined(several)
    assert found is not None
    at = TODAY + timedelta(days=days - 10)
    until = min(moments(found, at, COURT), default=at + timedelta(days=400))
    dice = Random(days)
    for _ in range(3):
        between = at + timedelta(seconds=dice.randrange(int((until - at).total_seconds())))
        assert answers(verdict(several, between)) == answers(verdict(several, at))


RECORDS = surface("records", Kind.DATABASE)
RADIO = surface("radio", Kind.BLUETOOTH)


def simple(origin: Origin, outcome: Outcome, day: int, name: str, unit: Unit | None = None) -> Piece:
    """An audit that saw one thing."""
    at = TODAY - timedelta(days=day)
    said: Finding = finding("open", outcome, "records", "a", at=at, unit=unit.id if unit else "", subject="")
    place = replace(RECORDS, unit=unit.id) if unit else RECORDS
    made = World(
        product=replace(product(), unit=(unit,) if unit else ()),
        surfaces=(place,),
        looks=(looked("records", "a", sees=("hello/1", "list/1"), complete=True, at=at),),
        gaps=(),
        present=frozenset({"a"}),
        findings=(said,),
    )
    return piece(made, origin, name)


def data(*several: Piece, wanted: Version = EVERY) -> Standing:
    return verdict(list(several), wanted=wanted).exposures["exposure.data"].answer


LAB_FAILS = simple(Origin.LAB, Outcome.FAIL, 5, "lab")
FAILS, PASSES = Outcome.FAIL, Outcome.PASS


@pytest.mark.parametrize("origin", OTHERS)
@pytest.mark.parametrize("day", [6, 5, 1])
def test_a_suppliers_pass_clears_no_failure_of_the_labs(origin: Origin, day: int) -> None:
    assert data(LAB_FAILS, simple(origin, PASSES, day, "other")) is Standing.NOT_MET


@pytest.mark.parametrize("origin", TRUSTED)
def test_the_lab_and_the_shop_clear(origin: Origin) -> None:
    assert data(LAB_FAILS, simple(origin, PASSES, 1, "again")) is Standing.MET
    assert data(LAB_FAILS, simple(origin, PASSES, 6, "before")) is Standing.NOT_MET


@pytest.mark.parametrize("origin", list(Origin))
def test_anybodys_failure_counts(origin: Origin) -> None:
    assert data(simple(Origin.LAB, PASSES, 5, "lab"), simple(origin, FAILS, 1, "new")) is Standing.NOT_MET


def test_where_nobody_failed_it_a_suppliers_pass_counts() -> None:
    assert data(simple(Origin.SUPPLIER, PASSES, 1, "other")) is Standing.MET


OLD, NEW = Unit(id="bear", firmware="1.0"), Unit(id="bear", firmware="2.0")
UNSAID = Unit(id="bear")
V2 = Version(firmware="2.0")


def test_evidence_about_one_version_is_none_about_another() -> None:
    failed, passed = simple(Origin.LAB, FAILS, 5, "old", OLD), simple(Origin.LAB, PASSES, 1, "new", NEW)
    assert data(failed, passed, wanted=V2) is Standing.MET
    assert data(failed, passed, wanted=Version(firmware="1.0")) is Standing.NOT_MET
    assert data(failed, wanted=V2) is Standing.CANNOT_DETERMINE
    assert data(failed, passed) is Standing.NOT_MET  # who does not say which sells either


def test_silence_about_the_version_clears_nothing() -> None:
    assert data(simple(Origin.LAB, PASSES, 1, "x", UNSAID), wanted=V2) is Standing.CANNOT_DETERMINE
    assert data(simple(Origin.LAB, FAILS, 1, "x", UNSAID), wanted=V2) is Standing.NOT_MET
    assert data(simple(Origin.LAB, PASSES, 1, "x", UNSAID)) is Standing.MET


def test_what_is_in_the_cloud_serves_all_versions() -> None:
    assert data(simple(Origin.LAB, PASSES, 1, "x"), wanted=V2) is Standing.MET


def test_a_shops_shorter_file_makes_no_failure_vanish() -> None:
    found = combined([LAB_FAILS], own=product())
    assert found is not None
    assert [one.id for one in found.outline.product.surface] == ["records"]


def test_what_a_suppliers_file_declares_settles_nothing() -> None:
    made = simple(Origin.SUPPLIER, PASSES, 1, "x")
    said = declared("plain.one", Standing.MET, TODAY.date(), TODAY.date())
    made = replace(
        made, outline=replace(made.outline, product=replace(made.outline.product, declaration=(said,)))
    )
    found = combined([made])
    assert found is not None
    assert found.outline.product.declaration == ()
    trusted = combined([replace(made, origin=Origin.LAB)])
    assert trusted is not None
    assert trusted.outline.product.declaration == (said,)


def test_what_two_sent_is_his_who_may_clear() -> None:
    one = finding("open", PASSES, "records", "a", at=TODAY)
    failed = replace(one, id="failed", outcome=FAILS)
    sent = [(Origin.SUPPLIER, one), (Origin.LAB, one), (Origin.LAB, failed)]
    assert heard(sent, USUAL) == heard(sent[::-1], USUAL)
    assert sorted(found.id for found in heard(sent, USUAL)) == sorted([one.id, failed.id])
    assert [found.id for found in heard([sent[0], sent[2]], USUAL)] == [failed.id]


def test_the_policy_says_whose_evidence_clears() -> None:
    assert trust_of("") == USUAL
    assert trust_of('[trust]\nclears = ["lab"]\n[[rule]]\nid = "x"') == Trust(clears=frozenset({Origin.LAB}))
    with pytest.raises(ValueError, match=r"\[trust\].*Expected clears"):
        trust_of('[trust]\nclears = ["everybody"]')
    with pytest.raises(ValueError, match=r"\[trust\]"):
        trust_of("[trust]\nclear = []")


def test_a_row_is_what_was_judged() -> None:
    several = [LAB_FAILS]
    found = combined(several)
    assert found is not None
    asked = Wanted(audits=(), version=EVERY, trust=USUAL, own=None, at=TODAY)
    judgement = judged(several, found, asked, COURT)
    row = row_of(judgement, found, TODAY, COURT)
    assert row.standing == "not met"
    assert row.exposed
    assert row.failing == (LAB_FAILS.said.findings[0].key,)
    assert row.judged == digest(msgspec.json.encode(undated(judgement), order="sorted"))
    assert judgement_of(row.content) == undated(judgement)


def test_what_says_the_same_on_another_day_is_the_same_judgement() -> None:
    several = [LAB_FAILS]
    found = combined(several)
    assert found is not None
    asked = Wanted(audits=(), version=EVERY, trust=USUAL, own=None, at=TODAY)
    row = row_of(judged(several, found, asked, COURT), found, TODAY, COURT)
    later = replace(asked, at=TODAY + timedelta(hours=1))
    judgement = judged(several, found, later, COURT)
    again = row_of(judgement, found, later.at, COURT, row.judged)
    assert (again.judged, again.content) == (row.judged, b"")
    assert row_of(judgement, found, later.at, COURT, "of another").content == row.content


@much
@given(st.binary(min_size=Choices.SIZE, max_size=Choices.SIZE))
def test_an_audit_that_two_sent_counts_as_once(drawn: bytes) -> None:
    """And so what counts whole by itself is what combining would make of it."""
    one = piece(world(Choices(drawn)), Origin.LAB, "x")
    assert verdict([one]) == verdict([one, replace(one, origin=Origin.SHOP)])
