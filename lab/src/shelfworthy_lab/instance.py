"""One running product: its folder and what lies in it."""

import json
import tomllib
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

from shelfworthy_lab import processes, toml
from shelfworthy_lab.listeners import RUNNING


@dataclass(frozen=True)
class Instance:
    """A product that was started.

    folder: `PRODUCT-EDITION/`. ports: name → port, also of a part that can't run: there nobody listens.
    parts: name → `running`, or `can't run: ` and why. ransom: whether the database was ransomed.
    processes: the names of the pid files in `pids/`.
    """

    folder: Path
    name: str
    edition: str
    ransom: bool
    ports: dict[str, int]
    parts: dict[str, str]
    processes: tuple[str, ...]

    @property
    def product(self) -> Path:
        return self.folder / "product.toml"

    @property
    def policy(self) -> Path:
        return self.folder / "policy.toml"

    @property
    def expected(self) -> Path:
        return self.folder / "expected.toml"

    def paths(self) -> dict[str, object]:
        """What `up --json` prints."""
        return {
            "product": str(self.product),
            "policy": str(self.policy),
            "expected": str(self.expected),
            "ports": self.ports,
            "parts": self.parts,
        }

    def running(self) -> bool:
        """Whether every process that was started still runs."""
        return all(processes.alive(self.folder / "pids" / name) for name in self.processes)

    def save(self) -> None:
        said = asdict(self) | {"folder": str(self.folder)}
        (self.folder / "instance.json").write_text(json.dumps(said, indent=2) + "\n")


def load(folder: Path) -> Instance | None:
    """The instance of a folder, if one was started there, by this version of the lab, and not ended."""
    try:
        said = json.loads((folder / "instance.json").read_text())
        return Instance(**said | {"folder": folder, "processes": tuple(said["processes"])})
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


# Checks that need another part than the one that serves their surface.
NEEDS_BESIDES = {"contact-reachable": "names", "update-support-period": "www"}

Expected = dict[str, dict[str, dict[str, str]]]


def expected(product: str, edition: str) -> Expected:
    """What was written beforehand: level → check → surface → answer."""
    text = files("shelfworthy_lab.products").joinpath(product.replace("-", "_"), "expected.toml").read_text()
    answers: Expected = tomllib.loads(text)[edition]
    return answers


def write_expected(instance: Instance, shown_by: dict[str, str]) -> None:
    """`expected.toml` of this instance; shown_by: surface → the part that serves it.

    Where a part can't run nobody can tell, and without a ransom there is no trace of one.
    """
    tables: list[tuple[str, toml.Table]] = []
    for level, checks in expected(instance.name, instance.edition).items():
        for check, surfaces in checks.items():
            answers = {
                surface: _adjusted(instance, check, answer, shown_by[surface])
                for surface, answer in surfaces.items()
            }
            tables.append((f'["{instance.edition}".{level}.{check}]', answers))
    instance.expected.write_text(toml.tables(tables))


def _adjusted(instance: Instance, check: str, answer: str, part: str) -> str:
    besides = NEEDS_BESIDES.get(check, part)
    if instance.parts[part] != RUNNING or (answer != "moot" and instance.parts[besides] != RUNNING):
        return "inconclusive"
    if check == "database-ransom-traces" and answer == "fail" and not instance.ransom:
        return "pass"
    return answer
