"""Files beside the product file: correspondence with the maker, published incidents, its words on flaws.

They hold dates and sources, in a few words each; letters and customers' data do not belong into them (law 8).
Every mistake is answered as in a product file.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from shelfworthy.model import Kind, Product, Record
from shelfworthy.product.lines import KeyPath
from shelfworthy.product.meaning import doubles, short_name
from shelfworthy.product.mistakes import BadFile, Mistake, nearest, quoted
from shelfworthy.product.sheet import Sheet, Wrong, decoded
from shelfworthy.seen.correspondence import ReplyKind
from shelfworthy.seen.incident import IncidentKind
from shelfworthy.seen.vex import NoVex, statements

FEW_WORDS = 300  # characters of any text
LONGEST_PROMISE = 365  # days
UNKNOWN = date.min  # stands in the sheet for a date that is missing or wrong


class How(StrEnum):
    """The way a report was sent."""

    EMAIL = "e-mail"
    FORM = "form"
    PHONE = "phone"
    POST = "post"
    TICKET = "ticket"
    SOCIAL = "social media"
    PERSON = "in person"
    OTHER = "other"


class ContactEntry(Record, frozen=True):
    """`[[contact]]`: somebody reported something to the maker. by, to, about: for people, in a few words."""

    id: str
    on: date
    source: str
    how: How = How.OTHER
    by: str = ""
    to: str = ""
    about: str = ""


class ReplyEntry(Record, frozen=True):
    """`[[reply]]`: the maker answered. answers: ids of contacts."""

    on: date
    answers: tuple[str, ...]
    kind: ReplyKind
    source: str
    by: str = ""


class FlawEntry(Record, frozen=True):
    """`[[flaw]]`: a flaw that is publicly known. fixed_on: left out while it is open."""

    id: str
    known_publicly_since: date
    source: str
    fixed_on: date | None = None


class Stated(Record, frozen=True):
    """`[stated]`: what the maker promises in its policy."""

    acknowledged_within_days: int
    source: str


class CorrespondenceFile(Record, frozen=True):
    """All of a correspondence file. looked_until: the last day it speaks of."""

    looked_until: date
    stated: Stated | None = None
    contact: tuple[ContactEntry, ...] = ()
    reply: tuple[ReplyEntry, ...] = ()
    flaw: tuple[FlawEntry, ...] = ()


class SearchEntry(Record, frozen=True):
    """`[[searched]]`: somebody looked for published incidents. by: who, for people."""

    on: date
    where: str
    by: str = ""


class IncidentEntry(Record, frozen=True):
    """`[[incident]]`: something that was published. data: what of customers' was lost, if it says so."""

    on: date
    what: IncidentKind
    title: str
    source: str
    data: str = ""


class IncidentFile(Record, frozen=True):
    """All of an incident file. It may be empty: then nobody looked."""

    searched: tuple[SearchEntry, ...] = ()
    incident: tuple[IncidentEntry, ...] = ()


def read_correspondence(content: bytes, file: str, today: date) -> CorrespondenceFile:
    """A correspondence file. file: what to call it in messages. Raises BadFile with all mistakes."""
    sheet = Sheet(decoded(content, file), file, CorrespondenceFile)
    until = sheet.table("looked_until", date) or UNKNOWN
    until = date.max if until == UNKNOWN else until  # then nothing is measured by it
    sheet.wrong(
        (), _not_after("looked_until", until, today + timedelta(1), "today, the last day it can know of")
    )
    contacts = sheet.items("contact", ContactEntry)
    days = {contact.id: contact.on for _, contact in contacts}
    if (stated := sheet.table("stated", Stated)) is not None:
        sheet.wrong(("stated",), [*_words(stated), *_promise(stated)])
    for path, contact in contacts:
        sheet.wrong(path, [*short_name(contact.id), *_words(contact), *_within("on", contact.on, until)])
    for path, reply in sheet.items("reply", ReplyEntry):
        sheet.wrong(path, [*_words(reply), *_within("on", reply.on, until), *_answers(reply, days)])
    for path, flaw in sheet.items("flaw", FlawEntry):
        sheet.wrong(path, [*short_name(flaw.id), *_words(flaw), *_flaw(flaw, until)])
    for key in ("contact", "flaw"):
        for place, double in doubles(sheet.names(key)):
            sheet.wrong((key, place), [double])
    return sheet.record()


def read_incidents(content: bytes, file: str, today: date) -> IncidentFile:
    """An incident file. file: what to call it in messages. Raises BadFile with all mistakes."""
    sheet = Sheet(decoded(content, file), file, IncidentFile)
    entries: list[tuple[KeyPath, SearchEntry | IncidentEntry]] = sheet.items("searched", SearchEntry)
    entries += sheet.items("incident", IncidentEntry)
    for path, entry in entries:
        late = _not_after("on", entry.on, today + timedelta(1), "today, the last day it can know of")
        sheet.wrong(path, [*_words(entry), *late])
    return sheet.record()


PAPERS: Mapping[Kind, Callable[[bytes, str, date], Record]] = {
    Kind.CORRESPONDENCE: read_correspondence,
    Kind.INCIDENT: read_incidents,
}


def check_papers(product: Product, supplied: Mapping[str, bytes], folder: Path, today: date) -> None:
    """Read every such file of a product, so that what is wrong is told before anything is looked at.

    supplied: content by the name in the product file. folder: it lies in. Raises BadFile with all mistakes.
    """
    mistakes: list[Mistake] = []
    for surface in product.surface:
        if surface.kind in PAPERS:
            try:
                PAPERS[surface.kind](supplied[surface.where], str(folder / surface.where), today)
            except BadFile as wrong:
                mistakes += wrong.mistakes
        if vex := getattr(surface, "vex", ""):
            mistakes += _no_vex(supplied[vex], str(folder / vex))
    if mistakes:
        raise BadFile(mistakes)


def _no_vex(content: bytes, file: str) -> Iterator[Mistake]:
    """What is wrong with a maker's words on known flaws, if it is none."""
    try:
        statements(content)
    except NoVex as wrong:
        expected = "Expected OpenVEX or CycloneDX with vulnerabilities, as JSON."
        yield Mistake(file=file, line=0, key="", found=str(wrong), expected=expected)


def _words(entry: Record) -> Iterator[Wrong]:
    """Text that must be there and is not, and text that is too long for a few words."""
    for key in entry.__struct_fields__:
        text = getattr(entry, key)
        if type(text) is not str or key == "id":
            continue
        if len(text) > FEW_WORDS:
            expected = f"Expected at most {FEW_WORDS}: say it in a few words; letters do not belong here."
            yield key, f"it has {len(text)} characters", expected, ""
        elif key in REQUIRED and not text.strip():
            yield key, "it is empty", REQUIRED[key], ""


REQUIRED = {
    "source": "Say where it can be read, for example a web address or a ticket number.",
    "title": "Say what was published, in a few words.",
    "where": "Say where somebody looked, for example a search engine or a list of leaks.",
}


def _not_after(key: str, day: date, last: date, what: str) -> Iterator[Wrong]:
    if day is not date.max and day > last:
        yield key, f"{day} lies after {what}", "Expected an earlier date.", ""


def _within(key: str, day: date, until: date) -> Iterator[Wrong]:
    yield from _not_after(key, day, until, f"{until}, the day until which the record is kept (looked_until)")


def _promise(stated: Stated) -> Iterator[Wrong]:
    days = stated.acknowledged_within_days
    if not 1 <= days <= LONGEST_PROMISE:
        expected = f"Expected the number of days that the maker states, from 1 to {LONGEST_PROMISE}."
        yield "acknowledged_within_days", f"{days} days are no promise", expected, ""


def _answers(reply: ReplyEntry, days: Mapping[str, date]) -> Iterator[Wrong]:
    if not reply.answers:
        yield "answers", "it is empty", 'Write answers = ["…"] with the id of a contact.', ""
    for name in reply.answers:
        if name not in days:
            words = (
                f"Contacts are: {', '.join(days)}." if days else "Describe it in a [[contact]] with this id."
            )
            yield "answers", f"there is no contact {quoted(name)}", words, nearest(name, days)
        elif reply.on < days[name]:
            found = f"it was sent on {reply.on}, before {quoted(name)} on {days[name]}"
            yield "on", found, "Expected a later date.", ""


def _flaw(flaw: FlawEntry, until: date) -> Iterator[Wrong]:
    yield from _within("known_publicly_since", flaw.known_publicly_since, until)
    if flaw.fixed_on is not None:
        yield from _within("fixed_on", flaw.fixed_on, until)
