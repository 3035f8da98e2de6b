"""The browsers in which somebody has come in before: their tries at the door are counted by themselves.

Else a stranger who mistypes ten times locks the owner of an account out, again and again (OWASP, "Slow Down
Online Guessing Attacks with Device Cookies"). What this module keeps:
- A browser is known by a cookie that we signed: a random number, good for one account, that ends.
- It opens nothing: it only says at which count a try is made. Each count is bounded, so one that was stolen
  gives ten tries in a `limits.WINDOW`, at most those of one browser, and one that was made up gives none.
- Each time somebody comes in, the browser gets another number; what was stolen before counts apart.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

LASTS = timedelta(days=180)
SALT = "shelf.browser"


def known(request: HttpRequest, username: str) -> str:
    """The number of a browser in which somebody came in by this account; "" of any other."""
    try:
        number = signing.loads(
            request.COOKIES.get(name_of(username), ""), salt=f"{SALT}:{username}", max_age=LASTS
        )
    except signing.BadSignature:
        return ""
    return number if isinstance(number, str) else ""


def remember(response: HttpResponse, username: str) -> None:
    """Somebody came in by this account: this browser is known from now on."""
    response.set_cookie(
        name_of(username),
        signing.dumps(secrets.token_urlsafe(16), salt=f"{SALT}:{username}"),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def name_of(username: str) -> str:
    """The cookie of an account: several people may use one browser, and it names none of them."""
    return f"browser-{salted_hmac(SALT, username).hexdigest()[:16]}"
