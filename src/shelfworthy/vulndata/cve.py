"""CVE records, JSON 5: which versions of which component are affected.

https://cveproject.github.io/cve-schema/schema/docs/. Ranges of git commits say nothing about a version and
are left out, and so are those that count as a distribution does: where there are no others, whether a version
is affected stays unknown. It does, too, for all versions that nothing was said of, where a part of what was
said is not understood.
"""

import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct, field

from shelfworthy.seen.vulnerabilities import Flaw, Range, Status
from shelfworthy.vulndata.phrases import in_words, line_of
from shelfworthy.vulndata.severities import by_vector
from shelfworthy.vulndata.words import (
    BY_OSV_NAME,
    MOST_RANGES,
    SEVERITIES,
    NotUnderstood,
    Rows,
    by_score,
    component,
    cve_id,
    day,
    severity,
    version,
)

STATUSES: dict[str, Status] = {"affected": "affected", "unaffected": "unaffected", "unknown": "unknown"}
FROM_THE_FIRST = frozenset({"", "0", "*", "-", "unspecified", "0.0", "0.0.0", "n/a"})
# How versions are counted by who did not make the component, and by what is no version.
OF_OTHERS = frozenset({"git", "deb", "rpm", "apk", "original_commit_for_fix"})
# Collections of distributions.
PACKAGED = re.compile(r"(?i)redhat\.com/downloads|packages\.|package-browser|/srpm")


class Change(Struct):
    at: str | None = ""
    status: str | None = ""


class Versions(Struct, rename="camel"):
    version: str | None = ""
    status: str | None = ""
    version_type: str | None = ""
    less_than: str | None = ""
    less_than_or_equal: str | None = ""
    changes: list[Change] | None = None


class Affected(Struct, rename="camel"):
    vendor: str | None = ""
    product: str | None = ""
    package_name: str | None = ""
    collection_url: str | None = field(name="collectionURL", default="")
    default_status: str | None = "unknown"
    versions: list[Versions] | None = None
    cpes: list[str] | None = None


class Score(Struct, rename="camel"):
    base_score: float | None = None
    vector_string: str | None = ""


class Metric(Struct):
    v4: Score | None = field(name="cvssV4_0", default=None)
    v31: Score | None = field(name="cvssV3_1", default=None)
    v30: Score | None = field(name="cvssV3_0", default=None)
    other: msgspec.Raw = field(default_factory=lambda: msgspec.Raw(b"null"))


class Container(Struct):
    affected: list[Affected] | None = None
    metrics: list[Metric] | None = None


class Containers(Struct):
    cna: Container = field(default_factory=Container)
    adp: list[Container] | None = None


class Meta(Struct, rename="camel"):
    cve_id: str | None = ""
    state: str | None = ""
    date_updated: str | None = ""
    date_published: str | None = ""


class Record(Struct, rename="camel"):
    cve_metadata: Meta
    containers: Containers = field(default_factory=Containers)


DECODER = msgspec.json.Decoder(Record, strict=False)  # who writes "9.8" means 9.8


def rows(content: bytes) -> Rows:
    """What a record says of the components that we know. Raises NotUnderstood."""
    try:
        record = DECODER.decode(content)
    except (msgspec.DecodeError, msgspec.ValidationError) as wrong:
        raise NotUnderstood(f"no CVE record of version 5 ({wrong})") from None
    about = record.cve_metadata
    name = cve_id(about.cve_id or "")
    if not name:
        raise NotUnderstood("a CVE record without an id")
    date = day(about.date_updated) or day(about.date_published)
    if (about.state or "").upper() == "REJECTED":
        return Rows("cve", date, name, gone=True)
    said = record.containers
    containers = (said.cna, *(said.adp or ()))
    how_bad = worst([metric for one in containers for metric in one.metrics or ()])
    flaws: dict[str, Flaw] = {}
    for container in containers:  # who named the flaw is heard first
        for which, entries in by_component(container.affected or []).items():
            before = flaws.get(which)
            if before is None or not (before.ranges or before.otherwise == "affected"):
                ranges, otherwise = told(entries)
                flaws[which] = Flaw(which, name, ranges, otherwise, how_bad, "")
    return Rows("cve", date, name, tuple(flaws.values()))


def by_component(affected: list[Affected]) -> dict[str, list[Affected]]:
    """The entries about each component that we know."""
    found: dict[str, list[Affected]] = {}
    for entry in affected:
        names = {component(entry.vendor or "", entry.product or "")}
        names |= {component(*(cpe.split(":") + [""] * 5)[3:5]) for cpe in (entry.cpes or ())[:64]}
        if not (entry.vendor or entry.product) and not PACKAGED.search(entry.collection_url or ""):
            names.add(BY_OSV_NAME.get((entry.package_name or "").lower(), ""))
        for name in names - {""}:
            found.setdefault(name, []).append(entry)
    return found


def told(entries: list[Affected]) -> tuple[tuple[Range, ...], Status]:
    """The ranges of all entries about a component, and the status of all other versions.

    A default counts only beside ranges that are understood: of a record that counts in commits, its default
    would speak of what the commits say.
    """
    ranges: list[Range] = []
    others: set[Status] = set()
    for entry in entries:
        items = entry.versions or []
        read = [(item, list(of(item))) for item in items]
        own = [one for _, several in read for one in several]
        ranges += own
        if own or not items:
            status = STATUSES.get(entry.default_status or "", "unknown")
            if (
                status == "unknown"
                and own
                and all(item.status == "affected" for item, several in read if several)
            ):
                status = "unaffected"  # a list of what is affected, as most records are
            if status == "unaffected" and any(lost(item) for item, several in read if not several):
                status = "unknown"
            others.add(status)
    if len(ranges) > MOST_RANGES:
        return tuple(ranges[:MOST_RANGES]), "affected" if "affected" in others else "unknown"
    for status in ("affected", "unknown"):
        if status in others:
            return tuple(ranges), status
    return tuple(ranges), "unaffected" if others else "unknown"


def lost(item: Versions) -> bool:
    """Whether an entry that gave no range may be about versions that are affected."""
    return item.status != "unaffected" and item.version_type not in ("git", "original_commit_for_fix")


def of(item: Versions) -> Iterator[Range]:
    """The ranges that an entry names; none where it counts in commits, or in words."""
    status, number = STATUSES.get(item.status or ""), (item.version or "").strip()
    if status is None or (item.version_type or "").lower() in OF_OTHERS:
        return
    if item.less_than or item.less_than_or_equal:
        yield from between(item, status)
    elif number == "*":
        yield Range(status, "", "", False)
    elif number.lower() not in FROM_THE_FIRST and (bounds := in_words(number)) is not None:
        yield Range(status, *bounds)


def between(item: Versions, status: Status) -> Iterator[Range]:
    """From a version to another, with what changes on the way."""
    number = (item.version or "").strip()
    first = number.lower() in FROM_THE_FIRST
    start = "" if first else version(number)
    last = (item.less_than or item.less_than_or_equal or "").strip()
    closed = not item.less_than
    end = "" if last == "*" else line_of(last) or version(last)
    if (last != "*" and not end) or (not start and not first):
        if (bounds := in_words(number)) is not None and start == "":
            yield Range(status, *bounds)
        return
    for change in (item.changes or [])[:100]:
        at = version(change.at or "")
        if at:
            yield Range(status, start, at, False)
            start, status = at, STATUSES.get(change.status or "", "unknown")
        else:
            status = "unknown"
    yield Range(status, start, end, closed)


def worst(metrics: list[Metric]) -> str:
    """The worst severity that somebody gave it."""
    words = [""]
    for metric in metrics[:50]:
        for one in (metric.v4, metric.v31, metric.v30):
            if one is not None:
                score = one.base_score
                words.append(by_vector(one.vector_string or "") if score is None else by_score(score))
        words.append(_in_words(bytes(metric.other)))
    return max(words, key=lambda word: SEVERITIES.index(word) if word else -1)


def _in_words(other: bytes) -> str:
    """A severity in a word, as OpenSSL gives it: `{"content": {"text": "High"}}`."""
    try:
        said = msgspec.json.decode(other)
    except msgspec.DecodeError:
        return ""
    content = said.get("content") if isinstance(said, dict) else None
    return severity(content.get("text")) if isinstance(content, dict) else ""
