"""Take the specimens of the Bluetooth checks: from the lab's peripheral in each state, and its toys.

python -m tests.probes.bluetooth.take

Of the many states only those are kept that make a check say something it has not said before. What none of
them makes it say is taken from the devices that were thought up in `tests/checks/bluetooth`, as fixtures.
"""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from shelfworthy.audit import findings
from shelfworthy.checks import BY_ID, CHECKS
from shelfworthy.model import About, Answer, Level, Seen, Transport
from shelfworthy.record import Evidence
from shelfworthy.seen import AnySeen
from shelfworthy_lab import down, up
from tests.checks.bluetooth import built
from tests.harvest import write_specimen
from tests.radio_matrix import audited
from tests.specimen import FOLDER, outcome
from tests.truth import audit

LARGEST = 64 << 10  # bytes of what is seen in a specimen
TOYS = (
    ("toy", "2018", Level.USE),
    ("toy", "constant-key", Level.USE),
    ("toy", "fixed", Level.USE),
    ("toy", "2018", Level.KNOCK),
    ("toy", "fixed", Level.KNOCK),
    ("toy", "2018", Level.RISK),
    ("toy", "just-works", Level.RISK),
    ("toy", "fixed", Level.RISK),
    ("cayla", "open", Level.USE),
    ("cayla", "open", Level.KNOCK),
    ("cayla", "fixed", Level.USE),
    ("dino", "2017", Level.USE),
    ("dino", "fixed", Level.USE),
)


def looks(folder: Path) -> Iterator[tuple[str, Evidence]]:
    """Every look that specimens are taken from, and what it was at."""
    for product, edition, level in TOYS:
        instance = up(product, edition, folder)
        try:
            evidence, _ = audit(instance, level, folder / f"{product}-{edition}-{level}.audit")
        finally:
            down(product, edition, folder)
        yield f"{product} {edition} at {level}", evidence
    yield "peripheral", audited(folder)


def main() -> None:
    """Write them all."""
    heard: set[tuple[str, str, str]] = set()
    for check in CHECKS:
        if check.id.startswith("bluetooth-"):
            for old in FOLDER.glob(f"{check.id}/*/*.json"):
                old.unlink()
    with tempfile.TemporaryDirectory() as name:
        for what, evidence in looks(Path(name)):
            take(what, evidence, heard)
    fixtures(heard)


def thought_up() -> Iterator[tuple[str, AnySeen, About]]:
    """What the tests of the checks put to them by hand: check, what is seen, about."""
    kept: list[tuple[str, AnySeen, About]] = []
    real = built.said

    def said(
        check: str, seen: Seen, transport: Transport = Transport.LE, button: str = ""
    ) -> tuple[Answer, ...]:
        if len(msgspec.json.encode(seen)) < LARGEST:
            kept.append((check, seen, built.about(transport, button)))  # type: ignore[arg-type] # its base
        return real(check, seen, transport, button)

    built.said = said
    try:
        tables = Path(built.__file__).parent
        names = ("adverts", "attributes", "operations", "pairing", "updates")
        assert pytest.main(["-q", "-p", "no:cacheprovider", *(f"{tables}/test_{n}.py" for n in names)]) == 0
    finally:
        built.said = real
    yield from kept


def fixtures(heard: set[tuple[str, str, str]]) -> None:
    """A specimen for each sentence, and each answer, that no device of the lab gave rise to."""
    numbers: dict[str, int] = {}
    for check, seen, about in thought_up():
        says = tuple(BY_ID[check].judge(seen, about))
        spoken = {(check, one.says) for one in says} | {(check, str(outcome(says)))}
        known = {(who, said) for who, said, _ in heard} | {(who, answer) for who, _, answer in heard}
        if spoken - known:
            heard |= {(check, one.says, str(outcome(says))) for one in says}
            numbers[check] = numbers.get(check, 0) + 1
            source = "fixture: a device thought up in tests/checks/bluetooth"
            name = f"fixture-{says[0].says}-{numbers[check]}"
            print(write_specimen(check, seen, about, source, name).relative_to(FOLDER))


def take(what: str, evidence: Evidence, heard: set[tuple[str, str, str]]) -> None:
    """The specimens of one look. heard: what was said before, (check, sentence, answer)."""
    surfaces = {surface.id: surface for surface in evidence.product.surface}
    supplied = evidence.outline().supplied
    for observation in sorted(evidence.observations, key=lambda one: (one.surface, one.seen.tag())):
        for check in CHECKS:
            if not check.id.startswith("bluetooth-") or not isinstance(observation.seen, check.reads):
                continue
            about = findings.about(
                check, surfaces[observation.surface], evidence, supplied, observation.seen.newest()
            )
            says = tuple(check.judge(observation.seen, about))
            new = {(check.id, one.says, str(outcome(says))) for one in says} - heard
            if new:
                heard |= new
                at = observation.surface if what == "peripheral" else what
                slug = at.replace(" ", "-")
                source = f"shelfworthy-lab, {what}, {observation.surface}, bumble 0.0.236, {today()}"
                print(write_specimen(check.id, observation, about, source, f"lab-{slug}").relative_to(FOLDER))


def today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"


if __name__ == "__main__":
    main()
