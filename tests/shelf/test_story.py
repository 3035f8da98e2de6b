"""The story, as a shop lives it: from an empty folder, in real Chromium, to a bear that is on sale again.

A real `shelfworthy shelf up`, a real `shelfworthy push`, three people with a browser each; axe on every page.
SHELF_SCREENSHOTS names a folder that takes a picture of each.
"""

import os
import re
from base64 import b32decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from django_otp.oath import totp
from playwright.sync_api import Browser, Page

from tests.golden import FOLDER
from tests.shelf.process import Shelf, running
from tests.shelf.web.browser import MODES, page_of, started, violations

pytestmark = [pytest.mark.lab, pytest.mark.timeout(300)]
SHOTS = os.environ.get("SHELF_SCREENSHOTS", "")
ADMINISTRATOR = "administrator@localhost"
PASSWORD = "harbour kettle sorrel {}"
SKU = "BEAR-1"
HEAD = "sku,title,maker,category,for_children,markets,firmware,app,product,vendor,model\n"
BEAR = "BEAR-1,Talking bear,Plumwhistle Toys,toy,yes,DE AT,{},MurmurPal Bear,Plumwhistle Toys,{}\n"
LAMP = "LAMP-1,Reading lamp,Lumen,light,no,DE,,,,,\n"
# Names of fields in an audit that are short and stand on several lines all the same.
BROKEN = """() => [...document.querySelectorAll(".fields th code")]
    .filter(one => one.textContent.length < 24 && one.checkVisibility() && one.getClientRects().length > 1)
    .map(one => one.textContent)"""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with running(tmp_path_factory.mktemp("story") / "shelf") as one:
        yield one


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from started()


class Somebody:
    """A person with a browser. Every page they come to is looked at by axe."""

    def __init__(self, browser: Browser, shelf: Shelf, mode: str = "light") -> None:
        self.page: Page = page_of(browser, shelf.url, None, **MODES[mode])
        self.url = shelf.url
        self.seen: dict[str, list[str]] = {}
        self.heard: list[str] = []
        self.page.on("console", lambda message: self.heard.append(message.text))
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))

    def go(self, path: str, name: str = "") -> None:
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        self.look(name or path)

    def look(self, name: str) -> None:
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            file = f"{name.strip('/').replace('/', '-') or 'today'}.png"
            self.page.screenshot(path=Path(SHOTS) / file, full_page=True)
        self.seen[name] = violations(self.page)

    def press(self, button: str, name: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()
        self.look(name)

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def come_in(self, email: str, once: str, number: int) -> None:
        """For the first time: one-time password, phone, recovery codes, a password of one's own."""
        self.go("/", "log-in")
        self.page.fill("[name=username]", email)
        self.page.fill("[name=password]", once)
        self.press("Go on", "enrol")
        key = re.sub(r"\s", "", self.page.locator("details code").text_content() or "")
        self.page.fill("[name=code]", f"{totp(b32decode(key + '=' * (-len(key) % 8))):06d}")
        self.press("Set up", "recovery codes")
        self.page.get_by_role("link", name="I have kept them").click()
        self.look("new password")
        self.page.fill("[name=old]", once)
        for field in ("new", "again"):
            self.page.fill(f"[name={field}]", PASSWORD.format(number))
        self.press("Choose", "first page")

    def hand_in(self, catalogue: str, name: str) -> None:
        self.go("/listings/import/", "import")
        file = {"name": "catalogue.csv", "mimeType": "text/csv", "buffer": catalogue.encode()}
        self.page.set_input_files("[name=file]", file)  # type: ignore[arg-type] # a payload
        self.press("Import", name)


def push(shelf: Shelf, edition: str, token: str) -> str:
    """What the lab does, on its own bench."""
    shelf.environment["SHELFWORTHY_TOKEN"] = token
    audit = FOLDER / "0.1.0" / f"cloudpets-{edition}.audit"
    done = shelf.command("push", str(audit), "--to", shelf.url)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_from_an_empty_folder_to_a_bear_on_sale_again(shelf: Shelf, browser: Browser) -> None:
    ada = Somebody(browser, shelf)
    ada.come_in(ADMINISTRATOR, shelf.password(), 1)
    ada.go("/", "today, empty")

    # The policy is looked through, tried, and switched on.
    ada.go("/policy/", "policy")
    ada.press("Check, and try on today's catalogue", "policy, tried")
    ada.press("Switch on", "policy, in force")

    # Two deciders are let in, and a lab gets a token.
    passwords = {}
    for name in ("Grace", "Mary"):
        ada.go("/people/", "people")
        ada.page.get_by_label("Name", exact=True).last.fill(name)
        ada.page.fill("[name=email]", f"{name.lower()}@shop.example")
        ada.page.select_option("[name=role]", "decider")
        ada.press("Let in", "one-time password")
        passwords[name] = ada.page.locator("code.secret").inner_text().strip()
    ada.go("/tokens/", "tokens")
    ada.page.fill("[name=observer]", "The test lab")
    ada.page.select_option("[name=origin]", "lab")
    ada.press("Make", "token")
    token = ada.page.locator("code.secret").inner_text().strip()

    # The catalogue, with a line that cannot be read.
    ada.hand_in(HEAD + BEAR.format("1.0.19,2.4.3", "MP-2018") + LAMP + ",nothing,,,,,,,,,\n", "imported")
    assert "3" in ada.text()
    ada.go("/listings/", "catalogue")
    assert ada.text().count("nobody looked") >= 2

    # The lab's audit of 2018 comes in, and the policy puts the bear on hold by itself.
    push(shelf, "2018", token)
    ada.go("/", "today")
    ada.go(f"/listings/{SKU}/", "listing on hold")
    held = ada.text()
    assert "on hold" in held
    assert "not met" in held
    ada.go("/decisions/", "decisions")
    assert "critical-exposure" in ada.text()
    ada.page.locator("tbody a").first.click()
    ada.look("decision")
    reasons = ada.text()
    assert "critical exposure" in reasons
    assert "mongodb" in reasons.lower() or "database" in reasons.lower()
    ada.go("/log/", "log")

    # The maker sends another edition, the catalogue says so, and the lab looks at that.
    ada.hand_in(HEAD + BEAR.format("2.1.0,3.0.0", "MP-2019") + LAMP, "imported again")
    push(shelf, "fixed", token)

    # Somebody proposes to put it back. It takes another decider, who is not the same.
    grace = Somebody(browser, shelf, "dark")
    grace.come_in("grace@shop.example", passwords["Grace"], 2)
    grace.go(f"/listings/{SKU}/", "listing before")
    assert "on hold" in grace.text()
    grace.go(f"/listings/{SKU}/decide/", "decide")
    grace.page.check("[name=action][value=reinstate]")
    grace.page.fill("[name=reason]", "the fixed edition holds")
    grace.page.fill("[name=words]", "The lab has looked at the edition of 2019.")
    grace.press("Decide", "proposed")
    grace.go("/proposals/", "own proposal")
    assert grace.page.get_by_role("button", name="Agree").count() == 0

    mary = Somebody(browser, shelf, "phone")
    mary.come_in("mary@shop.example", passwords["Mary"], 3)
    mary.go("/", "what waits")
    mary.go("/proposals/", "proposals")
    mary.press("Agree", "agreed")
    mary.go(f"/listings/{SKU}/", "listing on sale")
    assert "on sale" in mary.text()
    mary.page.locator("#audits ~ .scroll a").first.click()
    mary.look("audit")
    assert mary.page.locator(".fields th code").count() > 9
    assert mary.page.evaluate(BROKEN) == []
    mary.go("/watch/", "watch")

    for one in (ada, grace, mary):
        assert {name: wrong for name, wrong in one.seen.items() if wrong} == {}
        assert one.heard == []
    checked = shelf.command("shelf", "check")
    assert checked.returncode == 0, checked.stdout
    assert "Traceback" not in shelf.log()
