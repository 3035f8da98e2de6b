"""What the shop sells, and what it is: listings, each tied to a product that variants share."""

from django.db import models

from shelfworthy.shelf.words import State


class Market(models.Model):
    """Where something is sold: a country by ISO 3166, or a shop's own word."""

    code = models.CharField(max_length=20, unique=True)

    def __str__(self) -> str:
        return self.code


class Product(models.Model):
    """What several listings are: one product file. key: of its identity (`Identity.key`).

    text: the shop's own product file, which alone says what a re-check may do; "" where it has none yet.
    file: where it lies in the shelf's folder `products/`; what it names lies beside it.
    """

    key = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=300)
    vendor = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    file = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.vendor} {self.name}".strip()


class Listing(models.Model):
    """One thing the shop offers. for_children: None where nobody said.

    source: the catalogue that named it last, "" where none did; of it alone it can vanish. vanished_at: when
    it was no longer in what was imported; its history stays. state: the gravest of its parts; parts: which of
    them is in which, {} where all are in one (`deciding/parts.py`). search: the words people look for, in one
    form (`catalogue.words.normal`).
    """

    sku = models.CharField(max_length=100, unique=True)
    gtin = models.CharField(max_length=14, blank=True)
    title = models.CharField(max_length=300)
    maker = models.CharField(max_length=300, blank=True)
    seller = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=60, blank=True)
    for_children = models.BooleanField(null=True)
    firmware = models.CharField(max_length=100, blank=True)
    app = models.CharField(max_length=100, blank=True)
    markets = models.ManyToManyField(Market, related_name="listings", blank=True)
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="listings")
    state = models.CharField(max_length=10, choices=State, default=State.LISTED)
    parts = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=60, blank=True)
    search = models.TextField(blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    vanished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # The page sorts by title, maker, SKU or change and goes on behind the last row it showed.
        indexes = (
            models.Index(fields=["title", "id"]),
            models.Index(fields=["maker", "id"]),
            models.Index(fields=["changed_at", "id"]),
            models.Index(fields=["state", "title", "id"]),
            models.Index(fields=["category", "title", "id"]),
            models.Index(fields=["gtin"]),
            models.Index(fields=["source"]),
        )

    def __str__(self) -> str:
        return f"{self.sku} {self.title}"


class Import(models.Model):
    """One reading of a catalogue. mistakes: [{line, reason}], the first so many; wrong counts all of them.

    source: which catalogue; whole: whether it names everything of that source. state: "running", "done", or
    "stopped" where it was cut off; what it had written by then stays. alive_at: when it last wrote. why:
    nothing vanished, or it stopped; a word of `catalogue.importing.Why`.
    """

    name = models.CharField(max_length=300)
    source = models.CharField(max_length=60)
    whole = models.BooleanField(default=True)
    person = models.ForeignKey("shelf.Person", models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    alive_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default="running")
    rows = models.PositiveIntegerField(default=0)
    inserted = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    vanished = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    mistakes = models.JSONField(default=list)
    why = models.CharField(max_length=20, blank=True)
