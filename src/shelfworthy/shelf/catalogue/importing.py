"""Importing a catalogue, again and again, whatever happens in between.

What this module holds to:
- Rows are written by the thousand, each thousand with its counts in one transaction: an import that was
  killed leaves whole ones, and the next import of the source completes it.
- Of one source there is one import at a time: who begins takes over, and who was there before stops at its
  next transaction (compare-and-set on `state`).
- Listings vanish only after the whole file was read and every line told whose it is: what could not be read
  is no proof that something is gone.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from django.db import Error, OperationalError, transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from shelfworthy.shelf.catalogue.cells import Harm, Mistake, Row
from shelfworthy.shelf.catalogue.lines import Lines
from shelfworthy.shelf.catalogue.rows import Form, read
from shelfworthy.shelf.catalogue.tying import Files
from shelfworthy.shelf.catalogue.writing import Written, write
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Import, Listing, Person
from shelfworthy.shelf.people import log

AT_ONCE = 2000  # rows of a transaction
TRIES = 3  # of a transaction
MISTAKES_KEPT = 1000
SILENT = timedelta(seconds=60)  # an import that wrote nothing for so long was killed
RUNNING, DONE, STOPPED = "running", "done", "stopped"
SOURCE = "catalogue"  # of a shop that has one


class Why(TextChoices):
    """Nothing vanished, or an import stopped."""

    PART = "part", _("The file is a part of the catalogue: what it does not name stays.")
    ENDED = "not read", _("The file was not read to its end: nothing vanished.")
    UNNAMED = "unnamed", _("Some lines do not tell which listing they are about: nothing vanished.")
    EMPTY = "empty", _("The file names no listing: nothing vanished.")
    TAKEN_OVER = "taken over", _("A newer import of the same catalogue began.")
    CUT_OFF = "cut off", _("It was cut off by a failure; import the file again.")


class NotAllowed(Exception):
    """Somebody who works for some markets only: a catalogue is of all of them."""


class TakenOver(Exception):
    """Another import of the same source began."""


def may_import(person: Person) -> bool:
    """Whether somebody works for all markets: a catalogue says what is sold in each, and what is gone."""
    return not person.membership.markets.exists()


def run(
    file: Lines, name: str, person: Person, form: Form, *, source: str = SOURCE, whole: bool = True
) -> Import:
    """Import a file to its end; what became of it. Raises NotAllowed.

    source: which of the shop's catalogues it is. whole: it names all of it; else nothing vanishes.
    """
    if not may_import(person):
        raise NotAllowed
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in name[:300])
    one = _begin(shown, person, source[:60] or SOURCE, whole)
    try:
        _read(one, file, form)
    except TakenOver:
        one.refresh_from_db()
    except BaseException:
        with suppress(Error):  # the database may be what failed; then it is shown as stopped by its silence
            _end(one, STOPPED, Why.CUT_OFF)
        raise
    return one


def state_of(one: Import, at: datetime) -> str:
    """Its state as people should see it: who was killed could not write that it stopped."""
    return STOPPED if one.state == RUNNING and at - one.alive_at > SILENT else one.state


@transaction.atomic
def _begin(name: str, person: Person, source: str, whole: bool) -> Import:
    at = now()
    running = Import.objects.filter(source=source, state=RUNNING)
    running.update(state=STOPPED, ended_at=at, why=Why.TAKEN_OVER)
    log.note(person, "import began", name, source)
    return Import.objects.create(
        name=name, source=source, whole=whole, person=person, began_at=at, alive_at=at
    )


def _read(one: Import, file: Lines, form: Form) -> None:
    """1. Read so many rows. 2. Write them. 3. Note which SKUs are there. At the end: 4. what vanished."""
    named: set[str] = set()
    unnamed, ended = 0, False
    files, found = Files(), read(file, form)
    while taken := list(islice(found, AT_ONCE)):
        _write(one, taken, files)
        named.update(it.sku for it in taken)
        mistakes = [it for it in taken if isinstance(it, Mistake)]
        unnamed += sum(it.harm is Harm.ROW and not it.sku for it in mistakes)
        ended = ended or any(it.harm is Harm.REST for it in mistakes)
    with transaction.atomic():
        _go_on(one)
        why = _why_not(one, named, unnamed, ended)
        if not why:
            one.vanished = _vanish(one, named)
        _end(one, STOPPED if ended else DONE, why)
        counts = f"{one.rows} rows, {one.inserted} new, {one.changed} changed, {one.vanished} vanished"
        log.note(one.person, "import ended", one.name, f"{counts}, {one.wrong} mistakes {why}".rstrip())


def _write(one: Import, taken: list[Row | Mistake], files: Files) -> None:
    """Write some rows and what is counted of them, or nothing; again where another writer was in the way."""
    rows = [it for it in taken if isinstance(it, Row)]
    mistakes = [it for it in taken if isinstance(it, Mistake)]
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                _go_on(one)
                done = write(rows, one.source, one.began_at, files) if rows else Written()
                _count(one, rows, mistakes, done)
        except OperationalError:  # a deadlock, or SQLite that was locked for too long
            if not left:
                raise
            one.refresh_from_db()
        else:
            return


def _go_on(one: Import) -> None:
    """Take the import's row for this transaction. Raises TakenOver where it is no longer ours to write."""
    if not Import.objects.filter(pk=one.pk, state=RUNNING).update(alive_at=now()):
        raise TakenOver


def _count(one: Import, rows: list[Row], mistakes: list[Mistake], done: Written) -> None:
    one.rows += len(rows) + sum(it.harm is Harm.ROW for it in mistakes)
    mistakes = sorted([*mistakes, *done.mistakes], key=lambda it: it.line)
    one.inserted += done.inserted
    one.changed += done.changed
    one.wrong += len(mistakes)
    room = MISTAKES_KEPT - len(one.mistakes)
    one.mistakes += [{"line": it.line, "reason": it.reason} for it in mistakes[:room]]
    one.save(update_fields=["rows", "inserted", "changed", "wrong", "mistakes"])


def _why_not(one: Import, named: set[str], unnamed: int, ended: bool) -> str:
    """Why nothing may vanish, "" if it may."""
    if not one.whole:
        return Why.PART
    if ended:
        return Why.ENDED
    if unnamed:
        return Why.UNNAMED
    if not named - {""}:
        return Why.EMPTY
    return ""


def _vanish(one: Import, named: set[str]) -> int:
    """Mark what the source named before and no longer does; how many."""
    there = Listing.objects.filter(source=one.source, vanished_at=None).values_list("pk", "sku")
    gone = [number for number, sku in there.iterator(chunk_size=AT_ONCE) if sku not in named]
    for some in _by(gone, AT_ONCE):
        Listing.objects.filter(pk__in=some, vanished_at=None).update(
            vanished_at=one.began_at, changed_at=one.began_at
        )
    return len(gone)


def _end(one: Import, state: str, why: str) -> None:
    """Compare and set: an import that somebody else ended stays as it is."""
    one.state, one.ended_at, one.why = state, now(), why
    Import.objects.filter(pk=one.pk, state=RUNNING).update(
        state=state, ended_at=one.ended_at, why=why, vanished=one.vanished, alive_at=one.ended_at
    )


def _by(numbers: list[int], size: int) -> Iterator[list[int]]:
    for first in range(0, len(numbers), size):
        yield numbers[first : first + size]
