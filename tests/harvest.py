"""Make specimens out of real observations.

    python -m tests.harvest --source "mongod 6.0.5, open, 2026-11-21" --name open NAME.audit
    python -m tests.harvest --source … --name … --check database-open --expect fail \\
        NAME.audit/evidence/observations/ID.json

Each check that reads what was seen gets a specimen in the folder of what it answers. Read what it says before
you keep it: a specimen is what a check *must* say, and `--expect` states it beforehand.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from shelfworthy import reference
from shelfworthy.checks import BY_ID, CHECKS
from shelfworthy.model import About, Check, Identity, Observation, Outcome, Surface, Unit
from shelfworthy.record import load_evidence
from shelfworthy.seen import AnySeen
from tests.specimen import FOLDER, Specimen, outcome, written

MOST_REFERENCE = 64 << 10  # bytes: a specimen carries the one root that decides, not the whole store


def write_specimen(
    check: str,
    observation: Observation[AnySeen] | AnySeen,
    about: About,
    source: str,
    name: str,
    expect: Outcome | None = None,
) -> Path:
    """Write `specimens/<check>/<answer>/<name>.json` and return where.

    Raises ValueError if the check says nothing, or not what was expected.
    """
    seen = observation.seen if isinstance(observation, Observation) else observation
    says = tuple(BY_ID[check].judge(seen, about))
    if not says:
        raise ValueError(f"{check} says nothing of this {seen.tag()}")
    if expect is not None and outcome(says) is not expect:
        raise ValueError(f"{check} says {outcome(says)} ({says[0].says}), not {expect}")
    path = FOLDER / check / outcome(says) / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(Specimen(source=source, seen=seen, about=about, says=says)))
    return path


def about_for(
    check: Check,
    surface: Surface,
    product: Identity | None = None,
    unit: Unit | None = None,
    references: dict[str, bytes] | None = None,
) -> About:
    """What this check may know, of what there is. Raises ValueError if a reference is missing or too big."""
    named = {need: (references or {}).get(need) for need in check.needs if need not in {"product", "unit"}}
    for need, content in named.items():
        if content is None or len(content) > MOST_REFERENCE:
            raise ValueError(f"{check.id}: give --reference {need}=FILE, at most {MOST_REFERENCE} bytes")
    return About(
        surface=surface,
        product=product if "product" in check.needs else None,
        unit=unit if "unit" in check.needs else None,
        references={need: content for need, content in named.items() if content is not None},
    )


def harvest(
    thing: Path, checks: Sequence[str], given: dict[str, bytes]
) -> Iterator[tuple[str, AnySeen, About]]:
    """Every (check, seen, about) of an audit, or of one observation lying in it."""
    evidence = load_evidence(thing if thing.is_dir() else thing.parents[2])
    surfaces = {surface.id: surface for surface in evidence.product.surface}
    units = {unit.id: unit for unit in evidence.product.unit}
    for observation in evidence.observations:
        if thing.is_file() and observation.id != thing.stem:
            continue
        surface = surfaces[observation.surface]
        for check in CHECKS:
            if isinstance(observation.seen, check.reads) and (not checks or check.id in checks):
                used = reference.for_surface(check.needs, surface, evidence.supplied)
                content = reference.contents(used, evidence.supplied) | given
                unit = units.get(observation.unit)
                about = about_for(check, surface, evidence.product.product, unit, content)
                yield check.id, observation.seen, about


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="tests.harvest", description=__doc__)
    parser.add_argument("--source", required=True, help="server, version, edition, date; or “fixture: …”")
    parser.add_argument("--name", required=True, help="file name of the specimen, without .json")
    parser.add_argument("--check", action="append", default=[], choices=sorted(BY_ID))
    parser.add_argument("--expect", type=Outcome, choices=list(Outcome))
    parser.add_argument("--reference", action="append", default=[], metavar="NAME=FILE")
    parser.add_argument("thing", type=Path, metavar="AUDIT_OR_OBSERVATION")
    wanted = parser.parse_args(arguments)
    given = {
        name: Path(file).read_bytes() for name, _, file in (one.partition("=") for one in wanted.reference)
    }
    for check, seen, about in harvest(wanted.thing, wanted.check, given):
        print(write_specimen(check, seen, about, wanted.source, wanted.name, wanted.expect))  # noqa: T201


if __name__ == "__main__":
    main()
