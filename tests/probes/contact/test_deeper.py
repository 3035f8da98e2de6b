"""Whether mail can reach the mailboxes, and what was published: real sites, a real name server."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Cause, Contact, Outcome
from shelfworthy.probes.contact.history import changes, feed, first_day, list_places
from shelfworthy.probes.contact.mail import domains
from shelfworthy.reach import Address
from shelfworthy.seen.contact import ContactHistory, ContactMail
from shelfworthy_lab.home import CantRun
from tests.needs import missing
from tests.probes.contact.deeper import SITES, TRUTH, look, resolver
from tests.probes.contact.looking import HOST, served
from tests.specimen import outcome

SITE = Address(scheme="https", host="bears.test", port=443, path="/")
pytestmark = pytest.mark.lab
ABOUT = About(surface=Contact(id="maker", where="contact:https://www.bears.test/"))
SITE = Address(scheme="https", host="www.bears.test", port=443, path="/")


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    try:
        with served(SITES, tmp_path_factory.mktemp("sites")) as ports:
            yield ports
    except CantRun as why:
        missing(str(why))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        with resolver(tmp_path_factory.mktemp("names")) as at:
            yield at
    except CantRun as why:
        missing(str(why))


@pytest.mark.parametrize("name", SITES)
def test_sites(name: str, ports: dict[str, int], known: str) -> None:
    _, mail, history = asyncio.run(look(f"contact:https://{HOST}:{ports[name]}/", known))
    said = [list(BY_ID[check].judge(one, ABOUT)) for check, one in zip(TRUTH, (mail, history), strict=True)]
    assert tuple(answers[0].says for answers in said) == SITES[name].says


def test_seven_domains_are_not_all_asked_about(ports: dict[str, int], known: str) -> None:
    _, mail, _ = asyncio.run(look(f"contact:https://{HOST}:{ports['seven domains']}/", known))
    assert (len(mail.domains), mail.unasked) == (5, 2)
    answers = list(BY_ID["contact-reachable"].judge(mail, ABOUT))
    assert (answers[-1].says, answers[-1].cause) == ("more", Cause.NOBODY_LOOKED)


def test_without_a_resolver_it_stays_open(ports: dict[str, int]) -> None:
    """A closed address: what nobody may be asked is not permitted, and the site is looked at all the same."""
    seen, mail, history = asyncio.run(look(f"contact:https://{HOST}:{ports['mx']}/", "127.0.0.1:1"))
    answers = list(BY_ID["contact-reachable"].judge(mail, ABOUT))
    assert (outcome(answers), answers[0].cause) == (Outcome.INCONCLUSIVE, Cause.NOT_PERMITTED)
    assert seen.pages
    assert history.lists


def test_a_silent_resolver_is_asked_about_one_domain_only(ports: dict[str, int]) -> None:
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind((HOST, 0))
        at = f"{HOST}:{deaf.getsockname()[1]}"
        _, mail, _ = asyncio.run(look(f"contact:https://{HOST}:{ports['seven domains']}/", at))
        deaf.setblocking(False)
        asked = 0
        while True:
            try:
                deaf.recv(4096)
            except BlockingIOError:
                break
            asked += 1
    assert asked == 2  # the same question twice
    assert {one.cause for one in mail.domains} == {Cause.SILENT}


def test_mailboxes_are_found_once_with_their_first_place(ports: dict[str, int], known: str) -> None:
    seen, _, _ = asyncio.run(look(f"contact:https://{HOST}:{ports['mx in security.txt']}/", known))
    assert domains(seen) == {
        "bears.test": f"https://{HOST}:{ports['mx in security.txt']}/.well-known/security.txt"
    }


def test_it_all_fits_into_the_bounds_of_a_look(ports: dict[str, int], known: str) -> None:
    """What is asked for after the pages is not what politeness leaves out."""
    _, mail, history = asyncio.run(look(f"contact:https://{HOST}:{ports['csaf']}/", known))
    assert isinstance(mail, ContactMail)
    assert isinstance(history, ContactHistory)
    assert all(one.cause is None for one in history.lists)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"distributions": 7}',
        b"[" * 100_000,
        b'{"publisher": {}, "distributions": {}}',
        b"\xff",
    ],
)
def test_what_is_no_provider_metadata(content: bytes) -> None:
    assert list_places(content, SITE) is None


@pytest.mark.parametrize(
    "content",
    [
        b'{"publisher": {}, "distributions": [7, null, {}, {"rolie": 7}, {"rolie": {"feeds": [7]}}]}',
        b'{"publisher": {}, "distributions": [{"directory_url": 7}, {"directory_url": "mongodb://x/"}]}',
        b'{"publisher": {}, "distributions": []}',
    ],
)
def test_provider_metadata_that_names_no_list(content: bytes) -> None:
    assert list_places(content, SITE) == []


def test_lists_of_a_provider_are_at_most_two() -> None:
    one = b'{"directory_url": "https://a.test/csaf"},'
    content = b'{"publisher": {}, "distributions": [' + (one * 50).rstrip(b",") + b"]}"
    found = list_places(content, SITE)
    assert found is not None
    assert [(how, to.path) for how, to in found] == [("csaf", "/csaf/changes.csv")] * 2


def test_lists_for_machines() -> None:
    assert changes(b'"a/b.json","2019-04-02T10:00:00Z"\n\n') == [first_day("2019-04-02")]
    assert changes(b"<html>") is None
    assert changes(b"") == []
    assert feed(b"[]") is feed(b'{"feed": 7}') is feed(b"{" * 9999) is None
    assert feed(b'{"feed": {"entry": [7, {}, {"published": 7}]}}') == [None, None]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2019-04-02", "2019-04-02"),
        ("on 2 April 2019", "2019-04-02"),
        ("April 2, 2019", "2019-04-02"),
        ("2. Mai 2019", "2019-05-02"),
        ("31 February 2019", None),
        ("2 Bears 2019", None),
        ("version 1.2019", None),
    ],
)
def test_days_of_advisories(words: str, day: str | None) -> None:
    found = first_day(words)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize("read", [feed, lambda content: list_places(content, SITE)])
def test_what_is_no_utf8_is_no_list(read: Callable[[bytes], object]) -> None:
    assert read(b'{"publisher": "\xff", "distributions": [], "feed": {"entry": []}}') is None
