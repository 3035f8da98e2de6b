"""Mistakes of an import in the reader's language. They are kept in English with the import, for it has many
readers; each sentence is known again by its form."""

import re
from functools import cache

from django.utils.translation import gettext, gettext_noop

FORMS = (
    gettext_noop("%(name)s: expected text."),
    gettext_noop("%(name)s: it has %(count)s characters, at most %(most)s are kept."),
    gettext_noop("%(name)s: it holds a NUL byte."),
    gettext_noop("%(name)s: it holds a control character."),
    gettext_noop("%(name)s: it is empty."),
    gettext_noop("A quote is opened and not closed; the line was left out."),
    gettext_noop("The column %(name)s is missing. Expected in the first line: %(columns)s."),
    gettext_noop("The column %(name)s is there twice."),
    gettext_noop("The file is empty. Expected the columns %(columns)s."),
    gettext_noop("The file is larger than %(most)s MiB; what begins here was not read."),
    gettext_noop("The file is written in UTF-16. Save it as “CSV UTF-8”."),
    gettext_noop("The first line names %(count)s columns, at most %(most)s are read."),
    gettext_noop("The line cannot be read as CSV: %(why)s."),
    gettext_noop("The line holds a NUL byte."),
    gettext_noop("The line is longer than %(most)s bytes."),
    gettext_noop("The line is neither UTF-8 nor Windows-1252."),
    gettext_noop("The line is no JSON object: expected {…}."),
    gettext_noop("The line is no JSON: %(why)s."),
    gettext_noop("The line is not written as the others: the file is %(encoding)s since line %(line)s."),
    gettext_noop("There are %(count)s cells, the first line names %(columns)s."),
    gettext_noop("There is no column %(name)s; it was not read. Did you mean %(near)s?"),
    gettext_noop("There is no column %(name)s; it was not read."),
    gettext_noop("for_children: %(text)s is neither yes nor no."),
    gettext_noop("gtin: %(text)s is no GTIN. Expected the 8, 12, 13 or 14 digits under the bar code."),
    gettext_noop(
        "gtin: the check digit of %(text)s is wrong."
        " With these digits it would be %(digit)s; compare with the bar code."
    ),
    gettext_noop("markets: %(count)s are named, at most %(most)s are kept."),
    gettext_noop("markets: %(code)s is no code of a market, like DE or UK."),
    gettext_noop("product: it is named without vendor or maker."),
    gettext_noop("product_file: %(name)s is no file in the folder products/."),
    gettext_noop("product_file: it is about another product: %(product)s."),
    gettext_noop("sku: %(sku)s cannot be part of an address; write it without / and \\."),
    gettext_noop("sku: %(sku)s is already on line %(line)s."),
    gettext_noop("title: the listing is new and has none."),
)


def in_words(reason: str) -> str:
    """A mistake as people read it; one of no known form as it stands there."""
    for form, known in _known():
        if found := known.fullmatch(reason):
            return gettext(form) % found.groupdict()
    return reason


@cache
def _known() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((form, re.compile(_pattern(form), re.DOTALL)) for form in FORMS)


def _pattern(form: str) -> str:
    parts = re.split(r"%\((\w+)\)s", form)
    return "".join(re.escape(one) if at % 2 == 0 else f"(?P<{one}>.*?)" for at, one in enumerate(parts))
