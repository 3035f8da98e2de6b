"""Every error of the API is a problem as RFC 9457 writes it: ours, ninja's, Django's, and a crash."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import ninja.errors
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI

from shelfworthy.shelf.api.frame import Problem, answer
from shelfworthy.shelf.people.browsing import API

MOST = 20  # mistakes of a request that are told
KEPT = ("Allow", "Retry-After", "WWW-Authenticate")  # headers of an answer that becomes a problem
log = logging.getLogger(__name__)


def title(status: int) -> str:
    """What a status means, in the standard's words."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def away() -> Problem:
    """The database is."""
    return Problem(503, "The database does not answer", "Try again in a moment.", retry_after=2)


def problem_of(fault: Exception) -> Problem | None:
    """The problem that an exception is; None for a fault of ours."""
    match fault:
        case Problem():
            return fault
        case ninja.errors.ValidationError():
            wrong = [
                {"where": ".".join(map(str, one["loc"]))[:200], "says": str(one["msg"])[:300]}
                for one in fault.errors[:MOST]
            ]
            return Problem(422, "Not as expected", "See `errors` and the API's description.", errors=wrong)
        case ninja.errors.AuthenticationError():
            return Problem(401, "A token is needed", "Authorization: Bearer TOKEN, one that has not expired.")
        case ninja.errors.HttpError():
            return Problem(fault.status_code, title(fault.status_code), str(fault)[:300])
        case Http404():
            return Problem(404, "Not found", "There is no such thing, or not for this token.")
        case PermissionDenied():
            return Problem(403, "Not allowed")
        case RequestDataTooBig():
            return Problem(413, "Too large", "Send less at once.")
        case TooManyFieldsSent() | TooManyFilesSent() | SuspiciousOperation() | BadRequest():
            return Problem(400, "Not understood")
        case OperationalError() | InterfaceError():
            log.warning("The database does not answer: %s", fault)
            return away()
    return None


def teach(api: NinjaAPI) -> None:
    """Let an API answer with problems."""

    def said(request: HttpRequest, fault: Any) -> HttpResponse:  # noqa: ANN401 - ninja's
        problem = problem_of(fault)
        if problem is None:
            raise fault
        return answer(problem)

    for kind in (
        Problem, ninja.errors.ValidationError, ninja.errors.HttpError, Http404, PermissionDenied,
        SuspiciousOperation, BadRequest, OperationalError, InterfaceError,
    ):  # fmt: skip
        api.add_exception_handler(kind, said)


class Problems:
    """Middleware: what goes wrong around ninja is a problem, too; what cannot be read is refused."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API):
            return self._respond(request)
        if refused := _unreadable(request):
            return answer(refused)
        response = self._respond(request)
        if response.status_code < 400 or response.headers["Content-Type"] == "application/problem+json":
            return response
        problem = answer(Problem(response.status_code, title(response.status_code)))
        for name in KEPT:
            if name in response.headers:
                problem.headers[name] = response.headers[name]
        return problem


def _unreadable(request: HttpRequest) -> Problem | None:
    if "\0" in request.path_info:
        return Problem(404, "Not found", "Nothing here has the character NUL in its name.")
    if any("\0" in value for value in _values(request)):
        return Problem(422, "Not as expected", "The character NUL cannot be part of anything here.")
    if request.headers.get("Transfer-Encoding") and not request.headers.get("Content-Length"):
        return Problem(411, "Length required", "Say Content-Length.")
    return None


def _values(request: HttpRequest) -> list[str]:
    if "%00" not in request.META.get("QUERY_STRING", ""):
        return []
    return [value for name, values in request.GET.lists() for value in (name, *values)]
