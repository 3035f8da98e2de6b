"""Evidence that the lab left with a release, in parcels, and a shelf to take it in."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from shelfworthy.audit.carrying import pack
from shelfworthy.record import load_evidence
from shelfworthy.shelf.evidence.intake import take_in
from shelfworthy.shelf.models import Audit, Listing, Market, Observer, Origin, Product
from tests.golden import FOLDER

RELEASE = FOLDER / "0.1.0"
SOON = datetime(2026, 11, 29, 12, tzinfo=UTC)  # a week after the lab looked


@pytest.fixture(autouse=True)
def shelf_folder(tmp_path: Path, settings: Settings) -> Path:
    """A folder of the shelf's own."""
    settings.SHELF = tmp_path / "shelf"
    settings.SHELF.mkdir()
    return tmp_path / "shelf"


@pytest.fixture
def audit_folder(tmp_path: Path) -> Callable[..., Path]:
    """A copy of an audit of a release that may be changed. edition: "2018" or "fixed"."""

    def made(edition: str) -> Path:
        folder = tmp_path / f"cloudpets-{edition}.audit"
        if not folder.exists():
            shutil.copytree(RELEASE / f"cloudpets-{edition}.audit", folder)
            (folder / "says.json").unlink()
        return folder

    return made


@pytest.fixture
def parcel(tmp_path: Path) -> Callable[[Path], Path]:
    """A parcel of an audit."""

    def made(folder: Path) -> Path:
        path = tmp_path / f"{folder.stem}.tar"
        with path.open("wb") as file:
            pack(folder, file)
        return path

    return made


@pytest.fixture
def observer(db: None) -> Callable[..., Observer]:
    """Somebody whose evidence comes in."""

    def made(origin: Origin = Origin.LAB, name: str = "") -> Observer:
        return Observer.objects.get_or_create(name=name or f"a {origin}", defaults={"origin": origin})[0]

    return made


@pytest.fixture
def listing(db: None) -> Callable[..., Listing]:
    """A listing of a product, which is that of an audit's evidence if there is one."""

    def made(sku: str, of: Path | None = None, *, markets: str = "", **more: object) -> Listing:
        product = None
        if of is not None:
            identity = load_evidence(of).product.product
            product, _ = Product.objects.get_or_create(
                key=identity.key,
                defaults={"name": identity.name, "vendor": identity.vendor, "changed_at": SOON},
            )
        row = Listing.objects.create(
            sku=sku, title=f"Bear {sku}", product=product, created_at=SOON, changed_at=SOON, **more
        )
        row.markets.set(Market.objects.get_or_create(code=code)[0] for code in markets.split())
        return row

    return made


@pytest.fixture
def taken_in(
    audit_folder: Callable[..., Path], parcel: Callable[[Path], Path], observer: Callable[..., Observer]
) -> Callable[..., Audit]:
    """Takes in an edition's audit."""

    def made(edition: str, origin: Origin = Origin.LAB) -> Audit:
        return take_in(parcel(audit_folder(edition)), observer(origin), None)

    return made
