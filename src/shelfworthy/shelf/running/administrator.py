"""The first administrator, and a way back in for one who is locked out."""

import secrets

from django.contrib.auth.models import User
from django.db import transaction
from django_otp import devices_for_user

from shelfworthy.shelf.models import Membership, Person, Role
from shelfworthy.shelf.people.log import note
from shelfworthy.shelf.running.refused import Refused

NAME = "administrator"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are taken for another when read aloud


def password() -> str:
    """One that nobody guesses and anybody can type: 100 bits in groups of five."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


@transaction.atomic
def first() -> str:
    """Make the first administrator, where nobody is one; the one-time password, "" otherwise."""
    if Membership.objects.filter(role=Role.ADMINISTRATOR).exists():
        return ""
    return _made(NAME, password())


@transaction.atomic
def renew(name: str) -> str:
    """A new one-time password for an administrator by the name to log in with. Raises Refused."""
    user = User.objects.filter(username=name).select_related("person__membership").first()
    if user is None:
        if Membership.objects.filter(role=Role.ADMINISTRATOR).exists():
            there = Membership.objects.filter(role=Role.ADMINISTRATOR, person__user__isnull=False)
            names = ", ".join(there.values_list("person__user__username", flat=True)[:10])
            raise Refused(f"Nobody logs in as {name!r}. Administrators are: {names}.")
        return _made(name, password())
    membership = getattr(getattr(user, "person", None), "membership", None)
    if membership is None or membership.role != Role.ADMINISTRATOR:
        raise Refused(f"{name} is no administrator: one of those gives a new password on the page People.")
    new = password()
    user.set_password(new)  # which also ends all sessions
    user.last_login, user.is_active = None, True
    user.save()
    for device in devices_for_user(user):
        device.delete()
    note(user.person, "new one-time password", f"person {user.person.pk}", "by the command line")
    return new


def _made(name: str, new: str) -> str:
    user = User.objects.create_user(name, password=new)
    person = Person.objects.create(user=user, name=name)
    Membership.objects.create(person=person, role=Role.ADMINISTRATOR)
    note(person, "first administrator", f"person {person.pk}", "by the command line")
    return new
