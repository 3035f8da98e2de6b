"""One-line reasons, the shopping list, and judgements made by rules we do not have."""

import io

import msgspec
from rich.console import Console

from shelfworthy.guidelines import five_guidelines
from shelfworthy.model import (
    Cause,
    Change,
    Finding,
    GuidelineVerdict,
    Judgement,
    Outcome,
    RequirementVerdict,
    Severity,
    Standing,
    Verdict,
    field,
)
from shelfworthy.record import Evidence
from shelfworthy.report import html, json, reasons, terminal
from shelfworthy.report.assemble import report_of
from shelfworthy.report.shape import Report
from tests.report import audits

RULES = five_guidelines()


def report() -> Report:
    return report_of(*audits.bear())


def guideline(answer: Standing, name: str = "", **requirements: RequirementVerdict) -> GuidelineVerdict:
    inside = {f"encryption.{id}": one for id, one in requirements.items()}
    return GuidelineVerdict(answer=answer, requirements=inside, by_declaration_of=name)


def severe(databases: int, severity: Severity = Severity.HIGH) -> Finding:
    return audits.found(
        "database-open",
        audits.LISTING,
        Outcome.FAIL,
        "open",
        place=field("answer"),
        severity=severity,
        subject=str(databases),
        databases=databases,
        records=1,
    )


def with_findings(*findings: Finding) -> Report:
    evidence, judgement = audits.bear()
    return report_of(evidence, msgspec.structs.replace(judgement, findings=findings))


def failed(*findings: Finding) -> RequirementVerdict:
    return RequirementVerdict(answer=Standing.NOT_MET, because=tuple(one.id for one in findings))


def test_not_met_tells_the_gravest_of_each_requirement_in_their_order() -> None:
    low, worse, worst = severe(2, Severity.LOW), severe(3), severe(4, Severity.CRITICAL)
    verdict = guideline(Standing.NOT_MET, network=failed(low, worse), storage=failed(worst))
    assert reasons.why_guideline(verdict, with_findings(low, worse, worst)) == (
        "A stranger may list 3 databases with 1 records."
        " A stranger may list 4 databases with 1 records. And 1 more."
    )


def test_what_several_requirements_say_is_said_once() -> None:
    one = severe(2)
    verdict = guideline(Standing.NOT_MET, network=failed(one), storage=failed(one))
    assert (
        reasons.why_guideline(verdict, with_findings(one))
        == "A stranger may list 2 databases with 1 records."
    )


def test_a_guideline_has_three_sentences_at_most() -> None:
    many = [severe(number) for number in range(2, 7)]
    requirements = {f"encryption.r{one.subject}": failed(one) for one in many}
    verdict = GuidelineVerdict(answer=Standing.NOT_MET, requirements=requirements)
    said = reasons.why_guideline(verdict, with_findings(*many))
    assert said.count("A stranger") == reasons.SENTENCES
    assert said.endswith(" And 2 more.")


def test_only_failures_that_decided_are_failing_the_gravest_first() -> None:
    other, worst = severe(2, Severity.LOW), severe(3, Severity.CRITICAL)
    told = reasons.failing(with_findings(*audits.FOUND, other, worst))
    assert [one.id for one in told] == [audits.OPEN, audits.CLEAR]  # nothing rests on the other two


def test_a_pass_is_never_the_reason_for_not_met() -> None:
    mixed = RequirementVerdict(answer=Standing.NOT_MET, because=(audits.PROMISE, audits.CLEAR))
    assert "not as it should be" in reasons.why_requirement(mixed, report())


def test_the_gravest_is_not_the_first_by_name() -> None:
    found = report().findings
    graded = [msgspec.structs.replace(one, severity=None) for one in found[:1]]
    graded += [
        msgspec.structs.replace(one, severity=severity)
        for one, severity in zip(found, Severity, strict=False)
    ]
    assert [one.severity for one in reasons.gravest(reversed(graded))] == [*Severity, None]


def test_what_is_open_is_named() -> None:
    open_ = RequirementVerdict(answer=Standing.CANNOT_DETERMINE)
    met = RequirementVerdict(answer=Standing.MET)
    verdict = guideline(Standing.CANNOT_DETERMINE, tls=open_, keys=met, radio=open_)
    assert reasons.why_guideline(verdict, report()) == "Open: tls and radio."


def test_a_person_is_named() -> None:
    verdict = guideline(Standing.MET, "A. Tester")
    assert reasons.why_guideline(verdict, report()) == "Declared by A. Tester."


def test_nothing_to_say_is_said() -> None:
    silent = RequirementVerdict(answer=Standing.CANNOT_DETERMINE)
    assert reasons.why_requirement(silent, report()) == "Nobody looked."


def test_an_errand_is_told_once_with_all_that_wait_for_it() -> None:
    listed = reasons.errands(report(), RULES)
    assert listed[0].what == "Permit `knock` on recordings."
    assert listed[0].requirements == ("encryption.tls", "exposure.breach")
    assert listed[0].surfaces == ("recordings",)
    assert len({(one.what, one.cause) for one in listed}) == len(listed)


def wants(*changes: Change) -> Report:
    """The bear's report, in which one requirement waits for these alone."""
    shown = report()
    waits = RequirementVerdict(answer=Standing.CANNOT_DETERMINE, would_change=changes)
    verdict = Verdict(guidelines={}, exposures={"exposure.data": waits})
    return msgspec.structs.replace(shown, verdict=verdict)


def permit(level: str, surface: str = "api", check: str = "tls-versions") -> Change:
    what = f"permit `{level}` on {surface}"
    return Change(check=check, surface=surface, cause=Cause.NOT_PERMITTED, what=what)


def test_of_several_levels_at_a_surface_the_highest_is_asked_for() -> None:
    shown = wants(permit("look"), permit("use", check="b"), permit("knock"), permit("look", "other"))
    assert [one.what for one in reasons.errands(shown, RULES)] == [
        "Permit `use` on api.",
        "Permit `look` on other.",
    ]
    verdict = shown.verdict.exposures["exposure.data"]
    assert [what for what, _ in reasons.changes(verdict)] == [
        "Permit `use` on api.",
        "Permit `look` on other.",
    ]
    assert reasons.why_requirement(verdict, shown).endswith("Permit `use` on api. And 1 more.")


def test_what_a_gap_asks_for_is_never_folded_into_a_level() -> None:
    policy = msgspec.structs.replace(
        permit("look"), what="The operator's policy permits only `look` with api:443."
    )
    shown = wants(policy, permit("use"))
    assert [one.what for one in reasons.errands(shown, RULES)] == [policy.what, "Permit `use` on api."]


def test_long_advice_is_whole() -> None:
    advice = " ".join(f"Write line {number} into the policy." for number in range(30))
    assert len(advice) > 400
    shown = wants(msgspec.structs.replace(permit("look"), what=advice))
    assert reasons.errands(shown, RULES)[0].what == advice
    assert advice in reasons.why_requirement(shown.verdict.exposures["exposure.data"], shown)


def test_unasked_is_only_what_nothing_was_said_about() -> None:
    silent = RequirementVerdict(answer=Standing.CANNOT_DETERMINE, would_change=(audits.NOBODY,))
    assert reasons.unasked(silent)
    for other in (
        {"answer": Standing.MET},
        {"findings": (audits.OPEN,)},
        {"notes": (audits.OPEN,)},
        {"contradicted": "by something"},
        {"would_change": (audits.NOBODY, permit("look"))},
    ):
        assert not reasons.unasked(msgspec.structs.replace(silent, **other))


def test_what_no_check_asks_yet_comes_last() -> None:
    supply = Change(check="", surface="", cause=Cause.NOT_SUPPLIED, what="supply app or firmware")
    shown = report()
    waits = RequirementVerdict(answer=Standing.CANNOT_DETERMINE, would_change=(audits.NOBODY, supply))
    verdict = msgspec.structs.replace(
        shown.verdict, exposures={**shown.verdict.exposures, "exposure.data": waits}
    )
    listed = reasons.errands(msgspec.structs.replace(shown, verdict=verdict), RULES)
    assert [one.what for one in listed] == [
        "Permit `knock` on recordings.",
        "Supply app or firmware.",
        "No check asks this yet: a person may declare it.",
    ]


def test_all_reasons_of_an_exposure_are_told_and_bounded() -> None:
    evidence, judgement = audits.bear()
    many = tuple(
        audits.found(
            "database-open",
            audits.LISTING,
            Outcome.FAIL,
            "open",
            place=field("answer"),
            severity=Severity.HIGH,
            subject=str(n),
            databases=n,
            records=n,
        )
        for n in range(9)
    )
    exposed = RequirementVerdict(answer=Standing.NOT_MET, because=tuple(one.id for one in many))
    shown = report_of(evidence, msgspec.structs.replace(judgement, findings=many))
    told = reasons.why_exposed(exposed, shown)
    assert len(told) == 7
    assert len(set(told)) == 7
    assert told[-1] == "And 3 more."


def by_other_rules() -> tuple[Evidence, Judgement]:
    """A judgement that names a guideline, requirements and an exposure these rules have not."""
    evidence, judgement = audits.bear()
    unknown = RequirementVerdict(
        answer=Standing.NOT_MET, findings=(audits.OPEN,), because=(audits.OPEN, "gone")
    )
    verdict = Verdict(
        guidelines={
            "repair": GuidelineVerdict(answer=Standing.NOT_MET, requirements={"repair.parts": unknown}),
            "encryption": guideline(Standing.NOT_MET, quantum=unknown),
        },
        exposures={"exposure.ghosts": unknown},
    )
    return evidence, msgspec.structs.replace(judgement, verdict=verdict)


def test_judgements_by_other_rules_are_still_reported() -> None:
    written = io.StringIO()
    terminal.report(*by_other_rules(), Console(file=written, width=100))
    for text in (html.report(*by_other_rules()), json.report(*by_other_rules()).decode(), written.getvalue()):
        assert "repair" in text
        assert "exposure.ghosts" in text
        assert "A stranger may list 3 databases with 19,395 records." in text


def test_the_order_is_the_rules_own() -> None:
    assert [id for id, _ in reasons.ordered(report(), RULES)] == list(RULES.guideline)
    requirements = [id for _, one in reasons.ordered(report(), RULES) for id in one.requirements]
    assert requirements == [id for id, _ in RULES.requirements() if not id.startswith("exposure.")]
    assert next(id for id, _ in reasons.exposures(report(), RULES)) == "exposure.data"
