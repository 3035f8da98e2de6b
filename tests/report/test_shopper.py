"""Five plain sentences about a policy: each says what a check found, beside the words it rests on."""

import pytest
from msgspec import structs

from shelfworthy.checks import BY_ID
from shelfworthy.checks.policy._rules import rules
from shelfworthy.checks.policy.policy_collection import WORDS
from shelfworthy.model import Cause, Judgement, Outcome, Quote
from shelfworthy.record import Evidence
from shelfworthy.report import html
from shelfworthy.report.assemble import report_of
from shelfworthy.report.shape import ReportPolicy
from shelfworthy.report.shopper import ANY, QUESTIONS
from shelfworthy.report.words import words
from shelfworthy.seen.policy import PolicySeen
from shelfworthy.webtext.sentences import sentences
from tests.policies.reading import cases, seen
from tests.report import audits, hostile, papers
from tests.report.test_html import Page
from tests.report.test_terminal import shown

OWN = {"asks"}
GENERAL = {"title", "lede", "none", "unread", "unasked"}


def policy(audit: tuple[Evidence, Judgement]) -> ReportPolicy:
    [found] = report_of(*audit).policies
    return found


def test_there_are_words_for_all_that_the_checks_say_and_for_nothing_else() -> None:
    said = words().shopper
    assert set(said) == {*QUESTIONS, ANY}
    for check in QUESTIONS:
        assert set(said[check]) - OWN <= set(BY_ID[check].says)
        assert set(BY_ID[check].says) <= set(said[check]) | (set(said[ANY]) - GENERAL)


def test_every_kind_of_data_has_a_word() -> None:
    topics = {rule.topic for several in rules().values() for rule in several}
    assert {topic for topic in topics if topic.startswith("data-")} == set(WORDS)


@pytest.mark.parametrize("name", [case.name for case in cases()])
def test_each_sentence_rests_on_words_that_stand_where_it_says(name: str) -> None:
    evidence, judgement = papers.of_case(name)
    report = report_of(evidence, judgement)
    findings = {one.id: one for one in report.findings}
    [found] = report.policies
    assert [findings[one.finding].check for one in found.sentences] == list(QUESTIONS)
    for one in found.sentences:
        finding = findings[one.finding]
        assert one.outcome is finding.outcome
        assert "(not recorded)" not in one.says
        if isinstance(finding.place, Quote) or "sentence" in finding.facts:
            assert one.quote is not None
            number = int(one.quote.path.split(".")[1])
            [observation] = evidence.observations
            assert isinstance(observation.seen, PolicySeen)
            text = observation.seen.documents[number].text
            assert text[one.quote.start :].startswith(one.quote.text)


def test_a_good_policy_in_five_sentences() -> None:
    said = [one.says for one in policy(papers.good_toy()).sentences]
    assert said[0] == "It says it takes names, mail addresses, voices and device numbers, and what for."
    assert said[1] == "It says who gets it."
    assert said[2:] == [
        "It says how you can refuse.",
        "It says how you can delete it yourself.",
        "It says for how long it keeps it.",
    ]


def test_a_bad_one_says_what_is_missing() -> None:
    said = policy(papers.of_case("evasive-orb")).sentences
    assert said[0].says == "It does not say which data it takes."
    assert said[0].quote is None
    assert {one.outcome for one in said} == {Outcome.FAIL}


def test_what_a_person_must_read_is_quoted_too() -> None:
    said = policy(papers.of_case("wrong-product")).sentences
    [open_] = [one for one in said if one.outcome is Outcome.INCONCLUSIVE]
    assert open_.says == "A person must read whether you can refuse."
    assert open_.quote is not None


def test_a_language_we_do_not_read_is_named() -> None:
    said = policy(papers.of_case("fr-thermostat-presence")).sentences
    assert {one.says for one in said} == {"A person must read it: it is in French."}


def test_where_no_policy_was_looked_at_one_line_says_so() -> None:
    assert report_of(*audits.bear()).policies == ()
    read = Page(html.report(*audits.bear())).read()
    assert "What its privacy policy says No privacy policy was looked at." in read


def test_a_policy_that_nobody_could_look_at_is_no_policy_that_says_nothing() -> None:
    evidence, judgement = papers.good_toy()
    gap = audits.gap("policy", Cause.SILENT, "It did not answer.")
    unread = structs.replace(evidence, observations=(), looks=(), gaps=(gap,))
    audit = unread, structs.replace(judgement, findings=())
    assert policy(audit).sentences == ()
    assert "Nobody could look at it." in Page(html.report(*audit)).read()
    assert "Nobody could look at it." in shown(audit)


def test_the_page_leads_from_each_sentence_to_its_words_and_shows_no_more_of_the_text() -> None:
    page = Page(html.report(*papers.good_toy()))
    ids, links = set(page.all("id")), [link.removeprefix("#") for link in page.all("href")]
    quotes = [link for link in links if ".documents.0.text-" in link]
    assert len(quotes) >= 5
    assert set(quotes) <= ids
    text = page.read()
    assert "Swipe one to the left" in text or "Clear the nest" in text
    assert "You do, and you do it first. Out of the box" in text  # around a quote
    [observation] = papers.good_toy()[0].observations
    assert isinstance(observation.seen, PolicySeen)
    [document] = observation.seen.documents
    own = sentences(document, 0)
    assert len([one for one in own if one.text in text]) < len(own) * 2 / 3


def test_the_terminal_says_them_too() -> None:
    said = " ".join(shown(papers.good_toy()).split())
    assert "WHAT ITS PRIVACY POLICY SAYS ✓ What it collects: It says it takes names, mail addresses" in said
    assert "✓ For how long: It says for how long it keeps it. “" in said


def test_hostile_words_of_a_policy_can_only_be_read() -> None:
    case = next(one for one in cases() if one.name == "good-toy")
    whole = seen(case)
    [document] = whole.documents
    strange = " ".join((hostile.MARKUP, hostile.TERMINAL, hostile.TURNED, hostile.RICH, hostile.TEMPLATE))
    noisy = f"Your recordings are stored by Evil Cloud Ltd {' '.join(strange.split())}"
    block = structs.replace(document.blocks[0], start=0, tag="p", aside=False)
    changed = structs.replace(document, text=noisy, blocks=(block,))
    product = report_of(*papers.good_toy()).product
    audit = papers.audited(product, structs.replace(whole, documents=(changed,)))
    page, terminal = html.report(*audit), shown(audit)
    assert page.count("Evil Cloud Ltd") >= 2
    assert "Evil Cloud Ltd" in terminal
    assert "<script" not in page
    said = page + terminal
    assert not set(said) & set("\x1b\x07\x08\r\x9b\u202e\u2066\u200b\u2028")
