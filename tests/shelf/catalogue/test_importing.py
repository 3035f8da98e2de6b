"""Importing a catalogue again and again: insert, change, vanish, back; and what is wrong is told."""

import io
from collections.abc import Callable

import pytest

from shelfworthy.model import Identity
from shelfworthy.shelf.catalogue.importing import NotAllowed, run
from shelfworthy.shelf.catalogue.rows import Form
from shelfworthy.shelf.models import Entry, Import, Listing, Person, Product, Role

pytestmark = pytest.mark.django_db
HEAD = "sku,title,maker,markets,firmware,product\n"


@pytest.fixture
def imports(person: Callable[..., Person]) -> Callable[..., Import]:
    """Imports text as one who may."""
    who = person(Role.ANALYST)

    def made(text: str, **more: object) -> Import:
        return run(io.BytesIO(text.encode()), "shop.csv", who, Form.CSV, **more)  # type: ignore[arg-type]

    return made


def test_listings_come_change_vanish_and_are_back(imports: Callable[..., Import]) -> None:
    first = imports(HEAD + "A1,Bear,Plumwhistle,DE FR,1.0,Bear\nA2,Cat,Plumwhistle,DE,,\n")
    assert (first.state, first.inserted, first.changed, first.vanished, first.wrong) == ("done", 2, 0, 0, 0)
    bear = Listing.objects.get(sku="A1")
    assert sorted(bear.markets.values_list("code", flat=True)) == ["DE", "FR"]
    assert bear.product == Product.objects.get(key=Identity(name="Bear", vendor="Plumwhistle").key)

    second = imports(HEAD + "A1,Bear,Plumwhistle,DE,1.1,Bear\nA3,Dog,Plumwhistle,UK,,\n")
    assert (second.inserted, second.changed, second.vanished) == (1, 1, 1)
    assert [*Listing.objects.exclude(vanished_at=None)] == [Listing.objects.get(sku="A2")]
    bear.refresh_from_db()
    assert (bear.firmware, [one.code for one in bear.markets.all()]) == ("1.1", ["DE"])

    third = imports(
        HEAD + "A1,Bear,Plumwhistle,DE,1.1,Bear\nA2,Cat,Plumwhistle,DE,,\nA3,Dog,Plumwhistle,UK,,\n"
    )
    assert (third.inserted, third.changed, third.vanished) == (0, 1, 0)
    assert not Listing.objects.exclude(vanished_at=None).exists()

    again = imports(
        HEAD + "A1,Bear,Plumwhistle,DE,1.1,Bear\nA2,Cat,Plumwhistle,DE,,\nA3,Dog,Plumwhistle,UK,,\n"
    )
    assert (again.rows, again.inserted, again.changed, again.vanished) == (3, 0, 0, 0)


def test_a_bad_row_is_told_and_does_not_vanish(imports: Callable[..., Import]) -> None:
    imports("sku,title,gtin\nA1,Bear,\nA2,Cat,\n")
    bad = imports("sku,title,gtin\nA1,Bear,4006381333932\nA2,Cat,4006381333931\n")
    assert [one["line"] for one in bad.mistakes] == [2]
    assert "check digit" in bad.mistakes[0]["reason"]
    assert (bad.rows, bad.changed, bad.vanished, bad.wrong) == (2, 1, 0, 1)


@pytest.mark.parametrize(
    "text",
    [
        "sku,title\n",
        "sku,title\nA2,Cat\n,Nobody\n",
        'sku,title\nA2,Cat\n"A1,Bear\n',
        "title\nCat\n",
        "",
    ],
)
def test_nothing_vanishes_where_it_cannot_be_told(imports: Callable[..., Import], text: str) -> None:
    imports("sku,title\nA1,Bear\nA2,Cat\n")
    done = imports(text)
    assert done.vanished == 0
    assert done.why
    assert not Listing.objects.exclude(vanished_at=None).exists()


def test_sources_do_not_take_from_each_other(imports: Callable[..., Import]) -> None:
    imports("sku,title\nA1,Bear\n", source="toys")
    other = imports("sku,title\nB1,Lamp\n", source="light")
    part = imports("sku,title\nA2,Cat\n", source="toys", whole=False)
    assert other.vanished == part.vanished == 0


def test_who_works_for_one_market_imports_nothing(person: Callable[..., Person]) -> None:
    with pytest.raises(NotAllowed):
        run(io.BytesIO(b"sku,title\nA1,Bear\n"), "shop.csv", person(Role.ANALYST, "DE"), Form.CSV)
    assert not Listing.objects.exists()


def test_it_is_logged(imports: Callable[..., Import]) -> None:
    imports("sku,title\nA1,Bear\n")
    assert [*Entry.objects.order_by("pk").values_list("action", flat=True)] == [
        "import began",
        "import ended",
    ]


def test_a_file_that_fails_stops_the_import_and_keeps_what_was_written(
    person: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 30:
                raise OSError("the disk is gone")
            return super().readline(size)

    monkeypatch.setattr("shelfworthy.shelf.catalogue.importing.AT_ONCE", 1)
    content = b"sku,title\nA1,Bear\nA2,Cat\nA3,Dog\nA4,Eel\n"
    with pytest.raises(OSError, match="gone"):
        run(Failing(content), "shop.csv", person(Role.ANALYST), Form.CSV)
    done = Import.objects.get()
    assert (done.state, done.why, done.vanished) == ("stopped", "cut off", 0)
    assert Listing.objects.count() == done.inserted > 1
