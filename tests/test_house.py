"""The house keeps its own rules: lists, folders, rules and pages agree; files stay small; nothing leaks."""

import ast
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy.checks import CHECKS
from shelfworthy.guidelines import CheckFacts, disagreements, five_guidelines
from shelfworthy.model import Kind
from shelfworthy.probes import PROBES
from shelfworthy.readers import READERS
from shelfworthy.seen import AnySeen
from shelfworthy.seen.endpoint import EndpointHttps
from shelfworthy.seen.policy import PolicyListing, PolicyNamed
from tests.forms import NEWEST

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "shelfworthy"
LONGEST = 500
# HSTS, and other places; what led to a policy: reported with the evidence, no guideline asks for them.
SHOWN_ONLY = {EndpointHttps, PolicyListing, PolicyNamed}

TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    ).stdout.splitlines()
]


def python_files() -> list[Path]:
    return [path for path in TRACKED if path.suffix == ".py" and path.is_file()]


def test_rules_and_checks_name_each_other() -> None:
    facts = {check.id: CheckFacts.of(check) for check in CHECKS}
    assert disagreements(five_guidelines(), facts) == []


def test_every_probe_folder_is_listed_and_every_probe_sees_its_own_kind() -> None:
    folders = {path.name for path in (SOURCE / "probes").iterdir() if (path / "__init__.py").is_file()}
    assert {probe.kind.value for probe in PROBES} == folders
    for probe in PROBES:
        assert {seen.surface_kind() for seen in probe.sees} == {probe.kind}
        assert f"shelfworthy.probes.{probe.kind}." in f"{probe.observe.__module__}."
    assert len({probe.name for probe in PROBES}) == len(PROBES)


def test_every_reader_is_listed_sees_its_own_kind_and_is_where_it_says() -> None:
    modules = {path.stem for path in (SOURCE / "readers").iterdir() if not path.stem.startswith("_")}
    assert {reader.kind.value for reader in READERS} | {"reader"} == modules
    for reader in READERS:
        assert {seen.surface_kind() for seen in reader.sees} == {reader.kind}
        module, _, name = reader.read.partition(":")
        assert module.startswith(f"shelfworthy.readers.{reader.kind}")
        assert callable(getattr(importlib.import_module(module), name))
    assert len({reader.name for reader in READERS}) == len(READERS)


def test_shelf_lives_are_of_what_can_be_seen() -> None:
    tags = {seen.tag().partition("/")[0] for seen in AnySeen.__args__}
    assert set(five_guidelines().shelf_life_of) <= tags


def test_what_is_seen_is_seen_by_a_probe_or_reader_and_judged_by_a_check() -> None:
    everything = set(NEWEST)
    assert {seen for probe in PROBES for seen in probe.sees} | {
        seen for reader in READERS for seen in reader.sees
    } == everything
    judged = {seen for check in CHECKS for seen in check.reads}
    assert everything - judged == SHOWN_ONLY


def test_kinds_are_the_same_word_everywhere() -> None:
    words = {kind.value for kind in Kind}
    modules = {seen.__module__.rpartition(".")[2] for seen in AnySeen.__args__}
    checked = {path.name for path in (SOURCE / "checks").iterdir() if (path / "__init__.py").is_file()}
    assert modules <= words
    assert checked <= modules


PURE = {  # what checks may import, by name: nothing that reads a clock, a file or a network
    "calendar",
    "collections",
    "cryptography",
    "datetime",
    "enum",
    "fnmatch",
    "functools",
    "ipaddress",
    "itertools",
    "math",
    "msgspec",
    "re",
    "shelfworthy.checks",
    "shelfworthy.model",
    "shelfworthy.seen",
    "shelfworthy.webtext",
    "tomllib",
    "urllib.parse",
    "warnings",
}


def imported(path: Path) -> Iterator[str]:
    """The modules a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            yield node.module or ""


@pytest.mark.parametrize("path", sorted((SOURCE / "checks").rglob("*.py")), ids=lambda path: path.stem)
def test_checks_import_only_what_is_pure(path: Path) -> None:
    for module in imported(path):
        assert any(module == name or module.startswith(f"{name}.") for name in PURE), module


@pytest.mark.parametrize("path", sorted((SOURCE / "checks").rglob("*.py")), ids=lambda path: path.stem)
def test_checks_read_no_clock(path: Path) -> None:
    called = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
    assert not called & {"now", "utcnow", "today"}


def test_no_module_is_over_the_ceiling() -> None:
    written = (path for path in python_files() if path.parent.name != "migrations")  # those Django writes
    long = {path.name: len(path.read_text().splitlines()) for path in written}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml", "lab/pyproject.toml", "Makefile"])
def test_nothing_names_a_registry(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"https?://|--(extra-)?index-url", text)


def test_the_lock_has_hashes_for_everything() -> None:
    text = (ROOT / "requirements.lock").read_text()
    pinned = re.findall(r"^[a-z0-9][^ ]*==[^\n]*(?:\n    [^\n]+)+", text, flags=re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[a-z0-9][^ ]*==", text, flags=re.MULTILINE)) > 30
    assert all("--hash=sha256:" in entry for entry in pinned)


def test_the_npm_locks_have_hashes_for_everything_and_name_no_registry() -> None:
    locks = sorted((ROOT / "lab/src/shelfworthy_lab/npm").glob("*/package-lock.json"))
    assert len(locks) == 3
    for lock in locks:
        packages = json.loads(lock.read_text())["packages"]
        brought = [about for path, about in packages.items() if path]
        assert brought
        assert all(about["integrity"].startswith("sha512-") for about in brought), lock
        assert not any("resolved" in about for about in brought), lock


def test_generated_pages_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "docs.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
