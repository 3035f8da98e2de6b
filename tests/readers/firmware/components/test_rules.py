"""Every component rule speaks of what it is about, in the right version, and of nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from shelfworthy.readers.firmware.components.scan import LONGEST, shown
from shelfworthy.seen.components import by_name, rules

SPECIMENS = json.loads(Path(__file__).with_name("specimens.json").read_text(encoding="utf-8"))
PROGRAM = b"\x7fELF" + bytes(60)


def named(one: dict[str, Any]) -> str:
    return f"{one['component']}-{'shows' if one['shows'] else 'silent'}-{one['source']}"


@pytest.mark.parametrize("one", SPECIMENS, ids=named)
def test_a_rule_says_of_its_specimen_what_it_must(one: dict[str, Any]) -> None:
    content = PROGRAM + b"\x00".join(text.encode("latin-1") for text in one["texts"]) + b"\x00"
    found = {two.name: two for two in shown(content)}
    assert (one["component"] in found) == one["shows"]
    if one["shows"]:
        told = found[one["component"]]
        assert told.version == one["version"]
        assert 0 < len(told.says) <= LONGEST
        assert told.version in told.says
        assert content[told.at : told.at + told.length].decode("latin-1").startswith(told.version)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_a_rule_has_specimens_of_both(rule: Any) -> None:
    """What only a file name shows has its specimens in `test_gather.py`."""
    has = {one["shows"] for one in SPECIMENS if one["component"] == rule.name}
    assert has >= ({True, False} if rule.shows else {False})
    assert rule.shows or rule.path


def test_names_are_used_once() -> None:
    assert len(by_name()) == len(rules())
    for field in ("packages", "cve"):
        names = [(field, name) for rule in rules() for name in getattr(rule, field)]
        assert len(names) == len(set(names))
    assert len(rules()) >= 60


def test_of_two_versions_in_one_file_none_is_told() -> None:
    content = PROGRAM + b"BusyBox v1.35.0 (x)\x00BusyBox v1.30.1 (y)\x00"
    (told,) = shown(content)
    assert (told.name, told.version) == ("busybox", "")


def test_the_same_name_again_and_again_costs_no_more_than_one() -> None:
    content = PROGRAM + b"BusyBox v1.35.0 \x00" * 200_000
    (told,) = shown(content)
    assert told.version == "1.35.0"
