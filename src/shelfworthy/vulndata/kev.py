"""CISA's list of flaws that are known to be exploited, JSON or CSV."""

import csv
from collections.abc import Iterable, Mapping
from typing import Any

from shelfworthy.seen.vulnerabilities import Exploited
from shelfworthy.vulndata.words import NotUnderstood, Rows, component, cve_id, day

COLUMNS = frozenset({"cveID", "vendorProject", "product", "dateAdded"})
MOST = 200_000  # entries


def rows(said: Mapping[str, Any]) -> Rows:
    """The list as JSON. Raises NotUnderstood."""
    entries = said.get("vulnerabilities")
    if not isinstance(entries, list) or not entries:
        raise NotUnderstood("a list of exploited flaws without entries")
    if len(entries) > MOST:
        raise NotUnderstood(f"a list of more than {MOST:,} exploited flaws")
    found = _entries(one for one in entries if isinstance(one, dict))
    return Rows("kev", day(said.get("dateReleased")) or max(one.since for one in found), exploited=found)


def table(text: str) -> Rows:
    """The list as CSV; its date is that of its newest entry. Raises NotUnderstood."""
    lines = csv.DictReader(text.splitlines())
    if not set(lines.fieldnames or ()) >= COLUMNS:
        raise NotUnderstood(
            "a table without the columns of CISA's list (cveID, vendorProject, product, dateAdded)"
        )
    try:
        found = _entries(line for line, _ in zip(lines, range(MOST + 1), strict=False))
    except csv.Error as wrong:
        raise NotUnderstood(f"no CSV ({wrong})") from None
    return Rows("kev", max(one.since for one in found), exploited=found)


def _entries(several: Iterable[Mapping[str, Any]]) -> tuple[Exploited, ...]:
    """All of them, those too that name no component: a record may say which one a flaw is in."""
    found = []
    for one in several:
        vendor, product = str(one.get("vendorProject") or ""), str(one.get("product") or "")
        if cve := cve_id(str(one.get("cveID") or "").strip()):
            found.append(Exploited(component(vendor, product), cve, day(one.get("dateAdded"))))
    if len(found) > MOST:
        raise NotUnderstood(f"a list of more than {MOST:,} exploited flaws")
    if not found:
        raise NotUnderstood("a list of exploited flaws without one that has a CVE id")
    return tuple(found)
