"""Pages that need a browser: what they ask for goes through reach, and without one nothing is claimed."""

import asyncio
from pathlib import Path

import pytest

from shelfworthy.model import Cause
from shelfworthy.reach import Limits
from shelfworthy.sandbox import browser
from tests.needs import missing
from tests.probes.policy.looking import Looked, look, site

TEXT = "We keep the voice of your child for thirty days, and then we delete it for good. " * 8
STATIC = (
    f"<!doctype html><html lang=en><title>Privacy policy</title><main><h1>Privacy policy</h1><p>{TEXT}</main>"
)
MADE = "<!doctype html><html lang=en><title>Privacy policy</title><main></main><script src=/make.js></script>"
MAKES = f"document.querySelector('main').innerHTML = '<h1>Privacy policy</h1><p>{TEXT}'"
SHOP = f"<!doctype html><html lang=en><title>Bears</title><main><h1>Bears</h1><p>{'Bears hug. ' * 40}</main>"
LINKS = (
    "<script>document.body.insertAdjacentHTML('beforeend', '<a href=/privacy>Privacy policy</a>')</script>"
)


@pytest.fixture
def chromium() -> None:
    if not Path(browser.CHROMIUM).is_file():
        missing("the Debian package chromium")


@pytest.fixture
def no_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "CHROMIUM", "/nowhere/chromium")


def looked(pages: dict[str, str], path: str = "/", limits: Limits | None = None) -> tuple[Looked, list[str]]:
    """What is seen of a site, and what it was asked for."""

    async def run() -> tuple[Looked, list[str]]:
        async with site(pages) as one:
            return await look(one, path, limits), one.asked

    return asyncio.run(run())


@pytest.mark.usefixtures("chromium")
def test_a_policy_made_by_a_script_is_read() -> None:
    seen, asked = looked({"/privacy": MADE, "/make.js": MAKES}, "/privacy")
    (document,) = seen.policy.documents
    assert document.rendered
    assert document.readable
    assert document.whole
    assert TEXT.strip() in document.text
    assert (document.cause, document.words) == (None, "")
    assert asked == ["/privacy", "/make.js"]
    (page,) = seen.pages
    assert page.axe
    assert page.letters > 400


@pytest.mark.usefixtures("chromium")
def test_a_policy_that_needs_no_script_is_read_as_it_came_and_shown_to_axe() -> None:
    seen, asked = looked({"/privacy": STATIC}, "/privacy")
    (document,) = seen.policy.documents
    assert not document.rendered
    assert asked == ["/privacy"]
    (page,) = seen.pages
    assert (page.cause, page.broken, page.headings, page.pictures) == (None, (), 1, 0)
    assert "no network" in page.held


@pytest.mark.usefixtures("chromium")
def test_a_link_that_a_script_makes_is_found() -> None:
    seen, asked = looked({"/": SHOP + LINKS, "/privacy": STATIC})
    (document,) = seen.policy.documents
    assert document.clicks == 1
    assert asked == ["/", "/privacy"]
    (start,) = seen.policy.hops
    assert start.whole
    assert start.cause is None


@pytest.mark.usefixtures("chromium")
def test_where_no_script_makes_a_link_there_is_none() -> None:
    seen, _ = looked({"/": SHOP + "<script>let bears = 2</script>"})
    (start,) = seen.policy.hops
    assert (start.whole, start.readable, start.cause) == (True, True, None)
    (page,) = seen.pages
    assert (page.url, page.cause, page.words) == (
        "",
        Cause.NOT_UNDERSTOOD,
        "No policy was found that could be shown.",
    )


@pytest.mark.usefixtures("chromium")
def test_what_a_page_asks_of_others_is_not_asked_and_said() -> None:
    """The other site is there, would answer, and is not permitted."""

    async def run() -> None:
        async with site({"/x.js": MAKES}, "127.0.0.6") as other:
            script = f"<script src=http://{other.server.at}/x.js></script>"
            async with site({"/privacy": MADE + script}) as one:
                seen = await look(one, "/privacy")
            assert other.server.contacts == 0
            (document,) = seen.policy.documents
            assert not document.whole
            assert document.words == ("The page wanted what it did not get: 1 script (not permitted).")
            (page,) = seen.pages
            assert [(one.part, one.cause, one.number) for one in page.lacks] == [
                ("script", Cause.NOT_PERMITTED, 1)
            ]
            async with site(
                {"/privacy": MADE + script.replace(other.server.at, "{at}"), "/x.js": MAKES}
            ) as one:
                seen = await look(one, "/privacy")
            assert seen.policy.documents[0].whole

    asyncio.run(run())


@pytest.mark.usefixtures("chromium")
def test_a_redirect_of_a_part_is_permitted_anew() -> None:
    async def run() -> None:
        async with site({"/x.js": MAKES}, "127.0.0.6") as other:
            pages = {"/privacy": MADE, "/make.js": f"-> http://{other.server.at}/x.js"}
            async with site(pages) as one:
                seen = await look(one, "/privacy")
            assert other.server.contacts == 0
            assert not seen.policy.documents[0].readable

    asyncio.run(run())


@pytest.mark.usefixtures("chromium")
def test_a_policy_to_which_a_script_leads_is_found_where_it_is() -> None:
    pages = {"/": "<title>x</title><script>location = '/en/privacy'</script>", "/en/privacy": STATIC}
    seen, _ = looked(pages)
    (document,) = seen.policy.documents
    assert document.url.endswith("/")
    assert document.final.endswith("/en/privacy")
    assert document.whole


@pytest.mark.usefixtures("chromium")
@pytest.mark.slow
def test_parts_have_a_bound_of_their_own() -> None:
    many = "".join(f"<script src=/s{number}.js></script>" for number in range(20))
    pages = {"/privacy": MADE + many, "/make.js": MAKES, **{f"/s{n}.js": "" for n in range(20)}}
    seen, asked = looked(pages, "/privacy", Limits(parts=5))
    assert len(asked) == 6
    assert not seen.policy.documents[0].whole
    assert [(one.part, one.cause, one.number) for one in seen.pages[0].lacks] == [
        ("script", Cause.NOT_PERMITTED, 16)
    ]


@pytest.mark.usefixtures("chromium")
@pytest.mark.slow
def test_an_endless_script_spoils_its_own_page_only() -> None:
    pages = {
        "/": SHOP + "<a href=/privacy>Privacy policy</a>",
        "/privacy": STATIC + "<script>while (1) {}</script>",
    }
    seen, _ = looked(pages)
    (document,) = seen.policy.documents
    assert document.cause is None
    assert TEXT.strip() in document.text
    (page,) = seen.pages
    assert (page.cause, page.words) == (Cause.NOT_UNDERSTOOD, "The page's scripts do not come to an end.")


@pytest.mark.usefixtures("no_chromium")
def test_without_chromium_the_tool_is_missing_and_the_rest_is_seen() -> None:
    seen, asked = looked({"/privacy": STATIC}, "/privacy")
    (document,) = seen.policy.documents
    assert (document.cause, document.readable, document.whole) == (None, True, True)
    (page,) = seen.pages
    assert page.cause is Cause.TOOL_MISSING
    assert page.words == (
        "Showing a page as a browser does needs Chromium (Debian: apt-get install chromium)."
    )
    assert asked == ["/privacy"]


@pytest.mark.usefixtures("no_chromium")
def test_without_chromium_a_policy_made_by_a_script_is_not_read_and_says_why() -> None:
    seen, _ = looked({"/privacy": MADE, "/make.js": MAKES}, "/privacy")
    (document,) = seen.policy.documents
    assert (document.cause, document.readable, document.rendered) == (Cause.TOOL_MISSING, False, False)
    assert "apt-get install chromium" in document.words


@pytest.mark.usefixtures("no_chromium")
def test_without_chromium_no_link_is_no_proof_where_there_are_scripts() -> None:
    seen, _ = looked({"/": SHOP + LINKS, "/privacy": STATIC})
    (start,) = seen.policy.hops
    assert (start.whole, start.cause) == (False, Cause.TOOL_MISSING)
    seen, _ = looked({"/": SHOP})
    (start,) = seen.policy.hops
    assert (start.whole, start.cause) == (True, None)
