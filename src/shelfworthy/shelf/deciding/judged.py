"""What a verdict row rests on: the judgement that is kept with it, read back."""

import zlib

import msgspec

from shelfworthy.model import Finding, Judgement, Outcome, digest
from shelfworthy.shelf.deciding.details import GRAVITY, against_of
from shelfworthy.shelf.models import Judged, Verdict

CHANGED = "says something else than it did"
LARGEST = 64 << 20  # bytes of an unpacked judgement
DECODER = msgspec.json.Decoder(Judgement)


class Damaged(Exception):
    """A judgement that was kept and cannot be read."""


def judgement_of(judged: Judged) -> Judgement:
    """The judgement of a row. Raises Damaged."""
    return unpacked(bytes(judged.content), judged.digest)


def unpacked(content: bytes, name: str = "of now") -> Judgement:
    """A judgement as it is kept. Raises Damaged."""
    try:
        return DECODER.decode(text_of(content, name))
    except (msgspec.MsgspecError, RecursionError) as wrong:
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


def wrong(judged: Judged) -> str:
    """What is wrong with a judgement that is kept, in words to follow on its name; "" for nothing."""
    try:
        text = text_of(bytes(judged.content), judged.digest)
        said = against_of(DECODER.decode(text))
    except (Damaged, msgspec.MsgspecError, RecursionError):
        return CHANGED
    if digest(text) != judged.digest:
        return CHANGED
    return "" if judged.against == said else "has something else written beside it than it says"


def _gravity(finding: Finding) -> int:
    return GRAVITY.index(finding.severity) if finding.severity is not None else len(GRAVITY)
