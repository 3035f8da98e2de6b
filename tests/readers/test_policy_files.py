"""Policies supplied as files, each read in a child that is confined as in an audit."""

import asyncio
from pathlib import Path

import pytest

from shelfworthy.model import Cause
from shelfworthy.readers.policy import POLICY
from shelfworthy.sandbox.box import Heard, look_into
from shelfworthy.seen.policy import PolicySeen
from tests.policies.reading import HERE

SAYS = "Wir löschen Ihre Daten – sofort."
PAGE = f"<!doctype html><html lang=de><title>Datenschutz</title><p>{SAYS}</html>"


def heard(folder: Path, content: bytes, name: str = "policy") -> Heard:
    file = folder / name
    file.write_bytes(content)
    return asyncio.run(look_into(POLICY.read, name, file, POLICY.sees, POLICY.limits, patience=60))


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (PAGE.encode(), "web page"),
        (PAGE.encode("utf-8-sig"), "web page"),
        (SAYS.encode(), "text"),
        (SAYS.encode("utf-8-sig"), "text"),
        (SAYS.encode("utf-16"), "text"),
        (b"\xfe\xff" + SAYS.encode("utf-16-be"), "text"),
        (SAYS.encode("cp1252"), "text"),
    ],
    ids=["page", "page-bom", "text", "text-bom", "utf-16", "utf-16-be", "windows-1252"],
)
def test_letters_of_every_kind_are_read(tmp_path: Path, content: bytes, form: str) -> None:
    came = heard(tmp_path, content)
    assert came.trouble is None, came.trouble
    (seen,) = came.seen
    assert isinstance(seen, PolicySeen)
    assert seen.at is None
    (document,) = seen.documents
    assert (document.form, document.text, document.clicks) == (form, SAYS, -1)


@pytest.mark.parametrize("file", sorted(HERE.glob("*/*/*.pdf")), ids=lambda file: file.parent.name)
def test_a_pdf_is_read(tmp_path: Path, file: Path) -> None:
    came = heard(tmp_path, file.read_bytes())
    assert came.trouble is None, came.trouble
    (seen,) = came.seen
    assert isinstance(seen, PolicySeen)
    assert seen.documents[0].form == "pdf"
    assert len(seen.documents[0].text) > 500


def test_a_page_without_a_letter_is_not_understood(tmp_path: Path) -> None:
    came = heard(tmp_path, b"<!doctype html><html><img src=policy.png></html>")
    assert came.trouble is not None
    assert came.trouble.cause is Cause.NOT_UNDERSTOOD
