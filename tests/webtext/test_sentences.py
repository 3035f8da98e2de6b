"""Where sentences end: also after days, which German writes with a full stop."""

import pytest

from shelfworthy.readers.policy.paper import document_of
from shelfworthy.webtext.documents import Source
from shelfworthy.webtext.sentences import sentences


def said(text: str) -> list[str]:
    page = f"<html><body><p>{text}</p></body></html>".encode()
    document = document_of(Source("policy", "p", "p", -1, 200), page, whole=True)
    return [one.text for one in sentences(document, 0)]


@pytest.mark.parametrize(
    "text",
    [
        "Stand: 3. März 2025",
        "Diese Erklärung tritt am 1. Oktober 2025 in Kraft.",
        "Sie gilt vom 12. Dez. 2024 an.",
        "Es kostet z. B. nichts, wenn Sie fragen.",
        "Vigente desde el art. 6 del reglamento.",
    ],
)
def test_a_sentence_goes_on_after_a_day_or_a_short_word(text: str) -> None:
    assert said(text) == [text]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Wir löschen in Schritt 3.", "Danach ist nichts mehr da."),
        ("We delete it in step 3.", "Nothing is left."),
        ("Es gilt seit 2025.", "Märzbier gibt es nicht."),
        ("Sie zählt bis 3.", "Maike hört zu."),
    ],
)
def test_a_sentence_ends_after_another_number(first: str, second: str) -> None:
    assert said(f"{first} {second}") == [first, second]
