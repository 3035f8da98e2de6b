"""What is known of flaws in components: the part of the imported data that is about what was seen.

It is data, not evidence: `reference` cuts it out of the local database before a check is asked, so that
checks open nothing and judging can be repeated.
"""

from typing import Literal

from msgspec import Struct

Status = Literal["affected", "unaffected", "unknown"]


class Range(Struct, frozen=True, array_like=True):
    """Versions from `start` ("" from the first) to `end` ("" without end; "5.10.*" all of those).

    closed: whether `end` is one of them.
    """

    status: Status
    start: str
    end: str
    closed: bool


class Flaw(Struct, frozen=True):
    """A flaw of one component. cve: its id. otherwise: the status of versions in no range. severity:
    "critical", "high", "medium", "low", or "" where nobody gives one. exploited: since when, ISO; "" not.
    """

    component: str
    cve: str
    ranges: tuple[Range, ...]
    otherwise: Status
    severity: str
    exploited: str


class Exploited(Struct, frozen=True):
    """A flaw that is known to be exploited and names a component. since: ISO."""

    component: str
    cve: str
    since: str


class Cycle(Struct, frozen=True):
    """A line of releases ("3.0"). ends: the day its support does, ISO; "ended", "goes on", or "" unknown."""

    component: str
    cycle: str
    ends: str


class DataFile(Struct, frozen=True):
    """One imported file. sorts: what it holds: "cve", "osv", "kev", "eol". date: of its newest entry, ISO."""

    name: str
    sorts: tuple[str, ...]
    date: str


class Known(Struct, frozen=True):
    """All that is known about the components that were asked for."""

    files: tuple[DataFile, ...]
    flaws: tuple[Flaw, ...]
    exploited: tuple[Exploited, ...]
    cycles: tuple[Cycle, ...]

    def date(self, *sorts: str) -> str:
        """The date of the oldest file of these sorts: until then nothing was missed. "" if there is none."""
        return min((one.date for one in self.files if set(sorts) & set(one.sorts)), default="")
