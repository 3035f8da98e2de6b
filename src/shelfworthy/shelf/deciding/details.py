"""What of a judgement a policy may ask for, small enough to be kept beside it: see `Judged.against`. Pure."""

from collections.abc import Mapping

from shelfworthy.model import Judgement, Record, RequirementVerdict, Severity, Standing

GRAVITY = tuple(Severity)  # the gravest first


class Details(Record, frozen=True):
    """answers: of the requirements that are not met. gravest: by requirement (and heading) how bad the worst
    finding is that decides against it."""

    answers: dict[str, str]
    gravest: dict[str, Severity]


NOTHING = Details(answers={}, gravest={})


def requirements(judgement: Judgement) -> Mapping[str, RequirementVerdict]:
    """Every requirement's answer, those of the exposures included."""
    of_guidelines = (one.requirements for one in judgement.verdict.guidelines.values())
    return {
        id: one for several in (*of_guidelines, judgement.verdict.exposures) for id, one in several.items()
    }


def against_of(judgement: Judgement) -> dict[str, str]:
    """The requirements that are not met, and how bad the worst finding is that decides, "" without one."""
    severity = {one.id: one.severity for one in judgement.findings if one.severity is not None}
    against = {}
    for id, one in requirements(judgement).items():
        if one.answer is Standing.NOT_MET:
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
