"""The tutorial's domain lapses, and the watch notices; what it could not see raises nothing."""

import hashlib
import hmac
import ipaddress
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.mail.utils import DNS_NAME

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import policies
from shelfworthy.shelf.deciding.chain import verify
from shelfworthy.shelf.deciding.policy import shipped
from shelfworthy.shelf.models import (
    Action,
    Audit,
    Channel,
    Decision,
    Delivery,
    Event,
    HostLease,
    Origin,
    Person,
    Product,
    Recheck,
    Role,
    Standing,
    State,
    Verdict,
)
from shelfworthy.shelf.watching import agenda, hosts, worker
from shelfworthy.shelf.watching.subscribing import subscribe
from shelfworthy.shelf.watching.webhook import IDEMPOTENCY, SIGNATURE
from tests.shelf.watching.conftest import FILE, Names, product
from tests.shelf.watching.receiving import Hook, Mails, hook_server, mail_server

SITE = """
[[surface]]
id = "site"
kind = "endpoint"
where = "https://127.0.0.77:9/"
owner = "maker"

[[permission]]
to = "127.0.0.77"
level = "look"
basis = "public"
"""
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lab]


@pytest.fixture
def mails(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mails]:
    monkeypatch.setattr(
        DNS_NAME, "_fqdn", "shelf.test", raising=False
    )  # who we are, without asking a resolver
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def hook(settings: Any) -> Iterator[Hook]:
    settings.WEBHOOKS_OPEN = (ipaddress.ip_network("127.0.0.0/8"),)
    with hook_server() as server:
        yield server


def look_again(of: Product) -> Recheck:
    """Time passes until the next look is due, and a worker comes."""
    Recheck.objects.filter(product=of).update(due_at=now() - timedelta(seconds=1))
    worker.work(once=True)
    return Recheck.objects.get(product=of)


def exposed(of: Product) -> tuple[str, bool, list[str]]:
    verdict = Verdict.objects.get(listing__product=of)
    return verdict.standing, verdict.exposed, verdict.failing


def test_a_worker_looks_at_what_is_due_as_the_shop(names: Names) -> None:
    names.up(400)
    toy = product()
    agenda.plan(toy.pk)
    worker.work(once=True)
    audit = Audit.objects.get(product=toy)
    assert audit.observer.origin == Origin.SHOP
    recheck = Recheck.objects.get()
    assert recheck.due_at is not None
    assert recheck.done_at is not None
    assert timedelta(hours=12) < recheck.due_at - recheck.done_at <= agenda.CAP
    assert (recheck.tries, recheck.trouble, recheck.lease) == (0, "", "")
    assert not list(worker.looks().iterdir())


def test_the_domain_lapses_the_listing_is_held_and_everybody_is_told_once(
    names: Names, mails: Mails, hook: Hook, person: Callable[..., Person]
) -> None:
    names.up(400)
    toy = product()
    chief, ada = person(Role.ADMINISTRATOR), person(Role.ANALYST, name="Ada")
    policies.switch_on(policies.keep(shipped(), chief), chief)
    subscribe(ada, Channel.MAIL, ada.email, ())
    _, secret = subscribe(ada, Channel.WEBHOOK, hook.url, ["verdict changed"])
    agenda.plan(toy.pk)
    worker.work(once=True)
    before = exposed(toy)
    assert before[0] == Standing.UNDETERMINED, "nobody has looked at the toy itself"
    assert not before[1]
    Event.objects.all().delete()
    mails.taken.clear()
    hook.posts.clear()

    names.up(-40, "redemption period")
    look_again(toy)
    standing, exposure, failing = exposed(toy)
    assert (standing, exposure) == (Standing.NOT_MET, True)
    event = Event.objects.get(kind="verdict changed")
    assert event.keys == sorted(failing)
    worker.work(once=True)
    worker.work(once=True)

    decision = Decision.objects.get()
    assert (decision.action, decision.person) == (Action.HOLD, chief)
    assert decision.rule
    assert toy.listings.get().state == State.HELD
    assert verify() == []
    assert {mail["To"] for mail in mails.taken} == {ada.email}
    assert sorted(mail["Subject"] for mail in mails.taken) == [
        "BEAR-1 MurmurPal bear: A decision was made: on hold",
        "BEAR-1 MurmurPal bear: The verdict changed: not met",
    ]
    (post,) = hook.posts
    headers, body = post
    said = json.loads(body)
    assert said["id"] == headers[IDEMPOTENCY] == event.once
    assert said["listing"]["sku"] == "BEAR-1"
    assert (said["facts"]["after"], said["findings"]) == ("not met", event.keys)
    found = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", headers[SIGNATURE])
    assert found is not None
    signed = hmac.new(secret.encode(), f"{found[1]}.".encode() + body, hashlib.sha256).hexdigest()
    assert found[2] == signed
    deliveries = Delivery.objects.all()
    assert [(one.tries, one.trouble, one.due_at) for one in deliveries] == [(1, "", None)] * 3
    assert all(one.sent_at for one in deliveries)


def test_a_registry_that_is_down_raises_nothing_and_is_asked_again(names: Names) -> None:
    names.up(400)
    toy = product()
    agenda.plan(toy.pk)
    worker.work(once=True)
    before, events = exposed(toy), Event.objects.count()
    names.down()
    recheck = look_again(toy)
    assert exposed(toy) == before
    assert Event.objects.count() == events
    assert recheck.tries == 1
    assert "tour-domain: could not be looked at again" in recheck.trouble
    assert recheck.done_at is not None
    assert recheck.due_at == recheck.done_at + agenda.again(toy.key, 1)
    recheck = look_again(toy)
    assert recheck.tries == 2
    assert exposed(toy) == before
    names.up(400)
    recheck = look_again(toy)
    assert (recheck.tries, recheck.trouble) == (0, "")
    assert Event.objects.count() == events


def test_who_blocks_the_auditor_keeps_the_failure_as_last_seen(names: Names) -> None:
    names.up(-40, "redemption period")
    toy = product()
    agenda.plan(toy.pk)
    worker.work(once=True)
    before = exposed(toy)
    assert before[1]
    seen = now()
    names.blocked()
    recheck = look_again(toy)
    assert exposed(toy) == before
    assert f"last seen on {seen:%Y-%m-%d}" in recheck.trouble
    names.up(400)
    look_again(toy)
    assert not exposed(toy)[1]


def test_what_nobody_has_planned_the_worker_plans(names: Names) -> None:
    names.up(400)
    toy = product()
    worker.work(once=True)
    assert Audit.objects.filter(product=toy).count() == 1
    Product.objects.update(text="", changed_at=now() + timedelta(seconds=1))
    worker.work(once=True)
    recheck = Recheck.objects.get()
    assert recheck.due_at is None
    assert "no product file of its own" in recheck.idle


def test_a_fault_of_ours_over_one_product_is_told_and_tried_again(
    names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*of: object) -> None:
        raise KeyError("ours")

    names.up(400)
    toy = product()
    agenda.plan(toy.pk)
    monkeypatch.setattr(worker, "keep", broken)
    worker.work(once=True)
    recheck = Recheck.objects.get()
    assert (recheck.tries, recheck.lease) == (1, "")
    assert "a fault of ours" in recheck.trouble
    assert recheck.due_at is not None
    assert recheck.due_at > now()


def test_a_worker_that_is_to_stop_gives_back_what_it_was_at(names: Names, shelf: Path) -> None:
    names.up(400)
    toy = product()
    agenda.plan(toy.pk)
    one = worker.Worker()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:  # a resolver that never answers
        deaf.bind(("127.0.0.1", 0))
        policy = shelf / "policy.toml"
        own, deafs = f"127.0.0.1:{names.resolver}", f"127.0.0.1:{deaf.getsockname()[1]}"
        policy.write_text(policy.read_text().replace(own, deafs))

        def when_asked() -> None:
            deaf.recv(512)
            one.stop.set()

        threading.Thread(target=when_asked).start()
        one.work(once=True)
    recheck = Recheck.objects.get()
    assert (recheck.lease, recheck.leased_until, recheck.tries, recheck.done_at) == ("", None, 0, None)
    assert recheck.due_at is not None
    assert recheck.due_at <= now()
    assert not Audit.objects.exists()
    assert not list(worker.looks().iterdir())


def test_a_host_where_somebody_is_is_come_back_to(names: Names, shelf: Path) -> None:
    names.up(400)
    policy = shelf / "policy.toml"
    policy.write_text(policy.read_text() + '[[permit]]\nto = "*"\nlevel = "look"\n')
    toy = product(FILE + SITE)
    agenda.plan(toy.pk)
    hosts.take(["127.0.0.77"], "another's", timedelta(minutes=1))
    worker.work(once=True)
    assert not Audit.objects.exists()
    recheck = Recheck.objects.get()
    assert (recheck.tries, recheck.trouble, recheck.lease) == (0, "", "")
    assert recheck.due_at is not None
    assert now() + timedelta(seconds=15) < recheck.due_at < now() + timedelta(seconds=45)
    hosts.give_back("another's")
    look_again(toy)
    assert Audit.objects.count() == 1
    assert set(HostLease.objects.values_list("leased_by", flat=True)) == {""}
