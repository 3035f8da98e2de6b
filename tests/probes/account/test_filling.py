"""What is sent is what the recipe says, and what answers give is used only where it can do no harm."""

from typing import Any

import msgspec
import pytest

from shelfworthy.model import Step
from shelfworthy.probes.account.access import ids
from shelfworthy.probes.account.stranger import Own, seconds
from shelfworthy.probes.filling import captured, filled, lacking, misleading, pointed, wording
from tests.product.test_recipe import RIGHT

OURS = "audit+1@lab.example"


def test_words_are_filled_where_they_stand() -> None:
    step = Step(
        method="POST",
        path="/u/{id}?q={email}",
        headers={"Authorization": "Bearer {token}", "X-App": "1"},
        json={"n": "{id}", "s": "no. {id}", "deep": [{"p": "{password}"}, 7, True]},
    )
    values: dict[str, str | int] = {"id": 12, "email": "a+b@c.example", "token": "t", "password": 'ä"\\'}
    it = filled(step, values)
    assert it.path == "/u/12?q=a%2Bb%40c.example"
    assert it.headers == (("Authorization", "Bearer t"), ("X-App", "1"), ("Content-Type", "application/json"))
    assert it.body.decode() == '{"n": 12, "s": "no. 12", "deep": [{"p": "ä\\"\\\\"}, 7, true]}'
    assert filled(step, values, frozenset({"token"})).headers[0] == ("X-App", "1")
    assert lacking(step, {"id": 1}) == ["email", "password", "token"]


def test_a_form_is_a_form() -> None:
    it = filled(Step(method="POST", path="/", form={"p": "{password}"}), {"password": "ä b&c"})
    assert it.body == b"p=%C3%A4+b%26c"
    assert ("Content-Type", "application/x-www-form-urlencoded") in it.headers


@pytest.mark.parametrize("value", ["..", ".", "a/b", "a\\b", "a%2fb", "a?b", "a#b", "a..b"])
def test_what_would_lead_elsewhere_stands_in_no_path(value: str) -> None:
    assert misleading(Step(method="GET", path="/u/{id}"), {"id": value}) == ["id"]
    assert misleading(Step(method="GET", path="/u", json={"id": "{id}"}), {"id": value}) == []


GIVEN: dict[str, tuple[Any, str]] = {
    "no such key": ({}, "no text or number at /id"),
    "null": ({"id": None}, "no text or number"),
    "a truth": ({"id": True}, "no text or number"),
    "a fraction": ({"id": 1.5}, "no text or number"),
    "a list": ({"id": ["x"]}, "no text or number"),
    "too large": ({"id": 1 << 63}, "too large"),
    "empty": ({"id": ""}, "cannot be sent again"),
    "a line break": ({"id": "a\r\nb"}, "cannot be sent again"),
    "a blank": ({"id": "a b"}, "cannot be sent again"),
    "letters beyond ASCII": ({"id": "ä"}, "cannot be sent again"),
    "endless": ({"id": "a" * 5000}, "cannot be sent again"),
    "an address": ({"id": "mia@plumpost.test"}, "an address at /id that is not ours"),
    "an address in disguise": ({"id": "mia%40plumpost.test"}, "an address at /id that is not ours"),
    "ours and more": ({"id": f"{OURS}x"}, "an address at /id that is not ours"),
    "no table": ([], "no text or number"),
}


@pytest.mark.parametrize("name", GIVEN)
def test_what_is_not_taken_from_an_answer(name: str) -> None:
    given, why = GIVEN[name]
    step = Step(method="POST", path="/", capture={"id": "/id"})
    found, said = captured(step, msgspec.json.encode(given), OURS)
    assert found == {}
    assert why in said


def test_what_is_taken_from_an_answer() -> None:
    step = Step(method="POST", path="/", capture={"id": "/a/1/~0b~1c", "who": "/who"})
    body = b'{"a": [0, {"~b/c": 7}], "who": "AUDIT+1@lab.example"}'
    assert captured(step, body, OURS) == ({"id": 7, "who": "AUDIT+1@lab.example"}, "")
    for broken in (b"", b"{", b"[" * 100_000, b"\xff", b"1" * 6000):
        assert captured(step, broken, OURS)[0] == {}


def test_a_pointer_leads_nowhere_quietly() -> None:
    documents: list[Any] = [[], {}, "text", 7, None, {"a": []}]
    for document in documents:
        assert pointed(document, "/a/0/b") is None
    assert pointed([1, 2], "/-1") is None
    assert pointed([1, 2], "/01") is None


def test_wording_is_what_answers_say_in_words() -> None:
    one = wording(b'{"error": "no such user", "at": "2026-11-22T03:00:00", "id": "a91f", "n": 7}', OURS)
    other = wording(b'{"n": 812, "error": "no such user", "at": "2026-11-22T03:00:01", "id": "0c"}', OURS)
    assert one == other
    assert wording(b"wrong password", OURS) != wording(b"no such user", OURS)
    assert wording(f"no {OURS}".encode(), OURS) == wording(b"no audit+2@lab.example", "audit+2@lab.example")
    assert len(wording(b"a" * (1 << 21), OURS)) < 1 << 15


def test_shapes_of_identifiers_are_told_and_they_are_not() -> None:
    own = Own(1, RIGHT)
    assert ids([1007, 1008, "1010"], own, 0).steps == (1, 2)
    assert ids(["a1", "b2", "c3"], own, 0).steps == ()
    assert ids([f"{own.handle}-1", f"{own.handle}-2"], own, 0).ours
    assert ids([1_700_000_000_123, 1_700_000_000_456], own, 1_700_000_000).dated
    assert not ids([83_112, 99_481], own, 1_700_000_000).dated
    uuids = ["0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7"]
    assert ids(uuids, own, 0).uuid == 4
    assert ids([*uuids, "x"], own, 0).uuid == 0
    assert own.handle not in str(ids([own.handle, own.handle], own, 0))


def test_a_lifetime_is_a_number_of_seconds() -> None:
    assert seconds(60) == seconds("60") == 60
    assert seconds(0) is seconds(-5) is seconds("soon") is seconds(None) is None
