"""The doors: what lets in, what does not, and how often one may try."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Attempt, Entry, Person, RecoveryCode, Role
from shelfworthy.shelf.people import limits
from shelfworthy.shelf.people.first import is_needed, make_administrator
from tests.shelf.conftest import PASSWORD
from tests.shelf.people.coming_in import code_of, enrolled

pytestmark = pytest.mark.django_db


def log_in(client: Client, one: Person, password: str = PASSWORD, **more: str) -> int:
    assert one.user is not None
    return client.post("/log-in", {"username": one.user.username, "password": password, **more}).status_code


def phone(one: Person) -> TOTPDevice:
    return TOTPDevice.objects.create(user=one.user, name="phone", confirmed=True)


def test_the_first_administrator_comes_in_by_a_one_time_password(client: Client) -> None:
    assert is_needed()
    password = make_administrator("Ada", "Ada@shop.example")
    assert not is_needed()
    codes = enrolled(client, "ada@shop.example", password)
    assert len(set(codes)) == 10
    answer = client.get("/")
    assert answer.headers["location"] == "/new-password?next=/"
    own = "quiet lantern beside 7"
    answer = client.post("/new-password", {"old": password, "new": own, "again": own, "next": "/"})
    assert answer.headers["location"] == "/"
    assert client.get("/").status_code == 200
    assert log_in(Client(), Person.objects.get(), password) == 200  # refused: it was for once
    assert log_in(Client(), Person.objects.get(), own) == 302


def test_a_one_time_password_ends(client: Client) -> None:
    password = make_administrator("Ada", "ada@shop.example")
    Person.objects.update(password_until=now() - timedelta(seconds=1))
    assert log_in(client, Person.objects.get(), password) == 200


def test_whoever_starts_the_shelf_can_let_an_administrator_in_again(client: Client) -> None:
    enrolled(client, "ada@shop.example", make_administrator("Ada", "ada@shop.example"))
    User.objects.update(is_active=False)
    assert is_needed()
    password = make_administrator("Ada", "ada@shop.example")
    assert Person.objects.count() == 1
    assert not RecoveryCode.objects.exists()
    enrolled(Client(), "ada@shop.example", password)
    assert not is_needed()


def test_both_factors_and_no_less(client: Client, person: Callable[..., Person]) -> None:
    one = person(Role.VIEWER)
    device = phone(one)
    assert log_in(client, one) == 302
    for path in ("/", "/nothing", "/new-password"):
        assert client.get(path).headers["location"] == f"/second-factor?next={path}"
    assert client.get("/enrol").headers["location"] == "/second-factor"
    assert client.post("/enrol", {"code": "000000"}).headers["location"] == "/second-factor"
    answer = client.post("/second-factor", {"code": code_of(device), "next": "/log-in"})
    assert answer.headers["location"] == "/log-in"
    assert client.get("/").status_code == 200


def test_a_code_is_good_once(client: Client, person: Callable[..., Person]) -> None:
    one = person(Role.VIEWER)
    device = phone(one)
    code = code_of(device)
    assert log_in(client, one) == 302
    assert client.post("/second-factor", {"code": code}).status_code == 302
    other = Client()
    assert log_in(other, one) == 302
    assert other.post("/second-factor", {"code": code}).status_code == 200
    assert other.get("/").headers["location"].startswith("/second-factor")


def test_a_recovery_code_is_good_once_and_kept_as_a_hash(
    client: Client, person: Callable[..., Person]
) -> None:
    one = person(Role.VIEWER)
    assert one.user is not None
    codes = enrolled(client, one.user.username, PASSWORD)
    assert not RecoveryCode.objects.filter(hash__in=codes).exists()
    for expected in (302, 200):
        other = Client()
        log_in(other, one)
        answer = other.post("/second-factor", {"code": codes[3].upper().replace("-", " ")})
        assert answer.status_code == expected
    assert RecoveryCode.objects.exclude(used_at=None).count() == 1


def test_the_right_password_is_refused_while_there_were_too_many(
    client: Client, person: Callable[..., Person]
) -> None:
    one, other = person(Role.VIEWER), person(Role.VIEWER)
    for _ in range(limits.ACCOUNT.most):
        assert log_in(client, one, "wrong") == 200
    answer = client.post("/log-in", {"username": one.user.username, "password": PASSWORD})  # type: ignore[union-attr]
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "900"
    assert log_in(Client(REMOTE_ADDR="192.0.2.9"), one) == 429  # from anywhere
    assert log_in(Client(), other) == 302  # not somebody else
    Attempt.objects.update(at=now() - limits.WINDOW)
    assert log_in(client, one) == 302


def test_many_accounts_from_one_address_are_too_many(client: Client, person: Callable[..., Person]) -> None:
    one = person(Role.VIEWER)
    for number in range(limits.ADDRESS.most):
        limits.count((limits.ADDRESS, "192.0.2.9"), (limits.ACCOUNT, f"nobody {number}"))
    assert log_in(Client(REMOTE_ADDR="192.0.2.9", HTTP_X_FORWARDED_FOR="192.0.2.10"), one) == 429
    assert log_in(client, one) == 302


def test_tries_that_are_refused_do_not_lock_for_longer() -> None:
    tries = [limits.count((limits.ACCOUNT, "ada")) for _ in range(limits.ACCOUNT.most * 3)]
    assert tries.count(timedelta()) == limits.ACCOUNT.most
    assert Attempt.objects.count() == limits.ACCOUNT.most


def test_the_second_factor_is_not_guessed(client: Client, person: Callable[..., Person]) -> None:
    one = person(Role.VIEWER)
    device = phone(one)
    log_in(client, one)
    for _ in range(limits.SECOND_FACTOR.most):
        assert client.post("/second-factor", {"code": "abc"}).status_code == 200
    assert client.post("/second-factor", {"code": code_of(device)}).status_code == 429


def test_a_session_that_was_planted_is_not_the_one_that_is_in(
    client: Client, person: Callable[..., Person]
) -> None:
    one = person(Role.VIEWER)
    device = phone(one)
    session = client.session
    session["planted"] = True
    session.save()
    keys = [session.session_key]
    log_in(client, one)
    keys.append(client.session.session_key)
    client.post("/second-factor", {"code": code_of(device)})
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3
    for old in keys[:2]:
        thief = Client()
        thief.cookies["sessionid"] = str(old)
        assert thief.get("/").headers["location"].startswith("/log-in")


def test_logging_out_ends_the_session_on_the_server(
    person: Callable[..., Person], entered: Callable[[Person], Client]
) -> None:
    client = entered(person(Role.VIEWER))
    key = client.session.session_key
    assert client.get("/log-out").status_code == 405
    assert client.get("/").status_code == 200
    assert client.post("/log-out").headers["location"] == "/log-in"
    client.cookies["sessionid"] = str(key)
    assert client.get("/").headers["location"].startswith("/log-in")


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\e"]
)
def test_nobody_is_sent_elsewhere(client: Client, person: Callable[..., Person], wanted: str) -> None:
    one = person(Role.VIEWER)
    device = phone(one)
    assert one.user is not None
    sent = {"username": one.user.username, "password": PASSWORD, "next": wanted}
    assert client.post("/log-in", sent).headers["location"] == "/"
    assert client.post("/second-factor", {"code": code_of(device), "next": wanted}).headers["location"] == "/"


def test_a_new_password_ends_other_sessions(
    person: Callable[..., Person], entered: Callable[[Person], Client]
) -> None:
    one = person(Role.VIEWER)
    client = entered(one)
    other = Client()
    other.force_login(one.user)  # type: ignore[arg-type]
    new = "another kettle 55"
    for wrong in ({"old": "no", "again": new}, {"old": PASSWORD, "again": "differs"}):
        assert client.post("/new-password", {"new": new, **wrong}).status_code == 200
    assert (
        client.post("/new-password", {"old": PASSWORD, "new": "short", "again": "short"}).status_code == 200
    )
    assert client.post("/new-password", {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert client.get("/").status_code == 200
    assert other.get("/").headers["location"].startswith("/log-in")


def test_another_phone_needs_the_password_and_replaces_the_first(
    person: Callable[..., Person], entered: Callable[[Person], Client]
) -> None:
    one = person(Role.VIEWER)
    client = entered(one)
    client.get("/enrol")
    device = TOTPDevice.objects.get(confirmed=False)
    for password in ("", "wrong"):
        answer = client.post("/enrol", {"code": code_of(device), "password": password})
        assert answer.status_code == 200
        assert "codes" not in answer.context
    answer = client.post("/enrol", {"code": code_of(device), "password": PASSWORD})
    assert len(answer.context["codes"]) == 10
    assert [one.pk for one in TOTPDevice.objects.all()] == [device.pk]
    assert client.get("/").status_code == 200


def test_the_page_that_sets_up_a_phone_styles_and_loads_nothing(
    client: Client, person: Callable[..., Person]
) -> None:
    one = person(Role.VIEWER)
    log_in(client, one)
    page = client.get("/enrol").content.decode()
    assert '<svg role="img"' in page
    assert "style=" not in page
    assert page.count("otpauth:") == 0  # only drawn, and as a key
    assert TOTPDevice.objects.count() == 1
    assert (
        client.get("/enrol").content.decode().partition("<svg")[2][:3000] == page.partition("<svg")[2][:3000]
    )


def test_what_is_done_at_the_door_is_in_the_log(client: Client, person: Callable[..., Person]) -> None:
    one = person(Role.VIEWER)
    device = phone(one)
    log_in(client, one, "wrong")
    log_in(client, one)
    client.post("/second-factor", {"code": "000"})
    client.post("/second-factor", {"code": code_of(device)})
    client.post("/log-out")
    assert [entry.action for entry in Entry.objects.filter(person=one).order_by("pk")] == [
        "was refused at the log-in",
        "gave the password",
        "was refused at the second factor",
        "came in",
        "logged out",
    ]
    assert set(Entry.objects.values_list("address", flat=True)) == {"127.0.0.1"}
