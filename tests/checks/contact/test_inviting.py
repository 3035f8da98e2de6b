"""Sentences of real pages: those that invite a report, and those that only speak of one."""

import msgspec
import pytest

from shelfworthy.checks.contact._inviting import inviting
from shelfworthy.seen.contact import Link, Page, Passage

INVITING = (
    "Report a vulnerability",
    "To report a security issue, please email us.",
    "If you believe you have found a security vulnerability in our products, let us know.",
    "Please report any security vulnerabilities to our team.",
    "How to report a vulnerability",
    "Reporting security vulnerabilities",
    "Vulnerability Disclosure Policy",
    "You can submit vulnerability reports by mail.",
    "Found a security bug?",
    "Send vulnerability reports to psirt@bears.test.",
    "Schwachstelle melden",
    "Bitte melden Sie Schwachstellen an unser Team.",
    "Signaler une vulnérabilité",
    "Si vous avez découvert une faille, signalez-la.",
    "Segnala una vulnerabilità",
    "Kwetsbaarheid melden",
)
SPEAKING = (
    "Researchers found a vulnerability in our bear.",
    "A new report shows vulnerabilities in toys.",
    "Report shows vulnerability in toys",
    "We do not accept vulnerability reports.",
    "No vulnerabilities were found by the testers.",
    "The vulnerability was reported by a researcher in 2017.",
    "We fixed a security problem that was discovered last year.",
    "Forscher melden Schwachstelle in Teddybären",
    "Wir nehmen keine Meldungen von Schwachstellen an.",
)


def page(*sentences: str, links: tuple[Link, ...] = ()) -> Page:
    return Page(
        role="place",
        url="https://bears.test/security",
        final="https://bears.test/security",
        status=200,
        cause=None,
        words="",
        whole=True,
        readable=True,
        language="en",
        form=False,
        passages=tuple(Passage(start=100 * at, text=text) for at, text in enumerate(sentences)),
        links=links,
    )


@pytest.mark.parametrize("sentence", INVITING)
def test_an_invitation_is_one(sentence: str) -> None:
    assert [at.path for at in inviting(page(sentence), 0)] == ["pages.0.passages.0.text"]


@pytest.mark.parametrize("sentence", SPEAKING)
def test_news_is_no_invitation(sentence: str) -> None:
    assert not list(inviting(page(sentence), 0))


def test_a_page_that_takes_no_reports_invites_none() -> None:
    assert not list(inviting(page("Report a vulnerability", "We don't accept vulnerability reports."), 0))


def test_a_promise_not_to_sue_takes_nothing_back() -> None:
    promise = "We will not take legal action against researchers who report vulnerabilities."
    assert list(inviting(page("Report a vulnerability", promise), 0))


def test_the_words_of_a_link_invite_to_where_it_leads() -> None:
    sentence = "Report a vulnerability"
    elsewhere = Link(text=sentence, url="https://bears.test/tell")
    mail = msgspec.structs.replace(elsewhere, url="mailto:psirt@bears.test")
    assert not list(inviting(page(sentence, links=(elsewhere,)), 0))
    assert list(inviting(page(sentence, links=(mail,)), 0))
