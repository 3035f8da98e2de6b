"""From audits on disk to the one verdict of a version of a product. Pure but for reading the evidence.

The work itself: what was sent to the shelf goes through it in a child (`judging`).
"""

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import msgspec

from shelfworthy.audit.judge import Court, rolled_up, said_of
from shelfworthy.guidelines.roll_up import one_guideline
from shelfworthy.model import (
    Judgement,
    Outcome,
    Product,
    Record,
    RequirementVerdict,
    Verdict,
    canonical,
    digest,
)
from shelfworthy.model import Standing as Answer
from shelfworthy.product.mistakes import BadFile
from shelfworthy.record import CannotRedact, Unreadable, judgement_text, packed
from shelfworthy.shelf.deciding.details import against_of, not_met
from shelfworthy.shelf.evidence.combining import Combined, Piece, Version, combined
from shelfworthy.shelf.evidence.trust import CLEARING, USUAL, Trust
from shelfworthy.shelf.words import Origin, Standing
from shelfworthy.vulndata.place import Unusable

JUDGEMENT = msgspec.json.Decoder(Judgement)
LARGEST = 64 << 20  # bytes of a judgement that is unpacked again
SECOND = timedelta(seconds=1)
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # stands in a judgement that is kept: see `undated`


class Wanted(Record, frozen=True):
    """What to judge. audits: whose, and the folders of the evidence. own: the shop's product file.

    redacted: how much stands on record as taken out of each, where that matters."""

    audits: tuple[tuple[Origin, str], ...]
    version: Version
    trust: Trust
    own: Product | None
    at: datetime
    redacted: tuple[int, ...] = ()


class Rolled(Record, frozen=True):
    """A verdict as its row has it. content: the judgement, undated and packed, b"" where it is kept already;
    judged: its digest; against: what of it a policy may ask for."""

    standing: Standing
    answers: dict[str, str]
    exposed: bool
    failing: tuple[str, ...]
    evidence_digest: str
    rules_digest: str
    until: datetime | None
    judged: str
    content: bytes
    against: dict[str, str]


class Lost(Record, frozen=True):
    """There is evidence, and it cannot be read: nothing new is known of it. words: which, and why.

    limit: whether it took more than it may, and was not unreadable nor met by a fault of ours."""

    words: str
    limit: bool = False


def roll(wanted: Wanted, by: Court, kept: str = "") -> Rolled | Lost | None:
    """The verdict as of that moment; None where there is no evidence. kept: the digest of a judgement that is
    kept and may be the same.
    """
    try:
        found = _judged(wanted, by)
        return None if found is None else row_of(*found, wanted.at, by, kept)
    except (Unreadable, BadFile, CannotRedact) as why:
        return Lost(words=str(why))
    except (Unusable, OSError) as fault:
        return Lost(words=not_now(fault))


def not_now(fault: Exception) -> str:
    """Why something cannot be judged now, without a path of this machine's."""
    if isinstance(fault, OSError):
        return f"It cannot be judged now: {fault.strerror or type(fault).__name__}."
    return "It cannot be judged now: the imported data about vulnerabilities cannot be read."


def _judged(wanted: Wanted, by: Court) -> tuple[Judgement, Combined] | None:
    several = pieces(wanted, by)
    found = combined(several, wanted.version, wanted.trust, wanted.own)
    return None if found is None else (judged(several, found, wanted, by), found)


def pieces(wanted: Wanted, by: Court) -> list[Piece]:
    """The audits, with what the checks say of them. Raises Unreadable."""
    found = []
    for origin, folder in wanted.audits:
        known = said_of(Path(folder), by)
        found.append(Piece(origin=origin, outline=known.outline, said=known.said, written=known.written))
    return found


def judged(several: list[Piece], found: Combined, wanted: Wanted, by: Court) -> Judgement:
    """The judgement of all of it. What those who may clear found not met stays so, whatever others add: also
    where others' evidence answers an alternative."""
    judgement = msgspec.structs.replace(
        rolled_up(found.outline, found.said, wanted.at, by), rules_digest=rules_of(by, wanted.trust)
    )
    trusted = [one for one in several if one.origin in wanted.trust.clears]
    if len(trusted) == len(several):
        return judgement
    alone = combined(trusted, wanted.version, wanted.trust, wanted.own)
    if alone is None:
        return judgement
    kept = rolled_up(alone.outline, alone.said, wanted.at, by).verdict
    return msgspec.structs.replace(judgement, verdict=against(kept, judgement.verdict))


def against(trusted: Verdict, all_of_it: Verdict) -> Verdict:
    """The verdict of all, with each requirement that is not met by what is trusted as it is there."""
    guidelines = {
        id: one_guideline(_worse(trusted.guidelines[id].requirements, one.requirements))
        for id, one in all_of_it.guidelines.items()
    }
    return Verdict(guidelines=guidelines, exposures=_worse(trusted.exposures, all_of_it.exposures))


def _worse(
    trusted: dict[str, RequirementVerdict], all_of_it: dict[str, RequirementVerdict]
) -> dict[str, RequirementVerdict]:
    return {
        id: trusted[id] if trusted[id].answer is Answer.NOT_MET and one.answer is not Answer.NOT_MET else one
        for id, one in all_of_it.items()
    }


def undated(judgement: Judgement) -> Judgement:
    """A judgement as it is kept: without its day and the name of its rules, which stand in the row that rests
    on it. So what says the same is the same, however often it is judged.
    """
    return msgspec.structs.replace(judgement, judged_at=UNDATED, rules_digest="")


def row_of(judgement: Judgement, found: Combined, at: datetime, by: Court, kept: str = "") -> Rolled:
    """The verdict as its row has it. kept: see `roll`. Raises Unreadable for what could not be read again."""
    lasting = undated(judgement)
    content = judgement_text(lasting, found.written.text) if found.written else canonical(lasting)
    if len(content) > LARGEST:
        raise Unreadable(f"Its judgement has more than {LARGEST >> 20} MiB.")
    verdict, name = judgement.verdict, digest(content)
    return Rolled(
        standing=standing_of(verdict),
        answers=answers_of(verdict),
        exposed=any(one.answer is Answer.NOT_MET for one in verdict.exposures.values()),
        failing=failing_of(judgement),
        evidence_digest=judgement.evidence_digest,
        rules_digest=judgement.rules_digest,
        until=min(moments(found, at, by), default=None),
        judged=name,
        content=packed(content, found.written) if name != kept else b"",
        against=against_of(judgement),
    )


def rules_of(by: Court, trust: Trust) -> str:
    """The rules by which the shelf judges: the court's, and whose evidence may clear, where that is not as
    usual."""
    return by.digest if trust == USUAL else digest((by.digest, sorted(trust.clears)))


def judgement_of(content: bytes) -> Judgement:
    """A judgement as it was kept, undated. Raises ValueError where it is none."""
    opened = zlib.decompressobj()
    text = opened.decompress(content, LARGEST)
    if opened.unconsumed_tail:
        raise ValueError("a judgement of more than 64 MiB")
    return JUDGEMENT.decode(text)


def standing_of(verdict: Verdict) -> Standing:
    """The verdict as a whole, as the exit code of `shelfworthy audit` has it."""
    guidelines = {one.answer for one in verdict.guidelines.values()}
    if Answer.NOT_MET in guidelines | {one.answer for one in verdict.exposures.values()}:
        return Standing.NOT_MET
    return Standing.UNDETERMINED if Answer.CANNOT_DETERMINE in guidelines else Standing.MET


def answers_of(verdict: Verdict) -> dict[str, str]:
    """By guideline, and by requirement of the exposures."""
    answers = {id: str(one.answer) for id, one in verdict.guidelines.items()}
    return answers | {id: str(one.answer) for id, one in verdict.exposures.items()}


def failing_of(judgement: Judgement) -> tuple[str, ...]:
    """The keys of the findings that decide against it."""
    against = {id for _, one in not_met(judgement.verdict) for id in one.because}
    return tuple(
        sorted({one.key for one in judgement.findings if one.id in against and one.outcome is Outcome.FAIL})
    )


def moments(found: Combined, at: datetime, by: Court) -> Iterator[datetime]:
    """Every moment to come at which the roll-up may say something else of the same: what clears ends, what is
    dated ahead begins, a declaration begins or ends."""
    for finding in found.said.findings:
        if finding.outcome in CLEARING:
            check = by.facts[finding.check]
            ends = [finding.seen_at, finding.seen_at + by.rules.lasts(check.kind, check.reads) + SECOND]
            if finding.until is not None:
                ends.append(finding.until)
            yield from (one for one in ends if one > at)
    for said in found.outline.product.declaration:
        for day in (said.on, said.until + timedelta(days=1)):
            moment = datetime.combine(day, time(), UTC)
            if moment > at:
                yield moment
