"""What to look at again, and when: for people and, as JSON, for whatever starts the next look. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from shelfworthy.audit.due import Due, Why
from shelfworthy.model import Record
from shelfworthy.report.clean import plain
from shelfworthy.report.sentences import filled
from shelfworthy.report.shapes import line
from shelfworthy.report.words import words


class DueEntry(Due, frozen=True, kw_only=True):
    """One thing to look at again. audit: the folder. overdue: it was due before. because: why, in words."""

    audit: str
    overdue: bool
    because: str


class DueList(Record, frozen=True):
    """What to look at again in some audits, soonest first. at: when it was asked."""

    at: datetime
    due: tuple[DueEntry, ...]


def due_list(found: Mapping[str, Sequence[Due]], at: datetime, by: datetime | None) -> DueList:
    """What these audits, by the name of their folder, have due. by: leave out what is good beyond this."""
    entries = [
        DueEntry(
            **msgspec.structs.asdict(one),
            audit=audit,
            overdue=one.good_until is None or one.good_until <= at,
            because=because(one),
        )
        for audit, several in found.items()
        for one in several
        if by is None or one.good_until is None or one.good_until <= by
    ]
    # Each audit's are sorted already; only what is due at the same moment stays in the order of the audits.
    entries.sort(key=lambda one: (one.good_until is not None, one.good_until or at))
    return DueList(at=at, due=tuple(entries))


def because(one: Due) -> str:
    """Why it is to be looked at again, in words."""
    said = words()
    cause = said.cause[one.cause] if one.cause else ""
    cause = cause[:1].upper() + cause[1:]
    days = said.due["day" if one.days == 1 else "days"].format(days=one.days)
    because = filled(said.due[one.why], {"what": one.what, "days": days, "cause": cause})
    return f"{because} {plain(one.words)}" if one.why is Why.OPEN and one.words else because


def text(found: DueList) -> str:
    """A line for each, with times in UTC, for a file or a pipe."""
    several = len({one.audit for one in found.due}) > 1
    return "\n".join(_line(one, several) for one in found.due) or words().due["nothing"]


def show(found: DueList, console: Console) -> None:
    """A table for a terminal."""
    if not found.due:
        console.print(words().due["nothing"])
        return
    several = len({one.audit for one in found.due}) > 1
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in ("look again (UTC)", *(["audit"] if several else []), "at", "last seen (UTC)", "because"):
        table.add_column(column, overflow="fold", no_wrap="UTC" in column)
    for one in found.due:
        table.add_row(*_row(one, several))
    console.print(table)


def _row(one: DueEntry, several: bool) -> Iterator[Text]:
    yield Text(when(one.good_until), style="bold red" if one.overdue else "")
    if several:
        yield line(one.audit)
    yield from (line(_place(one)), line(when(one.last_seen, "never")), line(one.because))


def _line(one: DueEntry, several: bool) -> str:
    audit = f"{plain(one.audit)}: " if several else ""
    seen = f"last seen {when(one.last_seen, 'never')}"
    return f"{when(one.good_until):16}  {audit}{plain(_place(one))}, {seen}: {one.because}"


def _place(one: DueEntry) -> str:
    unit = f", unit {one.unit}" if one.unit else ""
    return f"{one.surface}{unit} ({one.probe})"


def when(moment: datetime | None, none: str = "at once") -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else none
