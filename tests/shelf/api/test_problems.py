"""Whatever goes wrong, the API answers a problem that says so."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from shelfworthy.shelf.api import frame, rate
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Person, Role
from shelfworthy.shelf.models import Token as Rows

pytestmark = pytest.mark.django_db
Token = Callable[..., str]
Made = Callable[..., Person]


def test_a_path_that_is_not_there(client: Client) -> None:
    for path in ("/api/v1/nothing", "/api/v1/", "/api/v2/x", "/api/v1/no%00thing"):
        problem(client.get(path), 404)
    problem(client.get("/api/v1/nothing?a=%00"), 422)


def test_who_has_no_token(client: Client, person: Made, token: Token) -> None:
    first = first_path(client)
    answer = client.get(first)
    problem(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    problem(client.get(first, headers={"authorization": "Bearer shelf_no"}), 401)
    problem(client.get(first, headers={"authorization": "Bearer \udcff"}), 401)


def test_who_came_in_with_a_browser_has_no_token(
    client: Client, person: Made, token: Token, entered: Callable[[Person], Client]
) -> None:
    first = first_path(client)
    one = person(Role.ADMINISTRATOR)
    browser = entered(one)
    page = browser.get("/")
    assert page.status_code == 200
    assert page.wsgi_request.session["otp_device_id"]  # it would have been read
    answer = browser.get(first)
    problem(answer, 401)
    assert not hasattr(answer.wsgi_request, "session")
    assert not hasattr(answer.wsgi_request, "user")
    assert browser.get(first, headers={"authorization": f"Bearer {token(one)}"}).status_code == 200


def test_a_method_that_is_not_there(client: Client, person: Made, token: Token) -> None:
    secret = token(person(Role.ADMINISTRATOR))
    answer = client.delete("/api/v1/openapi.json", headers={"authorization": f"Bearer {secret}"})
    problem(answer, 405)
    assert "GET" in answer.headers["Allow"]


def test_a_length_that_is_not_said(client: Client) -> None:
    answer = client.post("/api/v1/x", headers={"transfer-encoding": "chunked"}, CONTENT_LENGTH="")
    problem(answer, 411)


def test_a_token_that_was_revoked_reads_for_a_moment_and_changes_nothing(
    client: Client, person: Made, token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = {"authorization": f"Bearer {token(person(Role.ADMINISTRATOR))}"}
    monkeypatch.setattr(frame, "HELD", 60.0)
    assert client.get("/api/v1/listings", headers=header).status_code == 200
    Rows.objects.update(revoked_at=now())
    assert client.get("/api/v1/listings", headers=header).status_code == 200
    content = b"sku,title\nA,A thing\n"
    problem(client.post("/api/v1/imports", content, content_type="text/csv", headers=header), 401)
    frame.forget()  # as when the moment is over
    problem(client.get("/api/v1/listings", headers=header), 401)


def test_a_token_that_is_used_too_often(
    client: Client, person: Made, token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate, "tokens", rate.Rate(1.0, 2.0))
    header = {"authorization": f"Bearer {token(person(Role.VIEWER))}"}
    path = first_path(client)
    assert [client.get(path, headers=header).status_code == 429 for _ in range(3)] == [False, False, True]
    answer = client.get(path, headers=header)
    problem(answer, 429)
    assert int(answer.headers["Retry-After"]) == 1


def test_who_guesses_tokens_is_slowed_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "strangers", rate.Rate(1.0, 2.0))
    path = first_path(client)
    answers = [client.get(path, headers={"authorization": "Bearer x"}).status_code for _ in range(3)]
    assert answers == [401, 401, 429]


def test_a_crash_of_ours_says_nothing_of_it(
    client: Client, person: Made, token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = {"authorization": f"Bearer {token(person(Role.ADMINISTRATOR))}"}
    path = first_path(client)
    client.raise_request_exception = False

    def crash(_: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(frame, "_used", crash)
    answer = client.get(path, headers=header)
    problem(answer, 500)
    assert b"secret" not in answer.content

    def down(_: object) -> None:
        raise OperationalError("host=10.0.0.1 user=shelf")

    monkeypatch.setattr(frame, "_used", down)
    answer = client.get(path, headers=header)
    problem(answer, 503)
    assert b"10.0.0.1" not in answer.content


def test_the_rate_lets_through_what_it_says() -> None:
    at = [0.0]
    one = rate.Rate(10.0, 5.0, clock=lambda: at[0])
    assert [one.wait("a") for _ in range(5)] == [0] * 5
    assert one.wait("a") == pytest.approx(0.1)
    assert one.wait("b") == 0
    at[0] += 0.1
    assert one.wait("a") == 0
    assert one.wait("a") > 0
    at[0] += 1000
    assert [one.wait("a") > 0 for _ in range(6)] == [False] * 5 + [True]


def test_callers_that_are_remembered_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "MOST", 3)
    one = rate.Rate(1.0, 1.0)
    for name in "abcdef":
        one.wait(name)
    assert len(one._left) == 3


def first_path(client: Client) -> str:
    """A call that everybody with a token may make."""
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    return next(str(path) for path, calls in sorted(paths.items()) if "get" in calls and "{" not in path)


def problem(answer: Any, status: int) -> None:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    said = json.loads(answer.content)
    assert said["status"] == status
    assert said["title"]
