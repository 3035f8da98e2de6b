"""Every place a check points at is a field people can find in the report."""

from pathlib import Path
from typing import Any

import pytest

from shelfworthy.model import Observation, Place, field, quote
from shelfworthy.report.fields import MOST, SHOWN_WHOLE, anchor, flat, leaf, sheet, target
from tests.report import audits
from tests.report.audits import Collection, Cupboard, Leaflet, Shown
from tests.specimen import DECODER, FOLDER

SPECIMENS = sorted(FOLDER.glob("*/*/*.json"))


@pytest.mark.parametrize("path", SPECIMENS, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_places_of_every_specimen_are_found(path: Path) -> None:
    specimen = DECODER.decode(path.read_bytes())
    observation = audits.observed("records", specimen.seen)
    for answer in specimen.says:
        if answer.place is not None:
            assert target(sheet(observation, [answer.place]), answer.place), answer.place


def decisive(observation: Observation[Any], *places: Place) -> list[str]:
    shown = sheet(observation, places)
    return [row.path for row in (*shown.rows, *shown.rest) if row.decisive]


def test_a_field_is_marked_and_its_neighbours_are_not() -> None:
    assert decisive(audits.HELLO, field("plain")) == ["plain"]
    assert decisive(audits.HELLO, field("pla")) == []
    assert decisive(audits.HELLO) == []


def test_a_field_that_holds_others_marks_them_all() -> None:
    paths = decisive(audits.LISTING, field("answer.databases.1"))
    assert paths == [f"answer.databases.1.{n}" for n in range(6)]


def test_a_field_within_a_line_marks_the_line() -> None:
    assert decisive(audits.LISTING, field("answer.databases.1.2.count")) == ["answer.databases.1.2"]


@pytest.mark.parametrize("start", [0, 9, 10, len(audits.TEXT) - 20])
def test_a_quote_is_cut_out_of_its_text(start: int) -> None:
    place = quote("text", audits.TEXT, start, start + 20)
    [row] = [row for row in sheet(audits.LEAFLET, [place]).rows if row.decisive]
    assert row.marked == audits.TEXT[start : start + 20]
    assert f"{row.before}{row.marked}{row.after}" == audits.TEXT


def test_a_long_observation_shows_what_decides_and_folds_the_rest() -> None:
    place = field("answer.databases.2.5")
    shown = sheet(audits.LISTING, [place])
    assert [row.path for row in shown.rows] == ["answer.databases.2.5"]
    assert len(shown.rest) == 20
    assert shown.left_out == 0


def test_a_short_one_is_shown_whole() -> None:
    shown = sheet(audits.HELLO, [])
    assert [row.path for row in shown.rows] == ["plain", "tls", "version", "protocol"]
    assert not shown.rest


def test_what_decides_is_shown_however_much_else_does() -> None:
    place = field("answer.databases.2.5.count")
    shown = sheet(audits.LISTING, [field("answer.databases"), place])
    assert target(shown, place) == "answer.databases.2.5"
    assert "answer.databases.2.5" in [row.path for row in shown.rows]


def test_rows_are_bounded_and_counted() -> None:
    databases = (tuple(Collection(name=str(n), count=n, fields=()) for n in range(5000)),)
    huge = audits.observed("records", Cupboard(over_tls=True, answer=Shown(total=1, databases=databases)))
    shown = sheet(huge, [field("answer.databases")])
    assert len(shown.rows) == SHOWN_WHOLE
    assert len(shown.rest) == MOST
    assert len(shown.rows) + len(shown.rest) + shown.left_out == len(list(flat(huge.seen)))


def test_bytes_are_never_shown() -> None:
    rows = dict(flat(Leaflet(text="", scan=b"secret", names=())))
    assert rows["scan"].startswith("6 bytes, SHA-256 2bb80d53")
    assert rows["text"] == "empty"
    assert rows["names"] == "none"
    assert "secret" not in leaf(b"secret")


def test_an_anchor_is_harmless() -> None:
    assert anchor('a.0."><script>') == "a.0.___script_"
    assert len(anchor("a" * 1000)) == 120
