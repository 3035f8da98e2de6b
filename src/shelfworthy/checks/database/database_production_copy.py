"""Are staging and test databases free of customers' data?

Why it matters: whoever tests with copies of real records has them lie around twice, the second time with less
care. In the story the databases named staging and test held real children's accounts.

How we look (knock): the number of records per collection, in databases whose names say staging, test or
development and in the one of production: the database of the same name without that word, else the largest
other one with a collection in common. Ten per cent of the same collection in production is a copy. So are 500
records with an e-mail address or a birthday; fields are looked at from use on (MongoDB only: names and types
of the first 1,000 records, no value). Of Elasticsearch and CouchDB whole indices and databases are compared,
where one has the name of the other with such a word besides. The databases of Redis have numbers and no
names: there the question does not arise.

What it does not show: copies under other names, on other servers, in renamed collections, of fewer records;
and personal data in fields whose names we do not know or that lie inside other fields. A collection of
settings that is the same everywhere counts as a copy too; its fields, where looked at, make that answer less
sure.

If it fails: delete the copies, test with generated records, and find out who had access to them.
"""

import re
from collections.abc import Iterator, Sequence

from shelfworthy.checks.database._shown import inside, shown_whole, told_whole
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    NotLooked,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.seen.database import (
    CollectionSeen,
    DatabaseListing,
    DatabaseSeen,
    FieldSeen,
    Listing,
    StoreListing,
)

SHARE = 10  # per cent of the same collection in production
MANY = 500  # records about people
SAMPLE = 1000  # records whose fields were looked at
ANY = "any kind"  # stands for the records of a store that keeps them without collections
NUMBERED = frozenset({"Redis"})  # stores whose databases have no names
NOT_PRODUCTION = frozenset(
    {
        *("test", "tests", "testing", "tst", "testdb", "testdata", "qa", "uat", "sandbox", "demo"),
        *("staging", "stage", "stg", "stagingdb", "preprod"),
        *("dev", "devel", "develop", "development", "devdb"),
    }
)
PRODUCTION = frozenset({"prod", "production", "live"})
WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
PERSONAL = re.compile(r"e-?mail|birth|geburt|naissance|nacimiento|nascita|(^|_)dob($|_)", re.IGNORECASE)

SAYS = {
    "copy": "{name} holds {records} records of {collection}, {share} % of those in {production}.",
    "personal": "{name} holds at least {records} records of {collection} with the field {found}.",
    "no-copy": "{name} holds less than {limit} % of any collection of {production}, and few people.",
    "empty": "{name} holds no records.",
    "none": "None of the {databases} databases is named like one for tests.",
    "numbered": "{product} numbers its databases: none has a name that says test or production.",
    "refused": "The database showed no names: it refused a stranger, which says nothing of what it holds.",
    "not-whole": "Not all names of databases and collections were shown.",
    "not-counted": "How much {name} holds was not told for all its collections.",
    "fields-unknown": "{name} holds {records} records of {collection}; nobody knows whether of people.",
    "no-production": "{name} holds records, and no database here is its production to compare with.",
}


def judge(seen: DatabaseListing | StoreListing, about: About) -> Iterator[Answer]:
    if isinstance(seen, StoreListing) and seen.product in NUMBERED:
        yield moot("numbered", field("product"), product=seen.product)
        return
    match seen.answer:
        case Listing() as shown:
            yield from over_all(shown)
        case _:
            yield inconclusive("refused", Cause.REFUSED)


def over_all(shown: Listing) -> Iterator[Answer]:
    """One answer per database that is not production."""
    tests = [place for place, base in enumerate(shown.databases) if words(base.name) & NOT_PRODUCTION]
    for place in tests:
        yield one(place, shown.databases[place], production_of(shown.databases[place], shown.databases))
    if not shown_whole(shown):
        yield inconclusive("not-whole", Cause.NOBODY_LOOKED)
    elif not tests:
        yield moot("none", field("answer.databases"), databases=shown.total)


def one(place: int, base: DatabaseSeen, production: DatabaseSeen | None) -> Answer:
    """What one test database is. production: what it may be a copy of.

    1. It is a copy, by numbers or by fields: that stands whatever else was not shown.
    2. What was not told, or cannot be compared, leaves the question open.
    3. Only what is left holds no copy.
    """
    at, name = f"answer.databases.{place}.collections", base.name
    held = inside(base)
    copies = [] if production is None else shared(held, production)
    spot, records, share = max(copies, key=lambda copy: copy[1], default=(0, 0, 0))
    if production is not None and copies:
        return fails(
            "copy",
            field(f"{at}.{spot}.count"),
            Severity.HIGH,
            confidence=confidence(held[spot]),
            subject=name,
            name=name,
            records=records,
            collection=held[spot].name or ANY,
            share=share,
            production=production.name,
        )
    for spot, found in enumerate(held):
        for which, known in enumerate(fields(found)):
            if (many := people(known)) >= MANY:
                where = field(f"{at}.{spot}.fields.{which}")
                return fails(
                    "personal",
                    where,
                    Severity.HIGH,
                    subject=name,
                    name=name,
                    records=many,
                    collection=found.name or ANY,
                    found=known.name,
                )
    if not told_whole(base):
        return inconclusive("not-counted", Cause.NOBODY_LOOKED, subject=name, name=name)
    if not any(found.count for found in held):
        return passes("empty", field(at), subject=name, name=name)
    if production is None:
        return inconclusive("no-production", Cause.DATA_MISSING, subject=name, name=name)
    if not told_whole(production):
        return inconclusive("not-counted", Cause.NOBODY_LOOKED, subject=name, name=production.name)
    for found in held:
        if found.count >= MANY and (found.count > SAMPLE or isinstance(found.fields, NotLooked)):
            return inconclusive(
                "fields-unknown",
                Cause.NOBODY_LOOKED,
                subject=name,
                name=name,
                records=found.count,
                collection=found.name or ANY,
            )
    return passes("no-copy", field(at), subject=name, limit=SHARE, name=name, production=production.name)


def shared(held: Sequence[CollectionSeen], production: DatabaseSeen) -> list[tuple[int, int, int]]:
    """Collections that hold a copy's share of the same one in production: (place, records, per cent)."""
    twins = {found.name: found.count for found in inside(production) if found.count > 0}
    return [
        (spot, found.count, found.count * 100 // twins[found.name])
        for spot, found in enumerate(held)
        if found.name in twins and found.count * 100 >= twins[found.name] * SHARE
    ]


def production_of(base: DatabaseSeen, databases: Sequence[DatabaseSeen]) -> DatabaseSeen | None:
    """The database of the same name without the word for tests, else the largest with a collection of it."""
    others = [other for other in databases if not words(other.name) & NOT_PRODUCTION]
    bare, names = words(base.name) - NOT_PRODUCTION, {found.name for found in inside(base)} - {""}
    named = [other for other in others if bare and words(other.name) - PRODUCTION == bare]
    alike = [other for other in others if names & {found.name for found in inside(other)}]
    return max(named or alike, key=lambda other: sum(found.count for found in inside(other)), default=None)


def words(name: str) -> frozenset[str]:
    """The words a name is made of, in lower case: `petsStaging`, `pets-staging`, `PETS_STAGING`."""
    return frozenset(word.lower() for word in WORDS.findall(name))


def fields(found: CollectionSeen) -> tuple[FieldSeen, ...]:
    return () if isinstance(found.fields, NotLooked) else found.fields


def people(known: FieldSeen) -> int:
    """In how many of the records looked at this field holds an e-mail address or a birthday."""
    return known.records if PERSONAL.search(known.name) else known.email_like


def confidence(found: CollectionSeen) -> Confidence:
    """How sure a copy by numbers is: certain if its fields are about people, less if they are not."""
    if any(people(known) for known in fields(found)):
        return Confidence.CERTAIN
    return Confidence.PROBABLE if isinstance(found.fields, NotLooked) else Confidence.TENTATIVE


CHECK = Check(
    id="database-production-copy",
    version=2,
    level=Level.KNOCK,
    judge=judge,
    reads=(DatabaseListing, StoreListing),
    says=SAYS,
)
