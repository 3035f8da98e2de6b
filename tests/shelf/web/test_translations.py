"""German is whole, and compiled: what scripts/translations.py finds, writes and compiles."""

import gettext
import io
from pathlib import Path

import pytest
import translations
from django.test import Client
from django.utils import translation
from translations import Message, Wrong


def test_every_string_has_its_german() -> None:
    """If this fails: run scripts/translations.py, fill in what it prints, run it again."""
    words = translations.read(translations.PO.read_text(encoding="utf-8"))
    assert translations.mistakes(words, translations.wanted()) == []


def test_what_is_compiled_is_what_is_written() -> None:
    words = translations.read(translations.PO.read_text(encoding="utf-8"))
    assert translations.PO.with_suffix(".mo").read_bytes() == translations.compiled(words)


def test_what_is_written_is_read_as_it_was() -> None:
    words = translations.read(translations.PO.read_text(encoding="utf-8"))
    odd = dict(words) | {Message('a "quoted" \\ line\nand another'): ('x\n"y"\\',)}
    assert translations.read(translations.written(odd, {})) == odd


def test_python_reads_what_is_compiled() -> None:
    words = {Message("one"): ("eins",), Message("%(n)s day", "%(n)s days"): ("%(n)s Tag", "%(n)s Tage")}
    found = gettext.GNUTranslations(io.BytesIO(translations.compiled(words | {Message("open"): ("",)})))
    assert found.gettext("one") == "eins"
    assert [found.ngettext("%(n)s day", "%(n)s days", n) for n in (1, 2, 0)] == [
        "%(n)s Tag",
        "%(n)s Tage",
        "%(n)s Tage",
    ]
    assert found.gettext("open") == "open"


def test_what_is_missing_gone_or_filled_in_otherwise_is_said(tmp_path: Path) -> None:
    places = {Message("new"): {"a.html"}, Message("%(n)s of it"): {"b.html"}}
    words = {Message("old"): ("alt",), Message("%(n)s of it"): ("%(m)s davon",)}
    found = translations.mistakes(words, places)
    assert [one.partition(":")[0] for one in found] == ["other places to fill in", "no German", "gone"]


def test_every_way_of_wrapping_is_found() -> None:
    template = (
        "{% load i18n %}{% translate 'it’s' %}{% trans \"b\" as x %}{{ _('c') }}"
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
        "{% if a == _('d') %}{% endif %}"
    )
    found = list(translations.in_template(template, "a.html"))
    assert found == [
        Message("it’s"), Message("b"), Message("c"), Message("%(n)s day", "%(n)s days"), Message("d"),
    ]  # fmt: skip
    module = "_('a' 'b'); gettext('c'); x.ngettext('d', 'e', 2)"
    assert list(translations.in_python(module, "a.py")) == [Message("ab"), Message("c"), Message("d", "e")]


@pytest.mark.parametrize("module", ["_(f'a {b}')", "gettext('a' + b)", "pgettext('a', 'b')"])
def test_what_nobody_could_translate_is_refused(module: str) -> None:
    with pytest.raises(Wrong, match=r"^a\.py:1"):
        list(translations.in_python(module, "a.py"))


@pytest.mark.django_db
def test_the_log_in_page_is_german_for_who_asks_so(client: Client) -> None:
    page = client.get("/log-in", headers={"Accept-Language": "de-AT,de;q=0.9"}).content.decode()
    assert '<html lang="de">' in page
    assert "Anmelden" in page
    assert client.post("/language", {"language": "en", "next": "/log-in"}).headers["location"] == "/log-in"
    page = client.get("/log-in", headers={"Accept-Language": "de"}).content.decode()
    assert '<html lang="en">' in page
    answer = client.post("/language", {"language": "de", "next": "https://evil.example/"})
    assert answer.headers["location"] == "/"


def test_words_of_rows_are_german_too() -> None:
    from shelfworthy.shelf.models import Standing

    with translation.override("de"):
        assert str(Standing.NOT_MET.label) == "nicht erfüllt"
