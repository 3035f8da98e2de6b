"""expected.toml is whole: every check × surface of its kind × level × edition, and in itself consistent."""

import itertools
import tomllib
from importlib.resources import files

import pytest

from shelfworthy_lab import instance
from shelfworthy_lab.products import PRODUCTS, cloudpets, endpoints

LEVELS = ("look", "knock", "use")
RISK = "risk"  # only what it adds
CHECKS = {
    "endpoint": (
        "tls-versions",
        "tls-ciphers",
        "tls-certificate",
        "tls-known-flaws",
        "tls-forward-secrecy",
        "http-cleartext",
    ),
    "database": (
        "database-open",
        "database-cleartext",
        "database-ransom-traces",
        "database-production-copy",
    ),
    "broker": ("broker-anonymous", "broker-readable", "broker-cleartext"),
    "bucket": ("bucket-listing", "bucket-objects-public", "bucket-writable"),
    "account": (
        "password-strength",
        "password-guessing",
        "account-enumeration",
        "object-access",
        "object-ids-guessable",
        "token-replay",
        "data-deletion",
    ),
    "correspondence": ("contact-response",),
    "incident": ("incident-on-record",),
    "domain": (
        "domain-registered",
        "domain-expiry",
        "domain-expires-soon",
        "domain-dangling",
        "domain-parked",
    ),
    "contact": (
        "contact-security-txt",
        "contact-page",
        "contact-bounty",
        "contact-policy",
        "contact-reachable",
        "contact-history",
    ),
    "firmware": (
        "firmware-signed",
        "firmware-signature-valid",
        "firmware-default-key",
        "firmware-rollback",
        "firmware-encrypted-unknown",
        "firmware-passwords",
        "firmware-default-passwords",
        "firmware-private-keys",
        "firmware-shared-secrets",
        "firmware-services",
        "firmware-hardening",
        "firmware-update-trust",
        "firmware-components",
        "firmware-known-exploited",
        "firmware-end-of-life",
    ),
    "target": ("update-accepts-tampered", "update-accepts-older"),
    "policy": (
        "policy-available",
        "policy-specific",
        "policy-current",
        "policy-collection",
        "policy-sharing",
        "policy-opt-out",
        "policy-deletion",
        "policy-retention",
        "policy-security-claims",
        "policy-children",
        "policy-sensors",
        "policy-contact",
        "policy-contradictions",
        "policy-readable",
        "policy-accessible",
    ),
    "bluetooth": (
        "bluetooth-open-access",
        "bluetooth-remote-recording",
        "bluetooth-remote-playback",
        "bluetooth-pairing",
        "bluetooth-reconnect",
        "bluetooth-constant-key",
        "bluetooth-replay",
        "bluetooth-advert-leaks",
        "bluetooth-tracking",
        "bluetooth-firmware-push",
        "bluetooth-classic-pairing",
        "bluetooth-classic-takeover",
    ),
    "update": (
        "update-transport",
        "update-metadata-signed",
        "update-freshness",
        "update-support-period",
    ),
}
SURFACES = {
    "cloudpets": {
        "endpoint": {"api", "parents", "www"},
        "database": {"records", "sessions"},
        "broker": {"messages"},
        "bucket": {"recordings"},
        "domain": {"site-domain", "tour-domain", "assets-domain"},
        "contact": {"www-contact"},
        "update": {"firmware-updates"},
        "account": {"accounts"},
        "correspondence": {"reports"},
        "incident": {"press"},
        "bluetooth": {"bear"},
        "firmware": {"bear-image"},
        "policy": {"privacy"},
    },
    "endpoints": {"endpoint": set(endpoints.PARTS)},
    "hello-barbie": {"endpoint": {"api"}, "account": {"accounts"}, "policy": {"privacy"}},
    "princeton": {"endpoint": {"api"}, "account": {"accounts"}, "policy": {"privacy"}},
    "toy": {"bluetooth": {"toy"}, "firmware": {"toy-image"}},
    "cayla": {"bluetooth": {"doll"}},
    "dino": {"bluetooth": {"dino"}},
    "camera": {
        "firmware": {"camera-image"},
        "target": {"camera-device"},
        "policy": {"camera-privacy"},
    },
}
RISKED = {  # product → what a level "risk" adds
    "toy": ("bluetooth-firmware-push",),
    "camera": CHECKS["target"],
}
EDITIONS = [(name, edition) for name, about in PRODUCTS.items() for edition in about.editions]


@pytest.mark.parametrize(("product", "edition"), EDITIONS)
def test_every_check_has_an_answer_for_every_surface_of_its_kind_at_every_level(
    product: str, edition: str
) -> None:
    answers = instance.expected(product, edition)
    assert set(answers) - {RISK} == set(LEVELS)
    wanted = {check: surfaces for kind, surfaces in SURFACES[product].items() for check in CHECKS[kind]}
    for level in LEVELS:
        assert {check: set(said) for check, said in answers[level].items()} == wanted


@pytest.mark.parametrize(("product", "edition"), EDITIONS)
def test_at_risk_only_what_it_adds_has_an_answer(product: str, edition: str) -> None:
    assert tuple(instance.expected(product, edition).get(RISK, ())) == RISKED.get(product, ())


@pytest.mark.parametrize(("product", "edition"), EDITIONS)
def test_only_the_four_words_are_used(product: str, edition: str) -> None:
    answers = instance.expected(product, edition)
    said = {a for checks in answers.values() for surfaces in checks.values() for a in surfaces.values()}
    assert said <= {"pass", "fail", "inconclusive", "moot"}


@pytest.mark.parametrize(("product", "edition"), EDITIONS)
def test_more_permission_never_takes_an_answer_away(product: str, edition: str) -> None:
    answers = instance.expected(product, edition)
    for less, more in itertools.pairwise(LEVELS):
        for check, surfaces in answers[less].items():
            for surface, answer in surfaces.items():
                assert answer in ("inconclusive", answers[more][check][surface]), (check, surface)


def test_below_knock_nothing_is_listed() -> None:
    for edition in cloudpets.EDITIONS:
        look = instance.expected("cloudpets", edition)["look"]
        for check in (
            "database-open",
            "database-ransom-traces",
            "database-production-copy",
            *CHECKS["bucket"],
        ):
            assert set(look[check].values()) == {"inconclusive"}
        assert "pass" not in look["tls-ciphers"].values()


def test_both_editions_differ_where_the_story_does() -> None:
    old, new = (instance.expected("cloudpets", edition)["use"] for edition in ("2018", "fixed"))
    for check in ("database-open", "bucket-listing", "contact-policy"):
        assert set(old[check].values()) == {"fail"}
        assert set(new[check].values()) == {"pass"}


def test_in_the_fixed_edition_only_the_unused_alternative_fails() -> None:
    use = instance.expected("cloudpets", "fixed")["use"]
    failing = {check for check, surfaces in use.items() if "fail" in surfaces.values()}
    assert failing == {"contact-bounty"}


def test_the_files_name_no_edition_the_lab_does_not_have() -> None:
    for name, about in PRODUCTS.items():
        folder = name.replace("-", "_")
        text = files("shelfworthy_lab.products").joinpath(folder, "expected.toml").read_text()
        assert set(tomllib.loads(text)) == set(about.editions)
