"""Step 2: what there is to stand on. The world sorted for the questions of the roll-up.

Kept here:
- A pass or moot counts only on observations that are all there, each named by a complete look whose
  observations are all there, one of them at the finding's surface.
- Where evidence is known to be gone (a look names an observation that is not there, a fail cites one), no
  pass and no moot of the checks it fed counts, from any look: what is gone may have been the newer fail.
- A pass or moot dated after the day of judgement does not count: a clock set ahead neither outdates a fail
  nor keeps a pass fresh.
- A fail counts when its observations are there; no look and no age takes it back.
- What was seen is told by its tag without the number: evidence of an older form is evidence of the newer.
- The maker's surfaces decide. Third parties' never do, but for the names the product relies on.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from itertools import repeat
from operator import attrgetter

from shelfworthy.guidelines.rules import CheckFacts, Rules
from shelfworthy.guidelines.world import World
from shelfworthy.model import AnySurface, Finding, Gap, Kind, Looked, Outcome, Owner, unnumbered

FAIL, MAKER = Outcome.FAIL, Owner.MAKER
EVERYTHING = "*"  # stands for the tags of a look that does not say what it was to see
RELIED_ON = "domain-"  # checks of names the product relies on decide whoever owns the name


class Grounds:
    """The world sorted. Nothing in it changes after it is built."""

    def __init__(self, rules: Rules, world: World, at: datetime) -> None:
        self.rules = rules
        self.product = world.product
        self.lapsed = world.lapsed
        self.at = at
        self._present = world.present
        self._kinds: dict[str, Kind] = {}
        self._surfaces: dict[Kind, list[AnySurface]] = defaultdict(list)
        self._makers: dict[Kind, list[AnySurface]] = defaultdict(list)
        self._findings: dict[str, dict[str, list[Finding]]] = {}  # by check and surface
        self._gaps: dict[str, list[Gap]] = defaultdict(list)
        self._looks: dict[str, list[Looked]] = defaultdict(list)
        self._look_of: dict[str, tuple[datetime, str]] = {}  # observation: the newest look that names it
        self._sound: set[str] = set()  # observations that a complete, whole look names
        self._sound_at: set[tuple[str, str]] = set()  # the same, with the surface of the look
        self._lost: dict[str, set[str]] = defaultdict(set)  # tag: surfaces where some of it is gone
        for surface in world.beside:
            self._kinds[surface.id] = surface.kind
        for surface in sorted(world.surfaces, key=attrgetter("id")):
            kind = self._kinds[surface.id] = surface.kind
            self._surfaces[kind].append(surface)
            if surface.owner is MAKER:
                self._makers[kind].append(surface)
        self.makers_kinds = frozenset(self._makers)  # of which there are surfaces that work for this product
        for finding in sorted(world.findings, key=attrgetter("id")):
            at_surface = self._findings.setdefault(finding.check, {})
            at_surface.setdefault(finding.surface, []).append(finding)
        for gap in world.gaps:
            self._gaps[gap.surface].append(gap)
        for look in world.looks:
            self._index(look)

    def _index(self, look: Looked) -> None:
        self._looks[look.surface].append(look)
        key = (look.ended, look.id)
        for observation in look.observations:
            if self._look_of.setdefault(observation, key) < key:
                self._look_of[observation] = key
        if not self._present.issuperset(look.observations):
            for tag in parts(look.sees) or (EVERYTHING,):
                self._lost[tag].add(look.surface)
        elif look.complete:
            self._sound.update(look.observations)
            self._sound_at.update(zip(look.observations, repeat(look.surface)))

    def kinds(self) -> Iterable[Kind]:
        """The kinds there are surfaces of, whoever owns them."""
        return self._surfaces.keys()

    def spoke(self) -> Collection[str]:
        """The checks that said something."""
        return self._findings.keys()

    def makers(self, kind: Kind) -> list[AnySurface]:
        """The surfaces of a kind that work for this product, by id."""
        return self._makers.get(kind, [])

    def asked_at(self, check: CheckFacts) -> list[AnySurface]:
        """The surfaces a check decides at, by id."""
        if check.id.startswith(RELIED_ON):
            return self._surfaces.get(check.kind, [])
        return self.makers(check.kind)

    def said(self, check: str) -> Mapping[str, list[Finding]]:
        """All findings of a check, by surface; at each surface by id."""
        return self._findings.get(check, {})

    def counts(self, finding: Finding) -> bool:
        """Whether a pass, fail or moot rests on what is there, and what clears was seen by that day."""
        if not finding.evidence:
            return False
        if finding.outcome is FAIL:
            return self._present.issuperset(finding.evidence)
        if finding.seen_at > self.at:
            return False
        if len(finding.evidence) == 1:
            return (finding.evidence[0], finding.surface) in self._sound_at
        return self._sound.issuperset(finding.evidence) and any(
            (observation, finding.surface) in self._sound_at for observation in finding.evidence
        )

    def lost(self, check: CheckFacts, surface: str) -> bool:
        """Whether something the check reads is known to be gone, here or at another kind of surface."""
        if not self._lost:
            return False
        return surface in self._lost.get(EVERYTHING, ()) or any(
            place == surface or self._kinds.get(place) is not check.kind
            for tag in parts(check.reads)
            for place in self._lost.get(tag, ())
        )

    def look_of(self, finding: Finding) -> tuple[datetime, str]:
        """Names the newest look a finding is of; where none is known, its moment stands for it."""
        looks = [self._look_of[name] for name in finding.evidence if name in self._look_of]
        return max(looks) if looks else (finding.seen_at, "")

    def gap(self, surface: str, tags: tuple[str, ...] = ()) -> Gap | None:
        """The newest gap of these tags (without tags: of any) that no later complete look has closed."""
        candidates = [
            gap
            for gap in self._gaps.get(surface, ())
            if (not tags or not gap.lacks or not parts(tags).isdisjoint(parts(gap.lacks)))
            and not any(
                look.complete and look.began > gap.at and parts(gap.lacks).issubset(parts(look.sees))
                for look in self._looks.get(surface, ())
            )
        ]
        return max(candidates, key=lambda gap: (gap.at, gap.id)) if candidates else None

    def whole(self, surface: AnySurface) -> bool:
        """Whether all that any look was to see here, a complete look saw, and none of it is gone."""
        looks = self._looks.get(surface.id, [])
        wanted = {part for look in looks for part in parts(look.sees)}
        seen = {part for look in looks if look.complete for part in parts(look.sees)}
        there = all(self._present.issuperset(look.observations) for look in looks)
        return there and any(look.complete for look in looks) and wanted == seen


@lru_cache(maxsize=512)  # asked for each look and gap in each of ten thousand verdicts; there are few
def parts(tags: tuple[str, ...]) -> frozenset[str]:
    """What tags name, in whatever form it was kept."""
    return frozenset(unnumbered(tag) for tag in tags)
