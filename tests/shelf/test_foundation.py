"""What everything else stands on: the tables, and who is let in at all."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from shelfworthy.shelf.models import Person, Role

pytestmark = pytest.mark.django_db


def test_the_migrations_are_what_the_models_say() -> None:
    out = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)
    assert "No changes" in out.getvalue()


@pytest.mark.parametrize("path", ["/", "/nothing", "/listings/"])
def test_who_is_not_logged_in_sees_the_log_in_page(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/log-in")


def test_somebody_is_in(person: Callable[..., Person], entered: Callable[[Person], Client]) -> None:
    answer = entered(person(Role.VIEWER)).get("/nothing")
    assert answer.status_code == 404
