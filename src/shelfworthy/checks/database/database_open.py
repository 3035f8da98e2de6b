"""Does the database show what it holds to anyone who asks?

Why it matters: whoever can list a database can copy it, change it, or hold it to ransom. In the story
more than 800,000 accounts were taken this way.

How we look (knock): `listDatabases` without credentials, and the number of records per collection. We read
no record. A server with access control but no user yet answers with an empty list; a second question that it
refuses tells it from an open one.

What it does not show: whether someone with a weak password, or a customer's own account, may see everything.

If it fails: switch access control on, give each service its own credentials, and let only the service's own
network reach the port.
"""

from collections.abc import Iterator

from shelfworthy.checks.database._shown import inside, told_whole
from shelfworthy.model import About, Answer, Cause, Check, Level, Severity, fails, field, inconclusive, passes
from shelfworthy.seen.database import DatabaseListing, Listing, Refused

ASKS_FOR_LOGIN = {13: "Unauthorized", 18: "AuthenticationFailed"}  # MongoDB error codes
SAYS_SO = ("unauthorized", "not authorized", "need to login")  # before 2.6, which has no codes

SAYS = {
    "open": "A stranger may list {databases} databases with {records} records.",
    "open-empty": "A stranger may list the {databases} databases; there are no records yet.",
    "open-names": "A stranger may list the {databases} databases; how many records they hold was not told.",
    "refused": "The database refused a stranger: {reason}.",
    "other-error": "The database answered with another error (code {code}).",
    "nothing-shown": "The database answered a stranger, and showed nothing.",
}


def judge(seen: DatabaseListing, about: About) -> Iterator[Answer]:
    match seen.answer:
        case Refused(code=code) if code in ASKS_FOR_LOGIN:
            yield passes("refused", field("answer.code"), reason=ASKS_FOR_LOGIN[code])
        case Refused(code=0, words=words) if words.startswith(SAYS_SO):
            yield passes("refused", field("answer.words"), reason=words)
        case Refused(code=code):
            yield inconclusive("other-error", Cause.NOT_UNDERSTOOD, code=code)
        case Listing(total=0):
            yield inconclusive("nothing-shown", Cause.CONTRADICTORY)
        case Listing(total=total) as shown:
            records = sum(max(0, found.count) for base in shown.databases for found in inside(base))
            at = field("answer.databases")
            if records:
                yield fails("open", at, Severity.CRITICAL, databases=total, records=records)
            elif all(told_whole(base) for base in shown.databases):
                yield fails("open-empty", at, Severity.HIGH, databases=total)
            else:
                yield fails("open-names", at, Severity.HIGH, databases=total)


CHECK = Check(
    id="database-open", version=1, level=Level.KNOCK, judge=judge, reads=(DatabaseListing,), says=SAYS
)
