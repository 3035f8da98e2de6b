"""The watch: what to look at again and when, who is doing it, and what there is to tell."""

from django.db import models

from shelfworthy.shelf.models.catalogue import Listing, Product
from shelfworthy.shelf.words import Channel


class Recheck(models.Model):
    """When to look at a product again. leased_until: while a worker does; a lease that ran out is anybody's.

    due_at: None where it is not to be looked at; idle: then why. trouble: why the last look saw less than it
    wanted, "" if it did not. tries: looks in a row that did. planned_at: when due_at was last worked out.
    """

    product = models.OneToOneField(Product, models.CASCADE, related_name="recheck")
    due_at = models.DateTimeField(null=True)
    idle = models.TextField(blank=True)
    planned_at = models.DateTimeField(null=True, db_index=True)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=100, blank=True)
    lease = models.CharField(max_length=32, blank=True)
    done_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    trouble = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=["due_at", "id"]),)


class HostLease(models.Model):
    """One worker at a time at one host, whichever machine it runs on."""

    host = models.CharField(max_length=260, unique=True)
    leased_until = models.DateTimeField()
    leased_by = models.CharField(max_length=100)


class Event(models.Model):
    """Something to tell: a verdict changed, a decision was made, a look did not succeed.

    keys: of the findings it speaks of, by which its audience is told. once: the same event is written once.
    """

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=40)
    listing = models.ForeignKey(Listing, models.CASCADE, null=True, related_name="events")
    facts = models.JSONField(default=dict)
    keys = models.JSONField(default=list)
    once = models.CharField(max_length=128, unique=True)

    class Meta:
        indexes = (models.Index(fields=["kind", "listing"]),)


class Subscription(models.Model):
    """Who is told, and how. to: a mail address, the URL of a webhook, or what a feed is called.

    secret: what a webhook is signed with; of a feed the SHA-256 of its token.
    """

    channel = models.CharField(max_length=10, choices=Channel)
    to = models.CharField(max_length=500)
    secret = models.CharField(max_length=100, blank=True)
    kinds = models.JSONField(default=list)
    person = models.ForeignKey("shelf.Person", models.CASCADE, related_name="subscriptions")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)


class Delivery(models.Model):
    """One event to one subscription, exactly once: claimed by compare-and-set, tried until it is taken.

    due_at: None where nothing is to be done any more: it was sent, or will not be; trouble: then why.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    due_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=100, blank=True)
    lease = models.CharField(max_length=32, blank=True)
    tries = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = (models.Index(fields=["due_at", "id"]),)
        constraints = (models.UniqueConstraint(fields=["event", "subscription"], name="delivered_once"),)
