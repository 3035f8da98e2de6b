"""Charts as SVG in the page: columns over time, each a stack of what it consists of. Pure.

What is told by colour is told by pattern as well; the same numbers stand in a table beside it. There is no
style attribute, script or other address: our own rules for pages forbid them.
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT = 400, 190
LEFT, RIGHT, TOP, BOTTOM = 38, 4, 8, 22  # what axes and words need around the columns

# Inside a cell of 6 by 6; a class without one is plain.
PATTERNS = {
    "not-met": '<path d="M-1 1 1-1M0 6 6 0M5 7 7 5" stroke-width="1.6"/>',
    "cannot-determine": '<circle cx="3" cy="3" r="1.3"/>',
    "nobody-looked": '<path d="M0 3H6" stroke-width="1"/>',
}


class Series(NamedTuple):
    """One part of each column. css: its class, which is its colour and pattern."""

    css: str
    words: str
    values: tuple[int, ...]


class Chart(NamedTuple):
    """Columns, from left to right. name: unique in a page, by letters. description: what it shows."""

    name: str
    title: str
    description: str
    columns: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def rows(self) -> list[tuple[str, tuple[int, ...]]]:
        """The same as a table: a column, and the value of each series in it."""
        return [
            (column, tuple(one.values[at] for one in self.series)) for at, column in enumerate(self.columns)
        ]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to see."""
        return not any(any(one.values) for one in self.series)


def svg(chart: Chart) -> str:
    """The chart, drawn."""
    totals = [sum(values) for _, values in chart.rows]
    top = ceiling(max(totals, default=0))
    return "".join(
        (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img"',
            f' aria-labelledby="{chart.name}-t {chart.name}-d">',
            f'<title id="{chart.name}-t">{escape(chart.title)}</title>',
            f'<desc id="{chart.name}-d">{escape(chart.description)}</desc>',
            _patterns(chart),
            *_axes(chart.columns, top),
            *_columns(chart, top),
            "</svg>",
        )
    )


def ceiling(most: int) -> int:
    """Where the axis ends: the next even round number, so that its half is one as well."""
    step = 2
    while step * 5 < most:
        step *= 10
    return max(2, -(-most // step) * step)


def _patterns(chart: Chart) -> str:
    drawn = [
        f'<pattern id="{chart.name}-{one.css}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<g class="{one.css}">{PATTERNS[one.css]}</g></pattern>'
        for one in chart.series
        if one.css in PATTERNS
    ]
    return f"<defs>{''.join(drawn)}</defs>" if drawn else ""


def _axes(columns: Sequence[str], top: int) -> Iterator[str]:
    for value in (top, top // 2, 0):
        y = _y(value, top)
        kind = "rule" if value else "axis"
        yield f'<path class="{kind}" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
        yield f'<text x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{value}</text>'
    if not columns:
        return
    yield f'<text x="{LEFT}" y="{HEIGHT - 6}">{escape(columns[0])}</text>'
    if len(columns) > 1:
        yield f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">{escape(columns[-1])}</text>'


def _columns(chart: Chart, top: int) -> Iterator[str]:
    if not chart.columns:
        return
    step = (WIDTH - LEFT - RIGHT) / len(chart.columns)
    wide = step * 0.76
    for at in range(len(chart.columns)):
        x, below = LEFT + at * step + (step - wide) / 2, 0
        for one in chart.series:
            value = one.values[at]
            if not value:
                continue
            y, high = _y(below + value, top), _y(below, top) - _y(below + value, top)
            place = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
            weak = " weak" if one.css in PATTERNS else ""
            yield f'<rect class="{one.css}{weak}" {place}/>'
            if one.css in PATTERNS:
                yield f'<rect fill="url(#{chart.name}-{one.css})" {place}/>'
            yield f'<rect class="edge" {place}/>'
            below += value


def _y(value: int, top: int) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)
