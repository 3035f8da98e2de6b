"""Policies: what is read, every mistake with its place, and what meets a rule."""

from datetime import timedelta

import pytest

from shelfworthy.model import Severity
from shelfworthy.product.mistakes import BadFile
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding.details import NOTHING, Details
from shelfworthy.shelf.deciding.policy import (
    Facts,
    If,
    Rule,
    Then,
    applies,
    known_names,
    met_by,
    read,
    shipped,
)

KNOWN = known_names()
GOOD = '[[rule]]\nid = "a"\nif = { standing = "not met" }\nthen = "hold"\nreason = "because"\n'


def instead(condition: str) -> str:
    """The good policy with another condition."""
    return GOOD.replace('standing = "not met"', condition)


def test_the_shipped_policy_is_one() -> None:
    book = read(shipped(), KNOWN)
    assert [(rule.id, rule.then, rule.people_to_reinstate) for rule in book.rules] == [
        ("critical-exposure", "hold", 1),
        ("child-product-not-met", "hold", 2),
        ("undetermined-90-days", "ask", 1),
    ]
    assert book.trust.clears == {"lab", "shop"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rule = 1", "policy: rule: it is no list of tables"),
        ("[[rule", "policy: it is no TOML"),
        ("[[rules]]", 'policy: rules: there is no such key. Did you mean "rule"?'),
        (GOOD.replace('id = "a"', ""), "policy: rule 1.id: it is not said. Expected a name"),
        (GOOD + GOOD, "policy: rule a.id: two rules have it"),
        (GOOD.replace('"hold"', '"holds"'), 'a.then: "holds". Did you mean "hold"? Expected "withdraw",'),
        (GOOD.replace("then", "than"), 'rule a.than: there is no such key. Did you mean "then"?'),
        (GOOD.replace('"because"', '""'), 'rule a.reason: "". Expected a reason of at most 60'),
        (GOOD.replace('"because"', f'"{"x" * 61}"'), "rule a.reason:"),
        (GOOD + "people_to_reinstate = 3", 'rule a.people_to_reinstate: "3". Expected 1 or 2.'),
        (GOOD + "people_to_reinstate = true", "rule a.people_to_reinstate:"),
        (GOOD.replace('{ standing = "not met" }', "{}"), "rule a.if: "),
        (GOOD.replace('"not met"', '"bad"'), "rule a.if.standing: "),
        (GOOD.replace("standing", "standng"), 'a.if.standng: there is no such key. Did you mean "standing"?'),
        (instead('exposure = "dta"'), 'if.exposure: "dta". Did you mean "data"?'),
        (instead('guideline = "colour"'), "if.guideline: "),
        (instead('requirement = "encryption.tsl"'), 'Did you mean "encryption.tls"?'),
        (instead('severity = "grave"'), 'Expected "critical", "high"'),
        (instead("undetermined_days = 0"), "Expected a number of days, 1 to 3650."),
        (instead('undetermined_days = "90"'), "if.undetermined_days:"),
        (instead("for_children = 1"), "if.for_children:"),
        (instead("market = [1]"), "if.market:"),
        ("[trust]\nclears = ['us']", "trust.clears: "),
        ("[trust]\nclear = ['lab']", 'trust.clear: there is no such key. Did you mean "clears"?'),
        ("x" * 100_001, "longer than"),
        ("a = " + "[" * 2000, "it is no TOML"),
    ],
)  # fmt: skip
def test_every_mistake_is_answered(text: str, said: str) -> None:
    with pytest.raises(BadFile) as wrong:
        read(text, KNOWN)
    assert said in str(wrong.value)


def test_all_mistakes_at_once() -> None:
    with pytest.raises(BadFile) as wrong:
        read(GOOD.replace('"hold"', '"x"').replace('"not met"', '"y"').replace('"because"', '""'), KNOWN)
    assert len(wrong.value.mistakes) == 3


def test_a_name_that_has_gone_is_read_in_an_old_policy() -> None:
    text = instead('guideline = "gone"')
    assert read(text).rules[0].when.guideline == "gone"


def facts(**more: object) -> Facts:
    details = Details(
        answers={"exposure.data": "not met", "passwords.defaults": "not met", "encryption.tls": "met"},
        gravest={
            "exposure.data": Severity.CRITICAL, "exposure": Severity.CRITICAL,
            "passwords.defaults": Severity.MEDIUM, "passwords": Severity.MEDIUM,
        },
    )  # fmt: skip
    usual: dict[str, object] = {
        "standing": "not met",
        "answers": {"exposure.data": "not met", "passwords": "not met", "encryption": "cannot determine"},
        "undetermined_since": None,
        "for_children": None,
        "category": "toy",
        "markets": frozenset({"DE", "AT"}),
        "details": lambda: details,
    }
    return Facts(**(usual | more))  # type: ignore[arg-type] # typed where they are used


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        (If(exposure="any"), True),
        (If(exposure="data"), True),
        (If(exposure="domains"), False),
        (If(guideline="any"), True),
        (If(guideline="passwords"), True),
        (If(guideline="encryption"), False),
        (If(requirement="passwords.defaults"), True),
        (If(requirement="encryption.tls"), False),
        (If(severity=Severity.HIGH), True),
        (If(exposure="any", severity=Severity.CRITICAL), True),
        (If(guideline="any", severity=Severity.HIGH), False),
        (If(guideline="passwords", severity=Severity.MEDIUM), True),
        (If(requirement="passwords.defaults", severity=Severity.HIGH), False),
        (If(standing="not met", category=("camera", "toy"), market=("FR", "AT")), True),
        (If(category=("camera",)), False),
        (If(market=("FR",)), False),
        (If(for_children=True), False),
        (If(for_children=False), False),
        (If(for_children="possible"), True),
        (If(undetermined_days=1), False),
    ],
)
def test_when_a_rule_applies(when: If, holds: bool) -> None:
    assert applies(when, facts(), now()) is holds


def test_how_long_it_has_been_open() -> None:
    at = now()
    open_since = facts(standing="cannot determine", undetermined_since=at - timedelta(days=90))
    assert applies(If(undetermined_days=90), open_since, at)
    assert not applies(If(undetermined_days=91), open_since, at)


def test_a_judgement_is_only_unpacked_where_all_else_holds() -> None:
    def never() -> Details:
        raise AssertionError("unpacked")

    when = If(exposure="any", severity=Severity.CRITICAL, market=("FR",))
    assert not applies(when, facts(details=never), now())
    assert not applies(If(severity=Severity.LOW), facts(details=lambda: NOTHING), now())


def test_the_gravest_is_first() -> None:
    book = read(GOOD + GOOD.replace('"a"', '"b"').replace('"hold"', '"withdraw"'), KNOWN)
    met: tuple[Rule, ...] = met_by(book, facts(), now())
    assert [rule.then for rule in met] == [Then.WITHDRAW, Then.HOLD]
