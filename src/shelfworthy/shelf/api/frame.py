"""What every call of the API shares: who calls, by which token; problems; pages of results.

A token is sent as `Authorization: Bearer shelf_…`; of it only the SHA-256 is kept. A call names the `May` it
needs: the token's scopes and the role of its person must both allow it. Errors are problem+json (RFC 9457).
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import msgspec
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja.security import HttpBearer

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Person, Token
from shelfworthy.shelf.people.permission import may
from shelfworthy.shelf.people.roles import May

MOST = 500  # rows of a page
Row = TypeVar("Row", bound=Model)


class Problem(Exception):
    """An answer that is no success. title: what happened; detail: where, and what to do."""

    def __init__(self, status: int, title: str, detail: str = "", **more: Any) -> None:  # noqa: ANN401 - JSON
        super().__init__(title)
        self.status, self.title, self.detail, self.more = status, title, detail, more


def answer(problem: Problem) -> HttpResponse:
    """A problem as RFC 9457 writes it."""
    body = {"type": "about:blank", "title": problem.title, "status": problem.status}
    if problem.detail:
        body["detail"] = problem.detail
    return HttpResponse(
        msgspec.json.encode(body | problem.more),
        status=problem.status,
        content_type="application/problem+json",
    )


class ByToken(HttpBearer):
    """Finds the token that is sent, and sets `request.person` and `request.token`."""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        found = (
            Token.objects.select_related("person__membership", "observer")
            .filter(hash=hashlib.sha256(token.encode()).hexdigest(), revoked_at=None, expires_at__gt=now())
            .first()
        )
        if found is None:
            return None
        request.person, request.token = found.person, found  # type: ignore[attr-defined] # ours
        return found


def caller(request: HttpRequest) -> Person:
    """Whose token it is."""
    person: Person = request.person  # type: ignore[attr-defined] # set by `ByToken`
    return person


def needs(what: May) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A call that only tokens with this scope, of people whose role allows it, may make."""

    def door(call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)
        def opened(request: HttpRequest, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - ninja's
            token: Token = request.token  # type: ignore[attr-defined] # set by `ByToken`
            if what not in token.scopes or not may(token.person, what):
                raise Problem(403, "Not allowed", f"This token may not: {what}.")
            return call(request, *arguments, **named)

        opened.needs = what  # type: ignore[attr-defined] # a test goes over all calls
        return opened

    return door


def page(rows: QuerySet[Row], cursor: str, limit: int) -> tuple[list[Row], str]:
    """So many rows by id from behind a cursor on, and the next cursor, "" at the end. Raises Problem."""
    limit = max(1, min(limit, MOST))
    if cursor:
        rows = rows.filter(pk__gt=_read(cursor))
    found = list(rows.order_by("pk")[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return found, _written(found[-1].pk) if more else ""


def _written(number: int) -> str:
    return base64.urlsafe_b64encode(str(number).encode()).decode().rstrip("=")


def _read(cursor: str) -> int:
    try:
        number = int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        number = -1
    if not 0 <= number < 1 << 63:
        raise Problem(422, "No such cursor", "Send back `next` of the page before, unchanged.")
    return number
