"""Is the database free of the marks that ransom campaigns leave behind?

Why it matters: a ransom note in a database means that strangers were in it, and that what it held is in their
hands. In the story the databases were replaced by notes at least twice, and no customer was told.

How we look (knock): the names of databases, collections, tables, indices and (MongoDB, at use) fields,
compared with the names that campaigns against open databases have used. Redis has records only: it is asked
whether it has any under one of these names, or under those of the keys through which intruders write to the
machine. We do not read the note.

What it does not show: intruders who left no note, notes under names not on our list, and what happened before
somebody cleaned up. A database that refuses strangers today says nothing of its past.

If it fails: treat it as a breach: close the database, keep its logs, find out since when it was open, and
tell the customers and the authorities that the law names.
"""

from collections.abc import Iterator

from shelfworthy.checks.database._shown import inside, shown_whole
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
    passes,
)
from shelfworthy.seen.database import (
    CollectionSeen,
    DatabaseListing,
    DatabaseSeen,
    Listing,
    StoreListing,
)
from shelfworthy.seen.ransom_names import AMBIGUOUS, INTRUDERS_KEYS, unmistakable

# Of databases, as written: others might use them, too, unless the collection is the campaign's.
SUSPICIOUS = {
    "WARNING": frozenset({"WARNING"}),
    "READ1": frozenset({"info"}),
    "README": frozenset({"bitcoin"}),
    "CONTACTME": frozenset({"CONTACTME"}),
    "ENCRYPTED": frozenset({"READ_ME"}),
}
PAYMENT = frozenset({"bitcoin address", "btcaddress", "bitcoin"})  # fields of a note, in lower case
NOTES = 3  # records a collection of notes has: one for each wave; a shop that takes bitcoin has more

SAYS = {
    "note": "The database {name} bears the mark of a ransom note: {mark}.",
    "note-key": "A record bears the name of a ransom note: {mark}.",
    "intruder": "The key {mark} is one through which intruders write their own keys onto the machine.",
    "perhaps": "The name {mark} is one that ransom notes bear, and others, too: a person has to look.",
    "none": "None of the names in {databases} databases is one that ransom notes are known to bear.",
    "refused": "The database showed no names: it refused a stranger, which says nothing of the past.",
    "not-whole": "No name shown is that of a ransom note, but not all names were shown.",
}


def judge(seen: DatabaseListing | StoreListing, about: About) -> Iterator[Answer]:
    if not isinstance(seen.answer, Listing):
        yield inconclusive("refused", Cause.REFUSED)
        return
    notes = [note for place, base in enumerate(seen.answer.databases) for note in marks(place, base)]
    if isinstance(seen, StoreListing):
        notes += [of_record(place, name) for place, name in enumerate(seen.notes)]
    if notes:
        yield from notes
    elif shown_whole(seen.answer):
        yield passes("none", field("answer.databases"), databases=seen.answer.total)
    else:
        yield inconclusive("not-whole", Cause.NOBODY_LOOKED)


def marks(place: int, base: DatabaseSeen) -> Iterator[Answer]:
    """The strongest mark in one database, if any. A name that others use as well is for a person."""
    at = f"answer.databases.{place}"
    names = {found.name for found in inside(base)}
    telling = sorted(name for name in {base.name, *names} if unmistakable(name))
    paying = sorted(name for found in inside(base) for name in field_names(found) if name.lower() in PAYMENT)
    alone = len(names) == 1 and all(0 <= found.count <= NOTES for found in inside(base))
    usual = SUSPICIOUS.get(base.name)
    doubtful = sorted(name for name in {base.name, *names} if name.lower() in AMBIGUOUS)
    if telling:
        sure, mark = Confidence.CERTAIN, telling[0]
    elif paying and (usual is not None or alone):
        sure, mark = Confidence.CERTAIN, paying[0]
    elif usual is not None and usual & names:
        sure, mark = Confidence.PROBABLE, f"{base.name}.{min(usual & names)}"
    else:
        for name in [base.name] if usual is not None else doubtful[:1]:
            yield inconclusive("perhaps", Cause.NEEDS_A_PERSON, subject=base.name, mark=name)
        return
    where, subject = field(f"{at}.name" if mark == base.name else at), base.name
    yield fails("note", where, Severity.CRITICAL, confidence=sure, subject=subject, name=base.name, mark=mark)


def of_record(place: int, name: str) -> Answer:
    """What the name of a single record says."""
    at = field(f"notes.{place}")
    if unmistakable(name):
        return fails("note-key", at, Severity.CRITICAL, subject=name, mark=name)
    if name in INTRUDERS_KEYS:
        return fails(
            "intruder", at, Severity.CRITICAL, confidence=Confidence.PROBABLE, subject=name, mark=name
        )
    return inconclusive("perhaps", Cause.NEEDS_A_PERSON, subject=name, mark=name)


def field_names(found: CollectionSeen) -> set[str]:
    return set() if isinstance(found.fields, NotLooked) else {one.name for one in found.fields}


CHECK = Check(
    id="database-ransom-traces",
    version=2,
    level=Level.KNOCK,
    judge=judge,
    reads=(DatabaseListing, StoreListing),
    says=SAYS,
)
