"""A call with the header `Idempotency-Key` is done once, however often it is sent.

What it does and what it was answered are written in one transaction: after a crash either both are there, or
neither is and the call may be sent again. While the first runs, another is answered 409: on PostgreSQL by an
advisory lock that all processes share, on SQLite within the process; a second process of SQLite waits for
the lock that any who write take, and then answers as the first did.
"""

import hashlib
import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse

from shelfworthy.shelf.api.frame import Problem, answer, token_of
from shelfworthy.shelf.api.problems import away
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Answered, Token
from shelfworthy.shelf.people.browsing import API

HEADER = "Idempotency-Key"
METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SOUND = re.compile(r"[\x21-\x7e]{1,100}")
PASSING = frozenset({401, 429})  # answers that say nothing of the request
KEPT = timedelta(days=1)
LARGEST = 1 << 20  # characters of an answer that is kept

log = logging.getLogger(__name__)
_running: set[tuple[int, str]] = set()
_lock = threading.Lock()


class Once:
    """Middleware."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None or request.method not in METHODS or not request.path_info.startswith(API):
            return self._respond(request)
        if not SOUND.fullmatch(key):
            words = f"{HEADER}: expected 1 to 100 visible ASCII characters."
            return answer(Problem(400, "Not understood", words))
        try:
            token = token_of(request)
        except (OperationalError, InterfaceError):
            return answer(away())
        if token is None:
            return self._respond(request)  # which is answered 401
        try:
            digest = _digest(request)
        except RequestDataTooBig:
            return answer(Problem(413, "Too large", f"Send it without {HEADER}."))
        try:
            with _alone(token, key), transaction.atomic():
                return self._first(request, token, key, digest)
        except Problem as problem:
            return answer(problem)
        except (OperationalError, InterfaceError):
            log.warning("The database went away in a request; it may be sent again.")
            return answer(away())

    def _first(self, request: HttpRequest, token: Token, key: str, digest: str) -> HttpResponse:
        """The answer: as it was, or by doing it. In a transaction, with nobody else at it."""
        _lock_in_database(token, key)
        Answered.objects.filter(token=token, at__lt=now() - KEPT).delete()
        before = Answered.objects.filter(token=token, key=key).first()
        if before is not None:
            if before.request != digest:
                words = f"{HEADER} {key} was sent with another request before. Choose a new one."
                raise Problem(422, "Another request", words)
            return HttpResponse(before.body, status=before.status, content_type=before.content_type)
        response = self._respond(request)
        if response.status_code >= 500 or response.status_code in PASSING or transaction.get_rollback():
            transaction.set_rollback(True)  # nothing of it stays, and it may be sent again
            return response
        body = b"" if response.streaming else response.content
        if response.streaming or len(body) > LARGEST:
            transaction.set_rollback(True)
            raise Problem(
                422, "Not once", f"What this call answers cannot be kept: send it without {HEADER}."
            )
        Answered.objects.create(
            token=token,
            key=key,
            request=digest,
            status=response.status_code,
            content_type=response.headers.get("Content-Type", "")[:100],
            body=body.decode(),
            at=now(),
        )
        return response


@contextmanager
def _alone(token: Token, key: str) -> Iterator[None]:
    """Within this process nobody else does it. Raises Problem."""
    one = (token.pk, key)
    with _lock:
        if one in _running:
            raise _meanwhile()
        _running.add(one)
    try:
        yield
    finally:
        with _lock:
            _running.discard(one)


def _lock_in_database(token: Token, key: str) -> None:
    """In no other process either, until the transaction ends. Raises Problem."""
    if connection.vendor != "postgresql":
        return
    number = int.from_bytes(hashlib.sha256(f"{token.pk} {key}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise _meanwhile()


def _meanwhile() -> Problem:
    return Problem(409, "Still running", "The first of these requests is not done. Ask again in a moment.")


def _digest(request: HttpRequest) -> str:
    """Of all that makes a request what it is. Raises RequestDataTooBig."""
    found = hashlib.sha256()
    for part in (request.method or "", request.get_full_path(), request.content_type or ""):
        found.update(f"{len(part)} {part} ".encode())
    found.update(request.body)
    return found.hexdigest()
