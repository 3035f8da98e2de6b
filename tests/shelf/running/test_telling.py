"""Health, metrics and logs: what whoever runs the shelf is told, and nobody else."""

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Listing, Person, Role
from shelfworthy.shelf.people.roles import May
from shelfworthy.shelf.running import health
from shelfworthy.shelf.running.logs import Json
from shelfworthy.shelf.running.requests import request_id

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.SHELF = tmp_path
    return tmp_path


def test_all_is_well(client: Client) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "migrations": "ok", "disk": "ok"}


def test_a_database_that_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> None:
        raise OperationalError("connection to host=10.1.2.3 user=shelf password=sorrel failed")

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", down)
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["database"] == "no answer"
    assert b"10.1.2.3" not in answer.content
    assert b"sorrel" not in answer.content


def test_a_table_that_is_missing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_ours", lambda: frozenset({("shelf", "9999_later")}))
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "missing"


def test_a_disk_that_is_full(client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(health, "ENOUGH", 1 << 80)
    assert client.get("/health").json()["disk"] == "almost full"
    settings.SHELF = settings.SHELF / "gone"
    assert client.get("/health").json()["disk"] == "no folder"


def test_the_numbers_are_those_of_the_shelf(client: Client) -> None:
    for number in range(3):
        Listing.objects.create(sku=str(number), title="Bear", created_at=now(), changed_at=now())
    client.get("/health")
    found = {family.name: family for family in text_string_to_metric_families(page(client))}
    assert [(one.labels, one.value) for one in found["shelf_listings"].samples] == [
        ({"state": "listed", "standing": "nobody looked"}, 3.0)
    ]
    for name in ("shelf_rechecks_due", "shelf_deliveries_waiting", "shelf_proposals_open", "shelf_decisions"):
        assert [one.value for one in found[name].samples] == [0.0], name
    views = {one.labels["view"] for one in found["shelf_requests"].samples}
    assert "health" in views


def page(client: Client, **headers: str) -> str:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


@pytest.mark.parametrize(
    ("url", "address", "status"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1", 200),
        ("http://localhost:8000", "::1", 200),
        ("http://127.0.0.1:8000", "192.0.2.7", 401),
        ("https://shelf.shop.example", "127.0.0.1", 401),  # a proxy's address is everybody's
        ("https://shelf.shop.example", "", 401),
    ],
)
def test_who_sees_the_numbers(
    client: Client, settings: Settings, url: str, address: str, status: int
) -> None:
    settings.SHELF_URL = url
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == status


def test_a_token_of_all_markets_sees_the_numbers(
    client: Client, person: Callable[..., Person], token: Callable[..., str], settings: Settings
) -> None:
    settings.SHELF_URL = "https://shelf.shop.example"
    page(client, authorization=f"Bearer {token(person(Role.VIEWER))}")
    for secret in (token(person(Role.VIEWER, "DE")), token(person(Role.ANALYST), May.PUSH), "nobody"):
        answer = client.get("/metrics", headers={"authorization": f"Bearer {secret}"})
        assert answer.status_code == 401


def test_numbers_have_few_names_however_much_is_guessed(client: Client) -> None:
    before = page(client)
    for number in range(50):
        client.get(f"/guessed/{number}")
        client.generic(f"GUESS{number}", "/health")
    after = page(client)
    assert after.count("\n") - before.count("\n") < 60


def test_a_request_is_one_line_without_what_it_said(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="shelf.requests"):
        answer = client.get("/log-in?password=sorrel", headers={"x-request-id": "abcdef-123"})
    assert answer.headers["X-Request-Id"] == "abcdef-123"
    (line,) = [one for one in caplog.records if one.name == "shelf.requests"]
    said = json.loads(Json().format(line))
    assert said["path"] == "/log-in"
    assert said["status"] == 200
    assert "sorrel" not in Json().format(line)


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "a b c d e f g", 'abcdefgh"', "abcdefgh\n"])
def test_an_id_that_could_be_something_else_is_not_taken(client: Client, given: str) -> None:
    name = client.get("/health", headers={"x-request-id": given}).headers["X-Request-Id"]
    assert name != given
    assert len(name) == 16


def test_what_is_logged_meanwhile_names_the_request() -> None:
    record = logging.LogRecord("a", logging.INFO, "", 1, "two\nlines", None, None)
    before = request_id.set("abc")
    try:
        line = Json().format(record)
    finally:
        request_id.reset(before)
    assert "\n" not in line
    assert json.loads(line)["request"] == "abc"
    assert "request" not in json.loads(Json().format(record))
