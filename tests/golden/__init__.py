"""Evidence of every release, judged again by every later one.

`python -m tests.golden VERSION` takes it from the lab: once per release, never again. `says.json` beside each
audit holds what was answered then; where a rule has changed since, the change shows here as a diff to read.
"""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from shelfworthy.model import Judgement

FOLDER = Path(__file__).parent
JUDGED_AT = datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)


def audits() -> list[Path]:
    """Every golden audit, oldest release first."""
    return sorted(FOLDER.glob("*/*.audit"))


def says(judgement: Judgement) -> bytes:
    """What of a judgement people act on, readable in a diff."""
    verdict = judgement.verdict
    answers = {name: requirement.answer for name, requirement in verdict.exposures.items()}
    for name, guideline in verdict.guidelines.items():
        answers[name] = guideline.answer
        answers |= {inner: requirement.answer for inner, requirement in guideline.requirements.items()}
    findings = sorted(
        f"{one.check} {one.surface} {one.subject}: {one.outcome} {one.says}" for one in judgement.findings
    )
    text = msgspec.json.encode({"answers": answers, "findings": findings}, order="sorted")
    return msgspec.json.format(text, indent=1) + b"\n"
