"""A shelf for tests: its people, logged in or by token; and a real PostgreSQL."""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import translation
from django_otp.plugins.otp_totp.models import TOTPDevice

from shelfworthy.shelf.api import frame
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import rules
from shelfworthy.shelf.deciding.triggers import PROTECTED, UNPROTECTED
from shelfworthy.shelf.models import Market, Membership, Observer, Origin, Person, Role, Token
from shelfworthy.shelf.people.roles import SCOPES, May
from shelfworthy_lab import postgresql
from shelfworthy_lab.home import CantRun
from tests.needs import missing

PASSWORD = "harbour kettle sorrel 91"


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    """Makes a person with a role, for all markets or some."""

    def made(role: Role, *markets: str, name: str = "") -> Person:
        name = name or f"{role} {Person.objects.count() + 1}"
        user = User.objects.create_user(
            name.replace(" ", "."), f"{name.replace(' ', '.')}@shop.example", PASSWORD
        )
        one = Person.objects.create(user=user, name=name, email=user.email)
        membership = Membership.objects.create(person=one, role=role)
        membership.markets.set(Market.objects.get_or_create(code=code)[0] for code in markets)
        return one

    return made


@pytest.fixture
def entered(db: None) -> Callable[[Person], Client]:
    """Makes a client of somebody who has come in with both factors; several may be in at once."""

    def made(one: Person) -> Client:
        client = Client()
        assert one.user is not None
        device = TOTPDevice.objects.create(user=one.user, name="phone", confirmed=True)
        client.force_login(one.user)
        session = client.session
        session["otp_device_id"] = device.persistent_id
        session.save()
        return client

    return made


@pytest.fixture
def token(db: None) -> Callable[..., str]:
    """Makes a token of a person, with scopes; all that there are, if none is named."""

    def made(one: Person, *scopes: May, origin: Origin = Origin.LAB) -> str:
        secret = f"shelf_{one.pk}_{Token.objects.count()}"
        Token.objects.create(
            name="test",
            hash=hashlib.sha256(secret.encode()).hexdigest(),
            person=one,
            observer=Observer.objects.get_or_create(name=f"{one} {origin}", origin=origin)[0],
            scopes=list(scopes or SCOPES),
            made_at=now(),
            expires_at=now() + timedelta(days=1),
        )
        return secret

    return made


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The DATABASE_URL of a real PostgreSQL, for shelves that run as processes of their own."""
    folder: Path = tmp_path_factory.mktemp("postgresql")
    try:
        server = postgresql.start(folder)
    except CantRun as why:
        missing(str(why))
    try:
        yield f"postgresql://{postgresql.USER}@{server.host}:{server.port}/postgres"
    finally:
        server.stop()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Hashing passwords slowly is for whoever steals them."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests take rights away and ask at once; that a token is held for a moment has a test of its own."""
    frame.forget()
    monkeypatch.setattr(frame, "HELD", 0.0)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A page in German leaves its language to the thread, which in a test goes on."""
    yield
    translation.deactivate()


@pytest.fixture
def new_database(postgres: str) -> str:
    """The DATABASE_URL of an empty database of that PostgreSQL."""
    return _made_in(postgres)


@pytest.fixture(scope="module")
def module_database(postgres: str) -> str:
    """The same, for the tests of a module together."""
    return _made_in(postgres)


def _made_in(postgres: str) -> str:
    name = f"shelf_{secrets.token_hex(6)}"
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    return f"{postgres.rpartition('/')[0]}/{name}"


@pytest.fixture(autouse=True)
def emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that is no transaction empties all tables in the end; of decisions the database refuses that, so
    its triggers are there while the test runs, and gone before.
    """
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        yield
        return
    request.getfixturevalue("transactional_db")
    _carry_out(UNPROTECTED)
    _carry_out(PROTECTED)
    yield
    rules.forget()
    _carry_out(UNPROTECTED)


def _carry_out(statements: Mapping[str, tuple[str, ...]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
