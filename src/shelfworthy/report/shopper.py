"""What a policy says, for a shopper: five plain sentences, each beside the words it rests on. Pure.

What it collects, who gets it, how to refuse, how to delete, for how long: made from what five checks said,
with words of `words/*.toml`, so that nothing is said here that no check has found.
"""

from collections.abc import Iterable, Iterator

from shelfworthy.model import Kind, Observation, Quote
from shelfworthy.report.counting import standing
from shelfworthy.report.sentences import filled
from shelfworthy.report.shape import (
    PolicyQuote,
    ReportFinding,
    ReportPolicy,
    ReportSurface,
    ShopperSentence,
)
from shelfworthy.report.words import words
from shelfworthy.seen import AnySeen
from shelfworthy.seen.policy import PolicySeen
from shelfworthy.webtext.sentences import sentences

QUESTIONS = (
    "policy-collection",
    "policy-sharing",
    "policy-opt-out",
    "policy-deletion",
    "policy-retention",
)
ANY = "any"  # of the words: what keeps each of the checks from an answer


def policies(
    findings: Iterable[ReportFinding],
    surfaces: Iterable[ReportSurface],
    observations: Iterable[Observation[AnySeen]],
) -> tuple[ReportPolicy, ...]:
    """The five sentences for each policy that was judged; none of them for one that nobody could look at."""
    seen = {one.id: one.seen for one in observations if isinstance(one.seen, PolicySeen)}
    said = standing(one for one in findings if one.check in QUESTIONS).values()
    by_check = {(one.surface, one.unit, one.check): one for one in said}
    places = sorted({(surface, unit) for surface, unit, _ in by_check})
    judged = {surface for surface, _ in places}
    places += [(one.id, one.unit) for one in surfaces if one.kind is Kind.POLICY and one.id not in judged]
    return tuple(
        ReportPolicy(
            surface=surface,
            unit=unit,
            sentences=tuple(
                shopper_sentence(check, by_check.get((surface, unit, check)), seen) for check in QUESTIONS
            )
            if surface in judged
            else (),
        )
        for surface, unit in places
    )


def shopper_sentence(
    check: str, finding: ReportFinding | None, seen: dict[str, PolicySeen]
) -> ShopperSentence:
    """One of the five. finding: what the check said, None where it said nothing. seen: by observation."""
    said = words().shopper
    own, any_ = said[check], said[ANY]
    if finding is None:
        return ShopperSentence(asks=own["asks"], says=any_["unasked"], outcome=None, finding="", quote=None)
    template = own.get(finding.says) or any_.get(finding.says)
    return ShopperSentence(
        asks=own["asks"],
        says=filled(template, finding.facts) if template else finding.because,
        outcome=finding.outcome,
        finding=finding.id,
        quote=next(quoted(finding, seen), None),
    )


def quoted(finding: ReportFinding, seen: dict[str, PolicySeen]) -> Iterator[PolicyQuote]:
    """The words a finding is about: its place, or where the sentence stands that a person must read."""
    for id in finding.evidence:
        if id in seen:
            for at in _places(finding, seen[id]):
                number = int(at.path.split(".")[1])
                document = seen[id].documents[number]
                yield PolicyQuote(
                    observation=id,
                    document=document.final or document.url,
                    path=at.path,
                    start=at.start,
                    text=at.text,
                )


def _places(finding: ReportFinding, seen: PolicySeen) -> Iterator[Quote]:
    known = {f"documents.{number}.text" for number in range(len(seen.documents))}
    if isinstance(finding.place, Quote):
        if finding.place.path in known:
            yield finding.place
        return
    sentence = finding.facts.get("sentence")
    if finding.place is not None or not isinstance(sentence, str) or not sentence:
        return
    wanted = sentence.removesuffix("…")
    for number, document in enumerate(seen.documents):
        for one in sentences(document, number):
            if one.text.startswith(wanted):
                text = document.text[one.start : one.end]
                yield Quote(path=f"documents.{number}.text", start=one.start, text=text)
                return
