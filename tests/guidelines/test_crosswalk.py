"""The crosswalk: ids only, of names that exist, memory marked as memory."""

import re

import pytest

from shelfworthy.guidelines import RulesError, five_guidelines, our_crosswalk
from shelfworthy.guidelines.crosswalk import read_crosswalk

CROSSWALK = our_crosswalk()
PLACES = [
    (framework_id, name, passage)
    for framework_id, framework in CROSSWALK.framework.items()
    for name, passage in framework.passages()
]


def test_where_a_framework_asks_the_same() -> None:
    found = CROSSWALK.elsewhere("updates.support")
    assert found["ETSI EN 303 645 v2.1.1"].ids == ("5.3-13",)
    assert found["UK PSTI, SI 2023/1007, Schedule 1"].ids == ("paragraph 3",)
    assert CROSSWALK.elsewhere("passwords")["UK PSTI, SI 2023/1007, Schedule 1"].ids == ("paragraph 1",)


def test_what_is_not_known_is_not_there() -> None:
    assert CROSSWALK.elsewhere("exposure.domains") == {}
    assert "OWASP IoT Top 10 2018" not in CROSSWALK.elsewhere("vulnerabilities")


@pytest.mark.parametrize("framework", ["en-18031", "coppa", "cls"])
def test_what_is_from_memory_is_unconfirmed(framework: str) -> None:
    passages = [passage for name, _, passage in PLACES if name == framework]
    assert passages
    assert all(passage.unconfirmed and not passage.ids for passage in passages)


@pytest.mark.parametrize(("framework", "name"), [one[:2] for one in PLACES if "." in one[1]])
def test_a_requirements_ids_are_among_its_guidelines(framework: str, name: str) -> None:
    inner = CROSSWALK.framework[framework].passage(name)
    outer = CROSSWALK.framework[framework].passage(name.partition(".")[0])
    assert inner is not None
    assert outer is not None
    assert set(inner.ids) <= set(outer.ids)
    assert set(inner.unconfirmed) <= set(outer.unconfirmed)


def test_en_303_645_has_provision_numbers() -> None:
    ids = [one for name, _, passage in PLACES if name == "en-303-645" for one in passage.ids]
    assert all(re.fullmatch(r"(5\.\d{1,2}|6)-\d{1,2}", one) for one in ids)


HEAD = '[framework.x]\ntitle = "X"\nsource = "S"\n[framework.x.guideline]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('updates.ids = ["a"]\nupgrades.ids = ["a"]', "framework.x: upgrades: no guideline or requirement"),
        ("updates = {}", "framework.x: updates: expected ids"),
        ('updates = { ids = ["a"], unconfirmed = ["a"] }', "framework.x: updates: names 'a' twice"),
        ("updates = 3", "framework.x.guideline.updates: Expected `object`, got `int`"),
        ("updates =", "Invalid value"),
        (
            '[framework.x.requirement]\nupdates.ever.ids = ["a"]',
            "framework.x: updates.ever: no guideline or requirement",
        ),
    ],
)
def test_a_mistake_is_answered_with_its_key(text: str, said: str) -> None:
    with pytest.raises(RulesError) as wrong:
        read_crosswalk(HEAD + text, five_guidelines(), "test.toml")
    assert said in str(wrong.value)
    assert str(wrong.value).startswith("test.toml: ")
