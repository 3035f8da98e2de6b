"""The truth table: what the checks answer about a lab product, beside what was expected beforehand."""

import asyncio
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from shelfworthy.audit.judge import judge
from shelfworthy.audit.look import look
from shelfworthy.checks import BY_ID
from shelfworthy.model import Judgement, Level, Product
from shelfworthy.product.read import read_policy, read_product
from shelfworthy.product.scope import Scope
from shelfworthy.reach import Door
from shelfworthy.record import Evidence, Recorder, load_evidence
from shelfworthy_lab import Instance


class Row(msgspec.Struct, frozen=True):
    """One cell of the table."""

    product: str
    level: str
    check: str
    surface: str
    expected: str
    answer: str

    @property
    def grade(self) -> str:
        """`right`, `wrong`, or `left open`: inconclusive although more was expected."""
        if self.answer == self.expected:
            return "right"
        return "left open" if self.answer == "inconclusive" else "wrong"


def audit(instance: Instance, level: Level, folder: Path) -> tuple[Evidence, Judgement]:
    """Audit a running lab product as somebody with this level of permission."""
    product = at_level(read_product(instance.product), level)
    policy = read_policy(instance.policy)
    names = {name for surface in product.surface for name in surface.files.values()}
    supplied = {name: (instance.folder / name).read_bytes() for name in names}
    recorder = Recorder(folder, instance.product.read_bytes(), supplied)
    door = Door(Scope(product, policy, datetime.now(UTC).date()), supplied=supplied)
    asyncio.run(look(product, door, recorder, "truth table", budget=60, tell=lambda step: None))
    recorder.close()
    evidence = load_evidence(folder)
    return evidence, judge(evidence, datetime.now(UTC).replace(microsecond=0))


def at_level(product: Product, level: Level) -> Product:
    """The product as permitted to somebody at this level."""
    lowered = tuple(msgspec.structs.replace(permission, level=level) for permission in product.permission)
    return msgspec.structs.replace(product, permission=lowered)


def table(instance: Instance, level: Level, judgement: Judgement) -> Iterator[Row]:
    """Every expected answer beside the one given; those of checks that are not there yet wait for them."""
    expected = tomllib.loads(instance.expected.read_text())[instance.edition][level]
    for check, surfaces in expected.items():
        if check not in BY_ID:
            continue
        for surface, answer in surfaces.items():
            given = {
                finding.outcome.value
                for finding in judgement.findings
                if (finding.check, finding.surface) == (check, surface)
            }
            yield Row(
                product=f"{instance.name} {instance.edition}",
                level=level,
                check=check,
                surface=surface,
                expected=answer,
                answer=strongest(given),
            )


def unexpected(instance: Instance, level: Level, judgement: Judgement) -> set[tuple[str, str]]:
    """(check, surface) that were answered and are in no row of the table, which is about what is declared."""
    expected = tomllib.loads(instance.expected.read_text())[instance.edition][level]
    rows = {(check, surface) for check, surfaces in expected.items() for surface in surfaces}
    answered = {(finding.check, finding.surface) for finding in judgement.findings}
    return {(check, surface) for check, surface in answered - rows if not surface.startswith("seen:")}


def strongest(given: set[str]) -> str:
    """One answer of a check at a surface: step 3 of the roll-up, for a single surface."""
    for word in ("fail", "inconclusive", "pass", "moot"):
        if word in given:
            return word
    return "inconclusive"


def summary(rows: list[Row]) -> str:
    """Counts, and every row that is not right."""
    grades = [row.grade for row in rows]
    head = ", ".join(f"{grade}: {grades.count(grade)}" for grade in ("right", "wrong", "left open"))
    lines = [
        f"  {row.grade}: {row.product} at {row.level}: {row.check} {row.surface}: "
        f"expected {row.expected}, answered {row.answer}"
        for row in rows
        if row.grade != "right"
    ]
    return "\n".join([head, *lines])
