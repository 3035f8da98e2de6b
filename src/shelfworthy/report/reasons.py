"""Why an answer is what it is, in one line, for a guideline, a requirement or an exposure."""

from collections.abc import Iterable, Iterator

from shelfworthy.guidelines import Rules
from shelfworthy.model import (
    Cause,
    Change,
    GuidelineVerdict,
    Outcome,
    Record,
    RequirementVerdict,
    Severity,
    Standing,
)
from shelfworthy.report.assemble import answers
from shelfworthy.report.clean import plain
from shelfworthy.report.sentences import filled, listed, wanted
from shelfworthy.report.shape import Report, ReportFinding
from shelfworthy.report.words import words

GRAVITY = (*Severity, None)


class Errand(Record, frozen=True):
    """One line of the shopping list: what to do, where, and which requirements wait for it."""

    what: str
    cause: str
    surfaces: tuple[str, ...]
    requirements: tuple[str, ...]


def why_guideline(verdict: GuidelineVerdict, report: Report) -> str:
    """The one-line reason of a guideline's answer."""
    reason = words().reason
    if verdict.by_declaration_of:
        return filled(reason["declared"], {"name": verdict.by_declaration_of})
    if verdict.answer is Standing.NOT_MET:
        return _worst(deciding(report, verdict.requirements.values()))
    if verdict.answer is Standing.MET:
        return reason["met"]
    left_open = [
        name(id) for id, one in verdict.requirements.items() if one.answer is Standing.CANNOT_DETERMINE
    ]
    return filled(reason["open"], {"questions": listed(left_open)}) if left_open else reason["nothing_arose"]


def why_requirement(verdict: RequirementVerdict, report: Report) -> str:
    """The one-line reason of a requirement's or an exposure's answer."""
    reason = words().reason
    if verdict.declared_by:
        return filled(reason["declared"], {"name": verdict.declared_by})
    if verdict.answer is Standing.NOT_APPLICABLE:
        return reason["not_asked"]
    if verdict.answer is Standing.CANNOT_DETERMINE:
        return _undetermined(verdict.would_change)
    return _worst(deciding(report, [verdict]))


def why_exposed(verdict: RequirementVerdict, report: Report, most: int = 6) -> list[str]:
    """Every reason of an exposure that was found, each sentence once; of any other answer its one line."""
    if verdict.answer is not Standing.NOT_MET:
        return [why_requirement(verdict, report)]
    sentences = list(dict.fromkeys(finding.because for finding in deciding(report, [verdict])))
    rest = len(sentences) - most
    return sentences[:most] + ([filled(words().rest, {"count": rest})] if rest > 0 else [])


def deciding(report: Report, verdicts: Iterable[RequirementVerdict]) -> list[ReportFinding]:
    """The findings that made these answers, the gravest first."""
    ids = {id for one in verdicts for id in one.because}
    found = [finding for finding in report.findings if finding.id in ids]
    fails = [finding for finding in found if finding.outcome is Outcome.FAIL]
    return gravest(fails or found)


def gravest(findings: Iterable[ReportFinding]) -> list[ReportFinding]:
    """The findings, the gravest first."""
    return sorted(
        findings,
        key=lambda one: (GRAVITY.index(one.severity), one.check, one.surface, one.subject, one.id),
    )


def errands(report: Report, rules: Rules) -> tuple[Errand, ...]:
    """What would change what is undetermined, each thing once.

    First what can be done about something that is there, last what no check asks yet; of each what settles
    most.
    """
    by_id = answers(report.verdict)
    order = [id for id, _ in rules.requirements() if id in by_id]
    order += [id for id in by_id if id not in order]
    waiting: dict[tuple[str, str], dict[str, None]] = {}
    surfaces: dict[tuple[str, str], dict[str, None]] = {}
    for requirement in order:
        for change in by_id[requirement].would_change:
            key = (wanted(change), words().cause[change.cause])
            waiting.setdefault(key, {})[requirement] = None
            surfaces.setdefault(key, {}).update({change.surface: None} if change.surface else {})
    found = [
        Errand(what=what, cause=cause, surfaces=tuple(surfaces[what, cause]), requirements=tuple(ids))
        for (what, cause), ids in waiting.items()
    ]
    unasked = words().cause[Cause.NOBODY_LOOKED]
    return tuple(
        sorted(found, key=lambda one: (not one.surfaces, one.cause == unasked, -len(one.requirements)))
    )


def name(id: str) -> str:
    """What a requirement is called within its guideline: `tls` of `encryption.tls`."""
    return id.partition(".")[2] or id


def ordered(report: Report, rules: Rules) -> Iterator[tuple[str, GuidelineVerdict]]:
    """The guidelines in the order of the rules, with their requirements in theirs."""
    place = {id: number for number, (id, _) in enumerate(rules.requirements())}
    known = [id for id in rules.guideline if id in report.verdict.guidelines]
    for id in (*known, *(id for id in sorted(report.verdict.guidelines) if id not in known)):
        verdict = report.verdict.guidelines[id]
        inside = sorted(verdict.requirements.items(), key=lambda one: (place.get(one[0], len(place)), one[0]))
        yield (
            id,
            GuidelineVerdict(
                answer=verdict.answer, requirements=dict(inside), by_declaration_of=verdict.by_declaration_of
            ),
        )


def exposures(report: Report, rules: Rules) -> list[tuple[str, RequirementVerdict]]:
    """The exposures: found ones first, then in the order of the rules."""
    place = {id: number for number, (id, _) in enumerate(rules.requirements())}
    return sorted(
        report.verdict.exposures.items(),
        key=lambda one: (one[1].answer is not Standing.NOT_MET, place.get(one[0], len(place)), one[0]),
    )


def title(id: str, rules: Rules) -> str:
    """What a guideline is called; its id where these rules do not know it."""
    return rules.guideline[id].title if id in rules.guideline else plain(id)


def asks(id: str, rules: Rules) -> str:
    """The question of a requirement; its id where these rules do not know it."""
    heading, _, short = id.partition(".")
    requirement = rules.requirement.get(heading, {}).get(short)
    return requirement.asks if requirement else plain(id)


def _worst(findings: list[ReportFinding]) -> str:
    if not findings:
        return words().reason["nobody"]
    sentences = list(dict.fromkeys(finding.because for finding in findings))
    if len(sentences) == 1:
        return sentences[0]
    return filled(words().more, {"text": sentences[0], "count": len(sentences) - 1})


def _undetermined(changes: tuple[Change, ...]) -> str:
    reason = words().reason
    if not changes:
        return reason["nobody"]
    first = changes[0]
    cause = words().cause[first.cause]
    facts = {"cause": f"{cause[:1].upper()}{cause[1:]}", "what": wanted(first)}
    rest = len(set(changes)) - 1
    return filled(reason["undetermined_more" if rest else "undetermined"], {**facts, "count": rest})
