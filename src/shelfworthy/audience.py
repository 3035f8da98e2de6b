"""Who may see a finding, and when: the one filter before anything leaves the shelf or a case. Pure.

Nobody outside sees any finding unless somebody let them. Inside, a finding that is marked (an embargo of a
disclosure, say) is seen only by those it is marked for, until the mark ends. Every page, export, feed, mail
and webhook goes through `visible`; a test holds that a marked finding appears nowhere else.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from shelfworthy.model import Finding, Record

EVERYBODY = "everybody"


class Mark(Record, frozen=True):
    """Who may see the findings of a key. to: groups ("role:decider", "case:2026-7"), or
    `EVERYBODY` to publish.

    until: when it ends, and the finding is what it would be without; None: it stays.
    """

    to: frozenset[str]
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.until is None or at < self.until


class Reader(Record, frozen=True):
    """Who wants to see. inside: works at the shop. groups: those whose marks this reader may look behind."""

    inside: bool = False
    groups: frozenset[str] = frozenset()


NOBODY = Reader()


def visible(
    findings: Iterable[Finding], reader: Reader, at: datetime, marks: Mapping[str, Mark]
) -> tuple[Finding, ...]:
    """Those of the findings that this reader may see then. marks: by the key of the finding."""
    return tuple(one for one in findings if may_see(one.key, reader, at, marks))


def may_see(key: str, reader: Reader, at: datetime, marks: Mapping[str, Mark]) -> bool:
    """Whether this reader may see the findings of a key, and know that there are any."""
    mark = marks.get(key)
    if mark is None or not mark.holds(at):
        return reader.inside
    return EVERYBODY in mark.to or not mark.to.isdisjoint(reader.groups)
