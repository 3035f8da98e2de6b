"""Real Chromium at a shelf that runs: contexts of all looks, and somebody who is in."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from tests.needs import missing

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 800}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 800}},
    "phone": {"color_scheme": "light", **PHONE},
    "dark phone": {"color_scheme": "dark", **PHONE},
}


# By day on a desktop and by night on a phone; the others are slow tests.
EACH = [pytest.param(mode, marks=pytest.mark.slow if mode in ("dark", "phone") else ()) for mode in MODES]


def started() -> Iterator[Browser]:
    """Chromium, for as long as a module of tests."""
    if shutil.which(CHROMIUM) is None:
        missing("the Debian package chromium")
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()


def page_of(browser: Browser, url: str, client: Client | None, **mode: Any) -> Page:
    """A page of somebody with the session of a test's client; of nobody without one."""
    context = browser.new_context(**mode)
    if client is not None:
        key = client.session.session_key
        assert isinstance(client.session, SessionStore)
        context.add_cookies([{"name": "sessionid", "value": str(key), "url": url}])
    return context.new_page()


def violations(page: Page) -> list[str]:
    """What axe has to say, with all that is folded opened."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"][:3]]
