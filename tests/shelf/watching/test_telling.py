"""Who is told what, how often, and to where nothing is sent."""

import ipaddress
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail.utils import DNS_NAME
from django.utils import translation

from shelfworthy.audience import EVERYBODY, Reader
from shelfworthy.product.address import IP
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import (
    Channel,
    Delivery,
    Event,
    Listing,
    Market,
    Marking,
    Person,
    Role,
    Subscription,
)
from shelfworthy.shelf.watching import delivering, webhook
from shelfworthy.shelf.watching.delivering import body_of, deliver
from shelfworthy.shelf.watching.events import tell
from shelfworthy.shelf.watching.subscribing import CannotSubscribe, subscribe
from shelfworthy.shelf.watching.telling import tell_of
from shelfworthy.shelf.watching.webhook import IDEMPOTENCY, NotTaken, post, wrong_url
from tests import clock
from tests.shelf.watching.receiving import Hook, Mails, hook_server, mail_server

OPENED = (ipaddress.ip_network("127.0.0.0/8"),)


@pytest.fixture
def mails(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mails]:
    monkeypatch.setattr(DNS_NAME, "_fqdn", "shelf.test", raising=False)
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def hook(settings: Any) -> Iterator[Hook]:
    settings.WEBHOOKS_OPEN = OPENED
    with hook_server() as server:
        yield server


def listing(sku: str = "BEAR-1", *markets: str) -> Listing:
    made = Listing.objects.create(sku=sku, title="Bear\r\nBcc: x@y.test", created_at=now(), changed_at=now())
    made.markets.set(Market.objects.get_or_create(code=code)[0] for code in markets)
    return made


def changed(of: Listing, *keys: str, once: str = "verdict changed 1") -> Event:
    facts = {"before": "met", "after": "not met", "because": "evidence", "words": "the secret's name"}
    tell("verdict changed", of, once, facts, keys)
    return Event.objects.get(once=once)


def all_due() -> None:
    Delivery.objects.filter(due_at__isnull=False).update(due_at=now(), leased_until=None)


def delivered() -> int:
    """How many deliveries a worker finds due."""
    return sum(1 for _ in iter(lambda: deliver("a worker"), False))


@pytest.mark.django_db
def test_told_again_it_is_the_same_event(person: Callable[..., Person]) -> None:
    ada = person(Role.VIEWER)
    subscribe(ada, Channel.MAIL, ada.email, ["verdict changed"])
    subscribe(ada, Channel.MAIL, ada.email, ["decision made"])
    subscribe(ada, Channel.FEED, "my feed", ())
    bear = listing()
    changed(bear)
    changed(bear)
    assert Event.objects.count() == Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_was_refused_is_sent_again_with_the_same_name(
    mails: Mails, person: Callable[..., Person]
) -> None:
    ada = person(Role.VIEWER)
    subscribe(ada, Channel.MAIL, ada.email, ())
    changed(listing())
    mails.refuse = 1
    assert delivered() == 1
    delivery = Delivery.objects.get()
    assert (delivery.sent_at, delivery.tries) == (None, 1)
    assert "451" in delivery.trouble
    assert delivery.due_at is not None
    assert delivery.due_at > now()
    assert delivered() == 0, "not at once"
    all_due()
    assert delivered() == 1
    # A worker was killed between the server's word and ours: who comes after sends it again.
    Delivery.objects.update(sent_at=None, due_at=now())
    assert delivered() == 1
    assert len(mails.taken) == 2
    assert len({mail["Message-ID"] for mail in mails.taken}) == 1
    assert mails.taken[0]["Message-ID"].endswith("@127.0.0.1>")
    assert mails.taken[0]["Bcc"] is None
    assert Delivery.objects.get().sent_at is not None


@pytest.mark.django_db
def test_what_nobody_takes_is_given_up_and_says_so(settings: Any, person: Callable[..., Person]) -> None:
    ada = person(Role.VIEWER)
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    subscribe(ada, Channel.MAIL, ada.email, ())
    changed(listing())
    for _ in range(delivering.MOST):
        all_due()
        assert delivered() == 1
    all_due()
    assert delivered() == 0
    delivery = Delivery.objects.get()
    assert delivery.trouble.startswith("Given up after 16 tries: This shelf sends no mails.")
    assert (delivery.due_at, delivery.sent_at) == (None, None)


@pytest.mark.django_db(transaction=True)
def test_a_webhook_that_is_busy_is_sent_the_same_again(hook: Hook, person: Callable[..., Person]) -> None:
    ada = person(Role.VIEWER)
    subscribe(ada, Channel.WEBHOOK, hook.url, ())
    changed(listing(), once="verdict changed ü\n1")
    hook.answers = [503, 302, 204]
    hook.location = hook.url
    troubles = []
    for _ in range(3):
        all_due()
        assert delivered() == 1
        troubles.append(Delivery.objects.get().trouble)
    assert "answered 503" in troubles[0]
    assert "redirects are not followed" in troubles[1]
    assert troubles[2] == ""
    assert len(hook.posts) == 3
    assert {headers[IDEMPOTENCY] for headers, _ in hook.posts} == {"verdict changed %C3%BC%0A1"}
    assert len({body for _, body in hook.posts}) == 1


@pytest.mark.django_db(transaction=True)
def test_an_ended_lease_is_not_written_over(hook: Hook, person: Callable[..., Person]) -> None:
    ada = person(Role.VIEWER)
    subscribe(ada, Channel.WEBHOOK, hook.url, ())
    changed(listing())
    Delivery.objects.update(leased_until=now() + timedelta(minutes=1), lease="another's", leased_by="another")
    assert delivered() == 0
    assert hook.posts == []


GONE: dict[str, Callable[[Person, Listing], object]] = {
    "The subscription has ended": lambda ada, bear: Subscription.objects.update(ended_at=now()),
    "may not be told any more": lambda ada, bear: ada.membership.delete(),
    "The listing is none of theirs": lambda ada, bear: ada.membership.markets.set(
        [Market.objects.create(code="FR")]
    ),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("words", GONE)
def test_who_may_not_be_told_any_more_is_not(words: str, hook: Hook, person: Callable[..., Person]) -> None:
    ada, bear = person(Role.VIEWER), listing("BEAR-1", "DE")
    subscribe(ada, Channel.WEBHOOK, hook.url, ())
    changed(bear)
    GONE[words](ada, bear)
    assert delivered() == 1
    assert hook.posts == []
    delivery = Delivery.objects.get()
    assert words in delivery.trouble
    assert (delivery.due_at, delivery.sent_at) == (None, None)


@pytest.mark.django_db(transaction=True)
def test_a_marked_finding_is_told_to_those_it_is_marked_for_only(
    mails: Mails, hook: Hook, person: Callable[..., Person]
) -> None:
    ada, bob = person(Role.DECIDER, name="Ada"), person(Role.VIEWER, name="Bob")
    Marking.objects.create(key="hidden", groups=["role:decider"])
    for one in (ada, bob):
        subscribe(one, Channel.MAIL, one.email, ())
    subscribe(ada, Channel.WEBHOOK, hook.url, ())
    bear = listing()
    changed(bear, "hidden", once="only hidden")
    delivered()
    assert [mail["To"] for mail in mails.taken] == [ada.email]
    assert hook.posts == []
    changed(bear, "hidden", "open", once="some hidden")
    delivered()
    said = json.loads(hook.posts[0][1])
    assert said["findings"] == ["open"]
    assert said["facts"] == {"before": "met", "after": "not met"}
    texts = {mail["To"]: str(mail) for mail in mails.taken[1:]}
    assert "the secret" in texts[ada.email]
    assert "the secret" not in texts[bob.email]
    Marking.objects.update(until=now() - timedelta(seconds=1))
    changed(bear, "hidden", once="no longer hidden")
    delivered()
    assert json.loads(hook.posts[1][1])["findings"] == ["hidden"]


@pytest.mark.django_db
def test_what_was_decided_of_a_part_says_of_which() -> None:
    facts = {"action": "hold", "after": "held", "markets": ["GB"], "skus": [], "lots": ["7"]}
    tell("decision made", listing(), "decision 1", facts, ["a key"])
    hidden = {"reason": "secret"}
    tell("decision made", listing("BEAR-2"), "decision 2", facts | hidden, ["a key", "another"])
    Marking.objects.create(key="another", groups=["case:1"])
    one, two = tell_of(list(Event.objects.order_by("pk")), Reader(inside=True), now())
    assert one.heading.endswith("A decision was made: on hold (in GB, lot 7)")
    assert ("only", "in GB, lot 7") in one.lines
    assert two.facts == {"after": "held", "markets": ["GB"], "skus": [], "lots": ["7"]}
    with translation.override("de"):
        assert one.heading.endswith("(in GB, Charge 7)")


@pytest.mark.django_db
def test_nobody_outside_is_told_of_anything() -> None:
    Marking.objects.create(key="published", groups=[EVERYBODY])
    event = changed(listing(), "published")
    assert tell_of([event], Reader(), now()) == []


@pytest.mark.django_db
def test_a_body_that_is_too_long_says_what_was_left_out() -> None:
    event = changed(listing(), *(f"{number:064x}" for number in range(2000)))
    (told,) = tell_of([event], Reader(inside=True), now())
    said = json.loads(body_of(told))
    assert (said["whole"], said["findings"], said["facts"]) == (False, [], {})


WRONG = [
    "ftp://shop.example/",
    "https://",
    "https://user:secret@shop.example/",
    "https://shop.example/#x",
    "https://shop.example/\r\nX: y",
    "https://shop.example:99999/",
    "https://[::1/",
    "shop.example",
    "https://0x7f.1/",
    "https://2130706433/",
]


@pytest.mark.parametrize("url", WRONG)
def test_what_is_no_address_of_a_web_server_is_said_so(url: str) -> None:
    assert wrong_url(url)
    with pytest.raises(NotTaken):
        post(url, b"{}", "s", "1", OPENED)


CLOSED = [
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "0.0.0.0",
]


@pytest.mark.parametrize("host", CLOSED)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nothing_is_sent_to_what_is_closed(host: str, scheme: str) -> None:
    with pytest.raises(NotTaken, match="SHELFWORTHY_WEBHOOKS"):
        post(f"{scheme}://{host}:9/", b"{}", "s", "1", ())


def test_to_the_public_only_https_is_sent() -> None:
    with pytest.raises(NotTaken, match="only https"):
        post("http://93.184.216.34/", b"{}", "s", "1", ())


def test_it_would_have_been_taken() -> None:
    with hook_server() as hook:
        with pytest.raises(NotTaken, match="this machine"):
            post(hook.url, b"{}", "s", "1", ())
        assert hook.posts == []
        post(hook.url, b"{}", "s", "1", OPENED)
        assert len(hook.posts) == 1


def test_a_name_is_asked_for_once_and_every_address_it_has_must_be_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def resolved(host: str, port: int) -> list[IP]:
        asked.append(host)
        return [ipaddress.ip_address("93.184.216.34"), ipaddress.ip_address("10.0.0.1")]

    monkeypatch.setattr(webhook, "resolved", resolved)
    with pytest.raises(NotTaken, match=r"10\.0\.0\.1 is a private network"):
        post("https://rebind.example/", b"{}", "s", "1", ())
    assert asked == ["rebind.example"]


@contextmanager
def saying(content: bytes, *, drip: float = 0) -> Iterator[str]:
    """A server that says this whatever it is sent, and then nothing. drip: seconds between two bytes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def serve() -> None:
            line, _ = server.accept()
            with line:
                line.recv(4096)
                try:
                    for byte in content if drip else b"":
                        line.sendall(bytes([byte]))
                        if done.wait(drip):
                            return
                    if not drip:
                        line.sendall(content)
                    done.wait(10)
                except OSError:
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            done.set()
            thread.join()


HOSTILE = {
    "silence": (b"", 0, "timed out|longer than"),
    "a byte now and then": (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000, 0.1, "timed out|longer than"),
    "a head without end": (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000, 0, "HTTP|says much"),
    "no HTTP": (b"220 mail.test ESMTP\r\n\r\n", 0, "does not speak HTTP"),
    "only a beginning": (b"HTTP/1.1 100 Continue\r\n\r\n" * 5, 0, "timed out|longer than"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_who_means_no_good_does_not_hold_a_worker(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content, drip, words = HOSTILE[name]
    monkeypatch.setattr(webhook, "PATIENCE", 0.6)
    with saying(content, drip=drip) as url:
        began = clock.now()
        with pytest.raises(NotTaken, match=words):
            post(url, b"{}", "s", "1", OPENED)
        assert clock.now() - began < 3


REFUSED = {
    "your own address": (Channel.MAIL, "somebody@else.example"),
    "no mail address": (Channel.MAIL, "not an address"),
    "no address of a web server": (Channel.WEBHOOK, "file:///etc/passwd"),
    "no such channel": ("pigeon", "the roof"),
    "where it goes": (Channel.FEED, ""),
}


@pytest.mark.django_db
@pytest.mark.parametrize("words", REFUSED)
def test_a_subscription_that_cannot_be_is_refused(words: str, person: Callable[..., Person]) -> None:
    channel, to = REFUSED[words]
    with pytest.raises(CannotSubscribe, match=words):
        subscribe(person(Role.VIEWER), channel, to, ())
    with pytest.raises(CannotSubscribe, match="no such kind"):
        subscribe(person(Role.VIEWER), Channel.FEED, "all", ["gossip"])
