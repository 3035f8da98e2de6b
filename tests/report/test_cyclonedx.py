"""`--format cyclonedx`: valid by CycloneDX's own schema, with the bytes that show each version."""

import json
from pathlib import Path
from typing import Any

import pytest

from shelfworthy.record import load_evidence
from shelfworthy.report import cyclonedx
from shelfworthy.seen.components import rules
from shelfworthy.seen.firmware import FirmwareComponents
from shelfworthy.seen.firmware_contents import Component, Place
from tests.audit.test_known_flaws import audit
from tests.builders import kept, product
from tests.cli.command import run


def document(folder: Path) -> dict[str, Any]:
    """The document, which fits the schema."""
    # Imported here: it takes a second, which every worker would take to collect.
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    text = cyclonedx.report(load_evidence(folder)).decode()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


def test_each_component_has_the_bytes_that_show_it(tmp_path: Path) -> None:
    found = document(audit(tmp_path / "a.audit"))
    (one,) = found["components"]
    assert (one["name"], one["version"]) == ("OpenSSL", "1.0.1e")
    assert one["cpe"] == "cpe:2.3:a:openssl:openssl:1.0.1e:*:*:*:*:*:*:*"
    assert one["evidence"]["occurrences"] == [
        {"location": "image, part 0: usr/bin/openssl", "offset": 4096, "additionalContext": "openssl 1.0.1e"}
    ]
    assert cyclonedx.report(load_evidence(tmp_path / "a.audit")) == cyclonedx.report(
        load_evidence(tmp_path / "a.audit")
    )


def test_without_an_image_there_are_none_and_it_is_not_whole(tmp_path: Path) -> None:
    found = document(kept(tmp_path / "a.audit", product()))
    assert found["components"] == []
    assert found["compositions"] == [{"aggregate": "incomplete", "assemblies": ["product"]}]


def test_every_component_there_is_and_what_lies_fit_the_schema(tmp_path: Path) -> None:
    place = Place(part=0, file="usr/lib/\x1b[31m\x00é", at=0, length=1)
    hostile = Component(name="x:*\x07", version="1:*?\\", says="\x1b", source="bytes", places=(place,))
    several = [
        Component(name=rule.name, version="1.2.3", says="1.2.3", source="package list", places=(place,))
        for rule in rules()
    ]
    seen = FirmwareComponents(
        sha256="0" * 64, components=(hostile, *several), whole=True, rules=len(rules()), truncated=False
    )
    assert document_of(tmp_path, seen)["compositions"] == [
        {"aggregate": "unknown", "assemblies": ["product"]}
    ]


def document_of(tmp_path: Path, seen: FirmwareComponents) -> dict[str, Any]:
    return document(kept(tmp_path / "a.audit", product(), seen))


def test_the_command_prints_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    audit(tmp_path / "a.audit")
    ran = run(capsys, monkeypatch, tmp_path, "report", "a.audit", "--format", "cyclonedx")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["bomFormat"] == "CycloneDX"
