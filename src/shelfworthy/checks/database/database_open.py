"""Does the database show what it holds to anyone who asks?

Why it matters: whoever can list a database can copy it, change it, or hold it to ransom. In the story
more than 800,000 accounts were taken this way.

How we look (knock): we ask without credentials what it holds, and how many records: `listDatabases` of
MongoDB, `DBSIZE` of Redis, `_cat/indices` of Elasticsearch, `_all_dbs` of CouchDB, the names at the root of a
Firebase database. PostgreSQL and MySQL know nobody without a name: we name the account that each server is
set up with, `postgres` or `root`, and send no password. We read no record. A MongoDB server with access
control but no user yet answers with an empty list; a second question that it refuses tells it from an open
one.

What it does not show: whether someone with a weak password, or a customer's own account, may see everything;
whether parts of it are open to those who know their names; and whether another account has no password.

If it fails: switch access control on, give each service its own credentials, and let only the service's own
network reach the port.
"""

from collections.abc import Iterator

from shelfworthy.checks.database._refused import reason
from shelfworthy.checks.database._shown import inside, told_whole
from shelfworthy.model import About, Answer, Cause, Check, Level, Severity, fails, field, inconclusive, passes
from shelfworthy.seen.database import DatabaseListing, Listing, Refused, StoreListing

ASKS_FOR_LOGIN = {13: "Unauthorized", 18: "AuthenticationFailed"}  # MongoDB error codes
SAYS_SO = ("unauthorized", "not authorized", "need to login")  # before 2.6, which has no codes

SAYS = {
    "open": "A stranger may list {databases} databases with {records} records.",
    "open-empty": "A stranger may list the {databases} databases; there are no records yet.",
    "open-names": "A stranger may list the {databases} databases; how many records they hold was not told.",
    "no-password": "Whoever says to be {account} gets in without a password, to {databases} databases.",
    "refused": "The database refused a stranger: {reason}.",
    "other-error": "The database answered with another error (code {code}).",
    "nothing-shown": "A stranger is answered with an empty list: nothing is there, or nothing is shown.",
    "other-answer": "{product} answered with an error that says nothing of this (code {code} {name}).",
}


def judge(seen: DatabaseListing | StoreListing, about: About) -> Iterator[Answer]:
    match seen.answer:
        case Refused() as no if isinstance(seen, StoreListing):
            yield of_store(seen, no)
        case Refused(code=code) if code in ASKS_FOR_LOGIN:
            yield passes("refused", field("answer.code"), reason=ASKS_FOR_LOGIN[code])
        case Refused(code=0, words=words) if words.startswith(SAYS_SO):
            yield passes("refused", field("answer.words"), reason=words)
        case Refused(code=code):
            yield inconclusive("other-error", Cause.NOT_UNDERSTOOD, code=code)
        case Listing(total=0):
            yield inconclusive("nothing-shown", Cause.NEEDS_A_PERSON)
        case Listing(total=total) as shown:
            records = sum(max(0, found.count) for base in shown.databases for found in inside(base))
            at = field("answer.databases")
            if isinstance(seen, StoreListing) and seen.account:
                how_bad = Severity.CRITICAL if records else Severity.HIGH
                yield fails("no-password", at, how_bad, account=seen.account, databases=total)
            elif records:
                yield fails("open", at, Severity.CRITICAL, databases=total, records=records)
            elif all(told_whole(base) for base in shown.databases):
                yield fails("open-empty", at, Severity.HIGH, databases=total)
            else:
                yield fails("open-names", at, Severity.HIGH, databases=total)


def of_store(seen: StoreListing, no: Refused) -> Answer:
    """What a refusal by another store than MongoDB says."""
    if why := reason(seen, no):
        return passes("refused", field("answer"), reason=why)
    return inconclusive(
        "other-answer", Cause.NOT_UNDERSTOOD, product=seen.product, code=no.code, name=no.name
    )


CHECK = Check(
    id="database-open",
    version=2,
    level=Level.KNOCK,
    judge=judge,
    reads=(DatabaseListing, StoreListing),
    says=SAYS,
)
