"""One-time passwords: what somebody is let in with for the first time, and must change."""

import secrets
from datetime import timedelta

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Person
from shelfworthy.shelf.people.factors import LETTERS

LASTS = timedelta(days=7)


def one_time(person: Person) -> str:
    """Give a person a password that opens the door for so long, and only to choose another. Shown once."""
    assert person.user is not None
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
    person.user.set_password(password)  # ends all sessions of the old one
    person.user.save(update_fields=["password"])
    person.password_until = now() + LASTS
    person.save(update_fields=["password_until"])
    return password


def chosen(person: Person, password: str) -> None:
    """The person has chosen one of their own."""
    assert person.user is not None
    person.user.set_password(password)
    person.user.save(update_fields=["password"])
    person.password_until = None
    person.save(update_fields=["password_until"])
