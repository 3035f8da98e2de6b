"""What was seen on the way, as reports list it: whose, where seen, and whether anybody looked at it. Pure."""

from collections.abc import Iterator

from msgspec import structs

from shelfworthy.discovery import Discovered, Found, Sighting, discover
from shelfworthy.model import Gap, Kind, Record
from shelfworthy.product.address import parse_where
from shelfworthy.record import Evidence
from shelfworthy.report.sentences import filled
from shelfworthy.report.shape import ReportMention, ReportSeen, SeenNotFollowed
from shelfworthy.report.words import words


class OnTheWay(Record, frozen=True):
    """The parts of a report that are about it. left_out: how much more there was than is listed."""

    seen: tuple[ReportSeen, ...]
    not_followed: tuple[SeenNotFollowed, ...]
    left_out: int


def seen_on_the_way(evidence: Evidence) -> OnTheWay:
    """What the evidence names and nobody declared: what decides first, then what was looked at."""
    found = discover(evidence.product, evidence.observations)
    looked_at = {one.surface for one in evidence.observations}
    looked_at |= {look.surface for look in evidence.looks if look.complete}
    gaps = {gap.surface: gap for gap in sorted(evidence.gaps, key=lambda gap: (gap.at, gap.id))}
    seen = [_seen(one, one.surface.id in looked_at, gaps.get(one.surface.id)) for one in found.found]
    seen.sort(key=lambda one: (not one.decides, not one.looked_at, one.id))
    return OnTheWay(seen=tuple(seen), not_followed=tuple(_not_followed(seen, found)), left_out=found.left_out)


def called(surface: str) -> str:
    """What people call a surface: its name in the product file, or the place of one that was seen."""
    return surface.split(":", 2)[2] if surface.startswith("seen:") else surface


def _seen(found: Found, looked_at: bool, gap: Gap | None) -> ReportSeen:
    surface = found.surface
    return ReportSeen(
        id=surface.id,
        kind=surface.kind,
        where=surface.where,
        owner=surface.owner,
        because=found.because,
        decides=found.decides,
        looked_at=looked_at,
        why_not="" if looked_at else gap.words if gap else _permit(found),
        at=tuple(_mention(at) for at in found.at),
        times=found.times,
    )


def _permit(found: Found) -> str:
    """What it would take to have it looked at: always enough, whatever forbade it."""
    said = words().seen
    if found.surface.kind is Kind.DOMAIN:
        return said["dns"] if found.only_in_dns else said["ask"]
    at = parse_where(found.surface.kind, found.surface.where).authority
    return filled(said["permit"], {"at": at})


def _not_followed(seen: list[ReportSeen], found: Discovered) -> Iterator[SeenNotFollowed]:
    listed = [
        SeenNotFollowed(**structs.asdict(at), id=one.id, why=one.why_not)
        for one in seen
        if not one.looked_at
        for at in one.at
    ]
    said = words().seen["nothing"]
    listed += [
        SeenNotFollowed(**structs.asdict(_mention(one.at)), id="", why=filled(said, {"why": one.why}))
        for one in found.nothing
    ]
    yield from sorted(listed, key=lambda one: (one.surface, one.what, one.role, one.observation, one.field))


def _mention(at: Sighting) -> ReportMention:
    return ReportMention(**structs.asdict(at))
