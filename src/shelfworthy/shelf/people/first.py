"""The first administrator: made by whoever starts the shelf, who has its database anyway."""

from django.contrib.auth.models import User
from django.db import transaction

from shelfworthy.shelf.models import Membership, Person, Role
from shelfworthy.shelf.people import factors
from shelfworthy.shelf.people.log import note
from shelfworthy.shelf.people.making import make
from shelfworthy.shelf.people.passwords import one_time


def is_needed() -> bool:
    """Whether nobody could let others in."""
    return not Membership.objects.filter(role=Role.ADMINISTRATOR, person__user__is_active=True).exists()


@transaction.atomic
def make_administrator(name: str, email: str) -> str:
    """Make an administrator, or give one of this address a new way in; the one-time password."""
    user = User.objects.filter(username=email.strip().lower()).first()
    if user is None:
        person, password = make(name, email, Role.ADMINISTRATOR, ())
        note(None, "made the first administrator", f"person:{person.pk}")
        return password
    person = Person.objects.get(user=user)
    User.objects.filter(pk=user.pk).update(is_active=True)
    membership, _ = Membership.objects.update_or_create(person=person, defaults={"role": Role.ADMINISTRATOR})
    membership.markets.clear()
    factors.take_away(person)
    note(None, "let an administrator in again", f"person:{person.pk}")
    person.refresh_from_db()
    return one_time(person)
