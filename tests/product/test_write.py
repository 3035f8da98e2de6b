"""What is written is read back the same, and short enough to be read by people."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from shelfworthy.model import (
    Account,
    Act,
    AnySurface,
    Basis,
    Bucket,
    Contact,
    Database,
    Declaration,
    Does,
    Endpoint,
    Harmless,
    Identity,
    Level,
    Operation,
    Owner,
    Permission,
    Product,
    Recipe,
    Standing,
    Step,
    Unit,
)
from shelfworthy.model.surfaces import Bluetooth, Firmware
from shelfworthy.product.read import read_product
from shelfworthy.product.write import product_toml

T = TypeVar("T")

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))
SHOWN = st.characters(
    exclude_categories=("Cc", "Cs"),
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
)
TEXT = st.text(SHOWN, max_size=20)
WORDS = TEXT.filter(str.strip)
PROSE = st.text(st.one_of(SHOWN, st.sampled_from('\n\r\t"\\')), min_size=1, max_size=40).filter(str.strip)
IDS = st.from_regex(r"[A-Za-z0-9äß_][\w.-]{0,12}", fullmatch=True)
HOSTS = st.sampled_from(["api.example", "api.example:8443", "[::1]:80", "127.0.0.2", "münchen.example"])
COMMON = {"id": IDS, "owner": st.sampled_from(Owner)}
CA = st.sampled_from(["", "roots.pem"])
TEMPLATES = st.sampled_from(["{email}", "{password}", "Bearer {token}", 'a "word"', "Bär"])
JSON = st.recursive(
    TEMPLATES | st.booleans() | st.integers(-9, 1 << 62) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inside: st.lists(inside, max_size=2) | st.dictionaries(WORDS, inside, max_size=2),
    max_leaves=4,
)
OURS = {"email": "{email}", "password": "{password}", "new": "{new_password}", "text": "{content}"}
TOKEN, ID = {"token": "/token", "id": "/~0user/0/a~1b"}, {"id": "/~0user/0/a~1b"}


def steps(capture: dict[str, str]) -> st.SearchStrategy[Step]:
    return st.builds(
        Step,
        method=st.sampled_from(["GET", "POST"]),
        path=st.sampled_from(["/v1/users/{id}", "/{id}"]),
        headers=st.sampled_from([{}, {"Authorization": "Bearer {token}", "X-App": "1"}]),
        json=st.dictionaries(WORDS, JSON, max_size=2).map(lambda more: more | OURS),
        capture=st.just(capture),
        success=st.sampled_from([(200,), (200, 201, 202, 204)]),
    )


PLAIN = Step(method="POST", path="/{id}", json=dict(OURS), capture=ID, success=(200,))
RECIPES = st.builds(
    Recipe,
    email=st.just("audit+{random}@lab.example"),
    sign_up=steps(TOKEN),
    log_in=st.just(structs.replace(PLAIN, capture=TOKEN)),
    delete=st.just(PLAIN),
    create=st.just(PLAIN),
    read=st.none() | steps(ID),
    interval_ms=st.integers(0, 10_000),
)
RADIOS = st.sampled_from(["bluetooth:C4:7C:8D:00:00:01", "bluetooth:Murmur Bear", "bluetooth:Bärli-2"])
ACTS = st.sampled_from(
    [
        Act(write="2A00", value="0801", answerless=True, key=True),
        Act(write="2a00", value="02", on="2a01", expect="01", collect="2a02", within_ms=100),
        Act(subscribe="aaddf75d-a95a-0000-0004-3ca499b74009"),
        Act(read="2a00"),
        Act(wait_ms=10),
    ]
)
OPERATIONS = st.builds(
    Operation,
    id=IDS,
    does=st.sampled_from(Does),
    says=st.just('play a "sound"'),
    act=st.lists(ACTS, min_size=1, max_size=3).map(tuple),
    undo=st.lists(ACTS, max_size=1).map(tuple),
    header=st.integers(0, 32),
)
SURFACES: st.SearchStrategy[AnySurface] = st.one_of(
    st.builds(
        Account,
        where=HOSTS.map(lambda host: f"account:https://{host}/api"),
        ca=CA,
        recipe=st.none() | RECIPES,
        **COMMON,
    ),
    st.builds(
        Endpoint,
        where=HOSTS.map(lambda host: f"https://{host}/"),
        name=st.sampled_from(["", "api.example"]),
        ca=CA,
        plain_port=st.integers(0, 65535),
        **COMMON,
    ),
    st.builds(Database, where=HOSTS.map(lambda host: f"mongodb://{host}"), ca=CA, **COMMON),
    st.builds(Bucket, where=HOSTS.map(lambda host: f"s3+http://{host}/b"), object=TEXT, ca=CA, **COMMON),
    st.builds(Contact, where=HOSTS.map(lambda host: f"contact:https://{host}"), ca=CA, **COMMON),
    st.builds(Firmware, where=st.just("toy.bin"), public_key=CA, **COMMON),
    st.builds(
        Bluetooth,
        where=RADIOS,
        person=WORDS,
        button=TEXT,
        operation=st.lists(OPERATIONS, max_size=2, unique_by=lambda one: one.id).map(tuple),
        harmless=st.lists(st.just(Harmless(write="2a00", value="00ff")), max_size=1).map(tuple),
        **COMMON,
    ),
)
PERMISSIONS = st.one_of(
    st.builds(Permission, to=HOSTS, level=st.just(Level.LOOK), basis=st.sampled_from(Basis), person=TEXT),
    st.builds(
        Permission,
        to=st.sampled_from(["a.example", "10.0.0.0/8", "AA:BB:CC:DD:EE:FF", "bluetooth:Murmur Bear"]),
        level=st.sampled_from(Level),
        basis=st.sampled_from([Basis.OWN, Basis.CONTRACT, Basis.WRITTEN]),
        person=WORDS,
        until=DAYS,
    ),
    st.builds(
        Permission,
        to=st.sampled_from(["b.example", "b.example:80"]),
        level=st.just(Level.LOOK),
        basis=st.just(Basis.OWN),
        resolve=st.just("127.0.0.3"),
    ),
)
DECLARATIONS = st.builds(
    Declaration,
    requirement=st.sampled_from(["updates.support", "privacy.available"]),
    answer=st.sampled_from([Standing.MET, Standing.NOT_MET, Standing.NOT_APPLICABLE]),
    because=PROSE,
    by=WORDS,
    on=st.dates(date(2020, 1, 1), date(2021, 1, 1)),
    until=st.dates(date(2021, 1, 1), date(2100, 1, 1)),
    quote=PROSE,
)
IDENTITIES = st.builds(
    Identity,
    name=WORDS,
    vendor=WORDS,
    model=TEXT,
    gtin=st.sampled_from(["", "40063812", "4006381333931", "036000291452", "10614141000415"]),
    category=TEXT,
    for_children=st.sampled_from([None, False, True]),
    sold_from=st.none() | st.dates(date(2000, 1, 1), date(2010, 1, 1)),
    sold_until=st.none() | st.dates(date(2010, 1, 1), date(2030, 1, 1)),
)


def some(
    items: st.SearchStrategy[T], key: Callable[[T], object] | None = None
) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(items, max_size=4, unique_by=key).map(tuple)


PRODUCTS = st.builds(
    Product,
    product=IDENTITIES,
    unit=some(st.builds(Unit, id=IDS, bought=TEXT, lot=TEXT, serial=TEXT), lambda unit: unit.id),
    surface=some(SURFACES, lambda surface: surface.id),
    permission=some(PERMISSIONS),
    declaration=some(DECLARATIONS),
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "roots.pem").write_text("PEM")
        (Path(name) / "toy.bin").write_text("image")
        yield Path(name)


@given(product=PRODUCTS)
def test_what_is_written_is_read_back_the_same(folder: Path, product: Product) -> None:
    if product.unit:
        belongs = (structs.replace(surface, unit=product.unit[0].id) for surface in product.surface)
        product = structs.replace(product, surface=tuple(belongs))
    path = folder / "product.toml"
    path.write_text(product_toml(product), encoding="utf-8", newline="")
    assert read_product(path) == product


def test_only_what_was_said_is_written() -> None:
    product = Product(
        product=Identity(name='The "Bear"', vendor="Söhne", for_children=True),
        surface=(Database(id="records", where="mongodb://db.example"),),
        permission=(
            Permission(
                to="db.example", level=Level.KNOCK, basis=Basis.OWN, person="Ada", until=date(2027, 1, 31)
            ),
        ),
    )
    assert product_toml(product) == (
        '[product]\nname = "The \\"Bear\\""\nvendor = "Söhne"\nfor_children = true\n\n'
        '[[surface]]\nid = "records"\nkind = "database"\nwhere = "mongodb://db.example"\n\n'
        '[[permission]]\nto = "db.example"\nlevel = "knock"\nbasis = "own"\n'
        'person = "Ada"\nuntil = 2027-01-31\n'
    )


def test_a_recipe_is_written_as_people_write_it() -> None:
    log_in = Step(
        method="POST",
        path="/v1/sessions",
        json={"email": "{email}", "password": "{password}"},
        capture={"token": "/token"},
        success=(200,),
    )
    delete = Step(method="DELETE", path="/v1/users/me", headers={"X Key": "{token}"})
    recipe = Recipe(email="a{random}@lab.example", sign_up=log_in, log_in=log_in, delete=delete)
    account = Account(id="accounts", where="account:https://api.example/", recipe=recipe)
    steps = (
        'method = "POST"\npath = "/v1/sessions"\njson = { email = "{email}", password = "{password}" }\n'
        'capture = { token = "/token" }\nsuccess = [200]\n'
    )
    assert product_toml(Product(product=Identity(name="B", vendor="S"), surface=(account,))) == (
        '[product]\nname = "B"\nvendor = "S"\n\n'
        '[[surface]]\nid = "accounts"\nkind = "account"\nwhere = "account:https://api.example/"\n'
        '[surface.recipe]\nemail = "a{random}@lab.example"\n'
        f"[surface.recipe.sign_up]\n{steps}[surface.recipe.log_in]\n{steps}"
        '[surface.recipe.delete]\nmethod = "DELETE"\npath = "/v1/users/me"\n'
        'headers = { "X Key" = "{token}" }\n'
    )
