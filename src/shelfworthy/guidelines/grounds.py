"""Steps 1 and 2: which findings count.

Kept here:
- A pass or moot counts only on observations that are all there, each named by a complete look whose
  observations are all there, one of them at the finding's surface.
- Where evidence is known to be gone (a look names an observation that is not there, a fail cites one), no
  pass and no moot of the checks it fed counts, from any look: what is gone may have been the newer fail.
- A fail counts when its observations are there; no look, age or newer silence takes it back.
- What is not counted supersedes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter

from msgspec import Struct

from shelfworthy.guidelines.rules import CheckFacts, Rules
from shelfworthy.guidelines.world import World
from shelfworthy.model import AnySurface, Cause, Finding, Gap, Kind, Looked, Outcome, Owner

EVERYTHING = "*"  # stands for the tags of a look that does not say what it was to see


class Cell(Struct, frozen=True):
    """Where one check stands at one surface and unit.

    because: the findings that make it so. cause: why it is open, on `inconclusive` only.
    """

    surface: str
    unit: str
    outcome: Outcome
    because: tuple[Finding, ...]
    cause: Cause | None = None


class Grounds:
    """The world sorted for the questions of the roll-up. Nothing in it changes after it is built."""

    def __init__(self, rules: Rules, world: World, at: datetime) -> None:
        self.rules = rules
        self.product = world.product
        self.at = at
        self.present = world.present
        self.kinds: dict[str, Kind] = {}
        self.surfaces: dict[Kind, list[AnySurface]] = defaultdict(list)
        self.findings: dict[str, list[Finding]] = defaultdict(list)
        self.gaps: dict[str, list[Gap]] = defaultdict(list)
        self.looks: dict[str, list[Looked]] = defaultdict(list)
        self.look_of: dict[str, tuple[datetime, str]] = {}  # observation: the newest look that names it
        self.sound: set[str] = set()  # observations a complete, whole look names
        self.sound_at: set[tuple[str, str]] = set()  # the same, with the surface of the look
        self.lost: dict[str, set[str]] = defaultdict(set)  # tag: surfaces where some of it is gone
        for surface in sorted(world.surfaces, key=attrgetter("id")):
            self.kinds[surface.id] = surface.kind
            self.surfaces[surface.kind].append(surface)
        for finding in sorted(world.findings, key=attrgetter("id")):
            self.findings[finding.check].append(finding)
        for gap in world.gaps:
            self.gaps[gap.surface].append(gap)
        for look in world.looks:
            self._index(look)

    def _index(self, look: Looked) -> None:
        self.looks[look.surface].append(look)
        key = (look.ended, look.id)
        for observation in look.observations:
            self.look_of[observation] = max(self.look_of.get(observation, key), key)
        if not self.present.issuperset(look.observations):
            for tag in look.sees or (EVERYTHING,):
                self.lost[tag].add(look.surface)
        elif look.complete:
            self.sound.update(look.observations)
            self.sound_at.update((observation, look.surface) for observation in look.observations)

    def asked_at(self, check: CheckFacts) -> list[AnySurface]:
        """The surfaces a check decides at: the maker's; for names relied on (`domain-*`), anyone's."""
        if check.id.startswith("domain-"):
            return self.surfaces.get(check.kind, [])
        return self.makers(check.kind)

    def cells(self, check: CheckFacts, surface: AnySurface, spoken: list[Finding]) -> list[Cell]:
        """Where the check stands at one surface: for the surface's own unit, and each unit spoken of."""
        units = sorted({surface.unit, *(finding.unit for finding in spoken)})
        return [
            self._cell(check, surface.id, unit, [finding for finding in spoken if finding.unit == unit])
            for unit in units
        ]

    def _cell(self, check: CheckFacts, surface: str, unit: str, spoken: list[Finding]) -> Cell:
        counted = [finding for finding in spoken if self._counts(finding)]
        silent = [finding for finding in spoken if finding.outcome is Outcome.INCONCLUSIVE]
        lost = self._evidence_lost(check, surface, spoken)
        if lost:
            counted = [finding for finding in counted if finding.outcome is Outcome.FAIL]
        if not counted:
            because = self._newest(silent or spoken)
            if lost:
                said: Cause | None = Cause.CONTRADICTORY
            else:
                said = because[0].cause if because else None
            return self._open(check, surface, unit, because, said or Cause.NOBODY_LOOKED)
        newest, unanswered = self._latest(counted, silent)
        fails = tuple(finding for finding in newest if finding.outcome is Outcome.FAIL)
        if fails:
            return Cell(surface, unit, Outcome.FAIL, fails)
        if aged := tuple(finding for finding in newest if self._aged(check, finding)):
            return self._open(check, surface, unit, aged, Cause.AGED)
        if unanswered:
            return self._open(check, surface, unit, unanswered, unanswered[0].cause or Cause.NOBODY_LOOKED)
        passes = tuple(finding for finding in newest if finding.outcome is Outcome.PASS)
        return Cell(surface, unit, Outcome.PASS if passes else Outcome.MOOT, passes or newest)

    def _counts(self, finding: Finding) -> bool:
        if finding.outcome is Outcome.INCONCLUSIVE or not finding.evidence:
            return False
        if finding.outcome is Outcome.FAIL:
            return self.present.issuperset(finding.evidence)
        return self.sound.issuperset(finding.evidence) and any(
            (observation, finding.surface) in self.sound_at for observation in finding.evidence
        )

    def _evidence_lost(self, check: CheckFacts, surface: str, spoken: list[Finding]) -> bool:
        """Whether something that fed this check is known to be gone, here or where else it reads."""
        for tag in (*check.reads, EVERYTHING) if self.lost else ():
            for place in self.lost.get(tag, ()):
                if place == surface or (tag != EVERYTHING and self.kinds.get(place) is not check.kind):
                    return True
        return any(
            finding.outcome is Outcome.FAIL and not self.present.issuperset(finding.evidence)
            for finding in spoken
        )

    def _latest(
        self, counted: list[Finding], silent: list[Finding]
    ) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """The answers of the newest look, and what it left open that no other look answered.

        A subject on which the newest look is silent keeps the answer it had: silence supersedes nothing.
        """
        newest = self._newest(counted)
        unanswered: list[Finding] = []
        if silent:
            looks = {self._look(finding) for finding in newest}
            subjects = {finding.subject for finding in newest}
            for finding in silent:
                if finding.subject not in subjects and self._look(finding) in looks:
                    earlier = self._newest(old for old in counted if old.subject == finding.subject)
                    subjects.add(finding.subject)
                    newest += earlier
                    unanswered += [] if earlier else [finding]
        return newest, tuple(unanswered)

    def _newest(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The newest of the findings, with all that the same look gave rise to; () of none."""
        findings = list(findings)
        if len(findings) < 2:
            return tuple(findings)
        last = max(finding.seen_at for finding in findings)
        looks = {self._look(finding) for finding in findings if finding.seen_at == last}
        return tuple(finding for finding in findings if self._look(finding) in looks)

    def _look(self, finding: Finding) -> tuple[datetime, str]:
        """Names the look a finding is of; where none is known, its moment stands for it."""
        looks = [self.look_of[observation] for observation in finding.evidence if observation in self.look_of]
        return max(looks) if looks else (finding.seen_at, "")

    def _aged(self, check: CheckFacts, finding: Finding) -> bool:
        if finding.until is not None and finding.until <= self.at:
            return True
        return self.at - finding.seen_at > self.rules.lasts(check.kind)

    def _open(
        self, check: CheckFacts, surface: str, unit: str, because: tuple[Finding, ...], said: Cause
    ) -> Cell:
        gap = self.gap(surface, check.reads)
        return Cell(surface, unit, Outcome.INCONCLUSIVE, because, gap.cause if gap else said)

    def gap(self, surface: str, tags: tuple[str, ...] = ()) -> Gap | None:
        """The newest gap of these tags (without tags: of any) that no later complete look has closed."""
        candidates = [
            gap
            for gap in self.gaps.get(surface, ())
            if (not tags or not gap.lacks or not set(tags).isdisjoint(gap.lacks))
            and not any(
                look.complete and look.began > gap.at and set(gap.lacks).issubset(look.sees)
                for look in self.looks.get(surface, ())
            )
        ]
        return max(candidates, key=lambda gap: (gap.at, gap.id)) if candidates else None

    def makers(self, kind: Kind) -> list[AnySurface]:
        """The surfaces of a kind that work for this product; third parties' never decide."""
        return [surface for surface in self.surfaces.get(kind, ()) if surface.owner is Owner.MAKER]

    def whole(self, surface: AnySurface) -> bool:
        """Whether all that any look was to see here, a complete look saw, and none of it is gone."""
        looks = self.looks.get(surface.id, [])
        wanted = {tag for look in looks for tag in look.sees}
        seen = {tag for look in looks if look.complete for tag in look.sees}
        there = all(self.present.issuperset(look.observations) for look in looks)
        return there and any(look.complete for look in looks) and wanted == seen
