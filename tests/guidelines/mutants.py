"""Wrong roll-ups: each is ours with one step changed for a mistake somebody could make."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from importlib import import_module

import pytest
from msgspec.structs import replace

from shelfworthy.guidelines import cells, declared, grounds, members, requirement
from shelfworthy.guidelines.cells import Cell
from shelfworthy.guidelines.grounds import Grounds
from shelfworthy.guidelines.members import Member
from shelfworthy.guidelines.rules import CheckFacts, Rules
from shelfworthy.model import (
    AnySurface,
    Declaration,
    Finding,
    GuidelineVerdict,
    Kind,
    Outcome,
    RequirementVerdict,
    Standing,
)
from tests.guidelines.naive import FAIL, MOOT, OPEN, PASS

Patch = pytest.MonkeyPatch
ROLL_UP = import_module("shelfworthy.guidelines.roll_up")  # the package shows the function of that name


def incomplete_looks_pass(patch: Patch) -> None:
    patch.setattr(Grounds, "counts", lambda _, finding: bool(finding.evidence))


def what_is_gone_is_forgotten(patch: Patch) -> None:
    patch.setattr(Grounds, "lost", lambda *_: False)


def apps_are_taken_as_read(patch: Patch) -> None:
    patch.setattr(Grounds, "whole", lambda *_: True)


def third_parties_decide(patch: Patch) -> None:
    patch.setattr(Grounds, "makers", lambda self, kind: self._surfaces.get(kind, []))


def a_pass_holds_for_ever(patch: Patch) -> None:
    patch.setattr(cells, "_aged", lambda *_: False)


def the_longest_lived_counts(patch: Patch) -> None:
    patch.setattr(Rules, "lasts", lambda self, kind, tags=(): timedelta(days=self.shelf_life[kind]))


def a_fail_ages(patch: Patch) -> None:
    ours = Grounds.counts

    def counts(self: Grounds, finding: Finding) -> bool:
        fresh = self.at - finding.seen_at <= self.rules.lasts(Kind.DATABASE)
        return ours(self, finding) and (finding.outcome is not FAIL or fresh)

    patch.setattr(Grounds, "counts", counts)


def a_fail_needs_no_evidence(patch: Patch) -> None:
    ours = Grounds.counts
    patch.setattr(Grounds, "counts", lambda self, finding: finding.outcome is FAIL or ours(self, finding))


def silence_supersedes(patch: Patch) -> None:
    ours = cells._cell

    def cell(check: CheckFacts, surface: str, unit: str, spoken: list[Finding], grounds: Grounds) -> Cell:
        newest = max(spoken, key=lambda one: one.seen_at, default=None)
        if newest is not None and newest.outcome is OPEN:
            return Cell(surface, unit, OPEN, [newest], newest.cause)
        return ours(check, surface, unit, spoken, grounds)

    patch.setattr(cells, "_cell", cell)


def gaps_supersede(patch: Patch) -> None:
    ours = cells._cell

    def cell(check: CheckFacts, surface: str, unit: str, spoken: list[Finding], grounds: Grounds) -> Cell:
        if gap := grounds.gap(surface, check.reads):
            return Cell(surface, unit, OPEN, [], gap.cause)
        return ours(check, surface, unit, spoken, grounds)

    patch.setattr(cells, "_cell", cell)


def the_unanswered_is_moot(patch: Patch) -> None:
    ours = cells._cell

    def cell(check: CheckFacts, surface: str, unit: str, spoken: list[Finding], grounds: Grounds) -> Cell:
        if not spoken:
            return Cell(surface, unit, MOOT, [])
        return ours(check, surface, unit, spoken, grounds)

    patch.setattr(cells, "_cell", cell)


def half_an_answer_is_one(patch: Patch) -> None:
    patch.setattr(cells, "_standing", lambda counted, silent, grounds: (cells._newest(counted, grounds), []))


def any_unit_speaks_for_all(patch: Patch) -> None:
    def one_cell(
        check: CheckFacts, surface: AnySurface, spoken: list[Finding], grounds: Grounds
    ) -> list[Cell]:
        return [cells._cell(check, surface.id, surface.unit, spoken, grounds)]

    patch.setattr(members, "cells", one_cell)


def one_pass_is_enough(patch: Patch) -> None:
    ours = members._worst
    patch.setattr(
        members, "_worst", lambda stands: PASS if PASS in {one.outcome for one in stands} else ours(stands)
    )


def two_fails_contradict(patch: Patch) -> None:
    ours = members._worst

    def worst(stands: list[Cell]) -> Outcome:
        return MOOT if [one.outcome for one in stands].count(FAIL) > 1 else ours(stands)

    patch.setattr(members, "_worst", worst)


def what_comes_first_comes_first(patch: Patch) -> None:
    patch.setattr(grounds, "sorted", lambda items, key: list(items), raising=False)


def declarations_of_a_day_in_their_order(patch: Patch) -> None:
    patch.setattr(declared, "sorted", lambda items, key=None: list(items), raising=False)


def pass_is_where_it_starts(patch: Patch) -> None:
    ours = requirement.members
    patch.setattr(requirement, "members", lambda *given: [Member(PASS), *ours(*given)])


def the_expected_may_lack(patch: Patch) -> None:
    patch.setattr(requirement, "missing", lambda *_: [])


def what_nobody_asks_is_fine(patch: Patch) -> None:
    patch.setattr(requirement, "unasked", lambda *_: [])


def one_failed_alternative_fails(patch: Patch) -> None:
    ours = requirement.one_of

    def one_of(alternatives: Sequence[Member]) -> Member:
        failed = [one for one in alternatives if one.outcome is FAIL]
        return failed[0] if failed else ours(alternatives)

    patch.setattr(requirement, "one_of", one_of)


def moot_alternatives_stay(patch: Patch) -> None:
    ours = requirement.one_of

    def one_of(alternatives: Sequence[Member]) -> Member:
        outcomes = {one.outcome for one in alternatives}
        return Member(OPEN) if outcomes == {FAIL, MOOT} else ours(alternatives)

    patch.setattr(requirement, "one_of", one_of)


def nothing_concerns_anything(patch: Patch) -> None:
    patch.setattr(ROLL_UP, "concerned", lambda *_: set())


def a_person_overrules(patch: Patch) -> None:
    def settle(verdict: RequirementVerdict, said: Declaration, *_: object) -> RequirementVerdict:
        return replace(verdict, answer=said.answer, declared_by=said.by)

    patch.setattr(ROLL_UP, "settle", settle)


def declarations_never_expire(patch: Patch) -> None:
    def in_force(grounds: Grounds) -> dict[str, Declaration]:
        return {said.requirement: said for said in grounds.product.declaration}

    patch.setattr(ROLL_UP, "in_force", in_force)


def all_not_applicable_is_met(patch: Patch) -> None:
    def one_guideline(requirements: dict[str, RequirementVerdict]) -> GuidelineVerdict:
        answers = {one.answer for one in requirements.values()}
        fine = answers <= {Standing.MET, Standing.NOT_APPLICABLE}
        return GuidelineVerdict(
            answer=Standing.MET if fine else Standing.CANNOT_DETERMINE, requirements=requirements
        )

    patch.setattr(ROLL_UP, "one_guideline", one_guideline)


MUTANTS: tuple[tuple[Callable[[Patch], None], str], ...] = (
    (incomplete_looks_pass, "silence_never_clears"),
    (a_pass_holds_for_ever, "silence_never_clears"),
    (the_longest_lived_counts, "silence_never_clears"),
    (the_longest_lived_counts, "as_said_slowly"),
    (the_unanswered_is_moot, "silence_never_clears"),
    (one_pass_is_enough, "silence_never_clears"),
    (any_unit_speaks_for_all, "silence_never_clears"),
    (a_fail_needs_no_evidence, "a_fail_is_kept"),
    (what_is_gone_is_forgotten, "taking_evidence_away_never_clears"),
    (apps_are_taken_as_read, "taking_evidence_away_never_clears"),
    (two_fails_contradict, "a_fail_never_improves"),
    (pass_is_where_it_starts, "nothing_looked_at_is_never_met"),
    (all_not_applicable_is_met, "nothing_looked_at_is_never_met"),
    (a_fail_ages, "time_does_not_absolve"),
    (what_comes_first_comes_first, "order_never_matters"),
    (declarations_of_a_day_in_their_order, "order_never_matters"),
    (silence_supersedes, "silence_supersedes_nothing"),
    (gaps_supersede, "silence_supersedes_nothing"),
    (third_parties_decide, "third_parties_are_notes"),
    (a_person_overrules, "declarations_settle_what_is_open"),
    (declarations_never_expire, "declarations_settle_what_is_open"),
    (half_an_answer_is_one, "as_said_slowly"),
    (the_expected_may_lack, "as_said_slowly"),
    (what_nobody_asks_is_fine, "as_said_slowly"),
    (one_failed_alternative_fails, "as_said_slowly"),
    (moot_alternatives_stay, "as_said_slowly"),
    (nothing_concerns_anything, "as_said_slowly"),
)
"""Each mistake, and the law that must catch it."""
