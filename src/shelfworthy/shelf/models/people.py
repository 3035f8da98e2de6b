"""Who works here and what with: people by name in one table that can be emptied, roles, tokens, the log."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext

from shelfworthy.shelf.models.catalogue import Market
from shelfworthy.shelf.words import Role


class Person(models.Model):
    """Somebody by name. Decisions and the log name the row; `erase` empties the row and leaves them whole.

    password_until: how long a one-time password opens the door; None since the person chose their own.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="person")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    password_until = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name or gettext("person %(number)s (erased)") % {"number": self.pk}


class Membership(models.Model):
    """What a person may do, and for which markets; none named: all."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="membership")
    role = models.CharField(max_length=15, choices=Role)
    markets = models.ManyToManyField(Market, blank=True, related_name="+")


class RecoveryCode(models.Model):
    """What opens the door once when the phone is lost; hash: SHA-256 of it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="recovery_codes")
    hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "hash"], name="recovery_code_once"),)


class Attempt(models.Model):
    """A try at a door, for as long as it counts. what: SHA-256 of whose door or from which address."""

    what = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = (models.Index(fields=["what", "at"]),)


class Token(models.Model):
    """A key to the API, shown once; hash: SHA-256 of it. observer: whose evidence is what it pushes."""

    name = models.CharField(max_length=100)
    hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    observer = models.ForeignKey(
        "shelf.Observer", models.PROTECT, null=True, blank=True, related_name="tokens"
    )
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)


class Entry(models.Model):
    """The log of everything anyone did: who, when, what, to what."""

    at = models.DateTimeField(db_index=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="entries")
    action = models.CharField(max_length=60, db_index=True)
    object = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    address = models.CharField(max_length=60, blank=True)


class Answered(models.Model):
    """What an API request with an idempotency key was answered, so that it is done once."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=100, blank=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["token", "key"], name="answered_once"),)
