"""Why an answer is what it is, in one line, for a guideline, a requirement or an exposure."""

from collections.abc import Iterable, Iterator

from shelfworthy.guidelines import Rules
from shelfworthy.guidelines.todo import highest
from shelfworthy.model import (
    Cause,
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
SENTENCES = 3  # of a guideline's one line


class Errand(Record, frozen=True):
    """One line of the shopping list: what to do, where, and which requirements wait for it."""

    what: str
    cause: str
    surfaces: tuple[str, ...]
    requirements: tuple[str, ...]


def why_guideline(verdict: GuidelineVerdict, report: Report) -> str:
    """The one-line reason of a guideline's answer; its requirements in the order they are to be told."""
    reason = words().reason
    if verdict.by_declaration_of:
        return filled(reason["declared"], {"name": verdict.by_declaration_of})
    if verdict.answer is Standing.NOT_MET:
        return _of_each(report, verdict)
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
        return _undetermined(verdict)
    return _worst(deciding(report, [verdict]))


def why_exposed(verdict: RequirementVerdict, report: Report, most: int = 6) -> list[str]:
    """Every reason of an exposure that was found, each sentence once; of any other answer its one line."""
    if verdict.answer is not Standing.NOT_MET:
        return [why_requirement(verdict, report)]
    sentences = list(dict.fromkeys(finding.because for finding in deciding(report, [verdict])))
    return sentences[:most] + _more(max(0, len(sentences) - most))


def deciding(report: Report, verdicts: Iterable[RequirementVerdict]) -> list[ReportFinding]:
    """The findings that made these answers, the gravest first."""
    ids = {id for one in verdicts for id in one.because}
    found = [finding for finding in report.findings if finding.id in ids]
    fails = [finding for finding in found if finding.outcome is Outcome.FAIL]
    return gravest(fails or found)


def failing(report: Report) -> list[ReportFinding]:
    """The findings that failed a requirement, the gravest first."""
    found = deciding(report, answers(report.verdict).values())
    return [finding for finding in found if finding.outcome is Outcome.FAIL]


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
    wishes = highest(change for id in order for change in by_id[id].would_change)
    waiting: dict[tuple[str, str], dict[str, None]] = {}
    surfaces: dict[tuple[str, str], dict[str, None]] = {}
    for requirement in order:
        for change in by_id[requirement].would_change:
            key = (wanted(wishes[change]), words().cause[change.cause])
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


def changes(verdict: RequirementVerdict) -> list[tuple[str, str]]:
    """What would change an open answer and why it is open, in words, each once."""
    wishes = highest(verdict.would_change)
    told = ((wanted(what), words().cause[change.cause]) for change, what in wishes.items())
    return list(dict.fromkeys(told))


def unasked(verdict: RequirementVerdict) -> bool:
    """Whether all there is to say of a requirement is that no check asks it yet."""
    return (
        verdict.answer is Standing.CANNOT_DETERMINE
        and not (verdict.findings or verdict.notes or verdict.declared_by or verdict.contradicted)
        and all(
            change.cause is Cause.NOBODY_LOOKED and not (change.check or change.surface)
            for change in verdict.would_change
        )
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
    return " ".join([sentences[0], *_more(len(sentences) - 1)])


def _of_each(report: Report, verdict: GuidelineVerdict) -> str:
    """The gravest of each requirement that failed, as far as a line can hold them."""
    failed = [one for one in verdict.requirements.values() if one.answer is Standing.NOT_MET]
    reasons = [[finding.because for finding in deciding(report, [one])] for one in failed]
    told = list(dict.fromkeys(of_one[0] for of_one in reasons if of_one))[:SENTENCES]
    rest = len({sentence for of_one in reasons for sentence in of_one}) - len(told)
    if not told:
        return words().reason["nobody"]
    return " ".join([*told, *_more(rest)])


def _undetermined(verdict: RequirementVerdict) -> str:
    wishes = changes(verdict)
    if not wishes:
        return words().reason["nobody"]
    what, cause = wishes[0]
    return " ".join([f"{cause[:1].upper()}{cause[1:]}.", what, *_more(len(wishes) - 1)])


def _more(rest: int) -> list[str]:
    """How many more there are, where there are."""
    return [filled(words().rest, {"count": rest})] if rest else []
