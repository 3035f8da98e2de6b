"""Pages in German: what they say that is not a template's own words, and one word for one thing."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import translations
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from shelfworthy.shelf.catalogue.mistaken import in_words
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import rounds
from shelfworthy.shelf.deciding.policy import Then, shipped
from shelfworthy.shelf.deciding.replay import STEPS
from shelfworthy.shelf.deciding.states import NoWay, leading
from shelfworthy.shelf.models import Action, Entry, Import, Person, Role, State
from shelfworthy.shelf.people.done import DONE, done, named
from shelfworthy.shelf.watching.telling import BECAUSE, KINDS
from tests.shelf.deciding.builders import finding, found, judgement, listing

pytestmark = pytest.mark.django_db
Make = Callable[..., Person]
In = Callable[[Person], Client]
# A word of another German for what has one: see the first German of each in `locale/de`.
OTHER_TERMS = ("Brief", "Blick", "Einlesen", "Offenlegung", "Laden ", "Läden", "zurückziehen", "Prüfung an")


@pytest.fixture
def german(person: Make, entered: In) -> Client:
    """An administrator who reads German."""
    client = entered(person(Role.ADMINISTRATOR))
    client.post("/language", {"language": "de"})
    return client


def noted() -> Iterator[str]:
    """Every action that is written into the log, as far as the source says it in words."""
    for file in sorted(translations.SHELF.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and called(node.func) == "note":
                yield from said(node.args[1], file)


def called(what: ast.expr) -> str:
    if isinstance(what, ast.Attribute):
        return what.attr
    return what.id if isinstance(what, ast.Name) else ""


def said(what: ast.expr, file: Path) -> Iterator[str]:
    match what:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from said(what.body, file)
            yield from said(what.orelse, file)
        case ast.JoinedStr(values=[ast.Constant(value=str(begin)), ast.FormattedValue()]):
            yield from (f"{begin}{action}" for action in Action.values)
        case ast.Name(id="ACTION"):
            yield rounds.ACTION
        case _:
            raise AssertionError(f"{file}:{what.lineno}: say here what is noted")


def test_everything_that_is_noted_has_words_and_nothing_else_has() -> None:
    assert set(noted()) == set(DONE)
    with translation.override("de"):
        assert [action for action in DONE if done(action) == action] == []
    assert done("of another version") == "of another version"


def test_the_log_is_read_and_searched_in_german_and_kept_in_english(german: Client) -> None:
    listing()
    german.get("/decisions.csv")
    german.get("/listings.csv")
    assert Entry.objects.filter(action="listings exported").exists()
    page = german.get("/log/?action=angebote+export").content.decode()
    assert "Angebote exportiert" in page
    assert "Entscheidungen exportiert" not in page
    assert "listings exported" not in page
    assert "Angebote exportiert" in german.get("/log/?action=listings+exported").content.decode()
    assert "listings exported" in b"".join(german.get("/log/export")).decode()
    with translation.override("en"):
        assert named("exported") == ["decisions: exported", "listings exported"]


def test_mistakes_in_a_policy_are_said_in_german(german: Client) -> None:
    text = (
        shipped().replace('"hold"', '"holds"', 1).replace("undetermined_days = 90", "undetermined_days = 0")
    )
    page = german.post("/policy/", {"text": text, "do": "try"}).content.decode()
    assert "Meinten Sie &quot;hold&quot;?" in page
    assert "Erwartet wird eine Anzahl von Tagen, 1 bis 3650." in page
    assert "Expected" not in page
    assert "Did you mean" not in page


def test_what_a_policy_would_do_is_said_in_german(german: Client) -> None:
    found(listing(), judgement(exposed=[finding()]))
    page = german.post("/policy/", {"text": shipped(), "do": "try"}).content.decode()
    assert '<th scope="row">zurückhalten</th>' in page
    assert '<th scope="row">hold</th>' not in page


def test_an_action_that_leads_nowhere_says_so_in_german() -> None:
    with translation.override("de"), pytest.raises(NoWay) as wrong:
        leading([State.WITHDRAWN], Action.HOLD)
    assert str(wrong.value) == (
        "„zurückhalten“ führt von „aus dem Verkauf genommen“ nirgendwohin; von dort aus möglich: "
        "wieder freigeben."
    )


def test_a_listing_says_its_questions_and_why_they_are_open_in_german(german: Client) -> None:
    found(listing(), judgement(weak=[finding("password-defaults", "same")]))
    page = german.get("/listings/A-1/").content.decode()
    assert "Starke Passwörter" in page
    assert "Gibt keine Datenbank, kein Speicher, kein Broker und keine API Daten an Fremde heraus?" in page
    assert "Niemand hat es untersucht." in page
    assert "kritisch" in page
    for words in ("Strong passwords", "Nobody looked", "critical"):
        assert words not in page


def sentences(module: str) -> Iterator[str]:
    """What a module says, with `7` for whatever is filled in."""
    tree = ast.parse((translations.SHELF / "catalogue" / module).read_text(encoding="utf-8"))
    inside = {id(one) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for one in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(one.value) if isinstance(one, ast.Constant) else "7" for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            text = node.value
        else:
            continue
        if text.endswith(".") and " " in text and "\n" not in text:
            yield text


@pytest.mark.parametrize("module", ["cells.py", "lines.py", "rows.py", "writing.py"])
def test_every_mistake_of_an_import_has_its_german(module: str) -> None:
    tree = ast.parse((translations.SHELF / "catalogue" / module).read_text(encoding="utf-8"))
    docstrings = {
        ast.get_docstring(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    }
    with translation.override("de"):
        found = {one: in_words(one) for one in sentences(module) if one not in docstrings}
    assert found
    assert [one for one, german in found.items() if one == german] == []


def test_mistakes_of_an_import_are_kept_in_english_and_read_in_german(german: Client) -> None:
    file = SimpleUploadedFile("shop.csv", b"sku,titel\nA1,Bear\n")
    page = german.post("/listings/import/", {"file": file, "source": "a"}, follow=True).content.decode()
    assert "Die Spalte title fehlt." in page
    assert Import.objects.get().mistakes[0]["reason"].startswith("The column title is missing.")


def test_words_that_are_shown_by_what_they_are_called_are_all_translated() -> None:
    with translation.override("de"):
        for word in (*STEPS, *KINDS.values(), *BECAUSE.values(), *Then):
            assert translation.gettext(str(word)) != str(word), word


def test_one_thing_has_one_german_word() -> None:
    words = translations.read(translations.PO.read_text(encoding="utf-8"))
    wrong = [
        (term, message.one)
        for message, several in words.items()
        for term in OTHER_TERMS
        if any(term in one for one in several)
    ]
    assert wrong == []


def test_what_happened_is_told_in_german(german: Client) -> None:
    from shelfworthy.shelf.watching.events import tell

    facts = {"before": "not met", "after": "met", "because": "evidence", "at": f"{now()}"}
    tell("verdict changed", listing(), "once", facts)
    page = german.get("/watch/").content.decode()
    assert "Das Urteil hat sich geändert: erfüllt" in page
    assert "Belege sind eingegangen" in page
