"""Support periods in a sentence or a cell of a table: until when, or how long from what. English and German.

What cannot be read exactly becomes a span of days: `05/06/2029` is the fifth of June or the sixth of May.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

# fmt: off
MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "mär": 3, "mrz": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}
NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9,
    "zehn": 10,
}
# fmt: on
MONTH = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|mrz|apr(?:il)?|may|mai|june?|juni|july?|juli"
    r"|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\.?"
)
YEAR = r"(?:19|20)\d\d"
DATE = re.compile(
    rf"(?P<iso>{YEAR}-\d\d-\d\d)"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.? (?:of )?(?P<month>{MONTH}),? (?P<year>{YEAR})"
    rf"|(?P<us_month>{MONTH}) (?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<us_year>{YEAR})"
    rf"|(?P<my_month>{MONTH}),? (?P<my_year>{YEAR})"
    rf"|(?P<a>\d{{1,2}})(?P<sign>[./])(?P<b>\d{{1,2}})[./](?P<c>{YEAR})"
    rf"|(?P<n_month>\d{{1,2}})/(?P<n_year>{YEAR})"
    rf"|(?P<end>(?:the )?end of |ende )?(?<![\w-])(?P<only>{YEAR})(?![\d-])",
    re.IGNORECASE,
)
# What a date has to stand behind to be an end.
UNTIL = (
    r"(?:\b(?:until|till|through|up to|no earlier than|ends?|ended|ending|expires?|expired"
    r"|end[- ]of[- ](?:life|support|updates?|security updates)|eol|eos"
    r"|bis|endet|endete|läuft (?:am )?aus|support[- ]?ende|ende de[rs] (?:\w+ )?(?:supports?|\w*updates"
    r"|\w*aktualisierungen|versorgung))\b)"
)
FILLER = (
    r"(?:\W|\b(?:on|in|of|at|least|the|including|date|is|was|will|be|am|im|zum|mindestens|einschließlich|ist)\b)"
    r"{0,8}?"
)
# "End of support for the bear: May 2029": a noun may say of what before it says when.
NOUN = (
    r"\b(?:end[- ]of[- ](?:life|support|updates?|security updates)"
    r"|support[- ]?ende|ende de[rs] \w*supports?)\b"
)
ENDS = re.compile(rf"(?:{UNTIL}{FILLER}|{NOUN}[^.;|]{{0,40}}?)(?P<date>{DATE.pattern})", re.IGNORECASE)
COUNT = rf"(?:\d{{1,2}}|{'|'.join(NUMBERS)})"
FOR = re.compile(
    rf"\b(?P<count>{COUNT})[ -](?P<unit>years?|months?|jahre?n?|monate?n?)\b",
    re.IGNORECASE,
)
# "every 3 months" and "within 2 years" are other times.
LEADS = re.compile(
    r"\b(?:for|period|least|minimum|during|für|mindestens|zeitraum|dauer|über)\b\W*(?:\w+\W+){0,3}$",
    re.IGNORECASE,
)
REPEATS = re.compile(r"\b(?:every|each|within|alle|jede[nrs]?|innerhalb(?: von)?|binnen)\W*$", re.IGNORECASE)
FOLLOWS = re.compile(r"\W*(?:lang\b|of (?:\w+ ){0,3}(?:support|updates))", re.IGNORECASE)
FROM = r"(?:from|after|since|following|starting (?:from|with)|ab|nach|seit)"
BUYING = re.compile(
    rf"\b{FROM}\b[^.;]{{0,40}}?\b(?:purchase|bought|buy|sale to you|kauf\w*|erwerb\w*)", re.IGNORECASE
)
LAUNCH = re.compile(
    rf"\b{FROM}\b[^.;]{{0,40}}?\b(?:launch\w*|release\w*|introduc\w*|first (?:sold|sale|available)"
    r"|on the market|markteinführung|marktstart|erscheinen|verkaufsstart|verkaufsbeginn)",
    re.IGNORECASE,
)
LAST = re.compile(
    rf"\b{FROM}\b[^.;]{{0,40}}?\b(?:last (?:sold|sale)|end of sales?|discontinu\w*|production (?:ends?|ended)"
    r"|verkaufsende|letzten verkauf|produktionsende)",
    re.IGNORECASE,
)
SUPPORT = re.compile(
    r"support|update|\bpatch|\bfix(?:es)?\b|end[- ]of[- ]life|\beol\b"
    r"|unterstütz|aktualisier|sicherheitsaktual|versorg|wartung",
    re.IGNORECASE,
)
UPDATES = r"(?:(?:security|software|firmware) )?updates?"
OVER = re.compile(
    r"\bno longer\b[^.;]{0,40}\b(?:supported|receives?|gets?|maintained|updated)\b"
    rf"|\b(?:not|n['’]t)\b (?:receive|get)\b[^.;]{{0,20}}\b{UPDATES}\b"
    rf"|\b(?:receives?|gets?|there are)\b[^.;]{{0,10}}\bno (?:more |further )?{UPDATES}\b"
    r"|\b(?:support|updates?)\b[^.;]{0,20}\b(?:has|have|was|were) (?:ended|discontinued|stopped)\b"
    r"|\b(?:nicht mehr|nicht länger)\b[^.;]{0,40}\b(?:unterstützt|aktualisiert|versorgt)\b"
    r"|\bkeine (?:weiteren |mehr )?(?:sicherheits)?(?:updates|aktualisierungen)\b",
    re.IGNORECASE,
)
# Times for other things, and sentences that take back what they say.
OTHER = re.compile(
    r"\b(?:warrant\w*|guarantee\w*|garantie\w*|gewährleistung\w*|refunds?|returns?|rückgabe\w*|age[ds]?|old"
    r"|children|kinder\w*|jahre alt|experience|erfahrung|subscription|abonnement|terms|last updated)\b"
    r"|©|\bcopyright\b",
    re.IGNORECASE,
)
UNSURE = re.compile(
    r"(?-i:\bmay\b)|\b(?:might|could|intend|plan|aim|hope|unless|except|könnte\w*|planen|beabsichtig\w*|voraussichtlich)\b"
    r"|\bnot\b|n['’]t\b|\bnicht\b",
    re.IGNORECASE,
)


class Period(Struct, frozen=True):
    """A support period as it is published. start, end: of its words in the text.

    first, last: the days on which it ends at the earliest and at the latest; None for a length. months: of a
    length, 0 for a day. origin: what a length counts from: "purchase", "release", "last sale", "" if it does
    not say. over: it says that there are no more updates, and names no day.
    """

    start: int
    end: int
    first: date | None = None
    last: date | None = None
    months: int = 0
    origin: str = ""
    over: bool = False


def periods(text: str, before: str) -> Iterator[Period]:
    """What a line says of support; before: the short lines that head it."""
    if OTHER.search(text):
        return
    if SUPPORT.search(text):
        yield from in_sentence(text)
    elif SUPPORT.search(before):
        yield from in_cell(text, before)


def in_sentence(text: str) -> Iterator[Period]:
    if found := OVER.search(text):
        yield Period(found.start(), found.end(), over=True)
        return
    if UNSURE.search(text):
        return
    for found in ENDS.finditer(text):
        if span := days(found["date"]):
            yield Period(found.start(), found.end(), first=span[0], last=span[1])
    for one in lengths(text, text):
        before = text[: one.start]
        if REPEATS.search(before):
            continue
        if LEADS.search(before) or FOLLOWS.match(text, one.end):
            yield one


def in_cell(text: str, before: str) -> Iterator[Period]:
    """A cell that holds nothing but a time, under a heading that says of what."""
    bare = text.strip(" .")
    found = ENDS.fullmatch(bare) or (
        DATE.fullmatch(bare) if re.search(UNTIL, before, re.IGNORECASE) else None
    )
    at = text.find(bare)
    if found is not None:
        named = found.groupdict().get("date") or found[0]
        if span := days(named):
            yield Period(at, at + len(bare), first=span[0], last=span[1])
    elif len(text) <= 80:
        yield from lengths(text, f"{text} {before}")


def lengths(text: str, around: str) -> Iterator[Period]:
    for found in FOR.finditer(text):
        count = NUMBERS.get(found["count"].lower()) or int(found["count"])
        years = found["unit"][0].lower() in "yj"
        origins = (("purchase", BUYING), ("release", LAUNCH), ("last sale", LAST))
        origin = next((name for name, words in origins if words.search(around)), "")
        yield Period(found.start(), found.end(), months=count * 12 if years else count, origin=origin)


def days(words: str) -> tuple[date, date] | None:
    """The first and the last day that a date can mean, None if it means none."""
    found = DATE.fullmatch(words)
    if found is None:
        return None
    try:
        return _days(found)
    except ValueError:
        return None


def _days(found: re.Match[str]) -> tuple[date, date]:
    if found["iso"]:
        day = date.fromisoformat(found["iso"])
        return day, day
    for mark in ("", "us_"):
        if found[f"{mark}day"]:
            month = number(found[f"{mark}month"])
            day = date(int(found[f"{mark}year"]), month, int(found[f"{mark}day"]))
            return day, day
    if found["my_month"]:
        return whole_month(int(found["my_year"]), number(found["my_month"]))
    if found["n_month"]:
        return whole_month(int(found["n_year"]), int(found["n_month"]))
    if found["a"]:
        return numeric(int(found["a"]), int(found["b"]), int(found["c"]), found["sign"])
    year_only = int(found["only"])
    return date(year_only, 12, 31) if found["end"] else date(year_only, 1, 1), date(year_only, 12, 31)


def numeric(a: int, b: int, year: int, sign: str) -> tuple[date, date]:
    """`31.05.2029` has the day first; with slashes nobody knows, unless one is no month."""
    found = []
    for day, month in ((a, b), (b, a)) if sign == "/" else ((a, b),):
        if 1 <= month <= 12:
            found.append(date(year, month, day))
    return min(found), max(found)


def whole_month(year: int, month: int) -> tuple[date, date]:
    """A month ends with its last day: `until May 2029` may mean its first, too."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def number(name: str) -> int:
    return MONTHS[name.lower().rstrip(".")[:3]]


def later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
