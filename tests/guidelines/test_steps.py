"""The five steps of DESIGN, sentence by sentence."""

from datetime import timedelta

import pytest

from shelfworthy.guidelines import Requirement, World, roll_up
from shelfworthy.model import (
    AnySurface,
    Cause,
    Finding,
    Kind,
    Looked,
    Outcome,
    Owner,
    Standing,
    Verdict,
)
from tests.guidelines.build import (
    CHECKS,
    OPEN_ONLY,
    RECORDS,
    TODAY,
    answer,
    days,
    declared,
    finding,
    gap,
    looked,
    product,
    rules,
    surface,
    told,
    world,
)
from tests.guidelines.naive import FAIL, MOOT, OPEN, PASS

MET, NOT_MET, OPEN_ANSWER = Standing.MET, Standing.NOT_MET, Standing.CANNOT_DETERMINE


class TestWhatCounts:
    def test_the_newest_answer_counts(self) -> None:
        old = finding("open", FAIL, "records", "a", at=days(3))
        new = finding("open", PASS, "records", "b")
        verdict = answer(world(RECORDS, old, new, looked("records", "a", at=days(3)), looked("records", "b")))
        assert verdict.answer is MET
        assert verdict.because == (new.id,)
        assert set(verdict.findings) == {old.id, new.id}

    def test_a_newer_gap_or_inconclusive_supersedes_nothing(self) -> None:
        said = finding("open", FAIL, "records", "a", at=days(3))
        silence = finding("open", OPEN, "records", "b")
        verdict = answer(
            world(RECORDS, said, silence, gap("records", Cause.SILENT), looked("records", "a", at=days(3)))
        )
        assert verdict.answer is NOT_MET
        assert verdict.because == (said.id,)

    def test_a_newer_pass_of_an_incomplete_look_supersedes_nothing(self) -> None:
        said = finding("open", FAIL, "records", "a", at=days(3))
        hasty = finding("open", PASS, "records", "b")
        assert answer(world(RECORDS, said, hasty, looked("records", "b", complete=False))).answer is NOT_MET

    def test_of_one_look_the_fail_counts(self) -> None:
        later = finding("open", PASS, "records", "b", at=TODAY + timedelta(seconds=9))
        said = finding("open", FAIL, "records", "a")
        assert answer(world(RECORDS, said, later, looked("records", "a", "b"))).answer is NOT_MET

    def test_half_an_answer_is_no_answer(self) -> None:
        one = finding("open", PASS, "records", "a", subject="listing")
        other = finding("open", OPEN, "records", "a", subject="one object")
        assert answer(world(RECORDS, one, other, looked("records", "a"))).answer is OPEN_ANSWER

    def test_what_the_newest_look_left_open_keeps_the_answer_it_had(self) -> None:
        before = finding("open", PASS, "records", "a", subject="one object", at=days(3))
        one = finding("open", PASS, "records", "b", subject="listing")
        other = finding("open", OPEN, "records", "b", subject="one object")
        looks = (looked("records", "a", at=days(3)), looked("records", "b"))
        assert answer(world(RECORDS, before, one, other, *looks)).answer is MET
        worse = finding("open", FAIL, "records", "a", subject="one object", at=days(3))
        assert answer(world(RECORDS, worse, one, other, *looks)).answer is NOT_MET

    @pytest.mark.parametrize("outcome", [PASS, MOOT])
    def test_past_its_shelf_life_an_answer_is_open(self, outcome: Outcome) -> None:
        def seen(ago: float) -> World:
            look = looked("records", "a", at=days(ago))
            page = finding("page", PASS, "site", "page")
            said = finding("open", outcome, "records", "a", at=days(ago))
            site = (surface("site", Kind.CONTACT), looked("site", "page"))
            return world(RECORDS, look, said, page, *site)

        both = Requirement(asks="?", all=("open", "page"))
        assert answer(seen(7), both).answer is MET
        verdict = answer(seen(7.1), both)
        assert verdict.answer is OPEN_ANSWER
        assert told(verdict) == [
            (
                "open",
                "records",
                Cause.AGED,
                "look again: what was seen of records on 2026-02-22 no longer counts",
            )
        ]

    def test_past_its_own_last_moment_an_answer_is_open(self) -> None:
        for until, expected in ((days(-1), MET), (TODAY, OPEN_ANSWER), (days(1), OPEN_ANSWER)):
            said = finding("open", PASS, "records", "a", until=until, at=days(2))
            assert answer(world(RECORDS, said, looked("records", "a"))).answer is expected

    def test_a_fail_stays(self) -> None:
        said = finding("open", FAIL, "records", "a", at=days(5000), until=days(4000))
        assert answer(world(RECORDS, said, looked("records", "a", at=days(5000)))).answer is NOT_MET

    def test_an_aged_pass_does_not_bring_an_older_fail_back(self) -> None:
        old = finding("open", FAIL, "records", "a", at=days(30))
        new = finding("open", PASS, "records", "b", at=days(20))
        looks = (looked("records", "a", at=days(30)), looked("records", "b", at=days(20)))
        assert answer(world(RECORDS, old, new, *looks)).answer is OPEN_ANSWER

    def test_evidence_about_one_version_is_none_about_another(self) -> None:
        mine = surface("image", unit="A")
        other = finding("open", PASS, "image", "b", unit="B")
        look = looked("image", "b", unit="B")
        assert answer(world(mine, other, look)).answer is OPEN_ANSWER
        own = finding("open", PASS, "image", "a", unit="A")
        assert answer(world(mine, other, look, own, looked("image", "a", unit="A"))).answer is MET
        worse = finding("open", FAIL, "image", "b", unit="B")
        assert answer(world(mine, worse, look, own, looked("image", "a", unit="A"))).answer is NOT_MET


class TestSurfaces:
    def test_third_parties_are_notes(self) -> None:
        theirs = surface("adverts", owner=Owner.THIRD_PARTY)
        said = finding("open", FAIL, "adverts", "a")
        verdict = answer(world(theirs, said, looked("adverts", "a")))
        assert verdict.answer is OPEN_ANSWER
        assert verdict.findings == ()
        assert verdict.notes == (said.id,)

    def test_names_relied_on_decide_whoever_owns_them(self) -> None:
        theirs = surface("name", Kind.DOMAIN, owner=Owner.THIRD_PARTY)
        said = finding("domain-owned", FAIL, "name", "a")
        verdict = answer(world(theirs, said), Requirement(asks="?", all=("domain-owned",)))
        assert verdict.answer is NOT_MET

    def test_a_surface_that_does_not_decide_is_listed(self) -> None:
        said = finding("open", FAIL, "only mentioned in a page", "a")
        verdict = answer(world(said))
        assert (verdict.answer, verdict.notes) == (OPEN_ANSWER, (said.id,))

    @pytest.mark.parametrize("outcome", [PASS, MOOT])
    @pytest.mark.parametrize(
        "broken",
        [
            (),
            (looked("records", "a", complete=False),),
            (looked("elsewhere", "a"),),
            (looked("records", "a", "gone"),),
            (looked("records", "a"), looked("records", "gone", at=days(9))),
            (looked("records", "a"), looked("records", "gone", at=days(9), sees=())),
        ],
        ids=[
            "missing",
            "incomplete",
            "of another surface",
            "names what is gone",
            "other gone",
            "unsaid gone",
        ],
    )
    def test_on_a_broken_look_nothing_passes_or_is_moot(
        self, broken: tuple[Looked, ...], outcome: Outcome
    ) -> None:
        page = (surface("site", Kind.CONTACT), looked("site", "page"), finding("page", PASS, "site", "page"))
        both = Requirement(asks="?", all=("open", "page"))
        said = finding("open", outcome, "records", "a")
        gone = frozenset({"gone"})
        whole = world(RECORDS, *page, said, looked("records", "a"))
        assert answer(whole, both).answer is MET
        assert answer(world(RECORDS, *page, said, *broken, gone=gone), both).answer is OPEN_ANSWER
        fail = finding("open", FAIL, "records", "a")
        assert answer(world(RECORDS, *page, fail, *broken, gone=gone), both).answer is NOT_MET

    def test_what_is_gone_spoils_only_what_read_it(self) -> None:
        hello = finding("clear", PASS, "records", "h")
        sound = looked("records", "h", sees=("hello/1",))
        torn = looked("records", "gone", sees=("database/1",))
        there = world(RECORDS, hello, sound, torn, gone=frozenset({"gone"}))
        assert answer(there, Requirement(asks="?", all=("clear",))).answer is MET
        verdict = answer(there)
        assert told(verdict)[0][2] is Cause.CONTRADICTORY

    def test_a_fail_whose_evidence_is_gone_neither_fails_nor_passes(self) -> None:
        fail = finding("open", FAIL, "records", "gone")
        later = finding("open", PASS, "records", "b")
        there = world(RECORDS, fail, later, looked("records", "b"), gone=frozenset({"gone"}))
        assert answer(there).answer is OPEN_ANSWER

    def test_when_all_evidence_is_gone_the_surfaces_stay_unanswered(self) -> None:
        verdict = answer(world(RECORDS))
        assert told(verdict) == [("open", "records", Cause.NOBODY_LOOKED, "look at records")]


class TestOverSurfaces:
    def said(self, *outcomes: Outcome) -> World:
        parts = []
        for number, outcome in enumerate(outcomes):
            name = f"db{number}"
            parts += [surface(name), finding("open", outcome, name, name), looked(name, name)]
        return world(*parts)

    def test_fail_then_open_then_pass_then_moot(self) -> None:
        assert answer(self.said(FAIL, OPEN, PASS, MOOT)).answer is NOT_MET
        assert answer(self.said(OPEN, PASS, MOOT)).answer is OPEN_ANSWER
        assert answer(self.said(PASS, MOOT)).answer is MET
        assert answer(self.said(MOOT)).answer is OPEN_ANSWER

    def test_one_surface_without_an_answer_keeps_it_open(self) -> None:
        parts = (surface("other"), RECORDS, finding("open", PASS, "records", "a"), looked("records", "a"))
        verdict = answer(world(*parts))
        assert [(one.surface, one.cause) for one in verdict.would_change] == [("other", Cause.NOBODY_LOOKED)]

    def test_no_surface_of_its_kind_is_moot_unless_expected(self) -> None:
        site = (surface("site", Kind.CONTACT), finding("page", PASS, "site", "p"), looked("site", "p"))
        both = Requirement(asks="?", all=("page", "open"))
        assert answer(world(*site), both).answer is MET
        expecting = Requirement(asks="?", all=("page", "open"), expects=((Kind.DATABASE,),))
        verdict = answer(world(*site), expecting)
        assert verdict.answer is OPEN_ANSWER
        assert told(verdict) == [("open", "", Cause.NOT_SUPPLIED, "supply database")]

    def test_one_kind_of_a_group_is_enough(self) -> None:
        expecting = Requirement(asks="?", all=("open",), expects=((Kind.APP, Kind.FIRMWARE, Kind.CAPTURE),))
        seen = (RECORDS, finding("open", PASS, "records", "a"), looked("records", "a"))
        verdict = answer(world(*seen), expecting)
        assert told(verdict) == [("", "", Cause.NOT_SUPPLIED, "supply app, firmware or capture")]
        assert answer(world(*seen, surface("tape", Kind.CAPTURE)), expecting).answer is MET

    def test_a_category_may_expect_more(self) -> None:
        expecting = Requirement(asks="?", all=("open",), expects_for={"toy": ((Kind.APP,),)})
        seen = (RECORDS, finding("open", PASS, "records", "a"), looked("records", "a"))
        assert answer(world(*seen, about=product(category="kettle")), expecting).answer is MET
        assert answer(world(*seen, about=product(category="toy")), expecting).answer is OPEN_ANSWER

    def test_a_third_partys_surface_is_not_what_is_expected(self) -> None:
        expecting = Requirement(asks="?", all=("page",), expects=((Kind.DATABASE,),))
        site = (surface("site", Kind.CONTACT), finding("page", PASS, "site", "p"), looked("site", "p"))
        assert answer(world(*site, surface("a", owner=Owner.THIRD_PARTY)), expecting).answer is OPEN_ANSWER
        assert answer(world(*site, surface("a")), expecting).answer is MET


class TestRequirement:
    SITE = surface("site", Kind.CONTACT)
    EITHER = Requirement(asks="?", any=(("page", "bounty"),))

    def said(self, page: Outcome, bounty: Outcome) -> World:
        answers = (finding("page", page, "site", "p"), finding("bounty", bounty, "site", "p"))
        return world(self.SITE, looked("site", "p"), *answers)

    @pytest.mark.parametrize(
        ("page", "bounty", "expected"),
        [
            (PASS, FAIL, MET),
            (PASS, OPEN, MET),
            (PASS, MOOT, MET),
            (FAIL, FAIL, NOT_MET),
            (FAIL, MOOT, NOT_MET),
            (FAIL, OPEN, OPEN_ANSWER),
            (OPEN, MOOT, OPEN_ANSWER),
            (MOOT, MOOT, OPEN_ANSWER),
        ],
    )
    def test_alternatives(self, page: Outcome, bounty: Outcome, expected: Standing) -> None:
        assert answer(self.said(page, bounty), self.EITHER).answer is expected

    def test_notes_are_reported_and_never_decide(self) -> None:
        noting = Requirement(asks="?", all=("page",), notes=("bounty",))
        verdict = answer(self.said(PASS, FAIL), noting)
        assert verdict.answer is MET
        assert [note.partition("/")[0] for note in verdict.notes] == ["bounty"]

    def test_nothing_that_arose_is_not_met(self) -> None:
        verdict = answer(self.said(MOOT, MOOT), self.EITHER)
        assert [one.what for one in verdict.would_change] == [
            "the question arose on no surface: a person may declare it"
        ]

    def test_a_requirement_without_checks_says_that_nobody_looked(self) -> None:
        verdict = answer(self.said(PASS, PASS), Requirement(asks="?"))
        assert verdict.answer is OPEN_ANSWER
        assert [one.cause for one in verdict.would_change] == [Cause.NOBODY_LOOKED]

    def test_a_check_we_do_not_have_keeps_it_open(self) -> None:
        verdict = answer(self.said(PASS, PASS), Requirement(asks="?", all=("page", "unheard-of")))
        assert verdict.answer is OPEN_ANSWER
        assert [(one.check, one.cause) for one in verdict.would_change] == [
            ("unheard-of", Cause.TOOL_MISSING)
        ]

    def test_what_no_check_is_asked_at_keeps_it_open(self) -> None:
        about = Requirement(asks="?", all=("page",), about=(Kind.CONTACT, Kind.BROKER))
        seen = (self.SITE, finding("page", PASS, "site", "p"), looked("site", "p"))
        assert answer(world(*seen), about).answer is MET
        assert (
            answer(world(*seen, surface("queue", Kind.BROKER, owner=Owner.THIRD_PARTY)), about).answer is MET
        )
        verdict = answer(world(*seen, surface("queue", Kind.BROKER)), about)
        assert [(one.surface, one.cause) for one in verdict.would_change] == [("queue", Cause.NOBODY_LOOKED)]

    NETWORK = Requirement(asks="?", all=("page",), network=True)
    APP = surface("app", Kind.APP)

    @pytest.mark.parametrize(
        ("looks", "expected"),
        [
            ((), OPEN_ANSWER),
            ((looked("app", "m", sees=("manifest/1",)),), MET),
            ((looked("app", "m", sees=("manifest/1",), complete=False),), OPEN_ANSWER),
            (
                (
                    looked("app", "m", sees=("manifest/1",)),
                    looked("app", "c", sees=("code/1",), complete=False),
                ),
                OPEN_ANSWER,
            ),
            ((looked("app", "m", sees=("a/1",), complete=False), looked("app", "n", sees=("a/1",))), MET),
            ((looked("app", "m", "gone", sees=("manifest/1",)),), OPEN_ANSWER),
        ],
        ids=["no look", "whole", "incomplete", "half", "completed", "gone"],
    )
    def test_on_networks_what_names_addresses_is_looked_at_whole(
        self, looks: tuple[Looked, ...], expected: Standing
    ) -> None:
        seen = (self.SITE, finding("page", PASS, "site", "p"), looked("site", "p"), self.APP)
        there = world(*seen, *looks, gone=frozenset({"gone"}))
        verdict = answer(there, self.NETWORK)
        assert verdict.answer is expected
        assert [one.surface for one in verdict.would_change] == ["app"] * (expected is OPEN_ANSWER)
        assert answer(there, Requirement(asks="?", all=("page",))).answer is MET

    def test_what_is_not_asked_is_not_applicable(self) -> None:
        child = Requirement(asks="?", all=("open",), asked_if="for_children")
        said = (RECORDS, finding("open", FAIL, "records", "a"), looked("records", "a"))
        assert answer(world(*said), child).answer is Standing.NOT_APPLICABLE
        assert answer(world(*said, about=product(for_children=None)), child).answer is NOT_MET
        assert answer(world(*said, about=product(for_children=True)), child).answer is NOT_MET

    def test_nobody_saying_whether_children_use_it_excuses_nothing(self) -> None:
        child = Requirement(asks="?", asked_if="for_children")
        assert answer(world(about=product(for_children=False)), child).answer is Standing.NOT_APPLICABLE
        assert answer(world(about=product(for_children=None)), child).answer is OPEN_ANSWER


class TestGuideline:
    def verdict(
        self,
        *parts: AnySurface | Looked | Finding,
        young: bool = False,
        said: tuple[tuple[str, Standing], ...] = (),
    ) -> Verdict:
        both = rules(
            open=OPEN_ONLY,
            page=Requirement(asks="?", all=("page",)),
            child=Requirement(asks="?", all=("open",), asked_if="for_children"),
        )
        people = (declared(name, one, by=f"{name[2:]} person") for name, one in said)
        about = product(*people, for_children=young)
        return roll_up(both, CHECKS, world(*parts, about=about), TODAY)

    DATABASE = (RECORDS, looked("records", "a"))
    SITE = (surface("site", Kind.CONTACT), looked("site", "p"), finding("page", PASS, "site", "p"))

    def test_not_met_if_one_is(self) -> None:
        verdict = self.verdict(*self.DATABASE, finding("open", FAIL, "records", "a"))
        assert verdict.guidelines["g"].answer is NOT_MET

    def test_met_if_each_is_met_or_not_applicable(self) -> None:
        verdict = self.verdict(*self.DATABASE, *self.SITE, finding("open", PASS, "records", "a"))
        answers = [one.answer for one in verdict.guidelines["g"].requirements.values()]
        assert answers == [MET, MET, Standing.NOT_APPLICABLE]
        assert verdict.guidelines["g"].answer is MET
        assert verdict.guidelines["g"].by_declaration_of == ""

    def test_else_open(self) -> None:
        verdict = self.verdict(*self.SITE)
        assert verdict.guidelines["g"].answer is OPEN_ANSWER

    def test_where_all_is_declared_it_says_by_whom(self) -> None:
        said = (("g.open", Standing.NOT_APPLICABLE), ("g.page", MET))
        guideline = self.verdict(said=said).guidelines["g"]
        assert (guideline.answer, guideline.by_declaration_of) == (MET, "open person, page person")

    def test_not_applicable_without_a_person_is_never_met(self) -> None:
        young = rules(child=Requirement(asks="?", all=("open",), asked_if="for_children"))
        verdict = roll_up(young, CHECKS, world(), TODAY)
        assert verdict.guidelines["g"].answer is OPEN_ANSWER

    def test_exposures_stand_for_themselves(self) -> None:
        verdict = self.verdict(*self.DATABASE, finding("open", FAIL, "records", "a"))
        assert {name: one.answer for name, one in verdict.exposures.items()} == {"exposure.e": NOT_MET}
