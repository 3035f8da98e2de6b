"""Whether a version is affected by a flaw."""

from shelfworthy.seen.versions import NOTHING, compare, key
from shelfworthy.seen.vulnerabilities import Flaw, Range, Status


def inside(version: str, one: Range) -> bool:
    """Whether a version lies in a range."""
    if one.start and compare(version, one.start) < 0:
        return False
    if not one.end:
        return True
    if one.end.endswith(".*"):  # every release of that line
        line = key(one.end[:-2])
        line = (*line, *([NOTHING] * (one.end.count(".") - len(line))))  # 5.0.* is not all of 5
        begins = (*key(version), *([NOTHING] * len(line)))[: len(line)]
        return begins < line or (begins == line and one.closed)
    order = compare(version, one.end)
    return order < 0 or (order == 0 and one.closed)


def status(flaw: Flaw, version: str) -> Status:
    """Whether a version is affected: the ranges it lies in decide, those of one version first."""
    within = [one for one in flaw.ranges if inside(version, one)]
    exact = [one for one in within if one.start == one.end and one.start]
    told = {one.status for one in exact or within}
    if not told:
        return flaw.otherwise
    return told.pop() if len(told) == 1 else "affected" if "unaffected" not in told else "unknown"
