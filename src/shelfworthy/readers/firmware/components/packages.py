"""What the list of a package manager says is installed: dpkg, opkg and apk."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shelfworthy.seen.components import rules

LISTS = (
    "var/lib/dpkg/status",
    "usr/lib/opkg/status",
    "var/lib/opkg/status",
    "opt/lib/opkg/status",
    "lib/apk/db/installed",
    "usr/lib/apk/db/installed",
)
BY_PACKAGE: Mapping[str, str] = {package: rule.name for rule in rules() for package in rule.packages}
# Names of fields by what they say; apk has letters.
PACKAGE, VERSION, SOURCE = (b"Package", b"P"), (b"Version", b"V"), (b"Source", b"o")


class Listed(NamedTuple):
    """A package that is a component. version: of those who made it, without what its packagers added."""

    name: str
    version: str
    says: str
    at: int
    length: int


def listed(content: bytes) -> Iterator[Listed]:
    """Every component in a package list. Entries that are not installed are left out."""
    at = 0
    for entry in re.split(rb"\n[ \t]*\n", content):
        start = content.find(entry, at)
        at = start + len(entry)
        fields = _fields(entry)
        package, version = _one(fields, PACKAGE), _one(fields, VERSION)
        if not version or not _installed(fields.get(b"Status", b"")):
            continue
        name = BY_PACKAGE.get(_one(fields, SOURCE)) or BY_PACKAGE.get(package)
        if name:
            says = f"{package} {version}"[:120]
            yield Listed(name, upstream(version), says, start, min(len(entry), 1 << 16))


def upstream(version: str) -> str:
    """A version as those who made the component number it: without epoch and revision ("1:1.1.1w-0+deb1")."""
    plain = re.sub(r"^\d+:", "", version)
    plain = re.sub(r"-(?:r\d+|[^-]*)$", "", plain)
    told = re.match(r"\d[0-9.]*(?:(?:p|rc)\d+|[a-z]{1,2}(?![a-z0-9]))?", plain)
    return told[0].rstrip(".") if told else ""


def _fields(entry: bytes) -> dict[bytes, bytes]:
    found = {}
    for line in entry.split(b"\n"):
        key, colon, value = line[:4096].partition(b":")
        if colon and not key.startswith((b" ", b"\t")):
            found[key] = value.strip()
    return found


def _one(fields: Mapping[bytes, bytes], names: tuple[bytes, ...]) -> str:
    value = next((fields[name] for name in names if name in fields), b"")
    words = value.decode("utf-8", "replace").split()
    return "".join(letter for letter in words[0] if letter.isprintable())[:100] if words else ""


def _installed(status: bytes) -> bool:
    """dpkg and opkg say so in three words; apk lists nothing else."""
    return not status or status.split()[-1:] in ([b"installed"], [b"unpacked"])
