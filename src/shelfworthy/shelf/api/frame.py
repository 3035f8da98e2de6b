"""What every call of the API shares: who calls, by which token; problems; pages of results.

A token is sent as `Authorization: Bearer shelf_…`; of it only the SHA-256 is kept. A call names the `May` it
needs: the token's scopes and the role of its person must both allow it. Errors are problem+json (RFC 9457).
"""

import base64
import binascii
import hashlib
import math
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

import msgspec
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from ninja.security import HttpBearer

from shelfworthy.shelf.api import rate
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Person, Token
from shelfworthy.shelf.people.permission import may
from shelfworthy.shelf.people.roles import May

MOST = 500  # rows of a page
HELD = 1.0  # seconds for which a token that reads is not looked for again: so long a revoked one still does
MOST_HELD = 1000
MINUTE = timedelta(minutes=1)
Row = TypeVar("Row", bound=Model)


class Problem(Exception):
    """An answer that is no success. title: what happened; detail: where, and what to do."""

    def __init__(self, status: int, title: str, detail: str = "", **more: Any) -> None:  # noqa: ANN401 - JSON
        super().__init__(title)
        self.status, self.title, self.detail, self.more = status, title, detail, more


class ProblemSaid(Schema):
    """An error, as RFC 9457 writes it (application/problem+json)."""

    type: str
    title: str
    status: int
    detail: str = ""


def answer(problem: Problem) -> HttpResponse:
    """A problem as RFC 9457 writes it."""
    body = {"type": "about:blank", "title": problem.title, "status": problem.status}
    if problem.detail:
        body["detail"] = problem.detail
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    more = dict(problem.more)
    if "retry_after" in more:
        headers["Retry-After"] = str(more.pop("retry_after"))  # seconds
    return HttpResponse(
        msgspec.json.encode(body | more),
        status=problem.status,
        content_type="application/problem+json",
        headers=headers,
    )


def token_of(request: HttpRequest) -> Token | None:
    """The token that is sent, where it is one that holds."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return _found(secret) if scheme.lower() == "bearer" else None


def _found(secret: str) -> Token | None:
    tokens = Token.objects.select_related("person__membership", "observer")
    tokens = tokens.prefetch_related("person__membership__markets")
    return tokens.filter(hash=_hash(secret), revoked_at=None, expires_at__gt=now()).first()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


_held: dict[str, tuple[float, Token]] = {}  # by hash: until when, by this process's clock
_looking = threading.Lock()


def rehearse() -> None:
    """Look for a token that nobody has: else the first who asks waits for what the database prepares."""
    _found("")


def forget() -> None:
    """Look for every token anew."""
    _held.clear()


def _reading(secret: str) -> Token | None:
    """The same for who changes nothing: a shop's tills ask hundreds of times a second by one token."""
    name = _hash(secret)
    if (token := _still(name)) is not None:
        return token
    with _looking:  # one looks, those who came with it are told
        if (token := _still(name)) is None and (token := _found(secret)) is not None:
            if len(_held) >= MOST_HELD:
                forget()
            _held[name] = time.monotonic() + HELD, token
    return token


def _still(name: str) -> Token | None:
    until, token = _held.get(name, (0.0, None))
    return token if until > time.monotonic() else None


class ByToken(HttpBearer):
    """Finds the token that is sent, and sets `request.person` and `request.token`. Raises Problem where it is
    sent too often."""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        found = _reading(token) if request.method == "GET" else _found(token)
        address = str(request.META.get("REMOTE_ADDR", ""))
        wait = rate.strangers.wait(address) if found is None else rate.tokens.wait(str(found.pk))
        if wait:
            raise Problem(429, "Too often", "Wait as long as Retry-After says.", retry_after=math.ceil(wait))
        if found is None:
            return None
        _used(found)
        request.person, request.token = found.person, found  # type: ignore[attr-defined] # ours
        return found


def _used(token: Token) -> None:
    """Note that it was, to the minute: not every question is a write."""
    at = now()
    if token.used_at is None or at - token.used_at >= MINUTE:
        token.used_at = at  # first: it is shared with who asks at the same moment
        Token.objects.filter(pk=token.pk).update(used_at=at)


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
