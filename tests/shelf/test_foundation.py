"""What everything else stands on: the tables, and who is let in at all."""

from collections.abc import Callable
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client

from shelfworthy.shelf.migrations._together import Together
from shelfworthy.shelf.models import Person, Role

pytestmark = pytest.mark.django_db


def test_the_migrations_are_what_the_models_say() -> None:
    out = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)
    assert "No changes" in out.getvalue()


def test_the_first_migration_makes_its_models_together() -> None:
    first = import_module("shelfworthy.shelf.migrations.0001_initial").Migration("0001_initial", "shelf")
    (operation,) = first.operations
    assert isinstance(operation, Together)
    models = apps.get_app_config("shelf").get_models()
    assert {model.name for model in operation.models} == {model.__name__ for model in models}


@pytest.mark.django_db(transaction=True)
def test_the_migrations_can_be_taken_back_and_done_again() -> None:
    before = tables()
    call_command("migrate", "shelf", "zero", verbosity=0)
    assert not any(name.startswith("shelf_") for name in tables())
    call_command("migrate", verbosity=0)
    assert tables() == before


def tables() -> set[str]:
    return set(connection.introspection.table_names())


@pytest.mark.parametrize("path", ["/", "/nothing", "/listings/"])
def test_who_is_not_logged_in_sees_the_log_in_page(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/log-in")


def test_somebody_is_in(person: Callable[..., Person], entered: Callable[[Person], Client]) -> None:
    answer = entered(person(Role.VIEWER)).get("/nothing")
    assert answer.status_code == 404
