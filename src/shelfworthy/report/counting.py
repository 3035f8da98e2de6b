"""Which of several findings about the same question counts in a report. Pure."""

from collections.abc import Iterable

from shelfworthy.model import Outcome
from shelfworthy.report.shape import ReportFinding

Key = tuple[str, str]


def standing(findings: Iterable[ReportFinding]) -> dict[Key, ReportFinding]:
    """By key and unit, the finding that counts: the newest that answered, else the newest left open."""
    by_age = sorted(findings, key=lambda one: (answered(one), one.seen_at, one.id))
    return {key(one): one for one in by_age}


def answered(finding: ReportFinding) -> bool:
    """Whether the finding answers its question."""
    return finding.outcome is not Outcome.INCONCLUSIVE


def key(finding: ReportFinding) -> Key:
    """What makes two findings two answers to one question."""
    return finding.key, finding.unit
