"""Several audits of a product become the one evidence that a listing is judged by. Pure.

All that was seen counts together, and the roll-up takes the newest per check, surface and unit. Kept here:
- Evidence about one version is not evidence about another. What an audit says of a unit counts for a listing
  whose firmware and app are the unit's, as far as both are said. Where the listing says and the unit does
  not, its failures count and nothing else: silence about the version never clears.
- Where the listing does not say, each version of a unit stands for itself: none clears another.
- A surface of the device (radio, firmware, app, capture, target) that names no unit is its only unit's, where
  the product has one. What is in the cloud serves all versions, unless it names a unit.
- Whose evidence may clear: `trust`. The product file is the shop's own text, else that of the newest audit by
  somebody who may clear, else the newest, without what it declares. Surfaces that other audits declare are
  added: a shop's shorter file makes no failure vanish.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter

from msgspec.structs import replace

from shelfworthy.model import (
    AnySurface,
    Declaration,
    Finding,
    Gap,
    Kind,
    Looked,
    Outcome,
    Product,
    Record,
    Reference,
    digest,
)
from shelfworthy.record import Outline, Said, Written
from shelfworthy.record.load import SeenSurface
from shelfworthy.shelf.evidence.trust import USUAL, Trust, heard
from shelfworthy.shelf.words import Origin

DEVICE = frozenset({Kind.BLUETOOTH, Kind.FIRMWARE, Kind.APP, Kind.CAPTURE, Kind.TARGET, Kind.LAN})


class Version(Record, frozen=True):
    """Of a unit or a listing. "": not said."""

    firmware: str = ""
    app: str = ""

    def said(self) -> bool:
        """Whether anything is."""
        return bool(self.firmware or self.app)

    def differs(self, other: "Version") -> bool:
        """Whether both say, and something else."""
        return any(
            mine and theirs and mine != theirs
            for mine, theirs in ((self.firmware, other.firmware), (self.app, other.app))
        )

    def open_to(self, wanted: "Version") -> bool:
        """Whether something is wanted that is not said here."""
        return bool((wanted.firmware and not self.firmware) or (wanted.app and not self.app))


EVERY = Version()


class Piece(Record, frozen=True):
    """One audit: what it saw in outline, what the checks said of it, whose it is.

    written: the findings as judgements have them, where they were kept so.
    """

    origin: Origin
    outline: Outline
    said: Said
    written: Written | None = None

    @property
    def newest(self) -> datetime | None:
        """When its last look ended."""
        return max((look.ended for look in self.outline.looks), default=None)


class Combined(Record, frozen=True):
    """What a listing is judged by. digests: of the audits that count. written: as in `Piece`."""

    outline: Outline
    said: Said
    digests: tuple[str, ...]
    written: Written | None = None


def combined(
    pieces: Iterable[Piece], wanted: Version = EVERY, trust: Trust = USUAL, own: Product | None = None
) -> Combined | None:
    """All pieces together, for a listing of this version; None where there is none. Their order does not
    matter. own: the shop's product file.
    """
    ordered = sorted(pieces, key=lambda one: (one.outline.digest, one.origin))
    if not ordered:
        return None
    if own is None and len(ordered) == 1 and _as_it_is(ordered[0], wanted, trust):
        (one,) = ordered
        return Combined(
            outline=one.outline, said=one.said, digests=(one.outline.digest,), written=one.written
        )
    chosen = _chosen(ordered, trust)
    product = _with_surfaces(own or _file_of(chosen, trust), [chosen, *_by_trust(ordered, trust)])
    names = _Units(ordered, product, wanted)
    looks: dict[str, Looked] = {}
    gaps: dict[str, Gap] = {}
    present: set[str] = set()
    findings: list[tuple[Origin, Finding]] = []
    for piece in ordered:
        kinds = {one.id: one.kind for one in piece.outline.surfaces}
        for look in piece.outline.looks:
            if names.clears(piece.outline.product, look.surface, look.unit, kinds):
                looks[look.id] = look
        for gap in piece.outline.gaps:
            if names.counts(piece.outline.product, gap.surface, gap.unit, kinds):
                gaps[gap.id] = gap
        for finding in piece.said.findings:
            if found := names.of(piece.outline.product, finding, kinds):
                findings.append((piece.origin, found))
        present |= piece.outline.present
    digests = tuple(sorted({one.outline.digest for one in ordered}))
    outline = Outline(
        product=names.renamed(product),
        seen=_seen(_by_trust(ordered, trust), product),
        known=_each(one.outline.known for one in ordered),
        looks=tuple(looks[id] for id in sorted(looks)),
        gaps=tuple(gaps[id] for id in sorted(gaps)),
        present=frozenset(present),
        supplied={},
        digest=digests[0] if len(digests) == 1 else digest(digests),
        lapsed=_lapsed(product, chosen, ordered, trust),
    )
    said = Said(
        versions=ordered[0].said.versions,
        references=_references(ordered),
        findings=heard(findings, trust),
    )
    return Combined(outline=outline, said=said, digests=digests)


def _as_it_is(piece: Piece, wanted: Version, trust: Trust) -> bool:
    """Whether one audit by itself counts whole: most listings have one, and there are many listings."""
    if piece.origin not in trust.clears:
        return False
    if wanted == EVERY:
        return True
    units = piece.outline.product.unit
    if len(units) != 1 or any(one.unit not in ("", units[0].id) for one in piece.said.findings):
        return False
    version = Version(firmware=units[0].firmware, app=units[0].app)
    return not (version.differs(wanted) or version.open_to(wanted))


class _Units:
    """Which records count for a version, and what a unit is called where several versions of it were seen."""

    def __init__(self, pieces: Sequence[Piece], product: Product, wanted: Version) -> None:
        self._wanted = wanted
        self._product = product
        versions: defaultdict[str, set[Version]] = defaultdict(set)
        for one in (*(piece.outline.product for piece in pieces), product):
            for unit in one.unit:
                versions[unit.id].add(Version(firmware=unit.firmware, app=unit.app))
        self._several = {name for name, found in versions.items() if len(found) > 1}

    def of(self, product: Product, finding: Finding, kinds: dict[str, Kind]) -> Finding | None:
        """The finding as it counts; None if it does not."""
        counts = (
            self.counts(product, finding.surface, finding.unit, kinds)
            if finding.outcome is Outcome.FAIL
            else self.clears(product, finding.surface, finding.unit, kinds)
        )
        if not counts:
            return None
        called = self._called(product, kinds.get(finding.surface), finding.unit)
        return finding if called == finding.unit else replace(finding, unit=called)

    def counts(self, product: Product, surface: str, unit: str, kinds: dict[str, Kind]) -> bool:
        """Whether something seen of a unit may speak against the listing's version."""
        version = self._version(product, kinds.get(surface), unit)
        return version is None or not version.differs(self._wanted)

    def clears(self, product: Product, surface: str, unit: str, kinds: dict[str, Kind]) -> bool:
        """Whether it may speak for it."""
        version = self._version(product, kinds.get(surface), unit)
        return version is None or not (version.differs(self._wanted) or version.open_to(self._wanted))

    def renamed(self, product: Product) -> Product:
        """The product, with its surfaces' units as findings name them."""
        surfaces = []
        for surface in product.surface:
            called = self._called(product, surface.kind, surface.unit)
            surfaces.append(surface if called == surface.unit else replace(surface, unit=called))
        return replace(product, surface=tuple(surfaces))

    def _version(self, product: Product, kind: Kind | None, unit: str) -> Version | None:
        """The version something was seen of; None for what serves all."""
        name = _unit(product, kind, unit)
        if not name and kind not in DEVICE:
            return None
        found = next((one for one in product.unit if one.id == name), None)
        return Version(firmware=found.firmware, app=found.app) if found else EVERY

    def _called(self, product: Product, kind: Kind | None, unit: str) -> str:
        name = _unit(product, kind, unit)
        version = self._version(product, kind, unit)
        if name not in self._several or version is None or not version.said():
            return unit
        return f"{name} ({', '.join(part for part in (version.firmware, version.app) if part)})"


def _unit(product: Product, kind: Kind | None, unit: str) -> str:
    if not unit and kind in DEVICE and len(product.unit) == 1:
        return product.unit[0].id
    return unit


def _by_trust(pieces: Sequence[Piece], trust: Trust) -> list[Piece]:
    """Those who may clear first, of each the newest first."""
    newest = sorted(
        pieces, key=lambda one: (one.newest is not None, one.newest, one.outline.digest), reverse=True
    )
    return sorted(newest, key=lambda one: one.origin not in trust.clears)


def _chosen(pieces: Sequence[Piece], trust: Trust) -> Piece:
    return _by_trust(pieces, trust)[0]


def _file_of(piece: Piece, trust: Trust) -> Product:
    product = piece.outline.product
    return product if piece.origin in trust.clears else replace(product, declaration=(), seen=())


def _with_surfaces(product: Product, pieces: Iterable[Piece]) -> Product:
    """The product with the surfaces that audits declare beside its own, the first of each id."""
    surfaces: dict[str, AnySurface] = {one.id: one for one in product.surface}
    for piece in pieces:
        for surface in piece.outline.product.surface:
            surfaces.setdefault(surface.id, surface)
    return replace(product, surface=tuple(surfaces.values()))


def _seen(pieces: Iterable[Piece], product: Product) -> tuple[SeenSurface, ...]:
    """What audits saw on the way, each surface as the first tells of it; it decides where one says so."""
    declared = {one.id for one in product.surface}
    found: dict[str, SeenSurface] = {}
    for piece in pieces:
        for one in piece.outline.seen:
            if one.surface.id not in declared:
                before = found.setdefault(one.surface.id, one)
                if one.decides and not before.decides:
                    found[one.surface.id] = replace(before, decides=True)
    return tuple(found[id] for id in sorted(found))


def _lapsed(
    product: Product, chosen: Piece, pieces: Iterable[Piece], trust: Trust
) -> tuple[Declaration, ...]:
    """Declarations whose quotes are gone, or that nobody has compared with what was seen."""
    if product.declaration == chosen.outline.product.declaration:
        return chosen.outline.lapsed
    standing: set[Declaration] = set()
    for piece in pieces:
        if piece.origin in trust.clears:
            standing.update(set(piece.outline.product.declaration) - set(piece.outline.lapsed))
    return tuple(one for one in product.declaration if one.quote and one not in standing)


def _each(several: Iterable[tuple[Reference, ...]]) -> tuple[Reference, ...]:
    found = {one for references in several for one in references}
    return tuple(sorted(found, key=attrgetter("name", "sha256")))


def _references(pieces: Sequence[Piece]) -> dict[str, tuple[Reference, ...]]:
    checks = sorted({check for one in pieces for check in one.said.references})
    return {check: _each(one.said.references.get(check, ()) for one in pieces) for check in checks}
