"""The HTML report as a document: whole, in order, every reason linked to its evidence, nothing alive."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import msgspec
import pytest

from shelfworthy.model import Cause, Judgement
from shelfworthy.record import Evidence
from shelfworthy.report import html
from tests.report import audits, hostile, papers

VOID = {"meta", "br", "img", "link", "input", "hr"}
LOADS = {"src", "srcset", "action", "formaction", "poster", "data", "background", "ping", "cite", "style"}


class Page(HTMLParser):
    """A parsed page: elements with their attributes, ids, links, and the text as read."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.elements.append((tag, known))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"style", "title"}:
            self.text.append(data)

    def all(self, attribute: str) -> list[str]:
        return [known[attribute] for _, known in self.elements if attribute in known]

    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def read(self) -> str:
        return " ".join(" ".join(self.text).split())


def page(audit: tuple[Evidence, Judgement]) -> Page:
    return Page(html.report(*audit))


def many() -> tuple[Evidence, Judgement]:
    """The bear with a thousand more gaps and mentions."""
    evidence, judgement = audits.bear()
    gaps = tuple(audits.gap("records", Cause.SILENT, f"Silence {n}.") for n in range(1000))
    names = audits.observed(
        "site", audits.Leaflet(text="", scan=b"", names=tuple(f"https://{n}.test/" for n in range(1000)))
    )
    observations = (*evidence.observations, names)
    return msgspec.structs.replace(evidence, gaps=gaps, observations=observations), judgement


AUDITS: dict[str, audits.Audited] = {
    "bear": audits.bear,
    "nothing": audits.nothing,
    "many": many,
    "policy": papers.good_toy,
    "hostile": lambda: hostile.product(hostile.ALL),
}


@pytest.mark.parametrize("name", AUDITS)
def test_elements_close_ids_are_unique_and_links_lead_somewhere(name: str) -> None:
    shown = page(AUDITS[name]())
    ids = shown.all("id")
    assert not shown.open
    assert len(ids) == len(set(ids))
    links = shown.all("href")
    assert links
    assert {link for link in links if not link.startswith("#")} == set()
    assert {link[1:] for link in links} <= set(ids)
    assert {id for ids in shown.all("aria-labelledby") for id in ids.split()} <= set(shown.all("id"))


@pytest.mark.parametrize("name", AUDITS)
def test_no_script_and_nothing_that_loads(name: str) -> None:
    shown = page(AUDITS[name]())
    assert not shown.tags() & {"script", "img", "link", "iframe", "object", "embed", "form", "base", "video"}
    named = {name for _, known in shown.elements for name in known}
    assert not named & LOADS
    assert not {name for name in named if name.startswith("on")}
    css = html.report(*AUDITS[name]()).partition("<style>")[2].partition("</style>")[0]
    assert css
    assert not re.search(r"url\(|@import|@font-face|expression", css)


def test_the_order_is_the_readers() -> None:
    evidence, judgement = audits.bear()
    text = html.report(evidence, judgement)
    order = ["exposures", "answers", "why", "evidence", "change", "declared", "seen", "references"]
    places = [text.index(f'<h2 id="{id}"') for id in order]
    assert places == sorted(places)
    assert text.index("<h1>") < places[0]
    assert text.index("How to check this report") > places[-1]


def test_headings_never_skip_a_level() -> None:
    for name in AUDITS:
        tags = [tag for tag, _ in page(AUDITS[name]()).elements]
        levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(below - above <= 1 for above, below in pairwise(levels))


def test_every_finding_leads_to_the_field_that_decided_it_and_back() -> None:
    evidence, judgement = audits.bear()
    text = html.report(evidence, judgement)
    for finding in judgement.findings:
        item = re.search(rf'<li class="finding[^"]*" id="finding-{finding.id}">.*?</li>', text, re.DOTALL)
        assert item, finding.check
        [observation] = finding.evidence
        link = re.search(rf'href="#(observation-{observation}[^"]*)"', item[0])
        assert link, finding.check
        target = re.search(rf'<(?:tr|article)[^>]* id="{re.escape(link[1])}"[^>]*>', text)
        assert target
        if finding.place is not None:
            assert link[1].startswith(f"observation-{observation}.{finding.place.path}")
            assert 'class="decisive"' in target[0]
        card = f'<article class="observation" id="observation-{observation}">.*?</article>'
        article = re.search(card, text, re.DOTALL)
        assert article
        assert f'href="#finding-{finding.id}"' in article[0]


def test_only_deciding_fields_are_marked() -> None:
    text = html.report(*audits.bear())
    greeting = text[text.index(f'id="observation-{audits.HELLO.id}"') :].partition("</article>")[0]
    marked = set(re.findall(rf'id="observation-{audits.HELLO.id}\.(\w+)" class="decisive"', greeting))
    assert marked == {"plain", "protocol"}
    assert f'id="observation-{audits.HELLO.id}.version"' in greeting


def test_a_quote_is_marked_in_its_text() -> None:
    assert "<mark>answer within a week.</mark>" in html.report(*audits.bear())


def test_evidence_that_is_gone_is_said_to_be() -> None:
    evidence, judgement = audits.bear()
    without = msgspec.structs.replace(evidence, observations=())
    assert f"Evidence {audits.LISTING.id} is not in this audit any more" in page((without, judgement)).read()


def test_what_a_reader_must_find() -> None:
    evidence, judgement = audits.bear()
    said = page((evidence, judgement)).read()
    for words in (
        "MurmurPal Bear",
        "Plumwhistle Toys",
        "2000000000015",
        "A stranger may list 3 databases with 19,395 records.",
        "Permit knock on recordings.",
        "The maker wrote that its disks are encrypted.",
        "What was seen contradicts it, and stands.",
        "Updates until 31 December 2030.",
        "trusted by this product file",
        "https://tour.murmurpal-club.test/",
        "the product must use encryption for all of its network communications".capitalize(),
        "Not asked of this product.",
        evidence.digest,
        judgement.rules_digest,
        f"shelfworthy verify AUDIT --digest {evidence.digest}",
        "Nobody looked at this.",
        "8 bytes, SHA-256",
        audits.OBSERVER,
    ):
        assert words in said
    assert said.count("not met") >= 5
    assert "%PDF" not in said


def test_the_head_says_it_in_a_sentence_and_names_the_evidence() -> None:
    evidence, judgement = audits.bear()
    head = html.report(evidence, judgement).partition("<main")[0]
    assert (
        "One of five guidelines is not met, three cannot be determined, one is met; one exposure was found."
    ) in head
    assert f'title="{evidence.digest}"' in head
    assert f"<code>{evidence.digest[:12]}…</code>" in head


def test_the_command_that_repeats_it_says_the_second() -> None:
    assert "shelfworthy judge AUDIT --at 2026-03-01T10:00:00Z" in page(audits.bear()).read()


def test_what_no_check_asks_is_one_list_for_each_guideline() -> None:
    text = html.report(*audits.bear())
    updates = text[text.index('<h3 id="updates"') :].partition("</section>")[0]
    assert updates.count('<article class="requirement"') == 1  # what was declared
    assert updates.count("Nobody looked yet") == 1
    for id in ("mechanism", "signed", "automatic", "seamless", "components"):
        assert f'<li id="updates.{id}">' in updates
    assert '<h4 id="updates.support">' in updates


def test_things_are_told_with_their_kind() -> None:
    said = page(audits.bear()).read()
    assert "at database records" in said
    assert "bucket recordings" in said


def test_no_score_grade_or_percentage() -> None:
    said = page(audits.bear()).read().replace("there is no score", "")
    assert not re.search(r"\bscore|\bgrade|%|\d+ (of|out of) \d+", said)


def test_same_audit_same_bytes() -> None:
    assert html.report(*audits.bear()) == html.report(*audits.bear())


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_hostile_text_can_only_be_read(text: str) -> None:
    written = html.report(*hostile.product(text))
    shown = Page(written)
    assert not set(written) & set("\x1b\x07\x08\r\x9b\u202e\u2066\u200b\u2028")
    assert not shown.tags() & {"script", "img"}
    assert "49" not in re.findall(r"\b\d+\b", shown.read().replace("2049", ""))
    assert len(written) < 4 * len(html.report(*audits.bear()))


def test_what_is_hostile_is_still_shown() -> None:
    assert "<script>document.title='owned'</script>" in page(hostile.product(hostile.MARKUP)).read()


def test_long_lists_are_bounded_and_counted() -> None:
    shown = page(many()).read()
    assert shown.count("Silence ") == html.MOST
    assert f"… and {1000 - html.MOST} more, in the evidence." in shown
    assert "… and 801 more, in the evidence." in shown


def test_a_check_is_explained_once_where_it_decides() -> None:
    text = html.report(*audits.bear())
    assert text.count("About this question") == 1
    opened = re.search(rf'id="finding-{audits.OPEN}">.*?</li>', text, re.DOTALL)
    assert opened
    assert "If it fails" in opened[0]
    assert "What it does not show" in opened[0]


def test_every_reason_of_an_exposure_is_told_first() -> None:
    text = html.report(*audits.bear())
    told = text[text.index('<h2 id="exposures"') : text.index('<h2 id="answers"')]
    assert "A stranger may list 3 databases with 19,395 records." in told
    assert told.index("not met") < told.index("cannot determine")
