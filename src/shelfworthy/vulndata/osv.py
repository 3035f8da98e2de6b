"""OSV records, JSON or YAML: which versions of which package are affected.

https://ossf.github.io/osv-schema/. Versions of distributions number their own repairs and fit no version of
the component itself: records about packages of a distribution are left out. So are ranges of git commits:
where such a range has no end, nobody can tell of a version that is not listed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from shelfworthy.seen.versions import key
from shelfworthy.seen.vulnerabilities import Flaw, Range
from shelfworthy.vulndata.severities import by_vector
from shelfworthy.vulndata.words import (
    BY_OSV_NAME,
    MOST_RANGES,
    SEVERITIES,
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
    if said.get("withdrawn"):
        return Rows("osv", date, own[:100], gone=True)
    names = [
        name for one in (own, *_texts(said, "aliases"), *_texts(said, "upstream")) if (name := cve_id(one))
    ]
    ids = tuple(dict.fromkeys(names)) or (own[:64],)
    found: dict[str, list[Range]] = {}
    open_: set[str] = set()  # components of which a range has no end that can be read
    words: dict[str, list[str]] = {}
    for entry in _items(said, "affected"):
        if component := _component(entry):
            found.setdefault(component, []).extend(ranges(entry))
            open_ |= {component} if any(map(endless, _items(entry, "ranges"))) else set()
            words.setdefault(component, []).extend(_severities(entry, "ecosystem_specific"))
    general = _severities(said, "database_specific")
    flaws = tuple(
        Flaw(
            component,
            cve,
            tuple(several[:MOST_RANGES]),
            "unaffected" if 0 < len(several) <= MOST_RANGES and component not in open_ else "unknown",
            max((*words[component], *general, ""), key=lambda one: SEVERITIES.index(one) if one else -1),
            "",
        )
        for component, several in found.items()
        for cve in ids
    )
    return Rows("osv", date, own[:100], flaws)


def _component(entry: Mapping[str, Any]) -> str:
    """The component that an entry is about; "" for none that we know. One without a package names where its
    source is kept.
    """
    package = entry.get("package")
    if isinstance(package, dict) and package.get("name"):
        ours = str(package.get("ecosystem") or "").partition(":")[0] in UPSTREAM
        return BY_OSV_NAME.get(str(package["name"]).lower(), "") if ours else ""
    repositories = {str(one.get("repo") or "") for one in _items(entry, "ranges")} - {""}
    names = {one.rstrip("/").rpartition("/")[2].removesuffix(".git").lower() for one in repositories}
    return next((BY_OSV_NAME[one] for one in sorted(names) if one in BY_OSV_NAME), "")


def _severities(said: Mapping[str, Any], specific: str) -> list[str]:
    """The severities that a record or an entry gives, by CVSS vectors or in words. specific: the key of what
    only its author knows.
    """
    found = []
    for one in _items(said, "severity"):
        score = str(one.get("score") or "")
        found.append(by_vector(score) or severity(score))
    own = said.get(specific)
    return [*found, severity(own.get("severity")) if isinstance(own, dict) else ""]


def ranges(entry: Mapping[str, Any]) -> Iterator[Range]:
    """The versions that are affected: one by one, and by events."""
    for text in _texts(entry, "versions"):
        if number := version(text):
            yield Range("affected", number, number, True)
    for one in _items(entry, "ranges"):
        if one.get("type") in ("SEMVER", "ECOSYSTEM"):
            yield from by_events(list(_items(one, "events")))


def endless(one: Mapping[str, Any]) -> bool:
    """Whether a range of commits goes on: versions that came after those that are listed may be affected."""
    events = list(_items(one, "events"))
    return one.get("type") == "GIT" and not any(END & event.keys() for event in events)


END = frozenset({"fixed", "last_affected", "limit"})
# At the same version what ends comes before what begins, and what ends with it after that.
ORDER = ("fixed", "introduced", "last_affected")


def by_events(events: list[Mapping[str, Any]]) -> Iterator[Range]:
    """The ranges between events, which may stand in any order. Nothing is affected from a limit on; where an
    event cannot be read, what follows it is unknown.
    """
    told = [(what, str(event[what])) for event in events for what in ORDER if what in event]
    limits = [str(event["limit"]) for event in events if "limit" in event]
    unread = [text for _, text in told if text != "0" and not version(text)]
    if unread:
        yield Range("unknown", "", "", False)
    read = sorted(
        (text != "0", key(version(text)), ORDER.index(what), text)
        for what, text in told
        if text not in unread
    )
    start: str | None = None
    for not_first, _, what, text in read:
        if ORDER[what] == "introduced":
            start = start if start is not None else version(text) if not_first else ""
        elif start is not None:
            yield Range("affected", start, version(text), ORDER[what] == "last_affected")
            start = None
    if start is not None:
        ends = [version(one) for one in limits]
        limit = max(ends, key=key) if ends and all(ends) else ""  # "*" is none
        yield Range("affected", start, limit, False)


def _items(said: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    several = said.get(key)
    if isinstance(several, list):
        yield from (one for one in several if isinstance(one, dict))


def _texts(said: Mapping[str, Any], key: str) -> Iterator[str]:
    several = said.get(key)
    if isinstance(several, list):
        yield from (str(one) for one in several)
