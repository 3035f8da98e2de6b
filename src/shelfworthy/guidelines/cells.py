"""Step 1: where one check stands at one surface and unit: the newest look that answered."""

from msgspec import Struct

from shelfworthy.guidelines.grounds import Grounds
from shelfworthy.guidelines.rules import CheckFacts
from shelfworthy.model import AnySurface, Cause, Finding, Outcome

PASS, FAIL, OPEN, MOOT = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.MOOT


class Cell(Struct, frozen=True):
    """Where one check stands at one surface and unit.

    because: the findings that make it so. cause: why it is open, on `inconclusive` only. words: of the gap
    that keeps it open, if one does.
    """

    surface: str
    unit: str
    outcome: Outcome
    because: list[Finding]
    cause: Cause | None = None
    words: str = ""


def cells(check: CheckFacts, surface: AnySurface, spoken: list[Finding], grounds: Grounds) -> list[Cell]:
    """Where the check stands at a surface: for the surface's own unit, and for each unit spoken of.

    Evidence about one version is none about another: a finding answers for its own unit alone.
    """
    units = {surface.unit}
    for finding in spoken:
        units.add(finding.unit)
    if len(units) == 1:
        return [_cell(check, surface.id, surface.unit, spoken, grounds)]
    return [
        _cell(check, surface.id, unit, [finding for finding in spoken if finding.unit == unit], grounds)
        for unit in sorted(units)
    ]


def _cell(check: CheckFacts, surface: str, unit: str, spoken: list[Finding], grounds: Grounds) -> Cell:
    counted: list[Finding] = []
    silent: list[Finding] = []
    lost = grounds.lost(check, surface)
    for finding in spoken:
        if finding.outcome is OPEN:
            silent.append(finding)
        elif grounds.counts(finding):
            counted.append(finding)
        elif finding.outcome is FAIL:
            lost = True  # it cites what is not there
    if lost:
        counted = [finding for finding in counted if finding.outcome is FAIL]
    if not counted:
        because = _newest(silent or spoken, grounds)
        said = because[0].cause if because else None
        return _open(check, surface, unit, because, Cause.CONTRADICTORY if lost else said, grounds)
    standing, unanswered = _standing(counted, silent, grounds) if silent else (_newest(counted, grounds), [])
    fails, aged, passes = [], [], []
    for finding in standing:
        if finding.outcome is FAIL:
            fails.append(finding)
        elif _aged(check, finding, grounds):
            aged.append(finding)
        elif finding.outcome is PASS:
            passes.append(finding)
    if fails:
        return Cell(surface, unit, FAIL, fails)
    if aged:
        return _open(check, surface, unit, aged, Cause.AGED, grounds)
    if unanswered:
        return _open(check, surface, unit, unanswered, unanswered[0].cause, grounds)
    if passes:
        return Cell(surface, unit, PASS, passes)
    return Cell(surface, unit, MOOT, standing)


def _open(
    check: CheckFacts,
    surface: str,
    unit: str,
    because: list[Finding],
    said: Cause | None,
    grounds: Grounds,
) -> Cell:
    """An open cell; why: the gap in what the check reads there, else what was said, else nobody looked."""
    gap = grounds.gap(surface, check.reads)
    if gap:
        return Cell(surface, unit, OPEN, because, gap.cause, gap.words)
    return Cell(surface, unit, OPEN, because, said or Cause.NOBODY_LOOKED)


def _standing(
    counted: list[Finding], silent: list[Finding], grounds: Grounds
) -> tuple[list[Finding], list[Finding]]:
    """The answers that stand, and what the newest look that answered left open.

    Silence supersedes nothing: a subject left open keeps the answer an earlier look had for it. Where
    there is none, half an answer is no answer (law 1).
    """
    standing = _newest(counted, grounds)
    looks = {grounds.look_of(finding) for finding in standing}
    earlier = [finding for finding in counted if grounds.look_of(finding) not in looks]
    unanswered: list[Finding] = []
    for finding in {one.subject: one for one in silent if grounds.look_of(one) in looks}.values():
        kept = _newest([one for one in earlier if one.subject == finding.subject], grounds)
        standing = standing + kept
        if not kept:
            unanswered.append(finding)
    return standing, unanswered


def _newest(findings: list[Finding], grounds: Grounds) -> list[Finding]:
    """The newest of the findings, with all that the same look gave rise to."""
    if len(findings) < 2:
        return findings
    last = max([finding.seen_at for finding in findings])
    newest = [finding for finding in findings if finding.seen_at == last]
    if len(newest) == len(findings):
        return findings
    looks = {grounds.look_of(finding) for finding in newest}
    return [finding for finding in findings if grounds.look_of(finding) in looks]


def _aged(check: CheckFacts, finding: Finding, grounds: Grounds) -> bool:
    """Whether a pass or moot no longer holds: its own last moment has come, or its shelf life is over."""
    if finding.until is not None and finding.until <= grounds.at:
        return True
    return grounds.at - finding.seen_at > grounds.rules.lasts(check.kind, check.reads)
