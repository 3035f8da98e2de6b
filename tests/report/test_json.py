"""`--format json` is what its schema says, exact, and the same bytes for the same audit."""

import json as plain_json
import random
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from shelfworthy.model import Bucket, Contact, Database, Endpoint, Judgement
from shelfworthy.record import Evidence
from shelfworthy.report import diff, json
from shelfworthy.report.schema import diff_schema, report_schema
from tests.report import audits, hostile, papers

AUDITS: dict[str, audits.Audited] = {
    "bear": audits.bear,
    "nothing": audits.nothing,
    "policy": papers.good_toy,
    "hostile": lambda: hostile.product(hostile.ALL),
}
TOP = {
    "product",
    "units",
    "judged_at",
    "rules_digest",
    "evidence_digest",
    "verdict",
    "findings",
    "surfaces",
    "gaps",
    "policies",
    "declarations",
    "seen",
    "seen_left_out",
    "seen_not_followed",
    "references",
}
OF_A_FINDING = {
    "id",
    "key",
    "check",
    "requirements",
    "surface",
    "outcome",
    "says",
    "facts",
    "because",
    "severity",
    "confidence",
    "cause",
    "place",
    "evidence",
    "seen_at",
}


def document(name: str) -> Any:
    return plain_json.loads(json.report(*AUDITS[name]()))


def valid(schema: bytes) -> jsonschema_rs.Draft202012Validator:
    whole = plain_json.loads(schema)
    jsonschema_rs.meta.validate(whole)
    assert whole["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    return jsonschema_rs.Draft202012Validator(whole)


@pytest.mark.parametrize("name", AUDITS)
def test_it_is_what_the_schema_says(name: str) -> None:
    valid(report_schema()).validate(document(name))


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("verdict", "guidelines", "encryption", "answer"), "mostly met"),
        (("findings", 0, "outcome"), "warn"),
        (("findings", 0, "score"), 7),
        (("judged_at",), 2026),
        (("references", 0, "name"), None),
    ],
)
def test_the_schema_refuses_what_we_never_say(path: tuple[str | int, ...], wrong: object) -> None:
    spoilt = document("bear")
    inside = spoilt
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = wrong
    assert not valid(report_schema()).is_valid(spoilt)


def test_it_has_what_the_design_says() -> None:
    bear = document("bear")
    assert bear.keys() == TOP
    assert all(finding.keys() >= OF_A_FINDING for finding in bear["findings"])
    assert set(bear["verdict"]["guidelines"]) == set(audits.FIVE)
    storage = bear["verdict"]["guidelines"]["encryption"]["requirements"]["encryption.storage"]
    assert storage["answer"] == "not met"
    assert storage["because"] == [audits.OPEN]
    breach = bear["verdict"]["exposures"]["exposure.breach"]
    assert breach["would_change"] == [
        {
            "check": "bucket-listing",
            "surface": "recordings",
            "cause": "not permitted",
            "what": "permit `knock` on recordings",
        }
    ]
    opened = next(finding for finding in bear["findings"] if finding["id"] == audits.OPEN)
    assert opened["because"] == "A stranger may list 3 databases with 19,395 records."
    assert opened["facts"] == {"databases": 3, "records": 19395}
    assert opened["requirements"] == ["encryption.storage", "exposure.data"]
    assert opened["place"] == {"place": "field", "path": "answer.databases"}
    assert bear["judged_at"] == "2026-03-01T10:00:00Z"


def test_declarations_say_what_became_of_them() -> None:
    states = {said["requirement"]: said["state"] for said in document("bear")["declarations"]}
    assert states == {"encryption.storage": "contradicted", "updates.support": "settles"}


def test_what_was_seen_and_not_followed_is_what_no_surface_covers() -> None:
    assert [one["what"] for one in document("bear")["seen_not_followed"]] == [
        "https://tour.murmurpal-club.test/"
    ]


@pytest.mark.parametrize(
    ("mentioned", "ours"),
    [
        ("https://api.bear.test/help", True),
        ("https://API.bear.test:443/", True),
        ("http://api.bear.test/", True),  # beside 443 the endpoint is asked at 80 too
        ("https://api.bear.test:8443/", False),
        ("mongodb://api.bear.test", False),
        ("https://lab.bear.test:8443/", True),  # the name an endpoint goes by
        ("http://lab.bear.test:8080/", True),
        ("http://lab.bear.test/", False),
        ("mongodb://db.bear.test:27017", True),
        ("mongodb://db.bear.test:27018", False),
        ("https://media.bear.test:9000/other", True),
        ("https://media.bear.test/", False),
        ("https://www.bear.test/security", True),
        ("http://www.bear.test/security", False),
        ("https://www.bear.test:port/", False),
        ("mailto:security@bear.test", False),
    ],
)
def test_another_port_is_another_door(mentioned: str, ours: bool) -> None:
    evidence, judgement = audits.bear()
    surfaces = (
        Endpoint(id="api", where="https://api.bear.test/"),
        Endpoint(id="lab", where="https://127.0.0.1:8443/", name="lab.bear.test", plain_port=8080),
        Database(id="db", where="mongodb://db.bear.test"),
        Bucket(id="media", where="s3+https://media.bear.test:9000/media"),
        Contact(id="site", where="contact:https://www.bear.test/"),
    )
    leaflet = audits.observed("site", audits.Leaflet(text="", scan=b"", names=(mentioned,)))
    product = msgspec.structs.replace(evidence.product, surface=surfaces)
    seen = msgspec.structs.replace(evidence, product=product, observations=(leaflet,))
    listed = plain_json.loads(json.report(seen, judgement))["seen_not_followed"]
    assert [one["what"] for one in listed] == ([] if ours else [mentioned])


def shuffled(evidence: Evidence, judgement: Judgement, seed: int) -> tuple[Evidence, Judgement]:
    dice = random.Random(seed)

    def mixed(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(dice.sample(items, len(items)))

    def turned(table: dict[str, Any]) -> dict[str, Any]:
        return dict(mixed(tuple(table.items())))

    verdict = msgspec.structs.replace(
        judgement.verdict,
        guidelines=turned(
            {
                id: msgspec.structs.replace(one, requirements=turned(one.requirements))
                for id, one in judgement.verdict.guidelines.items()
            }
        ),
        exposures=turned(judgement.verdict.exposures),
    )
    return (
        msgspec.structs.replace(
            evidence,
            observations=mixed(evidence.observations),
            gaps=mixed(evidence.gaps),
            looks=mixed(evidence.looks),
        ),
        msgspec.structs.replace(
            judgement,
            findings=mixed(judgement.findings),
            references=mixed(judgement.references),
            verdict=verdict,
        ),
    )


@pytest.mark.parametrize("seed", range(5))
def test_order_does_not_matter(seed: int) -> None:
    assert json.report(*shuffled(*audits.bear(), seed)) == json.report(*audits.bear())


def test_hostile_text_is_exact_and_escaped() -> None:
    printed = json.report(*AUDITS["hostile"]())
    assert plain_json.loads(printed)["product"]["name"] == hostile.ALL
    assert not set(printed.decode()) & set("\x1b\x07\x08\x9b\u202e\u2066\u200b\u2028")


def test_a_diff_is_what_its_schema_says() -> None:
    found = diff.diff(*audits.bear(), *audits.nothing())
    whole = plain_json.loads(json.difference(found))
    valid(diff_schema()).validate(whole)
    whole["gone"] = [{}]
    assert not valid(diff_schema()).is_valid(whole)
