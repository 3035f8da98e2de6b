"""The radio matrix: a peripheral in every state a stranger may meet one in, and what each check answers.

python -m tests.radio_matrix        writes docs/radio-matrix.md

The truth was written down first, in `radio_matrix.toml`; the answers come from one look at all of
them, on one virtual air, through one adapter, one after the other.
"""

import asyncio
import re
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from shelfworthy.audit.judge import judge
from shelfworthy.audit.look import look
from shelfworthy.model import (
    Basis,
    Bluetooth,
    Harmless,
    Identity,
    Level,
    Operation,
    Permission,
    Permit,
    Policy,
    Product,
    Transport,
)
from shelfworthy.product.scope import Scope
from shelfworthy.product.write import product_toml
from shelfworthy.reach import Door
from shelfworthy.record import Evidence, Recorder, load_evidence
from shelfworthy_lab.radio import matrix, profile
from shelfworthy_lab.radio.start import Guest, start
from tests.truth import Row, strongest, summary

PAGE = Path(__file__).parents[1] / "docs" / "radio-matrix.md"
TRUTH: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
WINDOW_S = 5  # for how long a device that is never opened is tried
BUDGET = 600


def slug(state: str) -> str:
    """The id of the surface in this state."""
    return re.sub("[^a-z0-9]+", "-", state.lower())


def surface(state: str, guest: Guest) -> Bluetooth:
    """What a product file says of it: all of them the same, but for which radio they have."""
    classic = state in matrix.CLASSIC
    return Bluetooth(
        id=slug(state),
        where=f"bluetooth:{guest.address}",
        transport=Transport.CLASSIC if classic else Transport.LE,
        person="Shelfworthy tests",
        button=matrix.BUTTON,
        window_s=WINDOW_S,
        watch_s=1,
        operation=() if classic else msgspec.convert(profile.operations(), tuple[Operation, ...]),
        harmless=() if classic else msgspec.convert(profile.harmless(), tuple[Harmless, ...]),
    )


def product(guests: dict[str, Guest]) -> Product:
    """All states as surfaces of one product."""
    until = date.today() + timedelta(1)
    return Product(
        product=Identity(name="Plum Box", vendor="Plumwhistle"),
        surface=tuple(surface(state, guest) for state, guest in guests.items()),
        permission=tuple(
            Permission(to=guest.address, level=Level.USE, basis=Basis.OWN, person="tests", until=until)
            for guest in guests.values()
        ),
    )


def audited(folder: Path) -> Evidence:
    """One look at every state."""
    guests = matrix.guests()
    everything = product(guests)
    with start(list(guests.values()), folder / "air") as street:
        policy = Policy(adapter=street.adapter, permit=(Permit(to="*", level=Level.USE),))
        recorder = Recorder(folder / "matrix.audit", product_toml(everything).encode(), {})
        door = Door(Scope(everything, policy, datetime.now(UTC).date()))
        asyncio.run(look(everything, door, recorder, "radio matrix", budget=BUDGET, tell=lambda _: None))
        recorder.close()
    return load_evidence(folder / "matrix.audit")


def rows(evidence: Evidence) -> Iterator[Row]:
    """Every expected answer beside the one given."""
    given: dict[tuple[str, str], set[str]] = {}
    for finding in judge(evidence, datetime.now(UTC)).findings:
        given.setdefault((finding.check, finding.surface), set()).add(finding.outcome.value)
    for state, answers in TRUTH.items():
        for check, expected in answers.items():
            yield Row(
                product=state,
                level=Level.USE,
                check=check,
                surface=slug(state),
                expected=expected,
                answer=strongest(given.get((check, slug(state)), set())),
            )


def page(table: list[Row]) -> str:
    """The matrix as a page: a line for each state, a column for each check."""
    checks = list(dict.fromkeys(row.check for row in table))
    heads = [check.removeprefix("bluetooth-").replace("-", " ") for check in checks]
    counts = summary(table).splitlines()[0]
    lines = [
        "# Radio matrix",
        "",
        "A peripheral of the lab in each state a stranger may meet one in, on a virtual radio, at `use`,",
        f"and what each check answers. {counts} (written by `python -m tests.radio_matrix`; the truth came",
        "first, `tests/radio_matrix.toml`). “inconclusive” stands only where that is the right answer.",
        "",
        f"| state | {' | '.join(heads)} |",
        f"|---|{'---|' * len(heads)}",
    ]
    for state in dict.fromkeys(row.product for row in table):
        answers = [
            row.answer if row.grade == "right" else f"**{row.answer}** ({row.grade}, is {row.expected})"
            for row in table
            if row.product == state
        ]
        lines.append(f"| {state} | {' | '.join(answers)} |")
    return "\n".join(
        [
            *lines,
            "",
            "**Not run**, because virtual controllers have no words for it: inquiry, legacy PIN pairing of",
            "Classic, encryption by the link's own cipher. Key sizes are judged by what pairing agrees on.",
            "",
        ]
    )


def main() -> None:
    """Run it and write the page."""
    with tempfile.TemporaryDirectory() as name:
        table = list(rows(audited(Path(name))))
    print(summary(table))
    PAGE.write_text(page(table), encoding="utf-8")


if __name__ == "__main__":
    main()
