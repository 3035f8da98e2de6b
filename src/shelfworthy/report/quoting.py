"""The evidence of a policy: of its text the sentences that answers rest on, each with its place. Pure."""

import re
from collections.abc import Iterable

from msgspec import Struct, structs

from shelfworthy.model import Observation
from shelfworthy.report.clean import inline
from shelfworthy.report.shape import PolicyQuote, ReportFinding
from shelfworthy.report.shopper import quoted
from shelfworthy.seen import AnySeen
from shelfworthy.seen.policy import PolicyDocument, PolicySeen
from shelfworthy.webtext.sentences import sentences

AROUND = 120  # characters shown before and after a quote
LONGEST = 600  # of a quote
LEFT_OUT = re.compile(r"documents\.\d+\.(?:text|blocks|links)$")  # fields that are shown as passages, or not
NAMES = {
    "policy": "Policy",
    "terms": "Terms",
    "children": "Notice about children",
    "cookies": "Notice about cookies",
}


class Passage(Struct, frozen=True):
    """Words of a document with what stands around them. heading: of their section, or "".

    findings: that rest on them.
    """

    anchor: str
    heading: str
    before: str
    marked: str
    after: str
    findings: tuple[ReportFinding, ...]


class Read(Struct, frozen=True):
    """A document and its passages, in their order. what: `Policy`. letters: how many it has."""

    what: str
    address: str
    letters: int
    passages: tuple[Passage, ...]


def anchor(quote: PolicyQuote) -> str:
    """The HTML id of a passage."""
    return f"observation-{quote.observation}.{quote.path}-{quote.start}"


def bare(observation: Observation[AnySeen]) -> Observation[AnySeen]:
    """The same without what is long in a policy: its words, blocks and links (`LEFT_OUT`)."""
    if not isinstance(observation.seen, PolicySeen):
        return observation
    kept = tuple(structs.replace(one, text="", blocks=(), links=()) for one in observation.seen.documents)
    return structs.replace(observation, seen=structs.replace(observation.seen, documents=kept))


def documents(id: str, seen: PolicySeen, findings: Iterable[ReportFinding]) -> tuple[Read, ...]:
    """All documents of an observation, with what was quoted from them. id: of the observation."""
    found: dict[str, list[tuple[PolicyQuote, ReportFinding]]] = {}
    for finding in findings:
        for quote in quoted(finding, {id: seen}):
            found.setdefault(quote.path, []).append((quote, finding))
    return tuple(
        Read(
            what=NAMES[document.role],
            address=document.final or document.url,
            letters=len(document.text),
            passages=_passages(document, number, found.get(f"documents.{number}.text", [])),
        )
        for number, document in enumerate(seen.documents)
    )


def _passages(
    document: PolicyDocument, number: int, quotes: list[tuple[PolicyQuote, ReportFinding]]
) -> tuple[Passage, ...]:
    if not quotes:
        return ()
    headings = {one.start: one.heading for one in sentences(document, number)}
    by_place: dict[tuple[int, str], list[tuple[PolicyQuote, ReportFinding]]] = {}
    for quote, finding in quotes:
        by_place.setdefault((quote.start, quote.text), []).append((quote, finding))
    seen: set[str] = set()
    passages: list[Passage] = []
    for (start, text), several in sorted(by_place.items()):
        end = start + len(text)
        name = anchor(several[0][0])
        passages.append(
            Passage(
                anchor="" if name in seen else name,
                heading=inline(headings.get(start, "")),
                before=_before(document.text[max(0, start - AROUND) : start], cut=start > AROUND),
                marked=inline(text, LONGEST),
                after=_after(document.text[end : end + AROUND], cut=end + AROUND < len(document.text)),
                findings=tuple(finding for _, finding in several),
            )
        )
        seen.add(name)
    return tuple(passages)


def _before(text: str, *, cut: bool) -> str:
    """What stands before a quote, from its first whole word."""
    return inline(f"… {text.partition(' ')[2]}" if cut and " " in text else text)


def _after(text: str, *, cut: bool) -> str:
    """What stands after it, to its last whole word."""
    return inline(f"{text.rpartition(' ')[0]} …" if cut and " " in text else text)
