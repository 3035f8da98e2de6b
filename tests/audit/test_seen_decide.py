"""Surfaces nobody declared, judged from evidence alone: what an app names decides, the rest is noted."""

import random
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.audit.judge import court, judge, judge_folder
from shelfworthy.checks import CHECKS
from shelfworthy.discovery import references
from shelfworthy.guidelines import Guideline, Requirement, Rules
from shelfworthy.model import (
    AnySurface,
    Attribution,
    Kind,
    Looked,
    Observation,
    Outcome,
    Owner,
    Product,
    Record,
    RequirementVerdict,
    Seen,
    Standing,
    canonical,
)
from shelfworthy.product.write import product_toml
from shelfworthy.record import Evidence, Recorder, load_evidence
from shelfworthy.seen.database import DatabaseHello
from tests.builders import NOON, database, looked, observed, open_listing, product, refused_listing
from tests.discovery.content import APP, Content, saying

HEADING = Guideline(title="T", wording="W", source="S")
RULES = Rules(
    guideline={"data": HEADING},
    exposure=HEADING,
    requirement={
        "data": {"closed": Requirement(asks="?", all=("database-open",), network=True)},
        "exposure": {"open": Requirement(asks="?", all=("database-open",), network=True)},
    },
    shelf_life=dict.fromkeys(Kind, 30),
)
ONE_CHECK = court(tuple(check for check in CHECKS if check.id == "database-open"), RULES)
TOYS = "seen:database:mongodb://toys.bear.test"
PETS = "seen:database:mongodb://pets.bear.test"
NAMED = "mongodb://toys.bear.test"


class Look(Record, frozen=True):
    """One look: what it left, and whether it came to its end."""

    observations: tuple[Observation[Seen], ...]
    record: Looked


def look(*observations: Observation[Seen]) -> Look:
    return Look(observations=observations, record=looked(*observations))


def evidence(of: Product, looks: Sequence[Look]) -> Evidence:
    return Evidence(
        product=of,
        observations=tuple(one for it in looks for one in it.observations),  # type: ignore[misc]
        gaps=(),
        looks=tuple(it.record for it in looks),
        attachments=(),
        supplied={},
        digest="0" * 64,
    )


def answer(of: Product, *looks: Look) -> RequirementVerdict:
    """The answer of the one requirement about all databases."""
    verdict = judge(evidence(of, looks), NOON, ONE_CHECK).verdict
    assert verdict.exposures["exposure.open"].answer is verdict.guidelines["data"].answer
    return verdict.exposures["exposure.open"]


def bear(*more: AnySurface, seen: tuple[Attribution, ...] = ()) -> Product:
    return msgspec.structs.replace(product(APP, database(name="records"), *more), seen=seen)


CLOSED = look(observed(refused_listing()))
OPEN_TOYS = look(observed(open_listing(), TOYS))
CLOSED_TOYS = look(observed(refused_listing(), TOYS))
APP_NAMES_IT = look(saying("app", NAMED))
APP_NAMES_NOTHING = look(saying("app"))
PAGE_NAMES_IT = look(saying("records", NAMED))


def test_without_it_the_requirement_is_met() -> None:
    """The control of all that follows."""
    assert answer(bear(), CLOSED, APP_NAMES_NOTHING).answer is Standing.MET


def test_what_an_app_names_decides() -> None:
    failed = answer(bear(), CLOSED, APP_NAMES_IT, OPEN_TOYS)
    assert failed.answer is Standing.NOT_MET
    assert answer(bear(), CLOSED, APP_NAMES_IT, CLOSED_TOYS).answer is Standing.MET


def test_what_an_app_names_and_nobody_looked_at_keeps_it_open() -> None:
    left = answer(bear(), CLOSED, APP_NAMES_IT)
    assert left.answer is Standing.CANNOT_DETERMINE
    assert [change.surface for change in left.would_change] == [TOYS]


def test_what_a_page_names_is_noted() -> None:
    noted = answer(bear(), CLOSED, APP_NAMES_NOTHING, PAGE_NAMES_IT, OPEN_TOYS)
    assert noted.answer is Standing.MET
    assert len(noted.notes) == 1
    assert not set(noted.notes) & {*noted.findings, *noted.because}


def test_a_third_partys_is_noted_and_the_product_file_may_say_so() -> None:
    theirs = Attribution(what="toys.bear.test", owner=Owner.THIRD_PARTY, because="They sell it to all.")
    noted = answer(bear(seen=(theirs,)), CLOSED, APP_NAMES_IT, OPEN_TOYS)
    assert noted.answer is Standing.MET
    assert len(noted.notes) == 1


def test_declared_it_is_judged_as_declared() -> None:
    toys = database(host="toys.bear.test", name="toys")
    assert answer(bear(toys), CLOSED, APP_NAMES_IT).would_change[0].surface == "toys"


def test_what_was_found_at_what_nobody_names_any_more_is_not_judged() -> None:
    findings = judge(evidence(bear(), [CLOSED, APP_NAMES_NOTHING, OPEN_TOYS]), NOON, ONE_CHECK).findings
    assert {one.surface for one in findings} == {"records"}


def test_what_is_found_at_a_noted_surface_and_lost_spoils_nothing_elsewhere() -> None:
    """A look at a surface that is only noted names an observation that is gone."""
    gone = msgspec.structs.replace(OPEN_TOYS, observations=())
    assert answer(bear(), CLOSED, APP_NAMES_NOTHING, PAGE_NAMES_IT, gone).answer is Standing.MET


def test_what_a_noted_surface_names_is_noted_too() -> None:
    chain = look(observed(Content(names=("mongodb://pets.bear.test",)), TOYS))
    pets = look(observed(open_listing(), PETS))
    noted = answer(bear(), CLOSED, APP_NAMES_NOTHING, PAGE_NAMES_IT, chain, pets)
    assert noted.answer is Standing.MET
    assert len(noted.notes) == 1


LOOKS = (CLOSED, APP_NAMES_IT, APP_NAMES_NOTHING, PAGE_NAMES_IT, OPEN_TOYS, CLOSED_TOYS)


@settings(max_examples=300)
@given(st.data())
def test_taking_evidence_away_never_clears(data: st.DataObject) -> None:
    """Law 3, also where what is taken away is the only thing that names a surface.

    Observations or the records of looks, not both: without either, it would be a look that never was.
    """
    looks = data.draw(st.lists(st.sampled_from(LOOKS), unique_by=id))
    before = answer(bear(), *looks).answer
    whole = evidence(bear(), looks)
    part = data.draw(st.sampled_from(["observations", "looks"]))
    records = getattr(whole, part)
    gone = data.draw(st.sets(st.integers(0, max(0, len(records) - 1)), max_size=2))
    kept = tuple(one for place, one in enumerate(records) if place not in gone)
    less = msgspec.structs.replace(whole, **{part: kept})
    after = judge(less, NOON, ONE_CHECK).verdict.exposures["exposure.open"].answer
    assert after is not Standing.MET or before is Standing.MET


@settings(max_examples=100)
@given(st.lists(st.sampled_from(LOOKS), unique_by=id))
def test_an_open_database_that_an_app_names_never_improves(looks: list[Look]) -> None:
    """Law 3: another app's mention of it and what was found there."""
    order = [Standing.NOT_MET, Standing.CANNOT_DETERMINE, Standing.MET]
    before = answer(bear(), *looks).answer
    after = answer(
        bear(), *looks, look(saying("app", NAMED, "x.test")), look(observed(open_listing(7), TOYS))
    )
    assert order.index(after.answer) <= order.index(before)
    assert after.answer is Standing.NOT_MET


def test_no_order_matters() -> None:
    dice = random.Random(3)
    looks = list(LOOKS)
    expected = canonical(judge(evidence(bear(), looks), NOON, ONE_CHECK))
    for _ in range(10):
        dice.shuffle(looks)
        assert canonical(judge(evidence(bear(), looks), NOON, ONE_CHECK)) == expected


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """On disk: a database that names another member of its replica set, which is open."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    of = product(database(name="records"))
    hello = DatabaseHello(
        plain=True, tls=False, version="", wire=17, protocol="OP_MSG", hosts=("toys.bear.test:27017",)
    )
    recorder = Recorder(tmp_path / "bear.audit", product_toml(of).encode(), {})
    for one in (observed(hello), observed(open_listing(), TOYS)):
        recorder.observation(one)
        recorder.looked(looked(one))
    recorder.close()
    return tmp_path / "bear.audit"


def test_what_is_remembered_says_the_same_as_what_is_read(audit: Path) -> None:
    cold, warm = judge_folder(audit, NOON), judge_folder(audit, NOON)
    assert canonical(cold) == canonical(warm) == canonical(judge(load_evidence(audit), NOON))
    assert {one.outcome for one in cold.findings if one.surface == TOYS} >= {Outcome.FAIL}
    assert set(references()) <= set(cold.references)


def test_other_knowledge_of_names_is_another_judgement(audit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered was found by yesterday's list: it is read and judged anew."""
    before = judge_folder(audit, NOON)
    others = tuple(msgspec.structs.replace(one, version="2") for one in references())
    for place in ("cache", "load"):
        monkeypatch.setattr(f"shelfworthy.record.{place}.references", lambda: others)
    after = judge_folder(audit, NOON)
    assert set(others) <= set(after.references)
    assert not set(others) & set(before.references)
    assert after.findings == before.findings


def test_where_nothing_is_seen_on_the_way_no_list_of_names_decides(tmp_path: Path) -> None:
    judged = judge(evidence(product(database(name="records")), [CLOSED]), NOON)
    assert not set(references()) & set(judged.references)
