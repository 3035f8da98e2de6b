"""The rows of verdicts are what a fresh roll-up says, and say since when and why."""

import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from shelfworthy.audit.judge import ask, our_court
from shelfworthy.model import digest
from shelfworthy.record import close, load_evidence
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding.details import against_of
from shelfworthy.shelf.deciding.judged import CHANGED, Damaged, unpacked
from shelfworthy.shelf.deciding.judged import wrong as wrong_with
from shelfworthy.shelf.evidence import current, kept, rows, trusting
from shelfworthy.shelf.evidence.combining import Piece, Version, combined
from shelfworthy.shelf.evidence.intake import take_in
from shelfworthy.shelf.evidence.rolling import UNDATED, Rolled, Wanted, judged, judgement_of, row_of
from shelfworthy.shelf.models import (
    Audit,
    Change,
    Event,
    Judged,
    Listing,
    Observer,
    Origin,
    Person,
    Policy,
    Product,
    Role,
    Standing,
    Verdict,
)
from shelfworthy.shelf.running import checking

pytestmark = pytest.mark.django_db

Folder = Callable[..., Path]
Parcel = Callable[[Path], Path]
Watcher = Callable[..., Observer]
Made = Callable[..., Listing]
PRODUCTS = 8
DECLARED = """
[[declaration]]
requirement = "exposure.breach"
answer = "met"
because = "We read what the press wrote."
by = "A. Person"
on = 2026-11-01
until = 2027-01-31
"""
ROWS = 1000


def renamed(folder: Path, name: str) -> Path:
    """The same audit of another product."""
    product = folder / "evidence" / "product.toml"
    product.write_text(product.read_text().replace("MurmurPal Bear", name))
    close(folder)
    return folder


@pytest.mark.slow
def test_a_thousand_rows_are_what_a_fresh_roll_up_says(
    tmp_path: Path, audit_folder: Folder, parcel: Parcel, observer: Watcher
) -> None:
    import shutil

    dice = Random(7)
    products = []
    for number in range(PRODUCTS):
        for edition, origin in (("2018", Origin.LAB), ("fixed", Origin.SHOP)):
            folder = tmp_path / f"{number}-{edition}.audit"
            shutil.copytree(audit_folder(edition), folder)
            text = (folder / "evidence" / "product.toml").read_text()
            same = text.replace('model = "MP-2019"', 'model = "MP-2018"')
            (folder / "evidence" / "product.toml").write_text(same)
            if edition == "2018" or number % 2:
                audit = take_in(parcel(renamed(folder, f"Bear {number}")), observer(origin), None)
        products.append(audit.product)
    at = now()
    Listing.objects.bulk_create(
        Listing(
            sku=f"S{number}",
            title="Bear",
            product=dice.choice([*products, None]),
            firmware=dice.choice(["", "1.0.19", "2.1.0", "9"]),
            app=dice.choice(["", "2.4.3", "3.0.0"]),
            created_at=at,
            changed_at=at,
        )
        for number in range(ROWS)
    )
    for moment in (at, at + timedelta(days=2000)):  # the second when all that clears has aged
        changed = current.refresh(Listing.objects.values_list("pk", flat=True), moment)
        assert changed > 0 or moment > at
        assert current.refresh(Listing.objects.values_list("pk", flat=True), moment) == 0
        rows = list(Verdict.objects.select_related("listing", "judged").order_by("pk"))
        assert len(rows) == ROWS
        known: dict[tuple[int | None, str, str], tuple[object, ...]] = {}
        for row in rows:
            one = row.listing
            key = (one.product_id, one.firmware, one.app)
            if key not in known:
                known[key] = fresh(one, moment)
            assert known[key] == (
                row.standing,
                row.answers,
                row.exposed,
                row.failing,
                row.until,
                row.judged.digest if row.judged else "",
            )
        assert {row.standing for row in rows} >= {Standing.NOT_MET, Standing.NONE}
    assert Judged.objects.count() < 2 * PRODUCTS * 13  # variants share theirs


def fresh(one: Listing, at: object) -> tuple[object, ...]:
    """The verdict of a listing from its evidence, with nothing remembered."""
    by = our_court()
    pieces = []
    for audit in one.product.audits.all() if one.product else ():
        evidence = load_evidence(kept.folder_of(audit.digest))
        outline = evidence.outline()
        origin = Origin(audit.observer.origin)
        pieces.append(Piece(origin=origin, outline=outline, said=ask(by.checks, evidence, outline)))
    version = Version(firmware=one.firmware, app=one.app)
    found = combined(pieces, version)
    if found is None:
        return Standing.NONE, {}, False, [], None, ""
    asked = Wanted(audits=(), version=version, trust=trusting.trust(), own=None, at=at)  # type: ignore[arg-type]
    row = row_of(judged(pieces, found, asked, by), found, at, by)  # type: ignore[arg-type]
    return row.standing, row.answers, row.exposed, list(row.failing), row.until, row.judged


def test_why_a_verdict_changed(
    audit_folder: Folder,
    parcel: Parcel,
    observer: Watcher,
    listing: Made,
    person: Callable[..., Person],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = audit_folder("fixed")
    with (folder / "evidence" / "product.toml").open("a") as product:
        product.write(DECLARED)
    close(folder)
    bear = listing("BEAR", folder)
    take_in(parcel(folder), observer(), None)
    row = Verdict.objects.get(listing=bear)
    assert row.standing == Standing.UNDETERMINED
    since = row.undetermined_since
    assert since is not None
    assert row.until is not None
    assert current.refresh_due(row.until - timedelta(seconds=1)) == 0
    kept = Judged.objects.get()  # judged again, it says the same, and that is kept once
    current.refresh([bear.pk], row.until - timedelta(seconds=1))
    again = Verdict.objects.get(listing=bear)
    assert (again.judged, again.judged_at) == (kept, row.until - timedelta(seconds=1))
    assert Judged.objects.get() == kept
    with monkeypatch.context() as watched:  # and the child that finds it so does not send it
        sent: list[bytes] = []
        keep = rows.keep_judged

        def keeping(judged: dict[str, Rolled]) -> dict[str, int]:
            sent.extend(one.content for one in judged.values())
            return keep(judged)

        watched.setattr(rows, "keep_judged", keeping)
        current.refresh([bear.pk], row.until - timedelta(seconds=1))
        assert sent == [b""]
    late = row.until + timedelta(days=2000)
    assert current.refresh_due(late) == 1
    aged = Verdict.objects.get(listing=bear)
    assert aged.undetermined_since == since
    assert aged.judged is not None
    assert aged.judged != kept
    assert aged.judged_at == late
    assert judgement_of(bytes(aged.judged.content)).judged_at == UNDATED

    bear.refresh_from_db()
    Listing.objects.filter(pk=bear.pk).update(firmware="9.9")
    current.refresh([bear.pk], late)
    policy = Policy.objects.create(
        text='[trust]\nclears = ["shop"]',
        digest="1",
        person=person(Role.ADMINISTRATOR),
        made_at=now(),
        active_from=now(),
    )
    assert current.refresh_due(late) == 1
    policy.delete()
    assert current.refresh_due(late) == 1
    told = list(Change.objects.filter(listing=bear).order_by("pk").values_list("because", flat=True))
    assert told[:2] == ["evidence", "time"]
    assert Event.objects.filter(kind="verdict changed").count() == len(told)


def test_what_is_kept_beside_a_judgement_is_what_it_says(taken_in: Callable[..., Audit]) -> None:
    audit = taken_in("2018")
    bear = Listing.objects.create(
        sku="BEAR", title="Bear", product=audit.product, created_at=now(), changed_at=now()
    )
    current.refresh([bear.pk])
    kept_one = Judged.objects.get()
    assert kept_one.digest == digest(judgement_of(bytes(kept_one.content)))  # though most of it is remembered
    assert kept_one.against == against_of(judgement_of(bytes(kept_one.content)))
    assert kept_one.against["exposure.data"] == "critical"
    assert list(checking.judgements()) == []
    Judged.objects.update(against={})
    (wrong,) = checking.judgements()
    assert wrong.endswith("has something else written beside it than it says.")


def test_a_listing_that_is_tied_to_another_product(
    audit_folder: Folder, parcel: Parcel, observer: Watcher, listing: Made
) -> None:
    bear = listing("BEAR", audit_folder("2018"))
    take_in(parcel(audit_folder("2018")), observer(), None)
    Listing.objects.filter(pk=bear.pk).update(product=None)
    assert current.refresh([bear.pk]) == 1
    row = Verdict.objects.get(listing=bear)
    assert (row.standing, row.answers, row.failing) == (Standing.NONE, {}, [])
    assert row.judged is None
    assert Change.objects.filter(listing=bear).count() == 2


def test_a_product_file_of_the_shops_own(
    audit_folder: Folder, parcel: Parcel, observer: Watcher, listing: Made, shelf_folder: Path
) -> None:
    folder = audit_folder("2018")
    bear = listing("BEAR", folder)
    take_in(parcel(folder), observer(), None)
    before = Verdict.objects.get(listing=bear)
    (shelf_folder / "products").mkdir()
    text = '[product]\nname = "MurmurPal Bear"\nvendor = "Plumwhistle Toys"\nmodel = "MP-2018"\n'
    products = Product.objects.filter(listings=bear)
    products.update(text=text)
    current.refresh([bear.pk])
    after = Verdict.objects.get(listing=bear)
    assert after.failing == before.failing  # a shorter file hides nothing
    assert after.product_digest != before.product_digest
    products.update(text="not = [toml")
    current.refresh([bear.pk])  # is told in the log, and does not stop the others
    assert Verdict.objects.get(listing=bear).failing == before.failing


def test_evidence_that_is_gone_from_disk_stops_one_and_not_all(
    audit_folder: Folder, taken_in: Callable[..., Audit], listing: Made
) -> None:
    import shutil

    lost, there = listing("LOST", audit_folder("2018")), listing("THERE", audit_folder("fixed"))
    audit = taken_in("2018")
    taken_in("fixed")
    before = Verdict.objects.get(listing=lost)
    shutil.rmtree(kept.folder_of(audit.digest))
    current.refresh([lost.pk, there.pk], now() + timedelta(days=2000))
    assert Verdict.objects.get(listing=lost).judged_at == before.judged_at
    assert Verdict.objects.get(listing=there).judged_at > before.judged_at


def test_no_row_goes_back_in_time(
    audit_folder: Folder, taken_in: Callable[..., Audit], listing: Made
) -> None:
    early, late = now(), now() + timedelta(days=2000)
    aged, other = listing("AGED", audit_folder("2018")), listing("OTHER", audit_folder("2018"))
    taken_in("2018")
    current.refresh([aged.pk], late)
    before = Verdict.objects.get(listing=aged)
    current.refresh([aged.pk, other.pk], early + timedelta(hours=1))  # begun earlier, and written later
    after = Verdict.objects.get(listing=aged)
    assert (after.judged_at, after.answers, after.until) == (late, before.answers, before.until)
    assert Verdict.objects.get(listing=other).judged_at == early + timedelta(hours=1)


@pytest.mark.parametrize("inside", [b"", b'{"findings": [{"place": {"x": '])
def test_a_judgement_of_an_archive_that_is_nested_too_deep_is_damaged(inside: bytes) -> None:
    content = zlib.compress(inside + b"[" * 200_000)
    with pytest.raises(Damaged, match="cannot be read"):
        unpacked(content)
    assert wrong_with(Judged(digest="0" * 64, content=content)) == CHANGED
