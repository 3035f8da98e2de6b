"""The table of rules, and what the code names of it."""

from shelfworthy.checks.policy._rules import BESIDE, rules


def test_what_says_nothing_of_its_own_is_in_the_table() -> None:
    assert {rule.topic for several in rules().values() for rule in several} >= BESIDE
