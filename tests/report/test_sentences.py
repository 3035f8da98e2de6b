"""Every answer has its sentence, whatever became of its check and its facts."""

import string

import msgspec
import pytest

from shelfworthy.checks import CHECKS
from shelfworthy.model import Cause, Check, Fact, Outcome
from shelfworthy.report.sentences import filled, listed, sentence, wanted
from shelfworthy.report.words import words
from tests.report import audits, hostile

OPEN = audits.FOUND[0]
UNSURE = audits.FOUND[3]


def saying(check: Check, says: str, /, **facts: Fact) -> str:
    finding = msgspec.structs.replace(OPEN, check=check.id, says=says, facts=facts)
    return sentence(finding)


def test_the_checks_own_words_are_filled_with_the_facts() -> None:
    assert sentence(OPEN) == "A stranger may list 3 databases with 19,395 records."


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_sentence_of_every_check_can_be_said(check: Check) -> None:
    for says, template in check.says.items():
        names = {name for _, name, _, _ in string.Formatter().parse(template) if name}
        whole = saying(check, says, **dict.fromkeys(names, "something"))
        assert "{" not in whole
        assert words().unknown not in whole
        assert whole.count("something") >= len(names)
        without = saying(check, says)
        assert "{" not in without
        assert (words().unknown in without) == bool(names)


def test_a_check_that_is_gone_still_says_what_it_found() -> None:
    gone = msgspec.structs.replace(OPEN, check="retired", says="let-in")
    assert sentence(gone) == "What was seen is not as it should be (let in)."
    assert sentence(UNSURE) == "This stayed open (no idea): only a person can tell."


def test_a_sentence_its_check_does_not_know_any_more() -> None:
    gone = msgspec.structs.replace(OPEN, says="older-wording")
    assert sentence(gone) == "What was seen is not as it should be (older wording)."


def test_our_own_fault_is_said_to_be_ours() -> None:
    broke = msgspec.structs.replace(
        UNSURE,
        check="database-open",
        says="our-fault",
        cause=Cause.OUR_FAULT,
        facts={"error": "KeyError: 'x'"},
    )
    assert sentence(broke).startswith("The fault is ours")
    assert "KeyError: 'x'" in sentence(broke)


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("cause", [*Cause, None])
def test_every_outcome_and_cause_has_words(outcome: Outcome, cause: Cause | None) -> None:
    odd = msgspec.structs.replace(OPEN, check="retired", outcome=outcome, cause=cause)
    assert sentence(odd).endswith(".")
    assert "{" not in sentence(odd)


def test_numbers_that_count_are_grouped_and_numbers_that_name_are_not() -> None:
    template = "{records} on port {port}, code {code}, {share}, {open}"
    facts: dict[str, Fact] = {"records": 821396, "port": 27017, "code": 8000, "share": 0.5, "open": True}
    assert filled(template, facts) == "821,396 on port 27017, code 8000, 0.5, yes"


def test_lists_are_read_like_lists_and_bounded() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed([]) == "–"
    assert listed(map(str, range(1000)), most=3) == "0, 1, 2 and 997 more"


def test_facts_cannot_bring_templates_or_escapes() -> None:
    said = filled("It said {reason}.", {"reason": hostile.TEMPLATE + hostile.TERMINAL})
    assert said.startswith("It said {{ 7 * 7 }} {% raw %} ${x} {facts} {0}")
    assert "\x1b" not in said


def test_what_is_wanted_is_a_sentence() -> None:
    assert wanted("permit `knock` on s") == "Permit `knock` on s."
    assert wanted("https://a.test/ is not on port 443") == "https://a.test/ is not on port 443."
    assert wanted("The policy forbids it. Write into it: x.") == "The policy forbids it. Write into it: x."
