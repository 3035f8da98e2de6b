"""Django's middleware for who comes with a browser. Calls of the API pass it by.

Those come with a token: a session is never theirs, so no cookie can open what a token has to, and a till's
question is not held up by what it has no use for.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django_otp.middleware import OTPMiddleware

API = "/api/"
Answer = Callable[[HttpRequest], HttpResponse]


def _of_browsers(middleware: Callable[[Answer], Any]) -> Callable[[Answer], Answer]:
    """The same, where it is no call of the API. middleware: one without a hook of its own."""

    def made(answer: Answer) -> Answer:
        through: Answer = middleware(answer)

        def passing(request: HttpRequest) -> HttpResponse:
            return answer(request) if request.path_info.startswith(API) else through(request)

        return passing

    return made


sessions = _of_browsers(SessionMiddleware)
users = _of_browsers(AuthenticationMiddleware)
factors = _of_browsers(OTPMiddleware)
messages = _of_browsers(MessageMiddleware)
