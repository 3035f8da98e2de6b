"""The page on which a decision is judged again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from shelfworthy.audience import may_see
from shelfworthy.record import Unreadable
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import replay as again
from shelfworthy.shelf.deciding.finding import decision_of
from shelfworthy.shelf.deciding.judged import Damaged
from shelfworthy.shelf.evidence.marks import marks_of
from shelfworthy.shelf.people.permission import needs, person_of, reader_of
from shelfworthy.shelf.people.roles import May


@needs(May.SEE)
@require_GET
def replay(request: HttpRequest, number: int) -> HttpResponse:
    """The verdict of then, today's, and what lies between them."""
    person = person_of(request)
    decision = decision_of(person, number)
    at = now()
    context: dict[str, object] = {"one": decision}
    try:
        made = again.replay(decision, at)
    except (again.NotReplayable, Damaged, Unreadable) as why:
        return render(request, "shelf/deciding/replay.html", context | {"why_not": str(why)})
    marks = marks_of((*made.mended, *made.broken))
    reader = reader_of(person)
    names = sorted({*made.then, *made.today, *made.of_then_by_todays})
    back = made.of_today_by_those_of_then
    labels = (
        gettext("As decided on"),
        gettext("Evidence of then, rules of today"),
        gettext("Evidence of today, rules of then"),
        gettext("Today"),
    )
    context |= {
        "labels": labels,
        "made": made,
        "changed": ", ".join(gettext(what) for what in made.changed),
        "mended": [key for key in made.mended if may_see(key, reader, at, marks)],
        "broken": [key for key in made.broken if may_see(key, reader, at, marks)],
        "rows": [
            (
                name,
                tuple(
                    zip(
                        labels,
                        (
                            made.then.get(name, ""),
                            made.of_then_by_todays.get(name, ""),
                            back.get(name, "") if back is not None else "",
                            made.today.get(name, ""),
                        ),
                        strict=True,
                    )
                ),
            )
            for name in names
        ],
    }
    return render(request, "shelf/deciding/replay.html", context)
