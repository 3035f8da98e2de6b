"""CVE records, JSON 5: which versions of which component are affected.

https://cveproject.github.io/cve-schema/schema/docs/. Ranges of git commits say nothing about a version and
are left out: where there are no others, whether a version is affected stays unknown.
"""

import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct, field

from shelfworthy.seen.vulnerabilities import Flaw, Range, Status
from shelfworthy.vulndata.words import (
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

STATUSES: dict[str, Status] = {"affected": "affected", "unaffected": "unaffected"}
FROM_THE_FIRST = frozenset({"", "0", "*", "-", "unspecified", "0.0", "0.0.0"})
# "< 2.12.1", ">= 1.0, < 1.2": how some write what has fields of its own.
BOUND = re.compile(r"\s*(<=|<|>=|>|=)?\s*v?([0-9][0-9A-Za-z.+~_-]*)\s*")


class Change(Struct):
    at: str = ""
    status: str = ""


class Versions(Struct, rename="camel"):
    version: str = ""
    status: str = ""
    version_type: str = ""
    less_than: str = ""
    less_than_or_equal: str = ""
    changes: list[Change] = field(default_factory=list)


class Affected(Struct, rename="camel"):
    vendor: str = ""
    product: str = ""
    default_status: str = "unknown"
    versions: list[Versions] = field(default_factory=list)
    cpes: list[str] = field(default_factory=list)


class Score(Struct, rename="camel"):
    base_score: float = 0.0


class Metric(Struct):
    v4: Score | None = field(name="cvssV4_0", default=None)
    v31: Score | None = field(name="cvssV3_1", default=None)
    v30: Score | None = field(name="cvssV3_0", default=None)
    other: msgspec.Raw = field(default_factory=lambda: msgspec.Raw(b"null"))


class Container(Struct):
    affected: list[Affected] = field(default_factory=list)
    metrics: list[Metric] = field(default_factory=list)


class Containers(Struct):
    cna: Container = field(default_factory=Container)
    adp: list[Container] = field(default_factory=list)


class Meta(Struct, rename="camel"):
    cve_id: str = ""
    state: str = ""
    date_updated: str = ""
    date_published: str = ""


class Record(Struct, rename="camel"):
    cve_metadata: Meta
    containers: Containers = field(default_factory=Containers)


DECODER = msgspec.json.Decoder(Record)


def rows(content: bytes) -> Rows:
    """What a record says of the components that we know. Raises NotUnderstood."""
    try:
        record = DECODER.decode(content)
    except (msgspec.DecodeError, msgspec.ValidationError) as wrong:
        raise NotUnderstood(f"no CVE record of version 5 ({wrong})") from None
    about = record.cve_metadata
    name = cve_id(about.cve_id)
    if not name:
        raise NotUnderstood("a CVE record without an id")
    date = day(about.date_updated) or day(about.date_published)
    if about.state == "REJECTED":
        return Rows("cve", date, gone=(name,))
    said = record.containers
    how_bad = worst([*said.cna.metrics, *(metric for one in said.adp for metric in one.metrics)])
    flaws: dict[str, Flaw] = {}
    for container in (said.cna, *said.adp):  # who named the flaw is heard first
        for which, entries in by_component(container.affected).items():
            before = flaws.get(which)
            if before is None or not (before.ranges or before.otherwise == "affected"):
                ranges, otherwise = told(entries)
                flaws[which] = Flaw(which, name, ranges, otherwise, how_bad, "")
    return Rows("cve", date, tuple(flaws.values()))


def by_component(affected: list[Affected]) -> dict[str, list[Affected]]:
    """The entries about each component that we know."""
    found: dict[str, list[Affected]] = {}
    for entry in affected:
        names = {component(entry.vendor, entry.product)}
        names |= {component(*(cpe.split(":") + [""] * 5)[3:5]) for cpe in entry.cpes[:64]}
        for name in names - {""}:
            found.setdefault(name, []).append(entry)
    return found


def told(entries: list[Affected]) -> tuple[tuple[Range, ...], Status]:
    """The ranges of all entries about a component, and the status of all other versions.

    A default counts only beside ranges that are understood: of a record that counts in commits, its default
    would speak of what the commits say.
    """
    ranges: list[Range] = []
    otherwise: Status = "unknown"
    for entry in entries:
        own = [one for item in entry.versions for one in of(item)]
        ranges += own
        if own or not entry.versions:
            status = STATUSES.get(entry.default_status, "unknown")
            only_affected = all(one.status == "affected" for one in own)
            if status == "unknown" and own and only_affected:
                status = "unaffected"  # a list of what is affected, as most records are
            otherwise = "affected" if "affected" in (status, otherwise) else status
    return tuple(ranges[:MOST_RANGES]), otherwise


def of(item: Versions) -> Iterator[Range]:
    """The ranges that an entry names; none where it counts in commits, or in words."""
    status = STATUSES.get(item.status)
    if status is None or item.version_type == "git":
        return
    if item.less_than or item.less_than_or_equal:
        yield from between(item, status)
    elif (bounds := bounded(item.version)) is not None:
        yield Range(status, *bounds)
    elif item.version in FROM_THE_FIRST - {"", "-"}:
        yield Range(status, "", "", False)


def between(item: Versions, status: Status) -> Iterator[Range]:
    """From a version to another, with what changes on the way."""
    start = "" if item.version in FROM_THE_FIRST else version(item.version)
    last = item.less_than or item.less_than_or_equal
    closed = not item.less_than
    end = "" if last == "*" else last if last.endswith(".*") else version(last)
    if (last != "*" and not end) or (not start and item.version not in FROM_THE_FIRST):
        if (bounds := bounded(item.version)) is not None and start == "":
            yield Range(status, *bounds)
        return
    for change in item.changes[:100]:
        at = version(change.at)
        if at:
            yield Range(status, start, at, False)
            start, status = at, STATUSES.get(change.status, "unknown")
    yield Range(status, start, end, closed)


def bounded(text: str) -> tuple[str, str, bool] | None:
    """A version, or what a text like ">= 1.0, < 1.2" says: start, end, whether the end is one of them."""
    start, end, closed = "", "", False
    for part in text.split(","):
        match = BOUND.fullmatch(part)
        if match is None:
            return None
        sign, number = match[1] or "=", version(match[2])
        if sign == "=":
            return (number, number, True) if number else None
        if sign.startswith(">"):
            start = number
        else:
            end, closed = number, sign == "<="
    return start, end, closed


def worst(metrics: list[Metric]) -> str:
    """The worst severity that somebody gave it."""
    words = [""]
    for metric in metrics[:50]:
        words += [by_score(one.base_score) for one in (metric.v4, metric.v31, metric.v30) if one is not None]
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
