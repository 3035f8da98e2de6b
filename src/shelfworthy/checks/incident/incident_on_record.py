"""Is no incident on record in which customers' data came into the hands of strangers?

Why it matters: who lost customers' data once has shown what its protection is worth, and what was lost stays
lost: recordings of children are not changed like a password.

How we look (look): the list of published incidents that the product file names: leaks, decisions of
regulators and courts, press and advisories, each with its source and date, and where and when somebody
searched for more. A leak counts as it is; anything else counts where it says what of customers' was lost.

What it does not show: that nothing ever happened. An empty list never passes, however much was searched:
most incidents are never published, and no search finds all that were. A person may declare it.

If it fails: tell the customers concerned what was lost, publish what was done about it, and have somebody
from outside confirm it.
"""

from collections.abc import Iterator

from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
)
from shelfworthy.seen.incident import Incident, IncidentKind, IncidentSeen

SUBJECT = 80  # characters
# How sure it is that what it tells of happened: press and advisories may err, and be corrected elsewhere.
SURE = {IncidentKind.LEAK: Confidence.CERTAIN, IncidentKind.DECISION: Confidence.CERTAIN}

SAYS = {
    "leak": "A leak of {day} is on record: {title}; lost were {data}.",
    "leak-unsaid": "A leak of {day} is on record: {title}; what was lost is not said.",
    "lost": "What was published on {day} ({what}) says that strangers got {data}: {title}.",
    "unclear": "“{title}” ({what}, {day}): whether strangers got customers' data is for a person to read.",
    "none-found": "Nothing was found until {day} where somebody searched ({places}); that proves no absence.",
    "nobody-searched": "The list is empty, and it does not say that anybody searched.",
}


def judge(seen: IncidentSeen, about: About) -> Iterator[Answer]:
    for number, incident in enumerate(seen.incidents):
        yield answer(incident, f"incidents.{number}")
    if seen.incidents:
        return
    if seen.searches:
        places = tuple(dict.fromkeys(search.where for search in seen.searches))
        last = max(search.on for search in seen.searches).isoformat()
        yield inconclusive("none-found", Cause.NEEDS_A_PERSON, day=last, places=places)
    else:
        yield inconclusive("nobody-searched", Cause.NOBODY_LOOKED)


def answer(incident: Incident, at: str) -> Answer:
    """What one published incident says."""
    subject, day = incident.title[:SUBJECT], incident.on.isoformat()
    title, what, data = incident.title, str(incident.what), incident.data
    sure = SURE.get(incident.what, Confidence.PROBABLE)
    if incident.what is IncidentKind.LEAK and not data:
        return fails("leak-unsaid", field(at), Severity.HIGH, subject=subject, day=day, title=title)
    if incident.what is IncidentKind.LEAK:
        return fails("leak", field(at), Severity.CRITICAL, subject=subject, day=day, title=title, data=data)
    if not data:
        cause = Cause.NEEDS_A_PERSON
        return inconclusive("unclear", cause, subject=subject, day=day, title=title, what=what)
    return fails(
        "lost",
        field(at),
        Severity.HIGH,
        confidence=sure,
        subject=subject,
        day=day,
        title=title,
        what=what,
        data=data,
    )


CHECK = Check(
    id="incident-on-record", version=1, level=Level.LOOK, judge=judge, reads=(IncidentSeen,), says=SAYS
)
