"""Decisions as an Atom feed for other shops, and another shop's feed as a reason to look.

What goes out: that something was decided about a product, or which markets, SKUs and lots of it; its
published findings, and the reason where all findings are published. A decision on a finding that is marked
for some only is not told at all until the mark ends. What comes in becomes a notice, and never a verdict or a
decision.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as Written
from xml.parsers import expat

from django.db import transaction

from shelfworthy.model import Record
from shelfworthy.report.clean import plain
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import parts, shown, wording
from shelfworthy.shelf.models import Decision, Feed, Listing, Notice, Person
from shelfworthy.shelf.people.log import note
from shelfworthy.shelf.watching.events import tell

ATOM: Final = "http://www.w3.org/2005/Atom"
OURS: Final = "urn:shelfworthy:decision"
NEWEST: Final = 100  # decisions in the feed
LARGEST: Final = 4 << 20  # bytes of a feed that is read
DEEPEST: Final = 16
MOST: Final = 2000  # entries read
LONGEST: Final = 4000  # characters of one element


class NoFeed(ValueError):
    """What was sent is no feed that can be read: why."""


class Entry(Record, frozen=True):
    """One entry of another shop's feed."""

    id: str
    title: str
    words: str
    at: datetime
    product: str = ""
    vendor: str = ""
    gtin: str = ""


def opened(name: str, person: Person) -> tuple[Feed, str]:
    """A new address for somebody outside, and its token: the only time it is known."""
    token = f"feed_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        made = Feed.objects.create(name=name, hash=_hash(token), person=person, made_at=now())
        note(person, "feed: opened", name)
    return made, token


def of_token(token: str) -> Feed | None:
    """Whose address this is; None for one that is closed or never was."""
    return Feed.objects.filter(hash=_hash(token), ended_at__isnull=True).first()


def written(site: str, at: datetime) -> bytes:
    """The feed: the newest decisions that may be told outside."""
    Written.register_namespace("", ATOM)
    Written.register_namespace("shelf", OURS)
    root = Written.Element(f"{{{ATOM}}}feed")
    _add(root, "id", f"{site}/feeds/decisions.atom")
    _add(root, "title", "Decisions about connected products")
    rows = Decision.objects.select_related("listing__product", "judged").order_by("-number")[:NEWEST]
    entries = [(one, *shown.for_outside(one, at)) for one in rows]
    newest = max((one.at for one, may, _, _ in entries if may), default=at)
    _add(root, "updated", newest.astimezone(UTC).isoformat())
    author = Written.SubElement(root, f"{{{ATOM}}}author")
    _add(author, "name", "Shelfworthy")
    for decision, may, findings, whole in entries:
        if may:
            _entry(root, site, decision, findings, whole=whole)
    made: bytes = Written.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def read(document: bytes) -> list[Entry]:
    """The entries of a feed. Raises NoFeed, also for one with a document type, and so with entities."""
    if len(document) > LARGEST:
        raise NoFeed(f"The feed is larger than {LARGEST >> 20} MiB.")
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reading.refuse
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, LookupError, ValueError) as wrong:  # LookupError: an encoding nobody knows
        raise NoFeed(f"This is no Atom feed that can be read: {wrong}") from None
    if not reading.is_feed:
        raise NoFeed("This is no Atom feed: its outermost element is another.")
    return reading.entries


def take_in(feed: str, document: bytes, person: Person) -> list[Notice]:
    """What is new in another shop's feed, as notices. feed: its address. Raises NoFeed."""
    entries = read(document)
    made = []
    with transaction.atomic():
        for entry in entries:
            listing = _meant(entry)
            notice, new = Notice.objects.get_or_create(
                feed=feed[:500],
                entry=entry.id[:500],
                defaults={
                    "listing": listing,
                    "product_name": plain(entry.product or entry.title, 300)[:300],
                    "words": plain(f"{entry.title}. {entry.words}", 2000),
                    "at": entry.at,
                    "received_at": now(),
                },
            )
            if new:
                made.append(notice)
            if new and listing is not None:
                tell("another shop decided", listing, f"notice {notice.pk}", {"feed": notice.feed})
        note(person, "feed: read", feed, f"{len(entries)} entries, {len(made)} new")
    return made


def _meant(entry: Entry) -> Listing | None:
    """The listing an entry is about: of the same GTIN, else of a product of the same name and vendor."""
    listings = Listing.objects.filter(vanished_at__isnull=True).order_by("pk")
    if entry.gtin and (found := listings.filter(gtin=entry.gtin).first()):
        return found
    if entry.product and entry.vendor:
        names = {"product__name__iexact": entry.product, "product__vendor__iexact": entry.vendor}
        return listings.filter(**names).first()
    return None


def _entry(
    root: Written.Element, site: str, one: Decision, findings: Iterable[shown.ToldFinding], *, whole: bool
) -> None:
    entry = Written.SubElement(root, f"{{{ATOM}}}entry")
    listing, product = one.listing, one.listing.product
    _add(entry, "id", f"{OURS}:{one.hash}")
    name = plain(product.name if product else listing.title, 200)
    scope = parts.scope_of(one.markets, one.skus, one.lots)
    some = "" if scope.whole else f" ({plain(wording.of_scope(scope), 1000)})"
    _add(entry, "title", f"{name}{some}: {one.before} → {one.after}")
    _add(entry, "updated", one.at.astimezone(UTC).isoformat())
    sentences = [f"The reason: {plain(one.reason, 60)}."] if whole else []
    sentences += [f"{finding.says} (seen {finding.seen_at:%Y-%m-%d})" for finding in findings]
    _add(entry, "summary", " ".join(sentences) or "Its findings are not published.")
    for key, value in (
        ("product", name),
        ("vendor", plain((product.vendor if product else "") or listing.maker, 200)),
        ("gtin", listing.gtin),
        ("action", one.action),
    ):
        if value:
            Written.SubElement(entry, f"{{{OURS}}}{key}").text = value
    for key, names in zip(("market", "sku", "lot"), scope.lists, strict=True):
        for each in names:
            Written.SubElement(entry, f"{{{OURS}}}{key}").text = plain(each, 100)


def _add(parent: Written.Element, name: str, text: str) -> None:
    Written.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class _Reading:
    """A flat view of the entries: no tree, so depth costs nothing."""

    NAMES: Final = {
        f"{ATOM} id": "id", f"{ATOM} title": "title", f"{ATOM} updated": "updated",
        f"{ATOM} summary": "words", f"{ATOM} content": "words", f"{OURS} product": "product",
        f"{OURS} vendor": "vendor", f"{OURS} gtin": "gtin",
    }  # fmt: skip

    def __init__(self) -> None:
        self.is_feed = False
        self.entries: list[Entry] = []
        self._depth = 0
        self._text = ""
        self._fields: dict[str, str] | None = None

    def refuse(self, *_: object) -> None:
        raise ValueError("it has a document type")

    def start(self, name: str, _: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ValueError(f"it is deeper than {DEEPEST} elements")
        if self._depth == 1:
            self.is_feed = name == f"{ATOM} feed"
        if self._depth == 2 and name == f"{ATOM} entry":
            if len(self.entries) >= MOST:
                raise ValueError(f"it has more than {MOST:,} entries")
            self._fields = {}
        self._text = ""

    def text(self, some: str) -> None:
        if len(self._text) < LONGEST:
            self._text = (self._text + some)[:LONGEST]

    def end(self, name: str) -> None:
        self._depth -= 1
        if self._fields is None:
            return
        if self._depth == 2 and name in self.NAMES:
            self._fields.setdefault(self.NAMES[name], self._text.strip())
        elif self._depth == 1:
            self._keep(self._fields)
            self._fields = None

    def _keep(self, fields: dict[str, str]) -> None:
        if not fields.get("id"):
            raise ValueError(f"entry {len(self.entries) + 1} has no id")
        try:
            at = datetime.fromisoformat(fields.get("updated", ""))
        except ValueError:
            raise ValueError(f"entry {len(self.entries) + 1} does not say when it was updated") from None
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        del fields["updated"]
        fields.setdefault("title", "")
        fields.setdefault("words", "")
        self.entries.append(Entry(**fields, at=at.replace(microsecond=0)))
