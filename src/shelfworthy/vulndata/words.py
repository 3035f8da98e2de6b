"""What all importers share: rows, names of components, versions and severities as we write them."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from shelfworthy.seen.components import rules
from shelfworthy.seen.vulnerabilities import Cycle, Exploited, Flaw

MOST_RANGES = 2000  # of one flaw in one component
BY_CVE_NAME: Mapping[str, str] = {name: rule.name for rule in rules() for name in rule.cve}
BY_OSV_NAME: Mapping[str, str] = {name.lower(): rule.name for rule in rules() for name in rule.osv}
BY_EOL_NAME: Mapping[str, str] = {rule.eol: rule.name for rule in rules() if rule.eol}
SEVERITIES = ("low", "medium", "high", "critical")
_SEVERITY = {"moderate": "medium", "important": "high", **{one: one for one in SEVERITIES}}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_CVE = re.compile(r"CVE-\d{4}-\d{4,9}")


class Rows(NamedTuple):
    """What one document says. flaws, exploited, cycles: as checks get them, but for `Flaw.exploited`.

    record: its own id, where it has one: of several documents with the same the newest counts. gone: it was
    rejected or withdrawn.
    """

    sort: str
    date: str
    record: str = ""
    flaws: tuple[Flaw, ...] = ()
    exploited: tuple[Exploited, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    gone: bool = False


class NotUnderstood(Exception):
    """A document that is none of what can be imported, in words."""


def component(vendor: str, product: str) -> str:
    """Which component a vendor and a product name, "" for none."""
    return BY_CVE_NAME.get(f"{_plain(vendor)}:{_plain(product)}", "")


def _plain(name: str) -> str:
    return "_".join(name.lower().split())


def day(text: object) -> str:
    """The day of a time stamp or date, ISO; "" where there is none."""
    match = _ISO.match(str(text or ""))
    return match[0] if match else ""


def cve_id(text: str) -> str:
    """The id if it is one, else ""."""
    return text if _CVE.fullmatch(text) else ""


def severity(word: object) -> str:
    """A severity as we write it; "" for what is none."""
    return _SEVERITY.get(str(word or "").lower(), "")


def by_score(score: float) -> str:
    """What CVSS 3.1, section 5, calls a base score."""
    return "critical" if score >= 9 else "high" if score >= 7 else "medium" if score >= 4 else "low"


def version(text: str) -> str:
    """A version or a tag as a version ("v2.85", "curl-7_54_0", "OpenSSL_1_1_1w"); "" for what is none."""
    match = re.search(r"(?:^|[^0-9a-z.])v?(\d[0-9a-z.+~_-]*)$", text.strip().lower())
    if match is None:
        return ""
    plain = match[1].replace("_", ".")
    return plain if len(plain) <= 64 else ""
