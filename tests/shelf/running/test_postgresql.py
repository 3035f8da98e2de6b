"""The way to a real PostgreSQL: nobody asks whether it is there, a connection that is gone is noticed.

What is asked in the same words is planned once.
"""

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


QUESTION = "SELECT %s::int + 1, %s::timestamptz"
MOMENT = "2026-02-03 04:05:06+01"


def prepared(way: DatabaseWrapper) -> list[tuple[str, int]]:
    """What the server has ready for this connection, and how often it was asked."""
    with way.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements")
        return list(cursor.fetchall())


def test_what_is_asked_in_the_same_words_is_prepared(way: tuple[DatabaseWrapper, list[bool]]) -> None:
    it, _ = way
    for number in range(4):
        with it.planned_cursor() as cursor:
            cursor.execute(QUESTION, [number, MOMENT])
            assert cursor.fetchone()[0] == number + 1
    assert prepared(it) == [("SELECT $1::int + 1, $2::timestamptz", 3)]


def test_others_are_not_and_are_answered_the_same(way: tuple[DatabaseWrapper, list[bool]]) -> None:
    it, _ = way
    rows = []
    for cursor in [it.cursor(), it.cursor(), it.planned_cursor(), it.planned_cursor()]:
        with cursor:
            cursor.execute(QUESTION, [7, MOMENT])
            rows.append(cursor.fetchone())
        if len(rows) == 2:
            assert prepared(it) == []
    assert rows == [rows[0]] * 4
    assert {row[1].tzinfo for row in rows} == {rows[0][1].tzinfo}


def test_it_is_prepared_anew_for_another_connection(
    way: tuple[DatabaseWrapper, list[bool]], postgres: str
) -> None:
    it, _ = way
    for _ in range(2):
        for number in range(3):
            it.close_if_unusable_or_obsolete()
            with it.planned_cursor() as cursor:
                cursor.execute(QUESTION, [number, MOMENT])
                assert cursor.fetchone()[0] == number + 1
        assert len(prepared(it)) == 1
        with psycopg.connect(postgres) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [request(it)])
