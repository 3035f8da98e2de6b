"""The pages of the evidence."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import FileResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shelfworthy.shelf.evidence import kept
from shelfworthy.shelf.evidence.judging import findings_in
from shelfworthy.shelf.models import Audit, Listing, Marking, Observer, Origin, Person, Role

pytestmark = pytest.mark.django_db

Made = Callable[..., Listing]
Folder = Callable[..., Path]
Taken = Callable[..., Audit]
People = Callable[..., Person]
In = Callable[[Person], Client]
QUERIES = 20  # of a listing's page


def test_a_listing_says_all_that_is_known(
    person: People, entered: In, listing: Made, audit_folder: Folder, taken_in: Taken
) -> None:
    bear = listing("BEAR", audit_folder("2018"), markets="de at", firmware="1.0.19")
    audit = taken_in("2018")
    inside = entered(person(Role.ANALYST))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = inside.get(f"/listings/{bear.sku}/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert len(queries) <= QUERIES, [one["sql"] for one in queries]
    for words in ("The five answers", "Exposures", "What decides against it", "Last seen on", "at, de"):
        assert words in text
    assert f"/audits/{audit.digest}/#observation-" in text
    linked = re.search(r'href="(/audits/\w+/)#(observation-\w+)"', text)
    assert linked is not None
    assert f'id="{linked[2]}"' in inside.get(linked[1]).content.decode()


def test_a_listing_without_evidence(person: People, entered: In, listing: Made) -> None:
    text = entered(person(Role.VIEWER)).get(f"/listings/{listing('NEW').sku}/").content.decode()
    assert "This listing names no product yet" in text
    assert "nobody looked" in text


def test_nobody_sees_another_markets_evidence(
    person: People, entered: In, listing: Made, audit_folder: Folder, taken_in: Taken
) -> None:
    listing("BEAR", audit_folder("2018"), markets="de")
    audit = taken_in("2018")
    inside = entered(person(Role.ANALYST, "fr"))
    for address in ("/listings/BEAR/", f"/audits/{audit.digest}/", f"/files/{audit.digest}/{'0' * 64}"):
        assert inside.get(address).status_code == 404
    assert audit.digest[:16] not in inside.get("/audits/").content.decode()


def test_attachments_are_saved_and_never_shown(
    person: People, entered: In, listing: Made, audit_folder: Folder, taken_in: Taken
) -> None:
    listing("BEAR", audit_folder("2018"))
    audit = taken_in("2018")
    inside = entered(person(Role.VIEWER))
    page = inside.get(f"/audits/{audit.digest}/").content.decode()
    found = re.findall(r'href="(/files/\w+/\w+)"', page)
    assert found
    answer = inside.get(found[0])
    assert isinstance(answer, FileResponse)
    assert len(answer.getvalue()) > 0
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert inside.get(f"/files/{audit.digest}/{'0' * 64}").status_code == 404


def test_text_of_others_is_escaped(
    person: People, entered: In, listing: Made, audit_folder: Folder, parcel: Callable[[Path], Path]
) -> None:
    bear = listing("BEAR", maker="<script>alert(1)</script>", seller='"><img src=x>')
    text = entered(person(Role.VIEWER)).get(f"/listings/{bear.sku}/").content.decode()
    assert "<script" not in text
    assert "<img" not in text


def test_a_person_uploads_an_audit(
    person: People,
    entered: In,
    listing: Made,
    audit_folder: Folder,
    parcel: Callable[[Path], Path],
    observer: Callable[..., Observer],
) -> None:
    listing("BEAR", audit_folder("2018"))
    inside = entered(person(Role.ANALYST))
    assert inside.get("/audits/upload").status_code == 200
    content = parcel(audit_folder("2018")).read_bytes()
    lab = observer(Origin.LAB)
    answer = inside.post(
        "/audits/upload", {"parcel": SimpleUploadedFile("bear.tar", content), "observer": lab.pk}
    )
    audit = Audit.objects.get()
    assert answer.headers["location"] == f"/audits/{audit.digest}/"
    assert audit.observer == lab
    broken = inside.post("/audits/upload", {"parcel": SimpleUploadedFile("bear.tar", b"no tar")})
    assert broken.status_code == 422
    assert "It was refused." in broken.content.decode()
    assert "no tar as" in broken.content.decode()


def test_who_may_not_push_does_not(person: People, entered: In) -> None:
    assert entered(person(Role.VIEWER)).get("/audits/upload").status_code == 403


def test_an_upload_needs_the_forms_own_token(person: People, entered: In) -> None:
    inside = entered(person(Role.ANALYST))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = inside.cookies
    assert strict.post("/audits/upload", {}).status_code == 403


def test_evidence_that_was_changed_on_the_shelf(
    person: People, entered: In, listing: Made, audit_folder: Folder, taken_in: Taken, shelf_folder: Path
) -> None:
    listing("BEAR", audit_folder("2018"))
    audit = taken_in("2018")
    there = next((shelf_folder / "audits").rglob("observations/*.json"))
    there.write_bytes(there.read_bytes().replace(b"27017", b"27018") + b" ")
    answer = entered(person(Role.VIEWER)).get(f"/audits/{audit.digest}/")
    assert answer.status_code == 503
    assert "cannot be read" in answer.content.decode()


def test_what_a_hidden_finding_rests_on_is_hidden(
    person: People, entered: In, listing: Made, audit_folder: Folder, taken_in: Taken
) -> None:
    listing("BEAR", audit_folder("2018"))
    audit = taken_in("2018")
    inside = entered(person(Role.VIEWER))
    files = re.findall(r'href="(/files/\w+/\w+)"', inside.get(f"/audits/{audit.digest}/").content.decode())
    findings = findings_in(kept.folder_of(audit.digest))
    for one in findings:
        Marking.objects.get_or_create(key=one.key, defaults={"groups": ["role:decider"]})
    text = inside.get(f"/audits/{audit.digest}/").content.decode()
    assert "Not all of it is shown to you." in text
    assert not [id for one in findings for id in one.evidence if id in text]
    assert {inside.get(one).status_code for one in files} == {404}
