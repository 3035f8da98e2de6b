"""Role × action: every cell, through HTTP, over every URL in the map and every call of the API."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Decision, Listing, Market, Person, Proposal, Role, Token
from shelfworthy.shelf.people.permission import listings_of, may
from shelfworthy.shelf.people.roles import ALLOWED, SCOPES, WHOLE, May
from tests.shelf.people.the_map import ASKS_NO_ROLE, OF_NO_MARKET, OF_NO_OBJECT, Call, Page, calls, pages
from tests.shelf.world import World, world

pytestmark = pytest.mark.django_db
PAGES, CALLS = pages(), calls()
METHODS = ("GET", "POST")
ADDRESSES = count(1)


@pytest.fixture
def shelf(person: Callable[..., Person]) -> World:
    return world(person)


def asked(client: Client, page: Page, shelf: World, method: str) -> Any:
    return client.generic(method, page.address(shelf), raise_request_exception=False)


def test_the_table_is_what_was_meant() -> None:
    order = [Role.VIEWER, Role.ANALYST, Role.DECIDER, Role.ADMINISTRATOR]
    assert all(ALLOWED[less] < ALLOWED[more] for less, more in pairwise(order))
    assert ALLOWED[Role.ADMINISTRATOR] == set(May)
    assert set(ALLOWED) == set(Role)
    assert not SCOPES & {May.MANAGE_PEOPLE, May.MANAGE_TOKENS, May.SET_POLICY, May.MARK}


def test_every_page_says_what_it_needs() -> None:
    assert [one.name for one in PAGES if one.needs is None and one.name not in ASKS_NO_ROLE] == []
    assert all(one.name for one in PAGES)
    assert {"dashboard", "people", "log", "settings", "tokens"} <= {one.name for one in PAGES}


def test_every_call_says_what_it_needs_and_a_token_can_have_it() -> None:
    assert [one for one in CALLS if one.needs not in SCOPES] == []


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_what_it_may_and_nothing_else(
    role: Role, person: Callable[..., Person], entered: Callable[[Person], Client], shelf: World
) -> None:
    wrong = []
    for page in PAGES:
        if page.needs is None:
            continue
        codes = {}
        for method in METHODS:
            client = entered(person(role))  # anew: pages may let go who asks
            codes[method] = asked(client, page, shelf, method).status_code
        answers = {method: code for method, code in codes.items() if code != 405}
        if (
            not answers
            or 500 in answers.values()
            or any(
                (code == 403) == (page.needed(method) in ALLOWED[role]) for method, code in answers.items()
            )
        ):
            wrong.append((page.name, page.needs, codes))
    assert wrong == []


@pytest.mark.parametrize("method", METHODS)
def test_nobody_and_who_gave_only_the_password_open_nothing(
    method: str, client: Client, person: Callable[..., Person], shelf: World
) -> None:
    one = person(Role.ADMINISTRATOR)
    assert one.user is not None
    half, enrolling = Client(), Client()
    enrolling.force_login(one.user)
    for page in PAGES:
        if page.name in ASKS_NO_ROLE:
            continue
        assert asked(client, page, shelf, method).headers["location"].startswith("/log-in?")
        assert asked(enrolling, page, shelf, method).headers["location"].startswith("/enrol?")
    TOTPDevice.objects.create(user=one.user, name="phone", confirmed=True)
    half.force_login(one.user)
    for page in PAGES:
        if page.name not in ASKS_NO_ROLE:
            assert asked(half, page, shelf, method).headers["location"].startswith("/second-factor?")


def test_who_came_with_a_one_time_password_opens_nothing_else(
    person: Callable[..., Person], entered: Callable[[Person], Client], shelf: World
) -> None:
    client = entered(person(Role.ADMINISTRATOR))
    Person.objects.update(password_until=now() + timedelta(days=1))
    for page in PAGES:
        if page.needs is not None:
            assert asked(client, page, shelf, "GET").headers["location"].startswith("/new-password?")


def test_an_account_without_a_person_or_role_opens_nothing(
    person: Callable[..., Person], entered: Callable[[Person], Client], shelf: World
) -> None:
    one = person(Role.ADMINISTRATOR)
    client = entered(one)
    one.membership.delete()
    for page in PAGES:
        if page.needs is not None:
            codes = {asked(client, page, shelf, method).status_code for method in METHODS}
            assert codes - {405} == {403}, page.name


@pytest.mark.parametrize("role", Role)
def test_guessing_what_is_of_another_market_opens_nothing(
    role: Role, person: Callable[..., Person], entered: Callable[[Person], Client], shelf: World
) -> None:
    """Everything in the world is of `UK`; whoever guesses is of `DE`."""
    client = entered(person(role, "DE"))
    opened = []
    for page in PAGES:
        if page.needs is None or not page.arguments or page.name in OF_NO_OBJECT:
            continue
        codes = {asked(client, page, shelf, method).status_code for method in METHODS}
        if not codes <= {403, 404, 405} or codes == {405}:
            opened.append((page.name, codes))
    assert opened == []
    before = {one.pk: one.state for one in shelf.listings}
    assert dict(Listing.objects.values_list("pk", "state")) == before
    assert Token.objects.get(pk=shelf.token.pk).revoked_at is None


def test_guessing_would_have_been_noticed(
    person: Callable[..., Person], entered: Callable[[Person], Client], shelf: World
) -> None:
    """An administrator for all markets opens the same addresses, so they are addresses of something."""
    client = entered(person(Role.ADMINISTRATOR))
    for page in PAGES:
        if page.name in OF_NO_MARKET:
            assert asked(client, page, shelf, "GET").status_code in (200, 405)


@pytest.mark.parametrize("what", sorted(WHOLE))
def test_what_is_not_of_one_market_needs_somebody_for_all(what: May, person: Callable[..., Person]) -> None:
    assert may(person(Role.ADMINISTRATOR), what)
    assert not may(person(Role.ADMINISTRATOR, "UK"), what)


def test_listings_are_of_ones_markets(person: Callable[..., Person], shelf: World) -> None:
    assert listings_of(person(Role.VIEWER)).count() == len(shelf.listings)
    assert listings_of(person(Role.VIEWER, "UK", "DE")).count() == len(shelf.listings)
    assert listings_of(person(Role.VIEWER, "DE")).count() == 0


def decided(who: Client, markets: list[str]) -> int:
    form = {
        "action": "withdraw",
        "expected": "listed",
        "reason": "recall",
        "words": "",
        "lots": "",
        "skus": "",
    }
    return who.post("/listings/T-2/decide/", form | {"markets": markets}).status_code


@pytest.mark.parametrize("role", [Role.ANALYST, Role.DECIDER])
def test_who_works_for_some_markets_decides_for_no_others(
    role: Role, person: Callable[..., Person], entered: Callable[[Person], Client], shelf: World
) -> None:
    """T-2 is sold in `UK` and `FR`; who is of `UK` decides and proposes there, and not for `FR` or all."""
    shelf.listings[1].markets.add(Market.objects.create(code="FR"))
    before = Decision.objects.count() + Proposal.objects.count()
    client = entered(person(role, "UK"))
    page = client.get("/listings/T-2/decide/").content.decode()
    assert 'value="UK"' in page
    assert 'value="FR"' not in page
    assert "checked" in page.partition('value="UK"')[2].partition(">")[0]
    for markets in ([], ["FR"], ["FR", "UK"]):
        assert decided(client, markets) == 422, markets
    assert Decision.objects.count() + Proposal.objects.count() == before
    assert decided(client, ["UK"]) == 302
    shelf.listings[1].refresh_from_db()
    if role == Role.DECIDER:
        made = Decision.objects.latest("number")
        assert (made.markets, shelf.listings[1].state) == (["UK"], "withdrawn")
        page = client.get("/listings/T-2/").content.decode()
        assert "withdrawn</span> <bdi>in UK</bdi>" in page
        assert "on sale</span> <bdi>in FR</bdi>" in page
    else:
        assert Proposal.objects.latest("pk").markets == ["UK"]


def test_who_works_for_some_markets_answers_for_no_others(
    person: Callable[..., Person],
    entered: Callable[[Person], Client],
    token: Callable[..., str],
    shelf: World,
) -> None:
    shelf.listings[1].markets.add(Market.objects.create(code="FR"))
    assert decided(entered(person(Role.ANALYST)), []) == 302
    proposal = Proposal.objects.latest("pk")
    limited = person(Role.DECIDER, "UK")
    client = entered(limited)
    page = client.get("/proposals/").content.decode()
    assert "It is about markets that you do not work for." in page
    assert page.count('value="second"') == 1  # of the other proposal, which is of `UK` alone
    for says in ("second", "refuse"):
        answer = client.post(f"/proposals/{proposal.pk}/", {"says": says}, follow=True).content.decode()
        assert "T-2 is sold in FR as well, and you work for UK." in answer
        call = Client().post(
            f"/api/v1/proposals/{proposal.pk}/{says}", {}, content_type="application/json",
            headers={"Authorization": f"Bearer {token(limited)}"},
        )  # fmt: skip
        assert call.status_code == 403
        assert call.headers["content-type"] == "application/problem+json"
    proposal.refresh_from_db()
    assert proposal.done_at is None
    entered(person(Role.DECIDER, "UK", "FR")).post(f"/proposals/{proposal.pk}/", {"says": "second"})
    proposal.refresh_from_db()
    assert proposal.outcome == "seconded"


def test_every_form_needs_its_token(person: Callable[..., Person], shelf: World) -> None:
    one = person(Role.ADMINISTRATOR)
    assert one.user is not None
    client = Client(enforce_csrf_checks=True)
    client.force_login(one.user)
    session = client.session
    session["otp_device_id"] = TOTPDevice.objects.create(user=one.user, confirmed=True).persistent_id
    session.save()
    for page in PAGES:
        if page.name in ("static", "health", "metrics", "api-nothing", "openapi"):
            continue
        answer = asked(client, page, shelf, "POST")
        assert answer.status_code == 403, page.name
        assert "403_csrf.html" in [template.name for template in answer.templates], page.name


def test_every_form_that_is_shown_has_its_token(
    person: Callable[..., Person], entered: Callable[[Person], Client], shelf: World
) -> None:
    client, seen = entered(person(Role.ADMINISTRATOR)), 0
    for page in PAGES:
        if page.name == "static":
            continue
        text = asked(client, page, shelf, "GET").getvalue().decode(errors="replace")
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, re.DOTALL | re.IGNORECASE):
            seen += 1
            assert "csrfmiddlewaretoken" in form, page.name
    assert seen > 20


def test_every_answer_has_its_headers(
    client: Client, person: Callable[..., Person], entered: Callable[[Person], Client], shelf: World
) -> None:
    inside = entered(person(Role.ADMINISTRATOR))
    for page in PAGES:
        if page.name == "static":
            continue
        for somebody in (inside, Client()):
            headers = asked(somebody, page, shelf, "GET").headers
            assert "default-src 'none'" in headers["content-security-policy"], page.name
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"
            assert headers["referrer-policy"] == "same-origin"
            assert "no-store" in headers["cache-control"], page.name


def test_no_page_styles_or_runs_anything_in_itself(
    person: Callable[..., Person], entered: Callable[[Person], Client], shelf: World
) -> None:
    client = entered(person(Role.ADMINISTRATOR))
    for page in PAGES:
        if page.name == "static":
            continue
        answer = asked(client, page, shelf, "GET")
        if answer.headers.get("content-type", "").startswith("text/html"):
            text = answer.getvalue().decode()
            assert not re.search(r"<[^>]*\s(style|on[a-z]+)\s*=", text), page.name
            assert not re.search(r"<(script|style|iframe)\b", text, re.IGNORECASE), page.name


def called(call: Call, shelf: World, token: str | None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    body = json.dumps(call.body)
    # Each from an address of its own: how often a stranger may try is counted by address.
    client = Client(raise_request_exception=False, REMOTE_ADDR=f"2001:db8::{next(ADDRESSES):x}")
    return client.generic(call.method, call.address(shelf), body, "application/json", headers=headers)


def is_closed(answer: Any, call: Call) -> bool:
    """Whether a call was refused at its door, for what it needs."""
    return answer.status_code == 403 and f"may not: {call.needs}." in answer.json()["detail"]


@pytest.mark.parametrize("role", Role)
def test_each_token_makes_the_calls_it_may(
    role: Role, person: Callable[..., Person], token: Callable[..., str], shelf: World
) -> None:
    one = person(role)
    whole, wrong = token(one), []
    for call in CALLS:
        answer = called(call, shelf, whole)
        if is_closed(answer, call) == (call.needs in ALLOWED[role]) or answer.status_code == 500:
            wrong.append(("role", answer.status_code, call))
        others = SCOPES - {call.needs}
        if not is_closed(called(call, shelf, token(one, *others)), call):
            wrong.append(("scope", 0, call))
        for nobodys in (None, "shelf_guessed"):
            if called(call, shelf, nobodys).status_code != 401:
                wrong.append(("nobody", 0, call))
    assert wrong == []


def test_a_call_about_what_is_of_another_market_finds_nothing(
    person: Callable[..., Person], token: Callable[..., str], shelf: World
) -> None:
    guesser = token(person(Role.DECIDER, "DE"))
    about = [call for call in CALLS if call.arguments and call.path not in OF_NO_OBJECT]
    opened = [call for call in about if called(call, shelf, guesser).status_code not in (403, 404)]
    assert opened == []


def test_a_session_is_no_key_to_the_api(
    person: Callable[..., Person], entered: Callable[[Person], Client], shelf: World
) -> None:
    client = entered(person(Role.ADMINISTRATOR))
    for call in CALLS:
        assert client.generic(call.method, call.address(shelf)).status_code == 401


def test_who_was_let_go_is_out_at_once(
    person: Callable[..., Person], entered: Callable[[Person], Client], shelf: World
) -> None:
    one = person(Role.ADMINISTRATOR)
    client = entered(one)
    assert client.get("/").status_code == 200
    User.objects.filter(person=one).update(is_active=False)
    assert client.get("/").headers["location"].startswith("/log-in")
