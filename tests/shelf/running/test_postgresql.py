"""The way to a real PostgreSQL: nobody asks whether it is there, and a connection that is gone is noticed."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections

from shelfworthy.shelf import place
from shelfworthy.shelf.postgresql.base import DatabaseWrapper

pytestmark = pytest.mark.lab


@pytest.fixture
def way(
    postgres: str, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any
) -> Iterator[tuple[DatabaseWrapper, list[bool]]]:
    """A connection as a request has it, and what was found each time the server was asked if it is there."""
    asked: list[bool] = []
    usable = DatabaseWrapper.is_usable

    def noted(self: DatabaseWrapper) -> bool:
        asked.append(usable(self))
        return asked[-1]

    monkeypatch.setattr(DatabaseWrapper, "is_usable", noted)
    settings = {**connections.settings["default"], **place.database(postgres, place.folder())}
    one = DatabaseWrapper(settings, "another")
    with django_db_blocker.unblock():  # it is another database than the tests'
        yield one, asked
        one.close()


def request(way: DatabaseWrapper) -> int:
    """The number of the server's process that answers one."""
    way.close_if_unusable_or_obsolete()  # as Django does before each
    with way.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number: int = cursor.fetchone()[0]
    return number


def test_a_connection_that_holds_costs_no_question(way: tuple[DatabaseWrapper, list[bool]]) -> None:
    it, asked = way
    assert len({request(it) for _ in range(5)}) == 1
    assert asked == []


def test_one_that_the_server_ended_is_made_anew(
    way: tuple[DatabaseWrapper, list[bool]], postgres: str
) -> None:
    it, asked = way
    before = request(it)
    with psycopg.connect(postgres) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [before])  # waits until it is gone
    assert request(it) != before
    assert asked == [False]


def test_what_the_server_says_in_between_is_no_end(
    way: tuple[DatabaseWrapper, list[bool]], postgres: str
) -> None:
    """Here that somebody notified it; it is asked, and goes on."""
    it, asked = way
    with it.cursor() as cursor:
        cursor.execute("LISTEN something")
    before = request(it)
    with psycopg.connect(postgres, autocommit=True) as other:
        other.execute("NOTIFY something")
        other.execute("SELECT pg_sleep(0.2)")
    assert request(it) == before
    assert asked == [True]
