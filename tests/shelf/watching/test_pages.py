"""The pages, the feed and the API of the watch: what each shows to whom."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

import pytest
from django.test import Client

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import (
    Delivery,
    Entry,
    Event,
    Listing,
    Market,
    Marking,
    Person,
    Recheck,
    Role,
    Subscription,
)
from shelfworthy.shelf.people.roles import May
from shelfworthy.shelf.watching import agenda
from shelfworthy.shelf.watching.events import tell
from tests.shelf.watching.conftest import FILE, product

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
OTHER = FILE.replace("MurmurPal bear", "Plum owl").replace("murmurpal-tour", "plum-owl")

People = Callable[..., Person]
Entered = Callable[[Person], Client]


@pytest.fixture
def two(shelf: Path) -> tuple[Listing, Listing]:
    """A bear sold in Germany and an owl sold in France, each with an event."""
    for text, sku, market in ((FILE, "BEAR-1", "DE"), (OTHER, "OWL/1", "FR")):
        made = product(text, sku)
        listing = made.listings.get()
        listing.markets.add(Market.objects.create(code=market))
        agenda.plan(made.pk)
        tell(
            "verdict changed", listing, f"{sku} changed", {"after": "not met", "words": "<b>bold</b>"}, ["k"]
        )
    trouble = "tour-domain: could not be looked at again: it fell silent. It was last seen on 2026-11-01."
    bear, owl = Listing.objects.order_by("sku")
    Recheck.objects.filter(product=bear.product).update(trouble=trouble, tries=2, due_at=now() + timedelta(1))
    return bear, owl


def test_the_page_shows_what_is_due_what_failed_and_what_happened(
    two: tuple[Listing, Listing], person: People, entered: Entered
) -> None:
    page = entered(person(Role.ANALYST)).get("/watch/").content.decode()
    assert "BEAR-1" in page
    assert "OWL/1" in page
    assert "could not be looked at again, 2 times" in page
    assert "last seen on 2026-11-01" in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<b>bold" not in page
    assert "1 look is due now" in page


def test_who_is_of_one_market_sees_that_market_only(
    two: tuple[Listing, Listing], person: People, entered: Entered, token: Callable[..., str]
) -> None:
    ada = person(Role.ANALYST, "DE")
    client = entered(ada)
    page = client.get("/watch/").content.decode()
    assert "BEAR-1" in page
    assert "OWL" not in page
    assert "owl" not in page
    assert client.post("/watch/look/OWL/1/").status_code == 404
    assert client.post("/watch/look/BEAR-1/").status_code == 302
    by = {"Authorization": f"Bearer {token(ada)}"}
    assert [one["skus"] for one in client.get("/api/v1/rechecks", headers=by).json()["items"]] == [["BEAR-1"]]
    assert [one["sku"] for one in client.get("/api/v1/events", headers=by).json()["items"]] == ["BEAR-1"]
    assert client.post("/api/v1/rechecks/OWL/1", headers=by).status_code == 404


def test_a_marked_finding_is_on_no_page_and_in_no_feed(
    two: tuple[Listing, Listing], person: People, entered: Entered, client: Client, token: Callable[..., str]
) -> None:
    Marking.objects.create(key="k", groups=["role:decider"])
    ada, eve = person(Role.DECIDER), person(Role.VIEWER)
    entered(ada).post("/watch/subscriptions/", {"channel": "feed", "to": "all"})
    assert "bold" in entered(ada).get("/watch/").content.decode()
    assert "bold" not in entered(eve).get("/watch/").content.decode()
    by = {"Authorization": f"Bearer {token(ada)}"}
    assert client.get("/api/v1/events", headers=by).json()["items"] == []


def test_a_feed_is_read_by_whoever_has_its_address(
    two: tuple[Listing, Listing], person: People, entered: Entered
) -> None:
    ada = person(Role.VIEWER, "DE")
    client = entered(ada)
    page = client.post("/watch/subscriptions/", {"channel": "feed", "to": "My feed"}).content.decode()
    url = urlsplit(page.partition("<code>")[2].partition("</code>")[0].replace("&amp;", "&"))
    assert url.path == "/feeds/changes.atom"
    assert url.query not in client.get("/watch/subscriptions/").content.decode()
    stranger = Client()
    answer = stranger.get(f"{url.path}?{url.query}")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = Xml.fromstring(answer.content)
    assert feed.findtext(f"{ATOM}title") == "Shelfworthy: My feed"
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "BEAR-1 MurmurPal bear: The verdict changed: not met"
    assert Xml.fromstring(stranger.get(f"{url.path}?{url.query}").content).findall(f"{ATOM}entry")[
        0
    ].findtext(f"{ATOM}id") == entry.findtext(f"{ATOM}id")
    assert stranger.get(f"{url.path}?token=guessed").status_code == 404
    assert stranger.get(url.path).status_code == 404
    client.post(f"/watch/subscriptions/{Subscription.objects.get().pk}/end/")
    assert stranger.get(f"{url.path}?{url.query}").status_code == 404
    assert not Delivery.objects.exists()


def test_subscriptions_are_ones_own(
    two: tuple[Listing, Listing], person: People, entered: Entered, token: Callable[..., str]
) -> None:
    ada, bob = person(Role.VIEWER, name="Ada"), person(Role.VIEWER, name="Bob")
    client = entered(ada)
    assert client.post("/watch/subscriptions/", {"channel": "mail", "to": ada.email}).status_code == 302
    wrong = client.post("/watch/subscriptions/", {"channel": "webhook", "to": "gopher://x"})
    assert wrong.status_code == 422
    assert "gopher://x" in wrong.content.decode()
    made = Subscription.objects.get()
    by = {"Authorization": f"Bearer {token(bob)}"}
    assert client.get("/api/v1/subscriptions", headers=by).json()["items"] == []
    assert client.delete(f"/api/v1/subscriptions/{made.pk}", headers=by).status_code == 404
    new = client.post(
        "/api/v1/subscriptions",
        {"channel": "webhook", "to": "https://hooks.example/1", "kinds": ["verdict changed"]},
        content_type="application/json",
        headers=by,
    )
    assert new.status_code == 201
    assert len(new.json()["secret"]) > 30
    (listed,) = client.get("/api/v1/subscriptions", headers=by).json()["items"]
    assert (listed["to"], listed["secret"]) == ("https://hooks.example/1", "")
    assert entered(bob).post(f"/watch/subscriptions/{made.pk}/end/").status_code == 404
    assert client.delete(f"/api/v1/subscriptions/{listed['id']}", headers=by).status_code == 204
    assert client.delete(f"/api/v1/subscriptions/{listed['id']}", headers=by).status_code == 404
    assert set(Entry.objects.values_list("action", flat=True)) >= {"subscribed", "ended a subscription"}


def test_a_look_that_is_asked_for_is_due_and_logged(
    two: tuple[Listing, Listing], person: People, client: Client, token: Callable[..., str]
) -> None:
    ada = person(Role.ANALYST)
    by = {"Authorization": f"Bearer {token(ada, May.RECHECK)}"}
    answer = client.post("/api/v1/rechecks/BEAR-1", headers=by)
    assert answer.status_code == 202
    recheck = Recheck.objects.get(product__name="MurmurPal bear")
    assert recheck.due_at is not None
    assert recheck.due_at <= now()
    assert Entry.objects.get(action="asked for a look").object == "BEAR-1"
    assert client.get("/api/v1/rechecks", headers=by).status_code == 403
    bear = two[0]
    assert bear.product is not None
    bear.product.text = ""
    bear.product.save()
    answer = client.post("/api/v1/rechecks/BEAR-1", headers=by)
    assert answer.status_code == 409
    assert "no product file of its own" in answer.json()["detail"]


def test_a_viewer_may_not_ask_for_a_look(
    two: tuple[Listing, Listing], person: People, entered: Entered
) -> None:
    client = entered(person(Role.VIEWER))
    assert client.post("/watch/look/BEAR-1/").status_code == 403
    assert "Look again" not in client.get("/watch/").content.decode()
    assert client.get("/watch/look/BEAR-1/").status_code == 405


def test_pages_are_many_where_rows_are(person: People, entered: Entered) -> None:
    for number in range(60):
        made = product(FILE.replace("MurmurPal bear", f"Bear {number}"), f"B-{number}")
        Recheck.objects.create(product=made, due_at=now())
    client = entered(person(Role.VIEWER))
    assert "page 1 of 2" in client.get("/watch/").content.decode()
    assert "page 2 of 2" in client.get("/watch/?page=2").content.decode()
    assert "page 2 of 2" in client.get("/watch/?page=999").content.decode()
    assert "None." in client.get("/watch/?show=trouble").content.decode()
    assert Event.objects.count() == 0
