"""Does the maker answer who reports a vulnerability, and fix what is publicly known, in time?

Why it matters: a flaw that was reported and lies unread stays open for everybody who finds it next. In the
story at least four people wrote in vain for two weeks, while the database was copied and held to ransom.

How we look (look): the record of correspondence that the product file names, kept by whoever reported, with
a source for each entry. Each report wants an answer that a person gave: in the time the maker states, at
most 90 days, else in 30 days. A flaw that is publicly known must not stay open for more than 90 days. All
days are counted up to the last day the record speaks of, and what it shows holds until 90 days later, or
until the day on which something in it becomes overdue.

What it does not show: whether the record is complete and true: its sources say where to look; whether an
answer helped; whether reports of others were answered; whether a flaw that is called fixed is.

If it fails: answer every report, by a person and within days, tell finders how far you are, and fix what is
publicly known before anything else.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from shelfworthy.model import About, Answer, Cause, Check, Level, Severity, fails, field, inconclusive, passes
from shelfworthy.seen.correspondence import CorrespondenceSeen, Flaw, ReplyKind, Report

SILENT = 30  # days; FACTS of the field: ISO/IEC 29147 wants an acknowledgement within days
LONG_SILENT = 90
OPEN = 90  # days that coordinated disclosure commonly gives a maker

SAYS = {
    "silent-90": "{reports} of {all} reports got no answer in more than 90 days, the first of {day}.",
    "silent-30": "{reports} of {all} reports got no answer in more than 30 days, the first of {day}.",
    "overdue": "{reports} of {all} reports got no answer in the {stated} days that the maker states.",
    "late": "{reports} of {all} reports came to be answered late, one after {days} days (due: {due}).",
    "flaw-open": "{flaws} publicly known flaws were open for more than 90 days, the oldest since {day}.",
    "fixed-late": "{flaws} publicly known flaws were fixed late, the slowest after {days} days.",
    "answered": "{reports} of {all} reports were answered in time, at the latest after {days} days of {due}.",
    "waiting": "Nothing is overdue yet, and nothing was answered yet.",
    "nothing-reported": "The record holds no report that could have been answered.",
}


def judge(seen: CorrespondenceSeen, about: About) -> Iterator[Answer]:
    due = min(seen.stated_days or SILENT, LONG_SILENT)
    answered = [
        (report, days) for report in seen.reports if (days := answered_after(report, seen)) is not None
    ]
    silent = [report for report in seen.reports if answered_after(report, seen) is None]
    failed = [*silence(silent, due, seen), *lateness(answered, due, seen), *open_flaws(seen)]
    if failed:
        yield from failed
    elif answered:
        slowest = max(days for _, days in answered)
        yield passes(
            "answered",
            field("replies"),
            until=holds_until(silent, due, seen),
            reports=len(answered),
            all=len(seen.reports),
            days=slowest,
            due=due,
        )
    elif silent:
        yield inconclusive("waiting", Cause.SILENT)
    else:
        yield inconclusive("nothing-reported", Cause.NOBODY_LOOKED)


def silence(silent: list[Report], due: int, seen: CorrespondenceSeen) -> Iterator[Answer]:
    """Reports that nobody answered, by how long that is: more than 90, more than 30, or the days stated."""
    every = len(seen.reports)
    long = [report for report in silent if waited(report, seen) > LONG_SILENT]
    rest = [report for report in silent if report not in long and waited(report, seen) > due]
    for says, severity, reports in (
        ("silent-90", Severity.HIGH, long),
        ("silent-30", Severity.MEDIUM, [report for report in rest if waited(report, seen) > SILENT]),
    ):
        if reports:
            first = min(report.on for report in reports).isoformat()
            yield fails(
                says,
                field("reports"),
                severity,
                subject="silence",
                reports=len(reports),
                all=every,
                day=first,
            )
    if overdue := [report for report in rest if waited(report, seen) <= SILENT]:
        at = field("reports")
        yield fails(
            "overdue", at, Severity.LOW, subject="promise", reports=len(overdue), all=every, stated=due
        )


def lateness(answered: list[tuple[Report, int]], due: int, seen: CorrespondenceSeen) -> Iterator[Answer]:
    """Reports that were answered, and later than they should have been."""
    late = [days for _, days in answered if days > due]
    if late:
        severity = Severity.MEDIUM if max(late) > SILENT else Severity.LOW
        yield fails(
            "late",
            field("replies"),
            severity,
            subject="lateness",
            reports=len(late),
            all=len(seen.reports),
            days=max(late),
            due=due,
        )


def open_flaws(seen: CorrespondenceSeen) -> Iterator[Answer]:
    """Flaws that were publicly known and open for too long."""
    long = [flaw for flaw in seen.flaws if open_for(flaw, seen) > OPEN]
    if still := [flaw for flaw in long if flaw.fixed_on is None]:
        first = min(flaw.known_publicly_since for flaw in still).isoformat()
        yield fails(
            "flaw-open", field("flaws"), Severity.HIGH, subject="known flaws", flaws=len(still), day=first
        )
    if fixed := [flaw for flaw in long if flaw.fixed_on is not None]:
        slowest = max(open_for(flaw, seen) for flaw in fixed)
        at = field("flaws")
        yield fails("fixed-late", at, Severity.MEDIUM, subject="fixed flaws", flaws=len(fixed), days=slowest)


def answered_after(report: Report, seen: CorrespondenceSeen) -> int | None:
    """Days until a person answered the report, None if nobody did."""
    answers = [
        reply.on
        for reply in seen.replies
        if report.id in reply.answers and reply.kind is not ReplyKind.AUTOMATIC
    ]
    return (min(answers) - report.on).days if answers else None


def waited(report: Report, seen: CorrespondenceSeen) -> int:
    return (seen.looked_until - report.on).days


def open_for(flaw: Flaw, seen: CorrespondenceSeen) -> int:
    """Days it was publicly known and open; none if it was fixed before."""
    return ((flaw.fixed_on or seen.looked_until) - flaw.known_publicly_since).days


def holds_until(silent: list[Report], due: int, seen: CorrespondenceSeen) -> datetime:
    """The first moment at which something in the record is overdue, or the record itself too old."""
    days = [seen.looked_until + timedelta(LONG_SILENT)]
    days += [report.on + timedelta(due + 1) for report in silent]
    days += [flaw.known_publicly_since + timedelta(OPEN + 1) for flaw in seen.flaws if flaw.fixed_on is None]
    return midnight(min(days))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


CHECK = Check(
    id="contact-response", version=1, level=Level.LOOK, judge=judge, reads=(CorrespondenceSeen,), says=SAYS
)
