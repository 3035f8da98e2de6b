"""The HTML report in real Chromium: axe, phone, paper, keyboard, and not one request."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from shelfworthy.report import html
from tests.needs import missing
from tests.report import audits, hostile, papers, toys

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AUDITS: dict[str, audits.Audited] = {
    "bear": audits.bear,
    "nothing": audits.nothing,
    "toy": toys.open_toy,
    "policy": papers.good_toy,
    "hostile": lambda: hostile.product(hostile.ALL),
}
MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if shutil.which(CHROMIUM) is None:
        missing("the Debian package chromium")
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    for name, audit in AUDITS.items():
        (folder / f"{name}.html").write_text(html.report(*audit()), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in AUDITS}


def opened(browser: Browser, path: Path, **mode: Any) -> Page:
    page = browser.new_context(**mode).new_page()
    page.goto(path.as_uri())
    return page


def violations(page: Page) -> list[str]:
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize(
    ("name", "mode"),
    [*((name, mode) for name in ("bear", "toy", "policy") for mode in MODES), ("hostile", "light")],
)
def test_axe_has_nothing_to_say(browser: Browser, pages: dict[str, Path], name: str, mode: str) -> None:
    page = opened(browser, pages[name], **MODES[mode])
    assert violations(page) == []
    page.context.close()


@pytest.mark.parametrize("name", ["bear", "toy", "policy"])
def test_axe_has_nothing_to_say_about_paper(browser: Browser, pages: dict[str, Path], name: str) -> None:
    page = opened(browser, pages[name])
    page.emulate_media(media="print")
    assert violations(page) == []
    page.context.close()


def test_axe_would_have_spoken(browser: Browser, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["bear"])
    page.evaluate("document.querySelector('.badge').style.color = '#ddd'")
    assert [one.partition(":")[0] for one in violations(page)] == ["color-contrast"]
    page.context.close()


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
@pytest.mark.parametrize("name", AUDITS)
def test_no_sideways_scrolling(browser: Browser, pages: dict[str, Path], name: str, width: int) -> None:
    page = opened(browser, pages[name], viewport={"width": width, "height": 700})
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def watched(browser: Browser, path: Path) -> tuple[list[str], list[str]]:
    """What a page asked for, and what it said by script, console or dialog."""
    asked: list[str] = []
    said: list[str] = []

    def heard(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page = browser.new_context().new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", heard)
    page.goto(path.as_uri())
    page.wait_for_timeout(150)
    said += ["owned"] if page.title() == "owned" else []
    page.context.close()
    return asked, said


@pytest.mark.parametrize("name", AUDITS)
def test_nothing_is_fetched_and_nothing_runs(browser: Browser, pages: dict[str, Path], name: str) -> None:
    assert watched(browser, pages[name]) == ([pages[name].as_uri()], [])


def test_what_is_hostile_would_have_run(browser: Browser, tmp_path: Path) -> None:
    alive = tmp_path / "alive.html"
    alive.write_text(f"<!doctype html><title>x</title>{hostile.MARKUP}", encoding="utf-8")
    asked, said = watched(browser, alive)
    assert len(asked) == 2
    assert "owned" in said


def test_the_page_forbids_itself_to_run_anything(
    browser: Browser, pages: dict[str, Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.html"
    whole = pages["bear"].read_text(encoding="utf-8")
    broken.write_text(whole.replace("<main", f"{hostile.MARKUP}<main"), encoding="utf-8")
    _, said = watched(browser, broken)
    assert "owned" not in said
    assert [one for one in said if "Content Security Policy" in one]


def test_it_reads_without_script(browser: Browser, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["bear"], java_script_enabled=False)
    assert page.get_by_role("heading", level=1).inner_text() == "MurmurPal Bear"
    assert page.get_by_role("heading", level=2).first.inner_text() == "Exposures found"
    page.get_by_role("main").get_by_role("link", name="Encrypted communications").click()
    assert page.url.endswith("#encryption")
    page.context.close()


def test_a_reason_is_one_click_from_its_evidence_and_back(browser: Browser, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["bear"])
    finding = page.locator(f"#finding-{audits.OPEN}")
    finding.get_by_role("link", name="Evidence").click()
    row = page.locator("tr:target")
    assert row.is_visible()
    assert row.get_attribute("class") == "decisive"
    page.locator(f"#observation-{audits.LISTING.id}").get_by_role("link", name="database-open").click()
    assert page.locator(f"#finding-{audits.OPEN}:target").is_visible()
    page.context.close()


def test_the_keyboard_reaches_the_answers_first(browser: Browser, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["bear"])
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to the answers"
    assert focused.bounding_box()["y"] >= 0  # type: ignore[index]
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.context.close()


def test_paper_shows_what_the_screen_folds_away(browser: Browser, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["bear"])
    folded = page.locator("details:not([open]) blockquote").first
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
    assert not page.get_by_role("navigation").is_visible()
    page.context.close()


def test_answers_are_told_apart_without_colour(browser: Browser, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["bear"], forced_colors="active")
    badges = page.locator(".badge")
    shapes = {}
    for number in range(badges.count()):
        badge = badges.nth(number)
        shapes[badge.inner_text().strip()] = badge.locator("use").get_attribute("href")
    assert set(shapes) == {"met", "not met", "cannot determine", "not applicable"}
    assert len(set(shapes.values())) == 4
    page.context.close()
