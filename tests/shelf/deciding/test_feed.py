"""Our feed says what of a product was decided about; feeds of others are hostile."""

from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding.chain import decide
from shelfworthy.shelf.deciding.feed import MOST, OURS, NoFeed, read, written
from shelfworthy.shelf.models import Action, Person, Role
from tests.shelf.deciding.builders import listing

ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
ENTRY = "<entry><id>{}</id><title>Bear</title><updated>2026-01-01T00:00:00Z</updated></entry>"


def feed(inside: str, before: str = "") -> bytes:
    return f"<?xml version='1.0'?>{before}<feed {ATOM}>{inside}</feed>".encode()


def test_an_entry_is_read() -> None:
    ours = '<p:product xmlns:p="urn:shelfworthy:decision">Bear</p:product>'
    (one,) = read(feed(ENTRY.format("urn:1").replace("</entry>", f"{ours}<x><id>other</id></x></entry>")))
    assert (one.id, one.title, one.product) == ("urn:1", "Bear", "Bear")


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (feed("", '<!DOCTYPE feed [<!ENTITY a "aaaa">]>'), "document type"),
        (feed("", '<!DOCTYPE feed SYSTEM "file:///etc/passwd">'), "document type"),
        (feed("<a>" * 20 + "</a>" * 20), "deeper than"),
        (feed("".join(ENTRY.format(number) for number in range(MOST + 1))), "more than"),
        (feed("<entry><title>x</title></entry>"), "has no id"),
        (feed("<entry><id>1</id><updated>tomorrow</updated></entry>"), "when it was updated"),
        (b"<feed/>", "outermost"),
        (b"<feed", "no Atom feed that can be read"),
        (b"", "no Atom feed that can be read"),
        (b"\xff\xfe\x00", "no Atom feed that can be read"),
        (b"<?xml version='1.0' encoding='klingon'?><feed/>", "no Atom feed that can be read"),
        (b"x" * ((4 << 20) + 1), "larger than"),
    ],
)
def test_what_is_no_feed_is_refused(document: bytes, why: str) -> None:
    with pytest.raises(NoFeed, match=why):
        read(document)


def test_long_words_are_cut() -> None:
    (one,) = read(feed(ENTRY.format("x" * 10_000)))
    assert len(one.id) == 4000


@pytest.mark.django_db
def test_a_decision_about_a_part_says_so(person: Callable[..., Person]) -> None:
    one, who = listing("A-1", "DE", "GB"), person(Role.DECIDER)
    decide(one.pk, Action.HOLD, "recall", "", who, markets=["GB"], lots=["7", "8"])
    decide(one.pk, Action.WITHDRAW, "all", "", who)
    feed = written("https://shop.example", now())
    assert [entry.title for entry in read(feed)] == [
        "Bear A-1: held → withdrawn",
        "Bear A-1 (in GB, lot 7, 8): listed → held",
    ]
    root = ElementTree.fromstring(feed)  # ours
    assert [found.text for found in root.iter(f"{{{OURS}}}market")] == ["GB"]
    assert [found.text for found in root.iter(f"{{{OURS}}}lot")] == ["7", "8"]
