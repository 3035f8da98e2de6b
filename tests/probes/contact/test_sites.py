"""What a look at a maker's site sees, and what the checks say of it, at real web servers."""

import asyncio
import inspect
from collections.abc import Iterator

import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Contact, Quote
from shelfworthy.seen.contact import PAGE_PLACES, SECURITY_TXT_PLACES, ContactSeen
from tests.probes.contact.looking import HOST, look, served
from tests.probes.contact.sites import SITES, TRUTH

pytestmark = pytest.mark.lab

ABOUT = About(surface=Contact(id="maker", where="contact:https://bears.test/"))


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    with served(SITES, tmp_path_factory.mktemp("sites")) as ports:
        yield ports


def seen(ports: dict[str, int], name: str) -> ContactSeen:
    return asyncio.run(look(f"contact:https://{HOST}:{ports[name]}/"))


@pytest.mark.parametrize("name", SITES)
def test_the_truth_table(ports: dict[str, int], name: str) -> None:
    it = seen(ports, name)
    said = tuple(next(iter(BY_ID[check].judge(it, ABOUT))).says for check in TRUTH)
    assert said == SITES[name].says


def test_every_place_the_checks_name_is_asked(ports: dict[str, int]) -> None:
    it = seen(ports, "bare")
    assert [place.url for place in it.places] == [it.site + path for path in SECURITY_TXT_PLACES]
    assert [page.url for page in it.pages] == [it.site + path for path in PAGE_PLACES]
    for check in TRUTH:
        told = inspect.getdoc(inspect.getmodule(BY_ID[check].judge)) or ""
        places = SECURITY_TXT_PLACES if check == "contact-security-txt" else PAGE_PLACES
        assert all(f"`{path}`" in told for path in places), check


def test_the_fallback_is_not_asked_where_the_first_place_has_it(ports: dict[str, int]) -> None:
    assert len(seen(ports, "txt").places) == 1


def test_a_quote_lies_where_it_says(ports: dict[str, int]) -> None:
    it = seen(ports, "policy")
    (answer,) = BY_ID["contact-policy"].judge(it, ABOUT)
    assert isinstance(answer.place, Quote)
    _, page, _, passage, _ = answer.place.path.split(".")
    text = it.pages[int(page)].passages[int(passage)].text
    assert text[answer.place.start :].startswith(answer.place.text)
    assert answer.place.text == "status updates at least every 14 days"


def test_a_passed_security_txt_holds_until_it_expires(ports: dict[str, int]) -> None:
    it = seen(ports, "txt")
    (answer,) = BY_ID["contact-security-txt"].judge(it, ABOUT)
    assert it.security_txt is not None
    assert answer.until == it.security_txt.expires


def test_only_what_speaks_of_the_matter_is_kept(ports: dict[str, int]) -> None:
    it = seen(ports, "bare")
    assert not any(page.passages or page.links for page in it.pages)


def test_what_is_not_followed_is_mentioned(ports: dict[str, int]) -> None:
    mentioned = {mention.what for mention in seen(ports, "policy at another host").mentions()}
    assert "https://elsewhere.bears.test/cvd" in mentioned
    assert "https://hackerone.com/bears" in {one.what for one in seen(ports, "page with platform").mentions()}
