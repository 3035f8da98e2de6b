"""OSV records, JSON or YAML: which versions of which package are affected.

https://ossf.github.io/osv-schema/. Versions of distributions number their own repairs and fit no version of
the component itself: records about packages of a distribution are left out. So are ranges of git commits.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from shelfworthy.seen.vulnerabilities import Flaw, Range
from shelfworthy.vulndata.words import (
    BY_OSV_NAME,
    MOST_RANGES,
    NotUnderstood,
    Rows,
    cve_id,
    day,
    severity,
    version,
)

# Of these the versions are those of who made the component.
UPSTREAM = frozenset({"", "OSS-Fuzz", "GIT", "Bitnami", "ConanCenter", "vcpkg", "Linux"})


def rows(said: Mapping[str, Any]) -> Rows:
    """What a record says of the components that we know. Raises NotUnderstood."""
    own = str(said.get("id") or "")
    if not own:
        raise NotUnderstood("an OSV record without an id")
    date = day(said.get("modified")) or day(said.get("published"))
    names = [
        name for one in (own, *_texts(said, "aliases"), *_texts(said, "upstream")) if (name := cve_id(one))
    ]
    ids = tuple(dict.fromkeys(names)) or (own[:64],)
    if said.get("withdrawn"):
        return Rows("osv", date, gone=ids)
    found: dict[str, list[Range]] = {}
    words: dict[str, str] = {}
    for entry in _items(said, "affected"):
        package = entry.get("package")
        package = package if isinstance(package, dict) else {}
        component = BY_OSV_NAME.get(str(package.get("name") or "").lower())
        if component and str(package.get("ecosystem") or "").partition(":")[0] in UPSTREAM:
            found.setdefault(component, []).extend(ranges(entry))
            specific = entry.get("ecosystem_specific")
            if isinstance(specific, dict):
                words[component] = severity(specific.get("severity"))
    specific = said.get("database_specific")
    general = severity(specific.get("severity")) if isinstance(specific, dict) else ""
    flaws = tuple(
        Flaw(
            component,
            cve,
            tuple(several[:MOST_RANGES]),
            "unaffected" if several else "unknown",
            words.get(component) or general,
            "",
        )
        for component, several in found.items()
        for cve in ids
    )
    return Rows("osv", date, flaws)


def ranges(entry: Mapping[str, Any]) -> Iterator[Range]:
    """The versions that are affected: one by one, and by events."""
    for text in _texts(entry, "versions"):
        if number := version(text):
            yield Range("affected", number, number, True)
    for one in _items(entry, "ranges"):
        if one.get("type") in ("SEMVER", "ECOSYSTEM"):
            start: str | None = None
            for event in _items(one, "events"):
                if "introduced" in event:
                    text = str(event["introduced"])
                    start = "" if text == "0" else version(text)
                elif start is not None:
                    closed = "last_affected" in event
                    end = version(str(event.get("fixed") or event.get("last_affected") or ""))
                    if end:
                        yield Range("affected", start, end, closed)
                    start = None
            if start is not None:
                yield Range("affected", start, "", False)


def _items(said: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    several = said.get(key)
    if isinstance(several, list):
        yield from (one for one in several if isinstance(one, dict))


def _texts(said: Mapping[str, Any], key: str) -> Iterator[str]:
    several = said.get(key)
    if isinstance(several, list):
        yield from (str(one) for one in several)
