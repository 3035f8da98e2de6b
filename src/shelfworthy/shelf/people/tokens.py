"""Tokens of the API: made, shown once, and ended. Everybody has their own, and nobody another's.

A token acts as the person who made it, so that nobody can be the second person to their own proposal. One
that pushes evidence names whose evidence that is, which only administrators say, and can do nothing else: it
is handed to a lab or a supplier.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Observer, Person, Token
from shelfworthy.shelf.people.permission import may
from shelfworthy.shelf.people.roles import SCOPES, May

PREFIX = "shelf_"
LONGEST = 365  # days


def make(
    person: Person, name: str, scopes: Iterable[May], days: int, observer: Observer | None = None
) -> tuple[Token, str]:
    """A token, and its secret: the only time it is known."""
    assert 0 < days <= LONGEST
    secret = PREFIX + secrets.token_urlsafe(32)
    at = now()
    made = Token.objects.create(
        name=name,
        hash=hashlib.sha256(secret.encode()).hexdigest(),
        person=person,
        observer=observer,
        scopes=sorted(scopes),
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    return made, secret


def revoke(token: Token) -> bool:
    """End it now; whether it had not been ended before."""
    return Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now()) == 1


def scopes_of(person: Person) -> list[May]:
    """What a person's own tokens may be for; pushing evidence is apart."""
    return sorted(scope for scope in SCOPES - {May.PUSH} if may(person, scope))
