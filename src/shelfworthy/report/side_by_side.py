"""Two audits side by side: what the demo shows of the same product before and after."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shelfworthy.guidelines import five_guidelines
from shelfworthy.model import Judgement, Standing
from shelfworthy.record import Evidence
from shelfworthy.report import reasons
from shelfworthy.report.assemble import report_of
from shelfworthy.report.shapes import badge, line, lines

NARROW = 76  # columns; below, the two stand under each other


class Side:
    """One of the two. page: URL of its HTML report, for terminals that can link."""

    def __init__(self, label: str, evidence: Evidence, judgement: Judgement, page: str = "") -> None:
        rules = five_guidelines()
        report = report_of(evidence, judgement)
        self.label = label
        self.page = page
        self.evidence = report.evidence_digest
        self.titles = {id: reasons.title(id, rules) for id in rules.guideline}
        self.answers: dict[str, tuple[Standing, list[str]]] = {}
        for id, exposure in reasons.exposures(report, rules):
            self.answers[id] = exposure.answer, reasons.why_exposed(exposure, report)
        for id, guideline in reasons.ordered(report, rules):
            self.answers[id] = guideline.answer, [reasons.why_guideline(guideline, report)]

    def cell(self, id: str) -> Text:
        """Answer and reason; the answer leads to its place in the HTML report."""
        if id not in self.answers:
            return Text("not asked")
        answer, why = self.answers[id]
        head = badge(answer)
        if self.page:
            head.stylize(f"link {self.page}#{id}")
        return Text("\n").join([head, lines(why)])


def compare(left: Side, right: Side, console: Console) -> None:
    """Print two audits beside each other, exposures first."""
    sides = [left, right]
    ids = list(dict.fromkeys(id for side in sides for id in side.answers))
    if console.width < NARROW:
        for side in sides:
            console.print(_table([side], ids), highlight=False)
            console.print()
    else:
        console.print(_table(sides, ids), highlight=False)


def _table(sides: list[Side], ids: list[str]) -> Table:
    table = Table(show_lines=True, expand=True, header_style="bold")
    table.add_column("", width=16)  # the longest word of a title
    for side in sides:
        table.add_column(line(side.label), ratio=5)
    for id in ids:
        table.add_row(line(sides[0].titles.get(id, id), "bold"), *(side.cell(id) for side in sides))
    table.add_row(line("evidence", "bold"), *(line(side.evidence, link=side.page) for side in sides))
    return table
