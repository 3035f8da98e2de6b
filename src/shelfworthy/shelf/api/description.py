"""The API's description, OpenAPI 3.1: what ninja knows, and the problems that every call may answer."""

from functools import cache
from typing import Any

from ninja import NinjaAPI

from shelfworthy.shelf.api.once import HEADER, METHODS
from shelfworthy.shelf.api.problems import title

PROBLEM = {
    "type": "object",
    "description": "What happened, where, and what to do (RFC 9457).",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"where": {"type": "string"}, "says": {"type": "string"}},
            },
        },
    },
}
ALWAYS = (400, 401, 403, 422, 429, 503)
ONCE = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Sent again with the same key, the same request is answered as before and done once. "
    "Kept for a day.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": r"^[\x21-\x7e]+$"},
}


@cache
def whole(api: NinjaAPI) -> dict[str, Any]:
    """The description of all calls. Made once."""
    schema: dict[str, Any] = api.get_openapi_schema()
    schema["components"]["schemas"]["Problem"] = PROBLEM
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _complete(operation, method.upper(), "{" in path)
            operation["responses"] = {str(status): said for status, said in operation["responses"].items()}
    return schema


def _complete(operation: dict[str, Any], method: str, named: bool) -> None:
    """Add what ninja does not know of a call."""
    statuses = set(ALWAYS)
    if named:
        statuses.add(404)
    if method in METHODS:
        statuses |= {409, 411, 413, 415}
        operation["parameters"] = [*operation.get("parameters", ()), ONCE]
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in sorted(statuses):
        known = operation["responses"].setdefault(status, {"description": title(status)})
        known["content"] = {**known.get("content", {}), **content}
    for status, known in operation["responses"].items():
        if int(status) >= 400:
            known["content"] = content
