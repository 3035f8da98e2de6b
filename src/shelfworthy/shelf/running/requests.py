"""Middleware: each request has an id, is counted and timed, and leaves one line in the log.

The line names method, path, status and time, and never a query, a header or a body: those hold what people
search for, and keys.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

HEADER = "X-Request-Id"
SOUND = re.compile(r"[A-Za-z0-9_-]{8,64}")
SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
request_id: ContextVar[str] = ContextVar("request_id", default="")
log = logging.getLogger("shelf.requests")
counted = Counter("shelf_requests", "Requests that were answered.", ["method", "view", "status"])
timed = Histogram("shelf_request_seconds", "How long an answer took.", ["view"], buckets=SECONDS)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Requests:
    """The outermost middleware."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        name = given if SOUND.fullmatch(given) else secrets.token_hex(8)
        before = request_id.set(name)
        began = time.perf_counter()
        try:
            response = self._answer(request)
            took = time.perf_counter() - began
            _note(request, response.status_code, took)
        finally:
            request_id.reset(before)
        response.headers[HEADER] = name
        return response


def _note(request: HttpRequest, status: int, took: float) -> None:
    match = request.resolver_match
    view = (match.url_name or "api") if match is not None else "none"  # few words: each is a row of numbers
    method = request.method if request.method in METHODS else "other"
    counted.labels(method, view, str(status)).inc()
    timed.labels(view).observe(took)
    if view in ("health", "static"):
        return
    facts = {"method": method, "path": request.path[:300], "status": status, "ms": round(took * 1000, 1)}
    log.info("answered", extra={"facts": facts})
