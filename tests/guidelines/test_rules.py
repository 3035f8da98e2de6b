"""Reading rules: every mistake is answered with file and key; the digest names all that decides."""

from typing import ClassVar

import pytest
from msgspec.structs import replace

from shelfworthy.checks import CHECKS
from shelfworthy.guidelines import (
    CheckFacts,
    Requirement,
    RulesError,
    disagreements,
    five_guidelines,
    read_rules,
    rules_digest,
)
from shelfworthy.model import Kind
from tests.guidelines.build import facts, rules

LIVES = "[shelf_life]\n" + "\n".join(f"{kind} = 7" for kind in Kind)
GOOD = f"""
[guideline.g]
title = "G"
wording = "W"
source = "S"
[exposure]
title = "E"
wording = "W"
source = "S"
[requirement.g.r]
asks = "Is it?"
all = ["one"]
[requirement.exposure.e]
asks = "Is it not?"
{LIVES}
"""


def test_good_rules_are_read() -> None:
    assert [name for name, _ in read_rules(GOOD).requirements()] == ["g.r", "exposure.e"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('all = ["one"]', "all = [", "test.toml: Invalid value"),
        (
            'all = ["one"]',
            'all = "one"',
            "test.toml: requirement.g.r.all: Expected `array`, got `str`",
        ),
        ('all = ["one"]', 'al = ["one"]', "test.toml: requirement.g.r: Object contains unknown field `al`"),
        (
            'all = ["one"]',
            'about = ["web"]',
            "test.toml: requirement.g.r.about[0]: Invalid enum value 'web'",
        ),
        (
            'all = ["one"]',
            'asked_if = "often"',
            "test.toml: requirement.g.r.asked_if: Invalid enum value 'often'",
        ),
        ('all = ["one"]', 'all = ["one", "one"]', "test.toml: requirement.g.r: names 'one' twice"),
        ('all = ["one"]', 'all = ["one"]\nnotes = ["one"]', "test.toml: requirement.g.r: names 'one' twice"),
        (
            'all = ["one"]',
            'any = [["one", "two"], ["three"]]',
            "test.toml: requirement.g.r.any[1]: expected at least two alternatives",
        ),
        ('all = ["one"]', "expects = [[]]", "test.toml: requirement.g.r.expects: expected at least one kind"),
        ('asks = "Is it?"', 'asks = "It is."', "test.toml: requirement.g.r.asks: expected one question"),
        ("[requirement.g.r]", "[requirement.h.r]", "test.toml: requirement.h: no guideline has this name"),
        (
            "[requirement.g.r]",
            "[requirement.h.r]",
            "test.toml: requirement.g: expected at least one requirement",
        ),
        ("bucket = 7", "bucket = 0", "test.toml: shelf_life.bucket: expected a number of days, at least 1"),
        (
            "[guideline.g]",
            "[guideline.g]\nshort = 1",
            "test.toml: guideline.g: Object contains unknown field",
        ),
        ("[exposure]", "[guideline]\nother = 1\n[exposure]", "test.toml: guideline.other: Expected `object`"),
        (
            "bucket = 7",
            "cupboard = 7",
            "test.toml: Invalid enum value 'cupboard' - at `key` in `$.shelf_life`",
        ),
        (
            "bucket = 7",
            "bucket = 7\n[shelf_life_of]\ndatabase-hello = 0",
            "test.toml: shelf_life_of.database-hello: expected a number of days, at least 1",
        ),
        (
            "bucket = 7",
            'bucket = 7\n[shelf_life_of]\n"database-hello/1" = 1',
            "test.toml: shelf_life_of.database-hello/1: expected a tag without its number",
        ),
        (
            "bucket = 7",
            "bucket = 7\n[shelf_life_of]\nhello = 1",
            "test.toml: shelf_life_of.hello: expected a tag without its number",
        ),
        ("bucket = 7", "", "test.toml: shelf_life.bucket: expected a number of days, at least 1"),
    ],
)
def test_a_mistake_is_answered_with_its_key(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(RulesError) as wrong:
        read_rules(GOOD.replace(old, new, 1), "test.toml")
    assert said in str(wrong.value)
    assert all(line.startswith("test.toml: ") for line in str(wrong.value).splitlines())


def test_rules_and_checks_that_fit_do_not_disagree() -> None:
    fitting = rules(r=Requirement(asks="?", all=("open",), notes=("noted",), network=True))
    assert disagreements(fitting, {one.id: one for one in (facts("open"), facts("noted"))}) == []


def test_rules_and_checks_that_do_not_fit_disagree() -> None:
    wrong = rules(r=Requirement(asks="?", all=("open", "lost")))
    said = disagreements(wrong, {one.id: one for one in (facts("open"), facts("idle"))})
    assert said[:2] == [
        "requirement.g.r: names 'lost', which is no check",
        "requirement.g.r.network: expected true, its checks are about networks",
    ]
    assert said[-1] == "idle: no requirement names this check"


def test_the_facts_of_a_check_are_its_own() -> None:
    one = next(check for check in CHECKS if check.id == "database-open")
    assert CheckFacts.of(one) == CheckFacts(
        id="database-open",
        version=one.version,
        kind=Kind.DATABASE,
        level=one.level,
        reads=("database-listing/1", "database-store-listing/1"),
    )


class TestDigest:
    RULES = five_guidelines()
    FACTS: ClassVar = {one.id: one for one in (facts("open"), facts("clear"))}

    def test_the_same_rules_and_checks_have_the_same_digest(self) -> None:
        reordered = dict(reversed(self.FACTS.items()))
        assert rules_digest(self.RULES, self.FACTS) == rules_digest(self.RULES, reordered)

    @pytest.mark.parametrize("change", [{"version": 2}, {"reads": ("database/2",)}, {"kind": Kind.BUCKET}])
    def test_another_check_has_another_digest(self, change: dict[str, object]) -> None:
        changed = self.FACTS | {"open": replace(self.FACTS["open"], **change)}
        assert rules_digest(self.RULES, changed) != rules_digest(self.RULES, self.FACTS)

    def test_other_rules_have_another_digest(self) -> None:
        longer = replace(self.RULES, shelf_life=self.RULES.shelf_life | {Kind.DATABASE: 2})
        assert rules_digest(longer, self.FACTS) != rules_digest(self.RULES, self.FACTS)

    def test_what_was_asked_of_the_rules_does_not_change_it(self) -> None:
        before = rules_digest(self.RULES, self.FACTS)
        assert [one.deciding() for _, one in self.RULES.requirements()]
        assert rules_digest(self.RULES, self.FACTS) == before
