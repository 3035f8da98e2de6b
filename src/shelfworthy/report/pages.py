"""A check's page: the docstring of its module, in its parts."""

import inspect
import sys

from shelfworthy.model import Check, Record


class Page(Record, frozen=True):
    """The question a check asks, and its sections by title (`If it fails`), in order."""

    question: str
    sections: dict[str, str]


def page(check: Check) -> Page:
    """The page of a check. Paragraphs without a title belong to the section before them."""
    text = inspect.cleandoc(sys.modules[check.judge.__module__].__doc__ or "")
    question, *paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    sections: dict[str, str] = {}
    title = ""
    for paragraph in paragraphs:
        head, colon, body = paragraph.partition(": ")
        if colon and len(head) < 40:
            title = head
            sections[title] = body[:1].upper() + body[1:]
        elif title:
            sections[title] = f"{sections[title]} {paragraph}"
    return Page(question=question, sections=sections)
