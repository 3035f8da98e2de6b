"""A request with an idempotency key is done once."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from shelfworthy.shelf.api.once import KEPT, Once
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Answered, Entry, Import, Person, Role
from tests.shelf.api.filled import SECRET, fill
from tests.shelf.process import Shelf, running

pytestmark = pytest.mark.django_db
ROWS = b"sku,title\nA,Bear\n"
Sent = Callable[..., Any]


@pytest.fixture
def send(client: Client, person: Callable[..., Person], token: Callable[..., str]) -> Sent:
    secret = token(person(Role.ADMINISTRATOR))

    def made(key: str, body: bytes = ROWS, path: str = "/api/v1/imports", by: str = secret) -> Any:
        headers = {"authorization": f"Bearer {by}", "idempotency-key": key}
        return client.post(path, body, content_type="text/csv", headers=headers)

    return made


def test_the_same_request_is_answered_as_before(send: Sent) -> None:
    first, second = send("one"), send("one")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first.headers["Content-Type"] == second.headers["Content-Type"]
    assert Import.objects.count() == 1
    assert send("two").json() != first.json()
    assert Import.objects.count() == 2


def test_another_request_under_the_key_is_refused(send: Sent) -> None:
    send("one")
    for answer in (send("one", b"sku,title\nB,Bear\n"), send("one", path="/api/v1/imports?name=x")):
        assert answer.status_code == 422
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert Import.objects.count() == 1


def test_a_key_is_a_tokens_own(send: Sent, person: Callable[..., Person], token: Callable[..., str]) -> None:
    assert send("one").status_code == send("one", by=token(person(Role.ANALYST))).status_code == 201
    assert Import.objects.count() == 2


def test_a_mistake_is_answered_as_before_too(send: Sent) -> None:
    first, second = send("one", path="/api/v1/nothing"), send("one", path="/api/v1/nothing")
    assert (first.status_code, second.status_code) == (404, 404)
    assert json.loads(first.content) == json.loads(second.content)


@pytest.mark.parametrize("key", ["", "a b", "ü", "x" * 101, "a\tb"])
def test_what_is_no_key(send: Sent, key: str) -> None:
    assert send(key).status_code == 400


def test_who_has_no_token_leaves_nothing(send: Sent) -> None:
    assert send("one", by="nobody").status_code == 401
    assert not Answered.objects.exists()


def test_a_crash_leaves_neither_answer_nor_deed(
    send: Sent, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    from shelfworthy.shelf.catalogue import api

    def crash(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(api, "import_said", crash)
        assert send("one").status_code == 500
    assert not Answered.objects.exists()
    assert not Import.objects.exists()
    assert not Entry.objects.filter(action__contains="import").exists()
    assert send("one").status_code == 201


def test_answers_are_forgotten_after_a_day(send: Sent) -> None:
    send("one")
    Answered.objects.update(at=now() - KEPT - KEPT)
    send("one")
    assert Import.objects.count() == 2
    assert Answered.objects.count() == 1


def test_while_the_first_runs_another_is_told_so(send: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Once._first
    told: list[int] = []

    def slow(self: Once, *arguments: Any) -> Any:
        told.append(send("one").status_code)  # it comes while this one runs
        return first(self, *arguments)

    monkeypatch.setattr(Once, "_first", slow)
    assert send("one").status_code == 201
    assert told == [409]
    assert connection.vendor == "sqlite"  # the same on PostgreSQL: below


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    database = request.getfixturevalue("module_database") if request.param == "postgresql" else ""
    folder = tmp_path_factory.mktemp("once") / "shelf"
    with running(folder, database, "--no-worker", "--processes", "2") as started:
        fill(started, [])
        yield started


@pytest.mark.lab
def test_many_at_once_are_done_once(shelf: Shelf) -> None:
    """Eight clients, two processes: each key is sent eight times at the same moment."""
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "text/csv"}
    bodies: dict[str, set[bytes]] = {}
    statuses: Counter[int] = Counter()
    barrier = threading.Barrier(8)

    def client(_: int) -> None:
        for number in range(12):
            barrier.wait(60)
            key = f"key-{number}"
            while True:
                status, body = shelf.ask("POST", "/api/v1/imports", ROWS, headers | {"Idempotency-Key": key})
                statuses[status] += 1
                if status != 409:
                    break
            bodies.setdefault(key, set()).add(body)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(client, range(8)))
    assert statuses[201] == 8 * 12, statuses
    assert set(statuses) <= {201, 409}, statuses
    assert all(len(one) == 1 for one in bodies.values())
    assert len({json.loads(body)["id"] for one in bodies.values() for body in one}) == 12
