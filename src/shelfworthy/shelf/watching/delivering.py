"""Tell those who asked to be told: each event once to each, as far as a channel can do that.

One delivery (`deliver`), in the order its steps are numbered in the body:
1. Claim what has been due longest.
2. Ask whether the person may still be told of this listing, and what of the event: see `telling`.
3. Send it.
4. Compare the lease, and write that it was taken, or when to try again.
A worker that is killed between 3 and 4 is followed by another that sends it again: a mail with the same
Message-ID, a webhook with the same idempotency id, by which who receives both knows that they are one.
"""

import hashlib
import logging
import smtplib
from datetime import timedelta
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import Error
from django.utils.translation import gettext

from shelfworthy.audience import Reader
from shelfworthy.sandbox.words import crash
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Channel, Delivery, Subscription
from shelfworthy.shelf.people.permission import listings_of, may, reader_of
from shelfworthy.shelf.people.roles import May
from shelfworthy.shelf.watching import queue
from shelfworthy.shelf.watching.telling import Told, one_line, tell_of
from shelfworthy.shelf.watching.webhook import NotTaken, post

LEASE = timedelta(minutes=5)
FIRST_AGAIN, LAST_AGAIN = timedelta(minutes=1), timedelta(hours=6)
MOST = 16  # tries: more than two days
BODY = 64 << 10  # bytes of a webhook's, at most
log = logging.getLogger(__name__)
OUTSIDE = Reader(inside=True)  # a webhook or a feed of the shop: of no group


class NotFor(Exception):
    """This is not for them, or not any more: why."""


def deliver(by: str) -> bool:
    """See this module. Whether anything was due. by: the worker's name."""
    delivery = queue.claim(Delivery, by, LEASE)  # 1
    if delivery is None:
        return False
    tries = delivery.tries + 1
    try:
        told = told_to(delivery)  # 2
        send(delivery.subscription, told)  # 3
    except NotFor as why:
        queue.finish(delivery, due_at=None, trouble=one_line(str(why)))  # 4
    except NotTaken as why:
        not_taken(delivery, tries, str(why))
    except Error:
        raise
    except Exception as fault:  # over one event; the others are told all the same
        log.exception("Delivery %s broke off.", delivery.pk)
        not_taken(delivery, tries, f"a fault of ours: {crash(fault)}")
    else:
        queue.finish(delivery, due_at=None, tries=tries, trouble="", sent_at=now())
    return True


def not_taken(delivery: Delivery, tries: int, why: str) -> None:
    """Note when to try again, or that it was tried often enough."""
    last = tries >= MOST
    words = f"Given up after {tries} tries: {why}" if last else why
    due_at = None if last else now() + again(tries)
    queue.finish(delivery, due_at=due_at, tries=tries, trouble=one_line(words))


def again(tries: int) -> timedelta:
    """How long to wait after so many tries."""
    return min(FIRST_AGAIN * (1 << min(tries - 1, 16)), LAST_AGAIN)


def told_to(delivery: Delivery) -> Told:
    """The event as its receiver is told of it. Raises NotFor."""
    of, event = delivery.subscription, delivery.event
    if of.ended_at is not None:
        raise NotFor("The subscription has ended.")
    if not may(of.person, May.SUBSCRIBE):
        raise NotFor("Whoever asked for it may not be told any more.")
    if event.listing is not None and not listings_of(of.person).filter(pk=event.listing.pk).exists():
        raise NotFor("The listing is none of theirs.")
    reader = reader_of(of.person) if of.channel == Channel.MAIL else OUTSIDE
    told = tell_of([event], reader, now())
    if not told:
        raise NotFor("It is not for them.")
    return told[0]


def send(to: Subscription, told: Told) -> None:
    """Hand it to the channel, which takes it. Raises NotTaken."""
    if to.channel == Channel.MAIL:
        mail(to, told)
    else:
        post(to.to, body_of(told), to.secret, told.once, settings.WEBHOOKS_OPEN)


def mail(to: Subscription, told: Told) -> None:
    """Send a mail. Raises NotTaken."""
    if settings.EMAIL_BACKEND.endswith(".dummy.EmailBackend"):
        raise NotTaken("This shelf sends no mails. Name a server: SHELFWORTHY_SMTP.")
    message = EmailMessage(
        subject=told.heading,
        body=text_of(told),
        to=[to.to],
        headers={"Message-ID": message_id(to, told), "Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotTaken(f"{type(error).__name__}: {error}") from error


def message_id(to: Subscription, told: Told) -> str:
    """The same for the same event to the same subscription."""
    named = hashlib.sha256(f"{to.pk}\0{to.made_at.isoformat()}\0{told.once}".encode()).hexdigest()[:40]
    return f"<{named}@{urlsplit(settings.SHELF_URL).hostname}>"


def text_of(told: Told) -> str:
    """The words of a mail."""
    lines = [told.heading, "", *(f"{label}: {words}" for label, words in told.lines)]
    lines += [f"{gettext('at')}: {told.at:%Y-%m-%d %H:%M} UTC", "", told.url]
    end = gettext("You asked to be told. To end it:")
    return "\n".join([*lines, "", f"{end} {settings.SHELF_URL}/watch/subscriptions/", ""])


def body_of(told: Told) -> bytes:
    """The body of a webhook: JSON. Facts that are too long for it are left out, which it says."""
    said = {
        "id": told.once,
        "at": told.at,
        "kind": told.kind,
        "listing": {"sku": told.sku, "title": told.title, "url": told.url} if told.sku else None,
        "facts": told.facts,
        "findings": told.keys,
        "whole": True,
    }
    body = msgspec.json.encode(said)
    if len(body) > BODY:
        body = msgspec.json.encode(said | {"facts": {}, "findings": [], "whole": False})
    return body
