"""An audit to look at: what was seen, as rows of text, without what a hidden finding rests on.

An observation shows what a finding says of it. So whoever may not see a finding sees none of the observations
it rests on, nor the attachments of the looks they are of.
"""

from collections import defaultdict
from datetime import datetime
from pathlib import Path

from shelfworthy.model import Finding, Gap, Record
from shelfworthy.record import Evidence, load_evidence
from shelfworthy.report import quoting
from shelfworthy.report.clean import plain
from shelfworthy.report.fields import Row, sheet
from shelfworthy.report.sentences import sentence

MOST = 200  # of a list; what is left out is counted


class Said(Record, frozen=True):
    """What was found in an observation."""

    outcome: str
    check: str
    sentence: str


class Shown(Record, frozen=True):
    """One observation. rest: rows to fold away; left_out: how many more there are."""

    id: str
    surface: str
    unit: str
    at: datetime
    by: str
    observer: str
    kind: str
    found: tuple[Said, ...]
    rows: tuple[Row, ...]
    rest: tuple[Row, ...]
    left_out: int


class Look(Record, frozen=True):
    """One look. attachments: those that may be had."""

    surface: str
    by: str
    began: datetime
    ended: datetime
    complete: bool
    seen: int
    attachments: tuple[str, ...]


class Exhibits(Record, frozen=True):
    """What of an audit somebody may see. hidden: whether there is more. more: left out of the lists."""

    observations: tuple[Shown, ...]
    looks: tuple[Look, ...]
    gaps: tuple[Gap, ...]
    hidden: bool
    more: int


def exhibits(folder: Path, findings: tuple[Finding, ...], seen: tuple[Finding, ...]) -> Exhibits:
    """The audit. findings: all of it; seen: those that the reader may see. Raises Unreadable."""
    evidence = load_evidence(folder)
    locked = closed(findings, seen)
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in seen:
        for id in finding.evidence:
            found[id].append(finding)
    observations = sorted(
        (one for one in evidence.observations if one.id not in locked),
        key=lambda one: (one.surface, one.at, one.seen.tag(), one.id),
    )
    looks = sorted(evidence.looks, key=lambda one: (one.began, one.surface, one.by, one.id))
    gaps = sorted(evidence.gaps, key=lambda one: (one.surface, one.at, one.id))
    told = []
    for one in observations[:MOST]:
        places = [finding.place for finding in found[one.id] if finding.place is not None]
        rows = sheet(quoting.bare(one), places, quoting.LEFT_OUT)
        told.append(
            Shown(
                id=one.id,
                surface=plain(one.surface),
                unit=plain(one.unit),
                at=one.at,
                by=plain(one.by),
                observer=plain(one.observer),
                kind=one.seen.tag(),
                found=tuple(
                    Said(outcome=str(it.outcome), check=it.check, sentence=plain(sentence(it), 2000))
                    for it in found[one.id]
                ),
                rows=rows.rows,
                rest=rows.rest,
                left_out=rows.left_out,
            )
        )
    return Exhibits(
        observations=tuple(told),
        looks=tuple(
            Look(
                surface=plain(one.surface),
                by=plain(one.by),
                began=one.began,
                ended=one.ended,
                complete=one.complete,
                seen=len(one.observations),
                attachments=() if locked.intersection(one.observations) else one.attachments,
            )
            for one in looks[:MOST]
        ),
        gaps=tuple(gaps[:MOST]),
        hidden=bool(locked),
        more=sum(max(0, len(several) - MOST) for several in (observations, looks, gaps)),
    )


def attachments(
    evidence: Evidence, findings: tuple[Finding, ...], seen: tuple[Finding, ...]
) -> frozenset[str]:
    """The attachments that the reader may have: where anything is hidden, only those of open looks."""
    locked = closed(findings, seen)
    there = frozenset(evidence.attachments)
    if not locked:
        return there
    open_, shut = set[str](), set[str]()
    for look in evidence.looks:
        (shut if locked.intersection(look.observations) else open_).update(look.attachments)
    return (there & open_) - shut


def closed(findings: tuple[Finding, ...], seen: tuple[Finding, ...]) -> frozenset[str]:
    """The observations that hidden findings rest on."""
    open_ = {one.id for one in seen}
    return frozenset(id for one in findings if one.id not in open_ for id in one.evidence)
