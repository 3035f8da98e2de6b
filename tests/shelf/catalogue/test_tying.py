"""Which product a row is, and what products share."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from shelfworthy.model import Identity
from shelfworthy.shelf.catalogue.importing import run
from shelfworthy.shelf.catalogue.relations import relations_of
from shelfworthy.shelf.catalogue.rows import Form
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Audit, Import, Listing, Observer, Origin, Person, Product, Role, Trait

pytestmark = pytest.mark.django_db
BEAR = '[product]\nname = "Bear"\nvendor = "Plumwhistle"\n'


@pytest.fixture
def imports(person: Callable[..., Person]) -> Callable[[str], Import]:
    """Imports text as one who may."""
    who = person(Role.ANALYST)
    return lambda text: run(io.BytesIO(text.encode()), "shop.csv", who, Form.CSV)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the shop's own product files."""
    monkeypatch.setenv("SHELFWORTHY_SHELF", str(tmp_path / "shelf"))
    products = tmp_path / "shelf" / "products"
    products.mkdir(parents=True)
    return products


def test_variants_share_a_product(imports: Callable[[str], Import]) -> None:
    imports(
        "sku,title,maker,vendor,product,model\nA1,Red,M,,Bear,\nA2,Blue,,M,Bear,\nA3,Big,M,,Bear,XL\nA4,?,,,,\n"
    )
    tied = dict(Listing.objects.values_list("sku", "product__key"))
    bear = Identity(name="Bear", vendor="M")
    assert tied["A1"] == tied["A2"] == bear.key
    assert tied["A3"] == Identity(name="Bear", vendor="M", model="XL").key
    assert tied["A4"] is None


def test_a_product_that_is_known_stays_where_a_row_names_none(imports: Callable[[str], Import]) -> None:
    imports("sku,title,maker,product\nA1,Bear,M,Bear\n")
    assert imports("sku,title,maker,product\nA1,Bear,M,\n").changed == 0
    assert Listing.objects.get().product is not None


def test_a_product_file_of_the_shop_is_the_products_text(
    imports: Callable[[str], Import], folder: Path
) -> None:
    (folder / "bear.toml").write_text(BEAR)
    head = "sku,title,product_file\n"
    assert imports(f"{head}A1,Bear,bear.toml\n").mistakes == []
    assert Product.objects.get().text == BEAR
    (folder / "bear.toml").write_text(BEAR + 'category = "toy"\n')
    imports(f"{head}A1,Bear,bear.toml\n")
    assert Product.objects.get().text.endswith('"toy"\n')
    imports("sku,title,maker,product\nA1,Bear,Plumwhistle,Bear\n")
    assert Product.objects.get().text.endswith('"toy"\n')


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none.toml", "there is no"),
        ("../outside.toml", "is no file in"),
        ("/etc/passwd", "is no file in"),
        ("link.toml", "is no file in"),
        ("folder", "is no file in"),
        ("large.toml", "larger than"),
        ("bad.toml", "bad.toml:1"),
        ("latin.toml", "latin.toml"),
        ("other.toml", "another product"),
    ],
)
def test_a_product_file_that_cannot_be_used_is_told(
    imports: Callable[[str], Import], folder: Path, name: str, words: str
) -> None:
    for path in (folder.parent / "outside.toml", folder / "good.toml"):
        path.write_text(BEAR)
    (folder / "link.toml").symlink_to(folder.parent / "outside.toml")
    (folder / "folder").mkdir()
    (folder / "large.toml").write_text("#" * (2 << 20))
    (folder / "bad.toml").write_text("[product\n")
    (folder / "latin.toml").write_bytes(b'[product]\nname = "B\xe4r"\n')
    (folder / "other.toml").write_text(BEAR.replace("Bear", "Cat"))
    done = imports(
        f"sku,title,maker,product,product_file\nA1,Bear,Plumwhistle,Bear,{name}\nA2,Bear,Plumwhistle,Bear,good.toml\n"
    )
    [mistake] = done.mistakes
    assert mistake["line"] == 2
    assert words in mistake["reason"]
    assert str(folder) not in mistake["reason"]
    assert [*Listing.objects.values_list("sku", flat=True)] == ["A2"]


def test_what_products_share_shows_as_a_relation(
    imports: Callable[[str], Import], person: Callable[..., Person]
) -> None:
    imports(
        "sku,title,maker,product,markets\nA1,Bear,Plumwhistle,Bear,DE\nA2,Bear 2,Plumwhistle,Bear 2,DE\n"
        "B1,Cat,Copyist,Cat,DE\nC1,Dog,Other,Dog,UK\nD1,Eel,Alone,Eel,DE\n"
    )
    observer = Observer.objects.create(name="lab", origin=Origin.LAB)
    traits = {
        "Bear": [("firmware", "aa"), ("name", "api.example")],
        "Bear 2": [("firmware", "aa"), ("name", "api.example")],
        "Cat": [("firmware", "aa")],
        "Dog": [("name", "api.example")],
        "Eel": [("name", "aa")],  # the same word of another kind
    }
    for name, found in traits.items():
        product = Product.objects.get(name=name)
        audit = Audit.objects.create(
            digest=name, product=product, observer=observer, received_at=now(), size=1
        )
        for kind, value in found:
            Trait.objects.create(audit=audit, product=product, kind=kind, value=value)
    bear = Product.objects.get(name="Bear")
    every = relations_of(bear)
    assert [(one.product.name, one.other_vendor) for one in every] == [
        ("Cat", True),
        ("Dog", True),
        ("Bear 2", False),
    ]
    assert every[0].shared == (("firmware", "aa"),)
    assert [one.sku for one in every[0].listings] == ["B1"]
    german = relations_of(bear, person(Role.VIEWER, "DE"))
    assert [one.product.name for one in german] == ["Cat", "Bear 2"]
    assert relations_of(Product.objects.get(name="Eel")) == ()
