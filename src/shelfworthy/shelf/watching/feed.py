"""Changes as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as Xml

from django.conf import settings
from django.utils.translation import gettext

from shelfworthy.shelf.watching.telling import Told

SPACE = "http://www.w3.org/2005/Atom"
TYPE = "application/atom+xml; charset=utf-8"


def atom(told: Sequence[Told], name: str, at: datetime) -> bytes:
    """The feed, newest first. name: what the subscriber calls it. at: its time while it is empty."""
    feed = Xml.Element("feed", xmlns=SPACE)
    _text(feed, "id", _id(f"{settings.SHELF_URL}/feeds/changes.atom"))
    _text(feed, "title", f"Shelfworthy: {name}")
    _text(feed, "updated", max((one.at for one in told), default=at).isoformat())
    author = Xml.SubElement(feed, "author")
    _text(author, "name", "Shelfworthy")
    for one in told:
        entry = Xml.SubElement(feed, "entry")
        _text(entry, "id", _id(f"{settings.SHELF_URL} {one.once}"))
        _text(entry, "title", one.heading)
        _text(entry, "updated", one.at.isoformat())
        Xml.SubElement(entry, "link", href=one.url)
        Xml.SubElement(entry, "category", term=one.kind)
        lines = [f"{label}: {words}" for label, words in one.lines]
        _text(entry, "content", "\n".join(lines) or gettext("See the listing."))
    content: bytes = Xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def _id(of: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, of)}"


def _text(into: Xml.Element, name: str, words: str) -> None:
    Xml.SubElement(into, name).text = "".join(c if c.isprintable() or c == "\n" else " " for c in words)
