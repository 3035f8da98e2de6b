"""What the shop decided, and the policy by which it decides without being asked."""

from django.db import models

from shelfworthy.shelf.models.catalogue import Listing
from shelfworthy.shelf.models.people import Person
from shelfworthy.shelf.words import Action, Outcome, State


class Policy(models.Model):
    """The shop's policy as data (TOML), never edited: a newer one replaces it. active_from: None while it is
    only tried."""

    text = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    active_from = models.DateTimeField(null=True, blank=True)


class Decision(models.Model):
    """One link of the chain: append-only, hashed with the one before it. See `deciding/chain.py`.

    number: 1, 2, 3 … without a hole. markets, skus, lots: what of the listing it is about; empty: all.
    before, after: the gravest state of what it moved. seconded_by: who else had to agree. rule: of the
    policy, "" where a person decided.
    """

    number = models.PositiveBigIntegerField(unique=True)
    listing = models.ForeignKey(Listing, models.PROTECT, related_name="decisions", db_index=False)
    action = models.CharField(max_length=10, choices=Action)
    before = models.CharField(max_length=10, choices=State)
    after = models.CharField(max_length=10, choices=State)
    reason = models.CharField(max_length=60)
    words = models.TextField(blank=True)
    evidence_digest = models.CharField(max_length=64, blank=True)
    rules_digest = models.CharField(max_length=64, blank=True)
    judged = models.ForeignKey("shelf.Judged", models.PROTECT, null=True, related_name="+")
    finding_keys = models.JSONField(default=list)
    finding_ids = models.JSONField(default=list)
    markets = models.JSONField(default=list)
    skus = models.JSONField(default=list)
    lots = models.JSONField(default=list)
    person = models.ForeignKey(Person, models.PROTECT, related_name="decisions")
    seconded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=60, blank=True)
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_index=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = (models.Index(fields=["listing", "number"]),)  # the gate asks for the newest of a listing


class Proposal(models.Model):
    """A decision that waits for another person. because: why one person is not enough.

    before, seen: the gravest state of what it is about, and the verdict (digest of what it says, and of which
    part was in which state) that it was made on: it becomes a decision only while both are what they were.
    done_at, done_by: when it was ended, by whom. outcome: how. answer: the words they gave.
    """

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="proposals")
    action = models.CharField(max_length=10, choices=Action)
    before = models.CharField(max_length=10, choices=State)
    seen = models.CharField(max_length=64)
    reason = models.CharField(max_length=60)
    words = models.TextField(blank=True)
    markets = models.JSONField(default=list)
    skus = models.JSONField(default=list)
    lots = models.JSONField(default=list)
    person = models.ForeignKey(Person, models.PROTECT, related_name="proposals")
    because = models.CharField(max_length=60)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    answer = models.TextField(blank=True)
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="proposal")


class Rules(models.Model):
    """The rules that judged what a decision rests on, kept so that they can be applied again years later.

    digest: as verdicts name them. text: of `five.toml`. checks: [CheckFacts], with their versions. clears:
    whose evidence could clear then.
    """

    digest = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    checks = models.JSONField(default=list)
    clears = models.JSONField(default=list)
    kept_at = models.DateTimeField()


class Letter(models.Model):
    """A letter to somebody outside, as it was made. kind: of `deciding/letters.py`, or of
    `deciding/asking.py`: such a one asks for what is missing, so it is of no decision, and has a day by which
    it is to be answered.

    lifted: keys of the findings that are in it because `person` let each of them out; content: its HTML.
    """

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="letters")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="letters")
    kind = models.CharField(max_length=20)
    lifted = models.JSONField(default=list)
    content = models.TextField()
    answer_by = models.DateField(null=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(decision=None, answer_by__isnull=False)
                | models.Q(decision__isnull=False, answer_by=None),
                name="letter_tells_or_asks",
            ),
        )


class Feed(models.Model):
    """Who outside may read the feed of decisions. hash: SHA-256 of the token in the address they got."""

    name = models.CharField(max_length=100)
    hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)


class Notice(models.Model):
    """A decision of another shop, from its feed: a reason to look, never a verdict."""

    feed = models.URLField(max_length=500)
    entry = models.CharField(max_length=500)
    listing = models.ForeignKey(Listing, models.CASCADE, null=True, related_name="notices")
    product_name = models.CharField(max_length=300)
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["feed", "entry"], name="notice_once"),)
