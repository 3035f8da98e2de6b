"""Who is told: subscriptions, begun and ended by the person they are of."""

import hashlib
import secrets
from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Channel, Person, Subscription
from shelfworthy.shelf.people.log import note
from shelfworthy.shelf.people.permission import may
from shelfworthy.shelf.people.roles import May
from shelfworthy.shelf.watching.telling import KINDS
from shelfworthy.shelf.watching.webhook import wrong_url

MOST = 50  # subscriptions of a person that have not ended


class CannotSubscribe(Exception):
    """Why not, and what is expected."""


def subscribe(person: Person, channel: str, to: str, kinds: Collection[str]) -> tuple[Subscription, str]:
    """A new subscription, and its secret, which is shown once: what a webhook is signed with, or the token of
    a feed; "" for a mail. kinds: of events; none: all. Raises CannotSubscribe.
    """
    wrong = mistake(person, channel, to, kinds)
    if wrong:
        raise CannotSubscribe(wrong)
    secret = "" if channel == Channel.MAIL else secrets.token_urlsafe(32)
    made = Subscription.objects.create(
        channel=channel,
        to=to,
        secret=hash_of(secret) if channel == Channel.FEED else secret,
        kinds=sorted(set(kinds)),
        person=person,
        made_at=now(),
    )
    note(person, "subscribed", f"subscription {made.pk}", f"{channel} {to}")
    return made, secret


def mistake(person: Person, channel: str, to: str, kinds: Collection[str]) -> str:
    """What is wrong with a subscription that is asked for; "" if nothing is."""
    if not may(person, May.SUBSCRIBE):
        return gettext("You may not be told of changes.")
    if set(kinds) - set(KINDS):
        return gettext("There is no such kind of event.")
    if not to or len(to) > 500 or not to.isprintable():
        return gettext("Say where it goes, in at most 500 characters.")
    if Subscription.objects.filter(person=person, ended_at=None).count() >= MOST:
        return gettext("You have as many subscriptions as there may be. End some first.")
    if channel == Channel.MAIL:
        return _mail(person, to)
    if channel == Channel.WEBHOOK and (wrong := wrong_url(to)):
        return wrong
    if channel not in Channel.values:
        return gettext("There is no such channel.")
    return ""


def _mail(person: Person, to: str) -> str:
    """Nobody has mails sent to somebody else, but those who manage people."""
    try:
        validate_email(to)
    except ValidationError:
        return gettext("That is no mail address.")
    if to != person.email and not may(person, May.MANAGE_PEOPLE):
        return gettext("Mails go to your own address. An administrator can have them sent to another.")
    return ""


def end(of: Subscription, person: Person) -> None:
    """End a subscription; what was not sent yet will not be."""
    if Subscription.objects.filter(pk=of.pk, ended_at=None).update(ended_at=now()):
        note(person, "ended a subscription", f"subscription {of.pk}", f"{of.channel} {of.to}")


def of_token(token: str) -> Subscription | None:
    """The feed that a token opens."""
    feeds = Subscription.objects.filter(channel=Channel.FEED, ended_at=None, secret=hash_of(token))
    return feeds.select_related("person__membership").first()


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def feed_url(token: str) -> str:
    """Where a feed is fetched."""
    return f"{settings.SHELF_URL}/feeds/changes.atom?token={token}"
