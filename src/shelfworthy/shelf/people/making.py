"""Making, changing and erasing people.

- Somebody is always left who may manage people: nobody takes that from themselves, and two administrators
  that take it from each other are served one after the other.
- Only the row of a person, and what hangs on it to reach them, says who they are: the log names the row.
- Who is let go loses sessions and tokens in the same transaction.
"""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Market, Membership, Person, Role
from shelfworthy.shelf.people import factors
from shelfworthy.shelf.people.passwords import one_time


class NotPossible(Exception):
    """What cannot be done to a person: a word of `words.WHY_NOT`."""


def make(name: str, email: str, role: Role, markets: Iterable[Market]) -> tuple[Person, str]:
    """A new person and their one-time password."""
    email = email.strip().lower()
    with transaction.atomic():
        user = User.objects.create_user(username=email, email=email)
        person = Person.objects.create(user=user, name=name.strip(), email=email)
        Membership.objects.create(person=person, role=role).markets.set(markets)
        return person, one_time(person)


def change(by: Person, person: Person, role: Role, markets: Iterable[Market]) -> None:
    """Another role, other markets. Raises NotPossible."""
    with transaction.atomic():
        _allowed(by, person)
        person.membership.role = role
        person.membership.save(update_fields=["role"])
        person.membership.markets.set(markets)


def let_go(by: Person, person: Person) -> None:
    """No way in any more, by page or token, until they are let in again. Raises NotPossible."""
    with transaction.atomic():
        _allowed(by, person)
        User.objects.filter(person=person).update(is_active=False)
        person.tokens.filter(revoked_at=None).update(revoked_at=now())
        person.subscriptions.filter(ended_at=None).update(ended_at=now())


def let_in_again(by: Person, person: Person) -> str:
    """A new one-time password, and the second factor is set up anew. Raises NotPossible."""
    with transaction.atomic():
        _allowed(by, person)
        assert person.user is not None
        person.user.is_active = True
        person.user.save(update_fields=["is_active"])
        factors.take_away(person)
        return one_time(person)


def erase(by: Person, person: Person) -> None:
    """Forget who somebody is. Their decisions and lines of the log stay, and name an empty row.

    Raises NotPossible. 1. no way in; 2. nothing that reaches or describes them; 3. the row is emptied.
    """
    with transaction.atomic():
        let_go(by, person)
        person.tokens.update(name="")
        person.subscriptions.update(to="", secret="")
        person.recovery_codes.all().delete()
        person.entries.update(address="")
        Membership.objects.filter(person=person).delete()
        user = person.user
        person.user, person.name, person.email = None, "", ""
        person.password_until, person.erased_at = None, now()
        person.save()
        if user is not None:
            user.delete()  # and their devices


def _allowed(by: Person, person: Person) -> None:
    """Lock who may manage people, and see that who wants something still is one of them."""
    if by.pk == person.pk:
        raise NotPossible("self")
    locked = Membership.objects.select_for_update().filter(role=Role.ADMINISTRATOR).order_by("pk")
    if by.pk not in [one.person_id for one in locked]:
        raise NotPossible("no longer")
    if person.erased_at is not None:
        raise NotPossible("erased")
