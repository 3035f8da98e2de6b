"""What is known of flaws in components, as checks get it: the part of the imported data that is about what
was seen.

It is data, not evidence: `reference` cuts it out of the local database before a check is asked, so that
judging opens nothing and can be repeated.
"""

from typing import Literal

from msgspec import Struct

Status = Literal["affected", "unaffected", "unknown"]


class Range(Struct, frozen=True, array_like=True):
    """Versions from `start` ("" from the first) to `end` ("" without end; "5.10.*" all of them), and their
    status.

    closed: whether `end` is one of them.
    """

    status: Status
    start: str
    end: str
    closed: bool


class Flaw(Struct, frozen=True):
    """A flaw of one component. cve: its id. otherwise: the status of versions in no range. severity:
    "critical", "high", "medium", "low", or "" where the data give none. exploited: since when it is known to
    be, ISO; "".
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
    """A line of releases ("3.0"). ends: the day support ends, ISO; "ended", "goes on", or "" where nobody
    says."""

    component: str
    cycle: str
    ends: str


class DataFile(Struct, frozen=True):
    """One imported file. sorts: what it holds: "cve", "osv", "kev", "eol". date: that of the newest entry,
    ISO."""

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
        """The date of the oldest file of these sorts: older than that nothing was missed. "" if there is
        none."""
        return min((one.date for one in self.files if set(sorts) & set(one.sorts)), default="")
