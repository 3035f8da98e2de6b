"""The report on a terminal: exposures, the five answers, why, what is undetermined, where the evidence is.

Readable at any width, without colour (rich leaves it away where `NO_COLOR` is set or nobody sees a terminal)
and read aloud: an answer is its word, the shape before it only helps the eye.
"""

from collections.abc import Iterator
from itertools import islice

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from shelfworthy.guidelines import five_guidelines
from shelfworthy.model import Judgement, Outcome, Owner, Standing
from shelfworthy.record import Evidence
from shelfworthy.report import reasons
from shelfworthy.report.assemble import named, report_of
from shelfworthy.report.on_the_way import called
from shelfworthy.report.radio import Cell, Radio, radios
from shelfworthy.report.sentences import clip, listed
from shelfworthy.report.shape import Report, ReportFinding, ReportPolicy
from shelfworthy.report.shapes import SHAPES, STYLES, badge, line, lines
from shelfworthy.report.words import words

NARROW = 76  # columns; below, a reason stands under its answer instead of beside it
MOST = 30  # findings, errands or addresses listed; the rest is in the HTML report

QUOTE = 120  # characters of a policy's sentence

Row = tuple[str, Standing, list[str]]  # what, its answer, the reasons, a line each


def report(evidence: Evidence, judgement: Judgement, console: Console) -> None:
    """Print the audit."""
    for part in _parts(report_of(evidence, judgement), evidence, console.width):
        console.print(part, highlight=False)


def _parts(report: Report, evidence: Evidence, width: int) -> Iterator[RenderableType]:
    rules = five_guidelines()
    yield _head(report)
    found = reasons.exposures(report, rules)
    yield _title("Exposures")
    answers = {one.answer for _, one in found}
    if Standing.NOT_MET not in answers:
        unknown = Standing.CANNOT_DETERMINE in answers
        yield line("None was found, and nobody could look everywhere." if unknown else "None was found.")
    yield _answers([(id, one.answer, reasons.why_exposed(one, report)) for id, one in found], width)
    yield _title("The five guidelines")
    five = [
        (reasons.title(id, rules), one.answer, [reasons.why_guideline(one, report)])
        for id, one in reasons.ordered(report, rules)
    ]
    yield _answers(five, width)
    if failing := reasons.failing(report):
        yield _title("Why")
        yield _failing(report, failing)
    for policy in report.policies[:MOST]:
        which = f" ({named(report, policy.surface)})" if len(report.policies) > 1 else ""
        yield _title(f"{words().shopper['any']['title']}{which}")
        yield _policy(policy)
    for radio in radios(evidence):
        yield _title(f"What may be done with {named(report, radio.surface)}")
        yield _radio(radio)
    errands = reasons.errands(report, rules)
    if errands:
        yield _title("What is undetermined, and what would change it")
        yield _errands(errands)
    if report.seen or report.seen_not_followed:
        yield _title("Seen on the way")
        yield from _listed(_seen(report), report.seen_left_out)
    if report.declarations:
        yield _title("Declared")
        for said in report.declarations:
            what = f"{said.requirement}: {said.answer}, by {said.by} until {said.until}."
            yield line(f"{what} {words().declared[said.state]}")
    yield _title("The evidence")
    yield _evidence(report, evidence)


def _head(report: Report) -> RenderableType:
    about = report.product
    details = [about.vendor, about.model, f"GTIN {about.gtin}" if about.gtin else "", about.category]
    if about.for_children:
        details.append("for children")
    judged = f"judged {report.judged_at:%Y-%m-%d %H:%M} UTC"
    return Group(line(about.name, "bold"), line(" · ".join([*filter(None, details), judged])))


def _title(text: str) -> RenderableType:
    return Group(Text(), Text(text.upper(), style="bold"))


def _answers(rows: list[Row], width: int) -> RenderableType:
    if width < NARROW:
        return Group(*(part for row in rows for part in _stacked(row)))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(max_width=max(18, width // 4))
    table.add_column()
    for row in rows:
        what, answer, why = row
        table.add_row(badge(answer), line(what, "bold"), lines(why))
    return table


def _stacked(row: Row) -> Iterator[RenderableType]:
    what, answer, why = row
    yield Text.assemble(badge(answer), "  ", line(what, "bold"))
    yield Padding(lines(why), (0, 0, 0, 2))


def _failing(report: Report, failing: list[ReportFinding]) -> RenderableType:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for one in failing[:MOST]:
        where = line(f"{named(report, one.surface)}:", "bold")
        said = [where, line(one.because), line(f"({one.check})", "dim")]
        table.add_row(Text(SHAPES[one.outcome], style=STYLES[one.outcome]), Text(" ").join(said))
    if len(failing) > MOST:
        table.add_row(Text(), line(f"… and {len(failing) - MOST} more, in the HTML report."))
    return table


def _policy(policy: ReportPolicy) -> RenderableType:
    """Five sentences, each with the words it rests on."""
    if not policy.sentences:
        return line(words().shopper["any"]["unread"])
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for one in policy.sentences:
        answer = one.outcome or Outcome.INCONCLUSIVE
        quote = f" “{clip(one.quote.text, QUOTE)}”" if one.quote else ""
        table.add_row(Text(SHAPES[answer], style=STYLES[answer]), line(f"{one.asks}: {one.says}{quote}"))
    return table


def _radio(radio: Radio) -> RenderableType:
    """The operations in words, then the services of which strangers may use something."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()

    def add(cell: Cell, text: str) -> None:
        answer = cell.outcome or Outcome.MOOT
        table.add_row(Text(SHAPES[answer], style=STYLES[answer]), line(text))

    for one in radio.operations[:MOST]:
        add(one.unpaired, f"A stranger tried to {one.says}: {one.unpaired.text}.")
        add(one.paired, f"After pairing, which nobody had to allow: {one.paired.text}.")
    rows = [(service, row) for service in radio.services for row in service.rows]
    for service, row in rows[:MOST]:
        what = f"{service.name or service.uuid}, {row.name or row.uuid}"
        after = f"; when the owner has left: {row.after.text}" if row.after.outcome else ""
        add(row.stranger, f"{what}: a stranger {row.stranger.text}; its owner {row.owner.text}{after}.")
    if len(rows) > MOST or radio.left_out:
        rest = max(0, len(rows) - MOST) + radio.left_out
        table.add_row(Text(), line(f"… and {rest:,} more, in the HTML report."))
    return table


def _errands(errands: tuple[reasons.Errand, ...]) -> RenderableType:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for one in errands[:MOST]:
        wait = line(f"For {listed(one.requirements, most=6)}: {one.cause}.", "dim")
        table.add_row(Text("?", style="yellow"), Text(" ").join([line(one.what), wait]))
    if len(errands) > MOST:
        table.add_row(Text(), line(f"… and {len(errands) - MOST} more, in the HTML report."))
    return table


def _seen(report: Report) -> Iterator[str]:
    """What nobody declared, a line each: what it is, where it was seen, whose, whether it was looked at."""
    for one in report.seen:
        at = listed([f"{at.role} at {called(at.surface)}" for at in one.at], most=2)
        whose = "the maker's" if one.owner is Owner.MAKER else "a third party's"
        looked = "Looked at." if one.looked_at else f"Not looked at. {one.why_not}"
        yield f"{one.kind} {called(one.id)}: {at}; {whose} ({one.because}). {looked}"
    for nothing in report.seen_not_followed:
        if not nothing.id:
            yield f"{nothing.what}: {nothing.role} at {called(nothing.surface)}. {nothing.why}"


def _listed(lines: Iterator[str], besides: int) -> Iterator[RenderableType]:
    yield from (line(one) for one in islice(lines, MOST))
    rest = sum(1 for _ in lines) + besides
    if rest:
        yield line(f"… and {rest} more, in the HTML report.")


def _evidence(report: Report, evidence: Evidence) -> RenderableType:
    counted = ", ".join(
        f"{len(things)} {word if len(things) == 1 else word + 's'}"
        for things, word in (
            (evidence.looks, "look"),
            (evidence.observations, "observation"),
            (evidence.gaps, "gap"),
            (evidence.attachments, "attachment"),
        )
    )
    parts = [
        line(f"{counted}; {len(report.findings)} findings from them."),
        Text.assemble("digest  ", line(report.evidence_digest), overflow="fold"),
        Text.assemble("rules   ", line(report.rules_digest), overflow="fold"),
        line("`shelfworthy verify AUDIT --digest …` shows whether a byte of it was changed."),
    ]
    for reference in report.references:
        if reference.supplied_by:
            parts.append(line(f"{reference.name}: trusted by this {reference.supplied_by}.", "bold"))
        else:
            of = ", ".join(filter(None, (reference.version, reference.date)))
            parts.append(line(f"{reference.name} {of}"))
    return Group(*parts)
