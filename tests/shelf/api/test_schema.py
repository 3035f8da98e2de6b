"""The API as a stranger's tools know it: its description is OpenAPI 3.1, and every answer is in it.

schemathesis asks a real shelf, which serves what a shop would have: listings, evidence, decisions.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import hypothesis
import jsonschema_rs
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.definitions import OPENAPI_31

from tests.shelf.api.filled import SECRET, fill
from tests.shelf.process import Shelf, running

pytestmark = pytest.mark.lab
SEED = 20261129
FEW, MANY = 8, 300  # examples of a call
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with running(tmp_path_factory.mktemp("schema") / "shelf", "", "--no-worker") as started:
        fill(started)
        yield started


@pytest.fixture(scope="module")
def description(shelf: Shelf) -> dict[str, Any]:
    status, body = shelf.ask("GET", "/api/v1/openapi.json")
    assert status == 200
    found: dict[str, Any] = json.loads(body)
    return found


def test_it_is_openapi(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    jsonschema_rs.Draft202012Validator(OPENAPI_31).validate(description)


def test_every_name_is_one_calls_own(description: dict[str, Any]) -> None:
    names = [call["operationId"] for path in description["paths"].values() for call in path.values()]
    assert len(names) == len(set(names))


def test_every_call_is_told_in_words(description: dict[str, Any]) -> None:
    for path, calls in description["paths"].items():
        for method, call in calls.items():
            assert call.get("description"), f"{method} {path}"
            assert call.get("tags"), f"{method} {path}"


def test_every_call_needs_a_token(shelf: Shelf, description: dict[str, Any]) -> None:
    for path, calls in description["paths"].items():
        for method in calls:
            status, _ = shelf.ask(method.upper(), re.sub(r"\{.*?\}", "1", path))
            assert status == 401, f"{method} {path}"


def ask_everything(shelf: Shelf, examples: int) -> None:
    """Ask every call so often, with what is as described and what is not."""
    schema = schemathesis.openapi.from_url(f"{shelf.url}/api/v1/openapi.json")
    asked = 0
    found_wrong: list[Exception] = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()

        @hypothesis.settings(
            max_examples=examples,
            database=None,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.seed(SEED)
        @hypothesis.given(case=operation.as_strategy())
        def one(case: schemathesis.Case[Any]) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(headers={"Authorization": f"Bearer {SECRET}"}, checks=CHECKS)

        try:
            one()
        except Exception as wrong:
            wrong.add_note(operation.label)
            found_wrong.append(wrong)
    print(f"schemathesis: {asked} requests, seed {SEED}")
    if found_wrong:
        raise ExceptionGroup("answers that are not as described", found_wrong)


def test_no_answer_is_undocumented(shelf: Shelf) -> None:
    ask_everything(shelf, FEW)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_no_answer_is_undocumented_however_long_one_asks(shelf: Shelf) -> None:
    ask_everything(shelf, MANY)
