"""Known browsers: a stranger's tries do not keep the owner out of one, and its cookie opens nothing."""

import time
from collections.abc import Callable
from http.cookies import Morsel
from typing import Any

import pytest
from django.core import signing
from django.db.models import F
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from shelfworthy.shelf.models import Attempt, Person, Role
from shelfworthy.shelf.people import browsers, factors, limits
from tests.shelf.conftest import PASSWORD
from tests.shelf.people.coming_in import code_of, enrolled

pytestmark = pytest.mark.django_db
ELSEWHERE = "192.0.2.9"


def name_of(one: Person) -> str:
    assert one.user is not None
    return one.user.get_username()


def tried(client: Client, one: Person, password: str = PASSWORD) -> int:
    return client.post("/log-in", {"username": name_of(one), "password": password}).status_code


def strangers_try(one: Person, **more: Any) -> None:
    """As often as they may, and once more."""
    stranger = Client(**more)
    for _ in range(limits.ACCOUNT.most):
        assert tried(stranger, one, "wrong") == 200
    assert tried(stranger, one, "wrong") == 429


def came_in(one: Person) -> Client:
    """The browser in which somebody set up their phone and logged out again."""
    client = Client()
    enrolled(client, name_of(one), PASSWORD)
    client.post("/log-out")
    return client


def cookie(client: Client, one: Person) -> "Morsel[str]":
    return client.cookies[browsers.name_of(name_of(one))]


def test_strangers_do_not_keep_the_owner_out_of_a_browser_of_theirs(person: Callable[..., Person]) -> None:
    one = person(Role.VIEWER)
    usual = came_in(one)
    strangers_try(one, REMOTE_ADDR=ELSEWHERE)
    assert tried(Client(), one) == 429  # strangers' tries stay bounded, also with the right password
    assert tried(usual, one, "mistyped") == 200
    assert tried(usual, one) == 302
    device = TOTPDevice.objects.get(user=one.user)
    TOTPDevice.objects.update(last_t=-1)  # the code of this half minute was used to set it up
    assert usual.post("/second-factor", {"code": code_of(device)}).status_code == 302
    assert tried(Client(), one) == 429  # that the owner came in forgives strangers nothing


def test_nor_does_a_stranger_who_knows_the_password_by_guessing_codes(person: Callable[..., Person]) -> None:
    one, stranger = person(Role.VIEWER), Client()
    usual = came_in(one)
    device = TOTPDevice.objects.get(user=one.user)
    TOTPDevice.objects.update(last_t=-1)  # the code of this half minute was used to set it up
    wrong = f"{(int(code_of(device)) + 500_000) % 1_000_000:06}"
    tried(stranger, one)
    for _ in range(limits.SECOND_FACTOR.most):
        assert stranger.post("/second-factor", {"code": wrong}).status_code == 200
    assert stranger.post("/second-factor", {"code": code_of(device)}).status_code == 429
    tried(usual, one)
    assert usual.post("/second-factor", {"code": code_of(device)}).status_code == 302
    # Nor does what strangers tried keep the owner from setting up another phone.
    usual.get("/enrol")
    other = TOTPDevice.objects.get(user=one.user, confirmed=False)
    answer = usual.post("/enrol", {"code": code_of(other), "password": PASSWORD})
    assert len(answer.context["codes"]) == factors.CODES
    assert TOTPDevice.objects.get(user=one.user) == other
    assert stranger.post("/second-factor", {"code": "000000"}).status_code == 429


def test_who_comes_back_all_day_guesses_no_more_codes_than_a_day_allows(
    person: Callable[..., Person],
) -> None:
    one, stranger = person(Role.VIEWER), Client()
    usual = came_in(one)
    TOTPDevice.objects.update(last_t=-1)
    tried(stranger, one)
    for _ in range(limits.SECOND_FACTOR_A_DAY.most - 1):  # the owner's first code was one
        assert stranger.post("/second-factor", {"code": "no"}).status_code == 200
        Attempt.objects.update(at=F("at") - limits.WINDOW / 2)
    answer = stranger.post("/second-factor", {"code": code_of(TOTPDevice.objects.get(user=one.user))})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == str(24 * 3600)
    tried(usual, one)
    code = code_of(TOTPDevice.objects.get(user=one.user))
    assert usual.post("/second-factor", {"code": code}).status_code == 302


def test_nor_do_they_by_the_address_that_all_share_behind_a_proxy(person: Callable[..., Person]) -> None:
    one = person(Role.VIEWER)
    usual = came_in(one)
    for number in range(limits.ADDRESS.most):
        limits.count((limits.ADDRESS, "127.0.0.1"), (limits.ACCOUNT, f"nobody {number}"))
    assert tried(Client(), one) == 429
    assert tried(usual, one) == 302


def test_a_known_browser_has_a_limit_too(person: Callable[..., Person]) -> None:
    one = person(Role.VIEWER)
    usual = came_in(one)
    for _ in range(limits.BROWSER.most):
        assert tried(usual, one, "wrong") == 200
    assert tried(usual, one) == 429
    assert tried(Client(), one) == 302  # its tries are no strangers' either
    Attempt.objects.all().delete()
    assert tried(usual, one) == 302


def test_a_browser_is_known_once_both_factors_were_shown(person: Callable[..., Person]) -> None:
    one = person(Role.VIEWER)
    TOTPDevice.objects.create(user=one.user, name="phone", confirmed=True)
    client = Client()
    assert tried(client, one) == 302
    assert browsers.name_of(name_of(one)) not in client.cookies


@pytest.mark.parametrize(
    "made_up", ["", "x", "ImFiYyI:1tQ000:AAAA", "of another account", "signed otherwise", "old"]
)
def test_a_cookie_that_is_not_ours_is_a_strangers(
    person: Callable[..., Person], made_up: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = person(Role.VIEWER), person(Role.VIEWER)
    theirs = cookie(came_in(one), one).value
    values = {
        "of another account": cookie(came_in(other), other).value,
        "signed otherwise": signing.dumps(
            "number", key="another secret", salt=f"{browsers.SALT}:{name_of(one)}"
        ),
        "old": theirs,
    }
    strangers_try(one, REMOTE_ADDR=ELSEWHERE)
    forging, whole = Client(), Client()
    whole.cookies[browsers.name_of(name_of(one))] = theirs
    forging.cookies[browsers.name_of(name_of(one))] = values.get(made_up, made_up)
    assert tried(whole, one, "wrong") == 200  # what is compared with would have answered
    if made_up == "old":
        ends = time.time() + browsers.LASTS.total_seconds() + 1
        monkeypatch.setattr(time, "time", lambda: ends)
    assert tried(forging, one) == 429


def test_a_stolen_cookie_gives_its_own_count_and_nothing_else(person: Callable[..., Person]) -> None:
    one = person(Role.VIEWER)
    usual, thief = came_in(one), Client(REMOTE_ADDR=ELSEWHERE)
    thief.cookies[browsers.name_of(name_of(one))] = cookie(usual, one).value
    assert thief.get("/").status_code == 302  # to the log-in
    assert tried(usual, one) == 302
    TOTPDevice.objects.update(last_t=-1)
    usual.post("/second-factor", {"code": code_of(TOTPDevice.objects.get(user=one.user))})
    usual.post("/log-out")
    for _ in range(limits.BROWSER.most):
        assert tried(thief, one, "wrong") == 200
    assert tried(thief, one, "wrong") == 429
    assert tried(usual, one) == 302  # it got another number when it came in


def test_the_cookie_is_kept_from_scripts_and_names_nobody(
    person: Callable[..., Person], settings: Any
) -> None:
    one = person(Role.VIEWER)
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    client.post("/log-in", {"username": name_of(one), "password": PASSWORD}, secure=True)
    client.get("/enrol", secure=True)
    device = TOTPDevice.objects.get(user=one.user)
    client.post("/enrol", {"code": code_of(device)}, secure=True)
    found = cookie(client, one)
    assert found["httponly"]
    assert found["secure"]
    assert found["samesite"] == "Strict"
    assert int(found["max-age"]) == browsers.LASTS.total_seconds()
    assert name_of(one) not in found.key + found.value


def test_two_people_in_one_browser_are_both_known(person: Callable[..., Person]) -> None:
    one, other = person(Role.VIEWER), person(Role.VIEWER)
    client = came_in(one)
    enrolled(client, name_of(other), PASSWORD)
    client.post("/log-out")
    for both in (one, other):
        strangers_try(both, REMOTE_ADDR=ELSEWHERE)
        assert tried(client, both) == 302
        client.post("/log-out")
