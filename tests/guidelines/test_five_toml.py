"""The rules we ship: complete, consistent with themselves, with DESIGN and with the checks."""

import pytest

from shelfworthy.checks import CHECKS
from shelfworthy.guidelines import CheckFacts, World, five_guidelines, roll_up
from shelfworthy.guidelines.rules import NETWORK
from shelfworthy.model import AnySurface, Finding, Kind, Looked, Standing
from tests.guidelines.build import TODAY, finding, looked, product, surface, world
from tests.guidelines.naive import PASS

RULES = five_guidelines()
BY_ID = dict(RULES.requirements())
FACTS = {check.id: CheckFacts.of(check) for check in CHECKS}

# DESIGN, "The five guidelines and their requirements".
REQUIREMENTS = {
    "encryption": ["network", "tls", "trust", "radio", "keys", "storage"],
    "updates": ["mechanism", "signed", "automatic", "seamless", "support", "components"],
    "passwords": ["strength", "defaults", "guessing", "hardcoded"],
    "vulnerabilities": ["contact", "policy", "response"],
    "privacy": ["available", "readable", "choices", "children", "practice", "sensors"],
    "exposure": ["data", "domains", "breach"],
}


def test_every_requirement_of_the_design_in_its_order() -> None:
    assert {heading: list(inside) for heading, inside in RULES.requirement.items()} == REQUIREMENTS
    assert list(RULES.guideline) == [*REQUIREMENTS][:5]


def test_the_guidelines_are_quoted_with_their_source() -> None:
    for guideline in (*RULES.guideline.values(), RULES.exposure):
        assert guideline.title
        assert len(guideline.wording) > 80
        assert guideline.source
    assert (
        "must use encryption for all of its network communications" in RULES.guideline["encryption"].wording
    )


@pytest.mark.parametrize("requirement_id", BY_ID)
def test_a_requirement_is_one_question_that_can_be_met(requirement_id: str) -> None:
    requirement = BY_ID[requirement_id]
    assert requirement.asks.count("?") == 1
    assert requirement.about, "a surface nobody asks about must keep it open"
    asked = {FACTS[check].kind for check in requirement.deciding()}
    assert asked <= set(requirement.about), "it is about the kinds its checks are asked at"
    assert requirement.network >= bool(asked & NETWORK)


def test_for_children_is_asked_of_what_children_use() -> None:
    assert [name for name, one in BY_ID.items() if one.asked_if] == ["privacy.children"]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_shelf_life(kind: Kind) -> None:
    assert 1 <= RULES.lasts(kind).days <= 90


def test_what_opens_in_a_minute_is_looked_at_again_after_a_day() -> None:
    assert {kind for kind in Kind if RULES.lasts(kind).days == 1} == {Kind.DATABASE, Kind.BUCKET, Kind.BROKER}


def all_pass(*surfaces: AnySurface) -> World:
    """A world in which every check passes on every surface of its kind, looked at whole."""
    parts: list[Looked | Finding] = []
    for one in surfaces:
        reading = [check for check in FACTS.values() if check.kind is one.kind]
        tags = tuple(sorted({tag for check in reading for tag in check.reads})) or (f"{one.kind}/1",)
        parts.append(looked(one.id, f"{one.id}-seen", sees=tags))
        parts += [finding(check.id, PASS, one.id, f"{one.id}-seen") for check in reading]
    about = product(for_children=True)
    return world(*surfaces, *parts, about=about)


def met(given: World) -> set[str]:
    verdict = roll_up(RULES, FACTS, given, TODAY)
    answers = dict(verdict.exposures)
    for guideline in verdict.guidelines.values():
        answers |= guideline.requirements
    return {name for name, one in answers.items() if one.answer is Standing.MET}


RECORDS = surface("records", Kind.DATABASE)
TONES = surface("tones", Kind.BUCKET)
SITE = surface("site", Kind.ENDPOINT)
TALK = surface("talk", Kind.CONTACT)
APP = surface("app", Kind.APP)


class TestWhatMustNotPassBySilence:
    """However good all answers are, what was not shown stays open."""

    def test_with_nothing_shown_nothing_is_met(self) -> None:
        assert met(world(about=product(for_children=True))) == set()

    def test_a_product_file_alone_does_not_prove_that_all_is_encrypted_or_closed(self) -> None:
        given = met(all_pass(RECORDS, SITE, TALK))
        assert given == {"encryption.tls", "vulnerabilities.contact", "vulnerabilities.policy"}

    def test_with_an_app_read_whole_it_is_shown(self) -> None:
        given = met(all_pass(RECORDS, SITE, TALK, APP))
        assert given >= {"encryption.network", "exposure.data", "encryption.tls"}

    @pytest.mark.parametrize("kind", [Kind.ACCOUNT, Kind.BUCKET])
    def test_a_surface_nobody_can_look_at_keeps_what_it_is_about_open(self, kind: Kind) -> None:
        given = met(all_pass(RECORDS, SITE, TALK, APP, surface("other", kind)))
        assert "encryption.network" not in given
        assert ("encryption.tls" in given) == (kind is Kind.BUCKET)

    def test_what_is_stored_needs_a_person_even_where_nothing_is_open(self) -> None:
        given = met(all_pass(RECORDS, TONES, SITE, TALK, APP))
        assert "encryption.storage" not in given
        assert "exposure.breach" not in given

    def test_without_a_contact_or_an_endpoint_their_requirements_are_open(self) -> None:
        assert met(all_pass(RECORDS, APP)).isdisjoint(
            {"vulnerabilities.contact", "vulnerabilities.policy", "encryption.tls"}
        )


def test_requirements_without_checks_are_open_whatever_is_shown() -> None:
    everything = all_pass(*(surface(kind, kind) for kind in Kind))
    without_checks = {name for name, one in BY_ID.items() if not one.deciding()}
    assert without_checks  # or the next line says nothing
    assert met(everything).isdisjoint(without_checks)


def test_alternatives_are_those_of_a_contact() -> None:
    groups = [one.any for one in BY_ID.values() if one.any]
    assert groups == [(("contact-security-txt", "contact-page", "contact-bounty"),)]
