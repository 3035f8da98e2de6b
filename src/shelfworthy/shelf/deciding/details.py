"""What of a judgement a policy may ask for, small enough to be kept beside it: see `Judged.against`. Pure."""

from collections.abc import Iterator, Mapping

from shelfworthy.model import Judgement, Record, RequirementVerdict, Severity, Standing, Verdict

GRAVITY = tuple(Severity)  # the gravest first


class Details(Record, frozen=True):
    """answers: of the requirements that are not met. gravest: by requirement (and heading) how bad the worst
    finding is that decides against it."""

    answers: dict[str, str]
    gravest: dict[str, Severity]


NOTHING = Details(answers={}, gravest={})


def requirements(verdict: Verdict) -> Iterator[tuple[str, RequirementVerdict]]:
    """Every requirement's answer by its id, those of the exposures included."""
    for one in verdict.guidelines.values():
        yield from one.requirements.items()
    yield from verdict.exposures.items()


def not_met(verdict: Verdict) -> list[tuple[str, RequirementVerdict]]:
    """Those that are not met."""
    return [(id, one) for id, one in requirements(verdict) if one.answer is Standing.NOT_MET]


def against_of(judgement: Judgement) -> dict[str, str]:
    """The requirements that are not met, and how bad the worst finding is that decides, "" without one."""
    severity = {one.id: one.severity for one in judgement.findings if one.severity is not None}
    against = {}
    for id, one in not_met(judgement.verdict):
        found = [severity[finding] for finding in one.because if finding in severity]
        against[id] = str(min(found, key=GRAVITY.index)) if found else ""
    return against


def details_of(against: Mapping[str, str]) -> Details:
    """The same as a policy asks for it."""
    gravest: dict[str, Severity] = {}
    for id, severity in against.items():
        if severity:
            worst = Severity(severity)
            for name in (id, id.partition(".")[0]):
                gravest[name] = min(worst, gravest.get(name, worst), key=GRAVITY.index)
    return Details(answers=dict.fromkeys(against, str(Standing.NOT_MET)), gravest=gravest)
