"""What a verdict row rests on: the judgement that is kept with it, read back."""

import zlib
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from shelfworthy.model import Finding, Judgement, Outcome, Record, RequirementVerdict, Severity
from shelfworthy.shelf.models import Judged, Verdict

LARGEST = 64 << 20  # bytes of an unpacked judgement
GRAVITY = tuple(Severity)  # the gravest first
DECODER = msgspec.json.Decoder(Judgement)


class Damaged(Exception):
    """A judgement that was kept and cannot be read."""


class Details(Record, frozen=True):
    """What of a judgement a policy may ask for: the answers of requirements, and by requirement (and heading)
    how bad the worst finding is that decides against it."""

    answers: dict[str, str]
    gravest: dict[str, Severity]


NOTHING = Details(answers={}, gravest={})


def judgement_of(judged: Judged) -> Judgement:
    """The judgement of a row. Raises Damaged."""
    return unpacked(bytes(judged.content), judged.digest)


def unpacked(content: bytes, name: str = "of now") -> Judgement:
    """A judgement as it is kept. Raises Damaged."""
    try:
        return DECODER.decode(text_of(content, name))
    except msgspec.MsgspecError as wrong:
        raise Damaged(f"Judgement {name} cannot be read: {wrong}") from wrong


def text_of(content: bytes, name: str) -> bytes:
    """Its canonical JSON, which its digest is of. Raises Damaged."""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(content, LARGEST)
    except zlib.error as wrong:
        raise Damaged(f"Judgement {name} cannot be read: {wrong}") from wrong
    if unpacking.unconsumed_tail:
        raise Damaged(f"Judgement {name}: more than {LARGEST >> 20} MiB.")
    return text


def failing(verdict: Verdict) -> list[Finding]:
    """The findings that decide against a listing, the gravest first. Raises Damaged."""
    if verdict.judged is None or not verdict.failing:
        return []
    return failing_of(verdict.judged, verdict.failing)


def failing_of(judged: Judged, keys: list[str]) -> list[Finding]:
    """The same, of a judgement and the keys that decided. Raises Damaged."""
    wanted = frozenset(keys)
    found = [
        one
        for one in judgement_of(judged).findings
        if one.key in wanted and one.outcome is Outcome.FAIL and one.severity is not None
    ]
    return sorted(found, key=lambda one: (_gravity(one), one.check, one.surface, one.subject, one.id))


def failing_ids(verdict: Verdict) -> list[str]:
    """Their ids, in order."""
    return sorted({one.id for one in failing(verdict)})


def requirements(judgement: Judgement) -> Mapping[str, RequirementVerdict]:
    """Every requirement's answer, those of the exposures included."""
    of_guidelines = (one.requirements for one in judgement.verdict.guidelines.values())
    return {
        id: one for several in (*of_guidelines, judgement.verdict.exposures) for id, one in several.items()
    }


@lru_cache(maxsize=4096)  # variants share a judgement; each takes some 3 KB
def details(digest: str) -> Details:
    """What a policy may ask of a judgement that is kept, "" for none. Raises Damaged."""
    judged = Judged.objects.filter(digest=digest).first() if digest else None
    return NOTHING if judged is None else details_of(judgement_of(judged))


def details_of(judgement: Judgement) -> Details:
    """The same of a judgement at hand."""
    severity = {one.id: one.severity for one in judgement.findings if one.severity is not None}
    gravest: dict[str, Severity] = {}
    answers = requirements(judgement)
    for id, one in answers.items():
        found = [severity[finding] for finding in one.because if finding in severity]
        if one.answer == "not met" and found:
            worst = min(found, key=GRAVITY.index)
            for name in (id, id.partition(".")[0]):
                gravest[name] = min(worst, gravest.get(name, worst), key=GRAVITY.index)
    return Details(answers={id: str(one.answer) for id, one in answers.items()}, gravest=gravest)


def _gravity(finding: Finding) -> int:
    return GRAVITY.index(finding.severity) if finding.severity is not None else len(GRAVITY)
