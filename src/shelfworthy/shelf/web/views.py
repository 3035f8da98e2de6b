"""The first page."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from shelfworthy.checks import BY_ID
from shelfworthy.report import pages as questions
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Standing
from shelfworthy.shelf.people.permission import may, needs, person_of
from shelfworthy.shelf.people.roles import May
from shelfworthy.shelf.web.charts import Chart, Series, svg
from shelfworthy.shelf.web.today import LONG, Today, today


@require_safe
@needs(May.SEE)
def dashboard(request: HttpRequest) -> HttpResponse:
    """What changed, what waits, what is unknown."""
    person = person_of(request)
    found = today(person, now())
    page = {
        "today": found,
        "listings": _listings(),
        "long_days": LONG.days,
        "may_ask": may(person, May.DECIDE),
        "standings": [
            {"standing": one, "css": slugify(one.value), "count": found.standings[one]} for one in Standing
        ],
        "unknown": found.standings[Standing.UNDETERMINED] + found.standings[Standing.NONE],
        "charts": [_drawn(over_time(found)), _drawn(due_work(found))],
        "failing": [(check, _asks(check), count) for check, count in found.failing.checks],
        "most": max((count for _, count in found.failing.checks), default=1),
    }
    return render(request, "shelf/web/today.html", page)


def over_time(found: Today) -> Chart:
    """Verdicts over the last weeks; what nobody looked at lies on top."""
    return Chart(
        name="weeks",
        title=gettext("Verdicts over time"),
        description=gettext("How many listings had which verdict at the end of each of the last weeks."),
        columns=tuple(_day(day) for day, _ in found.weeks),
        series=tuple(
            Series(slugify(one.value), str(one.label), tuple(counts[one] for _, counts in found.weeks))
            for one in Standing
        ),
    )


def due_work(found: Today) -> Chart:
    """Looks that are due: what is overdue, then day by day."""
    return Chart(
        name="due",
        title=gettext("Due work"),
        description=gettext("How many products are to be looked at again: overdue, and on each day to come."),
        columns=(gettext("overdue"), *(_day(day) for day, _ in found.due.days)),
        series=(
            Series("bar", gettext("products"), (found.due.overdue, *(count for _, count in found.due.days))),
        ),
    )


def _drawn(chart: Chart) -> dict[str, object]:
    return {"chart": chart, "svg": mark_safe(svg(chart))}  # noqa: S308 # everything in it is escaped there


def _asks(check: str) -> str:
    """The question of a check, "" if it is none of ours any more."""
    return questions.page(BY_ID[check]).question if check in BY_ID else ""


def _day(day: date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")


def _listings() -> str:
    """Where listings are found, "" if that area is not installed."""
    try:
        return reverse("listings")
    except NoReverseMatch:
        return ""
