"""What is known of products: evidence as it was pushed, and the one verdict of each listing that follows."""

from django.db import models

from shelfworthy.shelf.models.catalogue import Listing, Product
from shelfworthy.shelf.words import Origin, Standing


class Observer(models.Model):
    """Whose evidence it is: what counts is not what evidence says of itself but whose token pushed it."""

    name = models.CharField(max_length=200, unique=True)
    origin = models.CharField(max_length=10, choices=Origin)

    def __str__(self) -> str:
        return self.name


class Audit(models.Model):
    """Evidence that was taken in: whole, verified, immutable. digest: of its manifest; its folder in the
    shelf's place is named after it. firmware, app: versions of the units it is about, "" where not said.
    """

    digest = models.CharField(max_length=64)
    product = models.ForeignKey(Product, models.PROTECT, related_name="audits")
    observer = models.ForeignKey(Observer, models.PROTECT, related_name="audits")
    firmware = models.CharField(max_length=100, blank=True)
    app = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField()
    first_look_at = models.DateTimeField(null=True)
    last_look_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["digest", "observer"], name="audit_once"),)


class Trait(models.Model):
    """What products may share without saying so: the hash of a firmware image, a name in the cloud."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="traits")
    product = models.ForeignKey(Product, models.CASCADE, related_name="traits")
    kind = models.CharField(max_length=20)
    value = models.CharField(max_length=300)

    class Meta:
        indexes = (models.Index(fields=["kind", "value"]),)
        constraints = (models.UniqueConstraint(fields=["audit", "kind", "value"], name="trait_once"),)


class Judged(models.Model):
    """A judgement (canonical JSON, packed by zlib) without its day and rules: those stand in the rows
    that rest on it, so what says the same is kept once. digest: of its content. None is taken away.

    against: what of it a policy may ask for, so that it need not be unpacked: the requirements that are not
    met, and how bad the worst finding is that decides. It follows from the content, and is verified with it.
    """

    digest = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    against = models.JSONField()


class Verdict(models.Model):
    """The current verdict of a listing: derived from the evidence by one function, and never edited.

    answers: {guideline or exposure requirement: answer}. failing: keys of the findings that
    decide against it. until: when something it rests on stops counting, so it must be rolled up again.
    product_digest: of what of the listing and its product file it rests on.
    """

    listing = models.OneToOneField(Listing, models.CASCADE, related_name="verdict")
    standing = models.CharField(max_length=20, choices=Standing, db_index=True)
    answers = models.JSONField(default=dict)
    exposed = models.BooleanField(default=False, db_index=True)
    failing = models.JSONField(default=list)
    evidence_digest = models.CharField(max_length=64, blank=True)
    product_digest = models.CharField(max_length=64, blank=True)
    rules_digest = models.CharField(max_length=64, blank=True)
    judged = models.ForeignKey(Judged, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField()
    until = models.DateTimeField(null=True, db_index=True)
    undetermined_since = models.DateTimeField(null=True, db_index=True)


class Change(models.Model):
    """A verdict became another: from, to, when, and whether product, evidence, rules or time changed it."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="changes")
    at = models.DateTimeField(db_index=True)
    before = models.CharField(max_length=20, choices=Standing)
    after = models.CharField(max_length=20, choices=Standing)
    answers_before = models.JSONField(default=dict)
    answers_after = models.JSONField(default=dict)
    because = models.CharField(max_length=20)


class Marking(models.Model):
    """Who may see the findings of a key: `audience.Mark` as a row. groups: a list of words."""

    key = models.CharField(max_length=64, unique=True)
    groups = models.JSONField(default=list)
    until = models.DateTimeField(null=True, blank=True)
    because = models.CharField(max_length=300, blank=True)
