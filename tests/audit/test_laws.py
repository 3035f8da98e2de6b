"""The laws over whole evidence: real audits of the lab, with records taken away, added and shuffled."""

import os
import random
import subprocess
import sys
from functools import cache

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.audit.judge import judge
from shelfworthy.model import Judgement, Outcome, Standing
from shelfworthy.record import Evidence, load_evidence, sealed
from tests.golden import FOLDER, JUDGED_AT, audits

EDITIONS = sorted(folder.name for folder in audits() if folder.name.startswith("cloudpets"))


@cache
def evidence(edition: str) -> Evidence:
    """The newest golden evidence of an edition."""
    return load_evidence(max(FOLDER.glob(f"*/{edition}")))


def answers(judgement: Judgement) -> dict[str, Standing]:
    verdict = judgement.verdict
    found = {name: one.answer for name, one in verdict.exposures.items()}
    for name, guideline in verdict.guidelines.items():
        found[name] = guideline.answer
        found |= {inner: one.answer for inner, one in guideline.requirements.items()}
    return found


@cache
def before(edition: str) -> dict[str, Standing]:
    return answers(judge(evidence(edition), JUDGED_AT))


def test_something_is_met_in_the_fixed_edition_so_that_the_laws_bite() -> None:
    assert Standing.MET in before("cloudpets-fixed.audit").values()
    assert Standing.NOT_MET in before("cloudpets-2018.audit").values()


@pytest.mark.parametrize("edition", EDITIONS)
@settings(max_examples=120)
@given(data=st.data())
def test_taking_evidence_away_never_clears(edition: str, data: st.DataObject) -> None:
    whole = evidence(edition)
    kept = {}
    for kind in ("observations", "looks", "gaps"):
        records = getattr(whole, kind)
        drop = data.draw(st.sets(st.integers(0, max(0, len(records) - 1)), max_size=4), label=kind)
        kept[kind] = tuple(record for index, record in enumerate(records) if index not in drop)
    less = answers(judge(msgspec.structs.replace(whole, **kept), JUDGED_AT))
    cleared = {name for name, answer in less.items() if answer is Standing.MET}
    assert cleared <= {name for name, answer in before(edition).items() if answer is Standing.MET}


@settings(max_examples=80)
@given(st.data())
def test_adding_what_failed_elsewhere_never_improves(data: st.DataObject) -> None:
    fixed, broken = evidence("cloudpets-fixed.audit"), evidence("cloudpets-2018.audit")
    failed = {
        observation
        for finding in judge(broken, JUDGED_AT).findings
        if finding.outcome is Outcome.FAIL
        for observation in finding.evidence
    }
    pool = [
        sealed(msgspec.structs.replace(observation, at=JUDGED_AT))  # newer than all of the fixed edition's
        for observation in broken.observations
        if observation.id in failed
    ]
    added = tuple(data.draw(st.lists(st.sampled_from(pool), min_size=1, unique_by=lambda one: one.id)))
    more = msgspec.structs.replace(fixed, observations=fixed.observations + added)
    after = answers(judge(more, JUDGED_AT))
    was = before("cloudpets-fixed.audit")
    order = [Standing.NOT_MET, Standing.CANNOT_DETERMINE, Standing.MET]
    for name, answer in after.items():
        assert order.index(answer) <= order.index(was[name]), name
    assert Standing.NOT_MET in after.values()


@pytest.mark.parametrize("edition", EDITIONS)
@settings(max_examples=15)
@given(seed=st.integers(0, 1 << 32))
def test_order_never_matters(edition: str, seed: int) -> None:
    whole = evidence(edition)
    dice = random.Random(seed)
    shuffled = {
        kind: tuple(dice.sample(getattr(whole, kind), len(getattr(whole, kind))))
        for kind in ("observations", "looks", "gaps")
    }
    other = judge(msgspec.structs.replace(whole, **shuffled), JUDGED_AT)
    assert msgspec.json.encode(other) == msgspec.json.encode(judge(whole, JUDGED_AT))


@pytest.mark.parametrize("edition", EDITIONS)
def test_without_evidence_nothing_is_met(edition: str) -> None:
    nothing = msgspec.structs.replace(evidence(edition), observations=(), looks=(), gaps=())
    assert Standing.MET not in answers(judge(nothing, JUDGED_AT)).values()


def test_another_process_gives_the_same_bytes() -> None:
    script = (
        "import sys, pathlib, msgspec; from tests.golden import JUDGED_AT; "
        "from shelfworthy.audit.judge import judge; from shelfworthy.record import load_evidence; "
        "judged = judge(load_evidence(pathlib.Path(sys.argv[1])), JUDGED_AT); "
        "sys.stdout.buffer.write(msgspec.json.encode(judged))"
    )
    folder = max(FOLDER.glob("*/cloudpets-2018.audit"))
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, str(folder)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
