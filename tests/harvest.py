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

import msgspec

from shelfworthy.audit import findings
from shelfworthy.checks import BY_ID, CHECKS
from shelfworthy.model import About, Observation, Outcome
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
    says = tuple(BY_ID[check].judge(seen.newest(), about))
    if not says:
        raise ValueError(f"{check} says nothing of this {seen.tag()}")
    if expect is not None and outcome(says) is not expect:
        raise ValueError(f"{check} says {outcome(says)} ({says[0].says}), not {expect}")
    path = FOLDER / check / outcome(says) / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(Specimen(source=source, seen=seen, about=about, says=says)))
    return path


def harvest(
    thing: Path, checks: Sequence[str], given: dict[str, bytes]
) -> Iterator[tuple[str, AnySeen, About]]:
    """Every (check, seen, about) of an audit, or of one observation lying in it.

    given: what stands in for references that are too big for a specimen. Raises ValueError without it.
    """
    evidence = load_evidence(thing if thing.is_dir() else thing.parents[2])
    supplied = evidence.outline().supplied
    surfaces = {surface.id: surface for surface in evidence.product.surface}
    for observation in evidence.observations:
        if thing.is_file() and observation.id != thing.stem:
            continue
        for check in CHECKS:
            if isinstance(observation.seen.newest(), check.reads) and (not checks or check.id in checks):
                about = findings.about(
                    check, surfaces[observation.surface], evidence, supplied, observation.seen.newest()
                )
                content = {name: given.get(name, whole) for name, whole in about.references.items()}
                for name, whole in content.items():
                    if len(whole) > MOST_REFERENCE:
                        raise ValueError(
                            f"{check.id}: --reference {name}=FILE of at most {MOST_REFERENCE} bytes"
                        )
                yield check.id, observation.seen, msgspec.structs.replace(about, references=content)


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
        print(write_specimen(check, seen, about, wanted.source, wanted.name, wanted.expect))


if __name__ == "__main__":
    main()
