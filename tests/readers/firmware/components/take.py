"""Take the specimens of the component rules from Debian's own builds.

    python -m tests.readers.firmware.components.take FOLDER

FOLDER holds `ARCH/tree/PACKAGE/…`, as `python -m benchmarks.components FOLDER` leaves it. Positive is the
text that shows a version, with the texts that the rule needs, of each architecture; negative is what another
program says of the component. What Debian has no build of stays as it was written by hand.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from benchmarks.components import ARCHES
from benchmarks.debian import builds

from shelfworthy.readers.firmware.components.scan import shown
from shelfworthy.seen.components import Rule, rules

FILE = Path(__file__).with_name("specimens.json")
AROUND = 100  # bytes kept on each side
NEGATIVES = 2  # for each component
PRINTABLE = re.compile(rb"[\x20-\x7e]{6,160}")


def main() -> None:
    """Write what was found over what was found before; what was written by hand stays."""
    root = Path(sys.argv[1])
    by_hand = [one for one in json.loads(FILE.read_text("utf-8")) if one["source"].startswith("by hand")]
    found = [*by_hand, *positives(root), *negatives(root)]
    found.sort(key=lambda one: (one["component"], not one["shows"], one["source"]))
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def positives(root: Path) -> list[dict[str, Any]]:
    """For each component and architecture, the first file that tells its version."""
    found, done = [], set()
    for build in builds():
        for name in build.expected:
            if (name, build.arch) not in done:
                for file in programs(root / build.arch / "tree" / build.package):
                    if (kept := cut(file, name)) is not None:
                        version, texts = kept
                        source = f"Debian: {build.package} {build.version} {build.arch}"
                        found.append(specimen(name, version, source, texts))
                        done.add((name, build.arch))
                        break
    return found


def cut(file: Path, name: str) -> tuple[str, list[bytes]] | None:
    """The version that a file tells of a component, and the bytes that show it."""
    content = file.read_bytes()
    rule = next(rule for rule in rules() if rule.name == name)
    for one in shown(content):
        if one.name == name and one.version:
            texts = [content[max(0, one.at - AROUND) : one.at + one.length + AROUND]]
            for needed in rule.needs:
                at = content.index(needed.encode())
                texts.append(content[max(0, at - 1) : at + len(needed) + 1])
            return one.version, texts
    return None


def negatives(root: Path) -> list[dict[str, Any]]:
    """What programs say of components that they are not: those with a version in it first."""
    said: dict[str, list[tuple[bool, str, bytes]]] = {rule.name: [] for rule in rules()}
    for build in builds():
        if build.arch == ARCHES[0]:
            for file in programs(root / build.arch / "tree" / build.package):
                texts = PRINTABLE.findall(file.read_bytes())
                for rule in rules():
                    if rule.name not in build.expected and len(said[rule.name]) < 400:
                        source = f"Debian: {build.package} {build.version} {build.arch}"
                        said[rule.name] += [
                            (re.search(rb"\d\.\d", text) is None, source, text)
                            for text in texts
                            if word_of(rule).search(text)
                        ]
    found = []
    for name, mentions in said.items():
        kept: dict[str, bytes] = {}
        for _, source, text in sorted(mentions):
            kept.setdefault(source, text)
        found += [specimen(name, None, *one) for one in list(kept.items())[:NEGATIVES]]
    return found


def word_of(rule: Rule) -> re.Pattern[bytes]:
    """What other programs call it."""
    return re.compile(rb"(?i)(?<![a-z])" + re.escape(rule.name.encode()))


def programs(folder: Path) -> list[Path]:
    """Programs and libraries in a folder, by path."""
    return [
        file
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        and not file.is_symlink()
        and (file.read_bytes()[:4] == b"\x7fELF" or "boot" in file.name)
    ]


def specimen(name: str, version: str | None, source: str, texts: list[bytes] | bytes) -> dict[str, Any]:
    """One entry: version None: it must not be recognised."""
    several = [texts] if isinstance(texts, bytes) else texts
    return {
        "component": name,
        "shows": version is not None,
        "version": version or "",
        "source": source,
        "texts": [text.decode("latin-1") for text in several],
    }


if __name__ == "__main__":
    main()
