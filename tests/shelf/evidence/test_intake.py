"""Evidence comes in: verified, once, and it counts."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from shelfworthy.record import redact, verify
from shelfworthy.sandbox.bounded import Beyond, Bounds
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.evidence import current, judging, kept
from shelfworthy.shelf.evidence.intake import Refused, opened, take_in
from shelfworthy.shelf.evidence.rows import Rests
from shelfworthy.shelf.models import Audit, Change, Entry, Listing, Observer, Origin, Standing, Trait, Verdict

pytestmark = pytest.mark.django_db


def test_evidence_gives_a_verdict(
    audit_folder: Callable[..., Path], listing: Callable[..., Listing], taken_in: Callable[..., Audit]
) -> None:
    bear = listing("BEAR", audit_folder("2018"))
    audit = taken_in("2018")
    verdict = Verdict.objects.get(listing=bear)
    assert verdict.standing == Standing.NOT_MET
    assert verdict.exposed
    assert verdict.failing
    assert verdict.evidence_digest == audit.digest
    assert verdict.until is not None
    assert (audit.firmware, audit.app) == ("1.0.19", "2.4.3")
    change = Change.objects.get(listing=bear)
    assert (change.before, change.after, change.because) == ("nobody looked", "not met", "evidence")
    assert Trait.objects.filter(kind="name", value="db.murmurpal.test").exists()
    assert Entry.objects.filter(action="took in evidence", object=audit.digest).exists()


def test_it_lies_there_whole(taken_in: Callable[..., Audit]) -> None:
    audit = taken_in("2018")
    found = verify(kept.folder_of(audit.digest))
    assert (found.problems, found.digest) == ((), audit.digest)


def test_the_same_twice_is_the_same_audit(taken_in: Callable[..., Audit]) -> None:
    assert taken_in("2018") == taken_in("2018")
    assert Audit.objects.count() == 1


def test_what_two_observers_send_is_two_audits_of_one_evidence(taken_in: Callable[..., Audit]) -> None:
    one, other = taken_in("2018"), taken_in("2018", Origin.SHOP)
    assert one != other
    assert one.digest == other.digest
    assert len(list(kept.audits().iterdir())) == 1


def test_a_supplier_brings_no_roots_to_trust(
    audit_folder: Callable[..., Path], parcel: Callable[[Path], Path], observer: Callable[..., Observer]
) -> None:
    with pytest.raises(Refused, match="may not bring its own trusted roots"):
        take_in(parcel(audit_folder("2018")), observer(Origin.SUPPLIER), None)


def test_what_was_announced_as_something_else(
    audit_folder: Callable[..., Path], parcel: Callable[[Path], Path], observer: Callable[..., Observer]
) -> None:
    with pytest.raises(Refused, match="announced as"):
        take_in(parcel(audit_folder("2018")), observer(), None, expected="0" * 64)
    assert not kept.audits().exists()


def test_after_a_crash_the_same_is_taken_in_again(
    taken_in: Callable[..., Audit], shelf_folder: Path, audit_folder: Callable[..., Path]
) -> None:
    """Killed between the folder and the rows, or in the middle of the folder: neither is in the way."""
    audit = taken_in("2018")
    digest = audit.digest
    audit.delete()
    (shelf_folder / "audits" / ".part-x").mkdir()
    assert taken_in("2018").digest == digest
    os.utime(shelf_folder / "audits" / ".part-x", (1, 1))
    taken_in("fixed")
    assert not list((shelf_folder / "audits").glob(".part-*"))


def test_what_its_sender_redacts_is_gone_here_as_well(
    audit_folder: Callable[..., Path],
    parcel: Callable[[Path], Path],
    observer: Callable[..., Observer],
    listing: Callable[..., Listing],
) -> None:
    folder = audit_folder("2018")
    bear = listing("BEAR", folder)
    audit = take_in(parcel(folder), observer(), None)
    attachment = next((folder / "evidence" / "attachments").iterdir())
    redact(folder, attachment.name, "", because="a voice", by="A. Person", at=now())
    again = take_in(parcel(folder), observer(), None)
    assert again == audit
    there = kept.folder_of(audit.digest)
    assert (there / "evidence" / "attachments" / attachment.name).read_bytes() == b""
    assert verify(there).problems == ()
    assert Verdict.objects.get(listing=bear).standing == Standing.NOT_MET


def test_nobody_redacts_what_another_saw(
    audit_folder: Callable[..., Path], parcel: Callable[[Path], Path], observer: Callable[..., Observer]
) -> None:
    folder = audit_folder("2018")
    audit = take_in(parcel(folder), observer(), None)
    attachment = next((folder / "evidence" / "attachments").iterdir())
    redact(folder, attachment.name, "", because="trade secret", by="A. Maker", at=now())
    take_in(parcel(folder), observer(Origin.SHOP), None)
    there = kept.folder_of(audit.digest)
    assert (there / "evidence" / "attachments" / attachment.name).read_bytes() != b""


@pytest.mark.django_db(transaction=True)
def test_it_is_judged_while_nothing_is_locked(
    audit_folder: Callable[..., Path],
    parcel: Callable[[Path], Path],
    observer: Callable[..., Observer],
    listing: Callable[..., Listing],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listing("BEAR", audit_folder("2018"))
    locked, each = [], judging.NURSERY.each

    def asked(items: list[bytes], bounds: Bounds) -> list[bytes | Beyond]:
        locked.append(connection.in_atomic_block)
        return each(items, bounds)

    monkeypatch.setattr(judging.NURSERY, "each", asked)
    audit = take_in(parcel(audit_folder("2018")), observer(), None)
    assert Verdict.objects.get().evidence_digest == audit.digest
    assert locked == [False, False]


def test_what_another_put_there_meanwhile_is_left_alone(
    audit_folder: Callable[..., Path], parcel: Callable[[Path], Path], shelf_folder: Path
) -> None:
    sent = parcel(audit_folder("2018"))
    held = opened(sent, Origin.LAB)

    def weigh(_: Path) -> None:
        kept.settle(sent, held.files, held.digest, lambda _: None)
        (kept.folder_of(held.digest) / "evidence" / "redactions.json").write_text("[]")

    kept.settle(sent, held.files, held.digest, weigh)
    assert (kept.folder_of(held.digest) / "evidence" / "redactions.json").exists()
    assert not list((shelf_folder / "audits").glob(".part-*"))


def test_what_is_redacted_after_it_was_judged_is_judged_anew(
    audit_folder: Callable[..., Path], taken_in: Callable[..., Audit], listing: Callable[..., Listing]
) -> None:
    bear, at = listing("BEAR", audit_folder("2018")), now()
    folder = kept.folder_of(taken_in("2018").digest)
    _, before = current._wanted([Rests.of(bear)], at)
    assert current._wanted([Rests.of(bear)], at)[1] == before
    attachment = next((folder / "evidence" / "attachments").iterdir())
    redact(folder, attachment.name, "", because="a voice", by="A. Person", at=at)
    assert current._wanted([Rests.of(bear)], at)[1] != before
