"""Is the policy dated, and are changes told?

Why it matters: a policy that changes in silence promises nothing.

How we look (look): each sentence of the policy, by written rules: a date since when it
holds, and the promise to tell about changes (mail, a message in the app, a notice before they hold). If
changes are only posted on the page, a person must judge.

What it does not show: whether changes were told when there were some.

If it fails: date the policy, and promise to tell people before a change holds.
"""

import re
from collections.abc import Iterator

from shelfworthy.checks.policy._reading import (
    CUT,
    DOUBT,
    NOTHING,
    OTHER_LANGUAGE,
    doubt,
    first,
    not_ruled,
    reading,
    short,
    unread,
)
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
    passes,
)
from shelfworthy.seen.policy import PolicySeen

DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d[./-]\d")  # what every date has, in digits

SAYS = {
    "told": 'It is dated, and changes are told: "{sentence}".',
    "no-date": "It bears no date.",
    "silently": 'It may change without notice: "{sentence}".',
    "no-word": "It says nothing of how changes are told.",
    "nothing": NOTHING,
    "language": OTHER_LANGUAGE,
    "cut": CUT,
    "doubt": DOUBT,
}


def judge(seen: PolicySeen, about: About) -> Iterator[Answer]:
    read = reading(seen)
    if answer := unread(read, "nothing"):
        yield answer
        return
    if not read.ruled:
        yield not_ruled(read, "language")
        return
    dated, told = first(read.said("date")), first(read.meant("change-notice"))
    seems = read.felt("date")
    dating = seems if seems and DATE.search(seems.text) else None
    silent = first(read.surely("change-silent"))
    posted = first(read.said("change-notice", "change-posted", "change-silent", "change-near"))
    probable = Confidence.PROBABLE
    if silent and told:
        yield doubt("doubt", silent)
    elif silent:
        yield fails("silently", read.at(silent), Severity.LOW, confidence=probable, sentence=short(silent))
    elif not read.whole:
        yield inconclusive("cut", Cause.NOT_UNDERSTOOD)
    elif not dated and not dating:
        yield fails("no-date", field("documents"), Severity.LOW, confidence=probable)
    elif dated and told:
        yield passes("told", read.at(told), confidence=probable, sentence=short(told))
    elif unsure := posted or read.felt("change-notice") or (None if dated else dating):
        yield doubt("doubt", unsure)
    else:
        yield fails("no-word", field("documents"), Severity.LOW, confidence=probable)


CHECK = Check(
    id="policy-current",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
)
