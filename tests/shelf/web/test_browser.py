"""Every page of ours in real Chromium: axe, by day and night, on phone and desktop, on paper and by keyboard.

SHELF_SCREENSHOTS names a folder that takes a picture of each.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Person, Role, Subscription
from tests.shelf.conftest import PASSWORD
from tests.shelf.people.coming_in import code_of
from tests.shelf.people.the_map import pages
from tests.shelf.web.browser import EACH, MODES, page_of, started, violations
from tests.shelf.world import World, world

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHELF_SCREENSHOTS", "")
# What is no page: files, and what only answers a POST.
FILES = {"log-export", "listings-export", "decisions-export", "letter", "attachment", "static", "metrics"}
FILES |= {"health", "changes-feed", "feed-decisions", "openapi", "api-nothing"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright runs a loop in this thread
    yield from started()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def shelf(person: Callable[..., Person]) -> World:
    return world(person)


@pytest.fixture
def administrator(person: Callable[..., Person], entered: Callable[[Person], Client]) -> Client:
    return entered(person(Role.ADMINISTRATOR, name="Ada Lovelace"))


def shot(page: Page, name: str, mode: str) -> None:
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        file = f"{name.strip('/').replace('/', '-') or 'today'}.{mode}.png"
        page.screenshot(path=Path(SHOTS) / file, full_page=True)


def said(page: Page) -> list[str]:
    """What the browser complains of: above all of what our own policy forbids."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.mark.parametrize("mode", EACH)
def test_axe_has_nothing_to_say_inside(
    live_server: LiveServer, browser: Browser, shelf: World, administrator: Client, mode: str
) -> None:
    page = page_of(browser, live_server.url, administrator, **MODES[mode])
    heard, found = said(page), {}
    shown = [one.address(shelf) for one in pages() if one.name not in FILES]
    shown = [path for path in shown if administrator.get(path).status_code in (200, 503)]
    assert len(shown) > 20
    for path in (*shown, "/nothing"):
        page.goto(live_server.url + path)
        shot(page, path, mode)
        found[path] = violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth") - MODES[mode]["viewport"]["width"]
        if wide > 0:
            found[path].append(f"scrolls sideways by {wide}")
    page.context.close()
    assert {path: one for path, one in found.items() if one} == {}
    assert [one for one in heard if "404" not in one and "503" not in one] == []


@pytest.mark.parametrize("mode", EACH)
def test_axe_has_nothing_to_say_at_the_door(
    live_server: LiveServer, browser: Browser, person: Callable[..., Person], mode: str
) -> None:
    one = person(Role.VIEWER)
    assert one.user is not None
    page = page_of(browser, live_server.url, None, **MODES[mode])
    heard, found = said(page), []

    def looked_at(name: str) -> None:
        shot(page, name, mode)
        found.extend(violations(page))

    page.goto(live_server.url)
    looked_at("log-in")
    page.get_by_label("E-mail address").fill(one.user.username)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Go on").click()
    looked_at("log-in-refused")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Set up your phone").wait_for()
    looked_at("enrol-first")
    page.get_by_label("Code").fill(code_of(TOTPDevice.objects.get(user=one.user)))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Recovery codes").wait_for()
    looked_at("recovery-codes")
    codes = page.locator(".codes code").all_inner_texts()
    broken = "all => all.filter(one => one.getClientRects().length > 1).length"
    assert page.locator(".codes code").evaluate_all(broken) == 0
    page.get_by_role("link", name="I have kept them").click()
    looked_at("empty")
    page.get_by_role("button", name="Log out").click()
    page.get_by_label("E-mail address").fill(one.user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Second factor").wait_for()
    looked_at("second-factor")
    page.get_by_label("Code").fill(codes[0])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Today").wait_for()
    page.context.close()
    assert found == []
    assert heard == []


def test_axe_would_have_spoken(live_server: LiveServer, browser: Browser) -> None:
    page = page_of(browser, live_server.url, None, **MODES["light"])
    page.goto(live_server.url)
    page.evaluate("document.querySelector('label').remove()")
    assert [one.partition(":")[0] for one in violations(page)] == ["label"]
    page.context.close()


def test_the_style_is_there_and_a_script_would_not_run(live_server: LiveServer, browser: Browser) -> None:
    page = page_of(browser, live_server.url, None, **MODES["light"])
    heard = said(page)
    page.goto(live_server.url)
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).borderTopStyle") == "solid"
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'ran = 1'}))")
    assert page.evaluate("typeof ran") == "undefined"
    assert any("Content Security Policy" in one for one in heard)
    page.context.close()


def test_on_paper_there_is_only_what_is_said(
    live_server: LiveServer, browser: Browser, shelf: World, administrator: Client
) -> None:
    page = page_of(browser, live_server.url, administrator, **MODES["light"])
    page.goto(f"{live_server.url}/log/")
    page.emulate_media(media="print")
    shot(page, "log", "print")
    assert not page.locator("nav").is_visible()
    assert page.locator("table").is_visible()
    assert violations(page) == []
    page.context.close()


def test_an_address_as_long_as_they_are_fits_a_phone(
    live_server: LiveServer, browser: Browser, shelf: World, administrator: Client
) -> None:
    Subscription.objects.create(
        channel="webhook", to=f"https://erp.shop.example/{'hooks/' * 20}?tenant=42", made_at=now(),
        person=Person.objects.get(name="Ada Lovelace"),
    )  # fmt: skip
    page = page_of(browser, live_server.url, administrator, **MODES["phone"])
    page.goto(f"{live_server.url}/watch/subscriptions/")
    shot(page, "subscriptions-long", "phone")
    wide = page.evaluate("document.documentElement.scrollWidth") - MODES["phone"]["viewport"]["width"]
    assert wide <= 0
    assert violations(page) == []
    page.context.close()


def test_every_area_is_reached_by_links(
    live_server: LiveServer, browser: Browser, shelf: World, administrator: Client
) -> None:
    """Evidence, what other shops may read, who is told of changes, and a decision from its listing."""
    page = page_of(browser, live_server.url, administrator, **MODES["light"])
    page.goto(live_server.url)
    for link, heading in (
        ("Evidence", "Evidence"),
        ("Upload an audit", "Upload an audit"),
        ("Decisions", "Decisions"),
        ("Feed of decisions", "Feed of decisions"),
        ("Watch", "Watch"),
        ("Be told of changes", "Be told of changes"),
    ):
        page.get_by_role("link", name=link, exact=True).first.click()
        page.get_by_role("heading", name=heading, exact=True).wait_for()
    page.goto(f"{live_server.url}/listings/{shelf.listings[0].sku}/")
    page.locator("#decisions ~ ol a").first.click()
    page.get_by_role("heading", name="Decision 1", exact=True).wait_for()
    page.context.close()


def test_by_keyboard_one_gets_past_the_navigation(
    live_server: LiveServer, browser: Browser, shelf: World, administrator: Client
) -> None:
    page = page_of(browser, live_server.url, administrator, **MODES["light"])
    page.goto(f"{live_server.url}/people/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.context.close()


def test_german_is_chosen_and_stays(
    live_server: LiveServer, browser: Browser, shelf: World, administrator: Client
) -> None:
    page = page_of(browser, live_server.url, administrator, **MODES["phone"])
    page.goto(live_server.url)
    page.get_by_role("button", name="Deutsch").click()
    assert page.get_attribute("html", "lang") == "de"
    page.goto(f"{live_server.url}/people/")
    page.get_by_role("heading", name="Personen").wait_for()
    shot(page, "people", "german")
    assert violations(page) == []
    page.context.close()
