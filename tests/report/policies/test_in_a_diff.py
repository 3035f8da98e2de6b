"""What changed in a policy stands in the diff of two audits: for people, as JSON, and bounded."""

import json as plain_json

import jsonschema_rs

from shelfworthy.model import Judgement
from shelfworthy.record import Evidence
from shelfworthy.report import json
from shelfworthy.report.diff import diff, text
from shelfworthy.report.policies.lines import SHOWN
from shelfworthy.report.schema import diff_schema
from shelfworthy.seen.policy import PolicySeen
from tests.report import audits, hostile, papers
from tests.report.policies import texts
from tests.report.policies.texts import BASE, seen


def audit(*several: PolicySeen) -> tuple[Evidence, Judgement]:
    return papers.audited(audits.BEAR, *several)


LONGER = seen(*(line.replace("30 days", "90 days") for line in BASE))


def test_it_says_which_sentence_changed_and_which_requirement_waits() -> None:
    said = text(diff(*audit(seen(*BASE)), *audit(LONGER)))
    assert "\nPolicy policy: It changed in meaning.\n" in said
    assert "To be asked again, and what was declared about it to be read again: " in said
    assert "  meaning: A period changed: 30 days → 90 days. (" in said
    assert f"    - {texts.PERIOD}\n    + {texts.PERIOD.replace('30', '90')}" in said


def test_the_same_policy_is_no_difference() -> None:
    found = diff(*audit(seen(*BASE)), *audit(seen(*BASE)))
    assert found.same
    assert found.policies == ()


def test_other_words_of_it_are_a_difference() -> None:
    found = diff(*audit(seen(*BASE)), *audit(seen(*BASE, "Lanterns are round.")))
    assert not found.same


def test_a_policy_that_was_not_read_again_did_not_change() -> None:
    found = diff(*audit(seen(*BASE)), *audit())
    assert found.policies == ()
    assert found.not_looked_at_again


def test_the_schema_knows_it() -> None:
    found = json.difference(diff(*audit(seen(*BASE)), *audit(LONGER)))
    schema = jsonschema_rs.Draft202012Validator(plain_json.loads(diff_schema()))
    schema.validate(plain_json.loads(found))
    [policy] = plain_json.loads(found)["policies"]
    assert policy["changes"][0]["how"] == "meaning"
    assert "privacy.choices" in policy["reopened"]


def test_many_changes_are_counted_and_hostile_words_can_only_be_read() -> None:
    noise = [f"Lamp {number} {hostile.TERMINAL} {hostile.TURNED}" for number in range(SHOWN + 20)]
    said = text(diff(*audit(seen(*BASE)), *audit(seen(*BASE, *noise))))
    assert "more, in the JSON form." in said
    assert not set(said) & set("\x1b\x07\x08\r\x9b\u202e\u2066\u200b\u2028")
