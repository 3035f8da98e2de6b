"""What the page of a listing says of its verdict, from a judgement and what of it somebody may see. Pure.

Where all that decides an answer is hidden from the reader, the answer stands and its reason is not shown: an
answer without its worst finding would be another answer.
"""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from django.utils.translation import gettext as _
from msgspec.structs import replace

from shelfworthy.guidelines import five_guidelines
from shelfworthy.model import (
    Finding,
    GuidelineVerdict,
    Identity,
    Judgement,
    Record,
    RequirementVerdict,
    Standing,
)
from shelfworthy.report import reasons
from shelfworthy.report.assemble import without_evidence
from shelfworthy.report.clean import plain
from shelfworthy.report.sentences import filled
from shelfworthy.report.shape import Report, ReportFinding
from shelfworthy.report.words import words
from shelfworthy.shelf.evidence.supplying import in_words

FINDINGS = 60  # that are shown of those that decide


class Exhibit(Record, frozen=True):
    """A finding and where to see it. href: of the observation, "" where it is not at hand."""

    sentence: str
    outcome: str
    severity: str
    surface: str
    check: str
    seen_at: datetime
    href: str


class Told(Record, frozen=True):
    """One answer. asks: the question. why: sentences. parts: of a guideline its requirements."""

    id: str
    title: str
    answer: str
    why: tuple[str, ...]
    parts: tuple["Told", ...] = ()


class Page(Record, frozen=True):
    """All of it. left_out: how many findings more decide."""

    exposures: tuple[Told, ...]
    guidelines: tuple[Told, ...]
    exhibits: tuple[Exhibit, ...]
    left_out: int
    errands: tuple[reasons.Errand, ...]


def page(
    judgement: Judgement, seen: tuple[Finding, ...], product: Identity, places: Mapping[str, str]
) -> Page:
    """The page of a verdict. seen: the findings the reader may see. places: digest of the evidence that
    holds an observation, by its id."""
    rules = five_guidelines()
    report = without_evidence(replace(judgement, findings=seen), product)
    known = {one.id for one in seen}
    deciding = reasons.gravest(_deciding(report))
    return Page(
        exposures=tuple(
            Told(
                id=id,
                title=_(reasons.asks(id, rules)),
                answer=str(one.answer),
                why=_exposed(one, report, known),
            )
            for id, one in reasons.exposures(report, rules)
        ),
        guidelines=tuple(
            Told(
                id=id,
                title=_(reasons.title(id, rules)),
                answer=str(one.answer),
                why=_guideline(one, report, known),
                parts=tuple(
                    Told(
                        id=part,
                        title=_(reasons.asks(part, rules)),
                        answer=str(inside.answer),
                        why=_requirement(inside, report, known),
                    )
                    for part, inside in one.requirements.items()
                ),
            )
            for id, one in reasons.ordered(report, rules)
        ),
        exhibits=tuple(_exhibit(one, places) for one in deciding[:FINDINGS]),
        left_out=max(0, len(deciding) - FINDINGS),
        errands=tuple(_errand(one) for one in reasons.errands(report, rules)),
    )


def _errand(one: reasons.Errand) -> reasons.Errand:
    """In words; where these say that it is missing, its cause is said."""
    said = in_words(one.what)
    return one if said == one.what else replace(one, what=said, cause="")


def _deciding(report: Report) -> list[ReportFinding]:
    verdict = report.verdict
    against = [
        one
        for one in (
            *(one for guideline in verdict.guidelines.values() for one in guideline.requirements.values()),
            *verdict.exposures.values(),
        )
        if one.answer is Standing.NOT_MET
    ]
    return reasons.deciding(report, against) if against else []


def _exhibit(finding: ReportFinding, places: Mapping[str, str]) -> Exhibit:
    there = next((id for id in finding.evidence if id in places), "")
    return Exhibit(
        sentence=plain(finding.because, 2000),
        outcome=str(finding.outcome),
        severity=str(finding.severity or ""),
        surface=plain(finding.surface),
        check=finding.check,
        seen_at=finding.seen_at,
        href=f"{quote(places[there])}/#observation-{quote(there)}" if there else "",
    )


def _hidden(verdict: RequirementVerdict, known: set[str]) -> bool:
    """Whether there are reasons, and the reader may see none of them."""
    return bool(verdict.because) and known.isdisjoint(verdict.because)


def _requirement(verdict: RequirementVerdict, report: Report, known: set[str]) -> tuple[str, ...]:
    if _hidden(verdict, known):
        return (_("The reason is not shown to you."),)
    return (_why(verdict, report),)


def _exposed(verdict: RequirementVerdict, report: Report, known: set[str]) -> tuple[str, ...]:
    if _hidden(verdict, known):
        return (_("The reason is not shown to you."),)
    if verdict.answer is not Standing.NOT_MET:
        return (_why(verdict, report),)
    return tuple(plain(one, 2000) for one in reasons.why_exposed(verdict, report))


def _guideline(verdict: GuidelineVerdict, report: Report, known: set[str]) -> tuple[str, ...]:
    against = [one for one in verdict.requirements.values() if one.answer is Standing.NOT_MET]
    if against and all(_hidden(one, known) for one in against):
        return (_("The reason is not shown to you."),)
    if verdict.by_declaration_of:
        return (_declared(verdict.by_declaration_of),)
    left_open = [one for one in verdict.requirements.values() if one.answer is Standing.CANNOT_DETERMINE]
    if verdict.answer is Standing.CANNOT_DETERMINE and left_open:
        counts = {"count": len(left_open), "all": len(verdict.requirements)}
        return (_("Open: %(count)s of %(all)s requirements.") % counts,)
    return (_(plain(reasons.why_guideline(verdict, report), 2000)),)


def _why(verdict: RequirementVerdict, report: Report) -> str:
    """The reason of an answer. What is the report's own is said in the reader's language; what checks and
    probes say is English."""
    if verdict.declared_by:
        return _declared(verdict.declared_by)
    wishes = reasons.changes(verdict) if verdict.answer is Standing.CANNOT_DETERMINE else []
    if not wishes:
        return _(plain(reasons.why_requirement(verdict, report), 2000))
    what, cause = wishes[0]
    because, more = _(cause), len(wishes) - 1
    said = [f"{because[:1].upper()}{because[1:]}.", in_words(what)]
    return plain(" ".join([*said, *([_("And %(count)s more.") % {"count": more}] if more else [])]), 2000)


def _declared(name: str) -> str:
    return filled(_(words().reason["declared"]), {"name": name})
