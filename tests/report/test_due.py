"""What people and programs are shown of what is due."""

import io
from datetime import UTC, datetime
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest
from rich.console import Console

from shelfworthy.audit.due import Due, Why
from shelfworthy.model import Cause
from shelfworthy.report import json
from shelfworthy.report.due import DueList, due_list, show, text
from shelfworthy.report.schema import due_schema
from tests.builders import database, kept, product, refused_listing
from tests.cli.command import run
from tests.snapshots import same_as

HERE = Path(__file__).parent / "snapshots" / "due"
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def day(number: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, number, hour, tzinfo=UTC)


BEAR = (
    Due(
        surface="records",
        unit="",
        probe="database-listing",
        last_seen=None,
        good_until=None,
        why=Why.OPEN,
        cause=Cause.SILENT,
        words="db.example.test:27017 said nothing.\x1b[2J",
    ),
    Due(
        surface="api",
        unit="",
        probe="endpoint-tls",
        last_seen=day(20),
        good_until=day(23, 8),
        why=Why.UNTIL,
        what="tls-certificate",
    ),
    Due(
        surface="records",
        unit="bear-1",
        probe="database-hello",
        last_seen=day(21),
        good_until=day(28),
        why=Why.SHELF_LIFE,
        what="database-hello",
        days=7,
    ),
)
MOUSE = (
    Due(
        surface="tones",
        unit="",
        probe="bucket",
        last_seen=day(23, 8),
        good_until=day(24, 8),
        why=Why.SHELF_LIFE,
        what="bucket",
        days=1,
    ),
)
LISTS: dict[str, DueList] = {
    "one": due_list({"bear.audit": BEAR}, AT, None),
    "several": due_list({"bear.audit": BEAR, "mouse.audit": MOUSE}, AT, None),
    "by": due_list({"bear.audit": BEAR, "mouse.audit": MOUSE}, AT, day(24, 8)),
    "nothing": due_list({"bear.audit": BEAR[2:]}, AT, day(24)),
}


@pytest.mark.parametrize("name", LISTS)
def test_lines_for_a_pipe(name: str) -> None:
    same_as(HERE / f"{name}.txt", text(LISTS[name]))


@pytest.mark.parametrize("name", LISTS)
def test_a_table_for_a_terminal(name: str) -> None:
    console = Console(file=io.StringIO(), width=100, force_terminal=False)
    show(LISTS[name], console)
    assert isinstance(console.file, io.StringIO)
    same_as(HERE / f"{name}-table.txt", console.file.getvalue())


@pytest.mark.parametrize("name", LISTS)
def test_json_is_as_its_schema_says(name: str) -> None:
    content = json.due(LISTS[name])
    jsonschema_rs.validator_for(msgspec.json.decode(due_schema())).validate(msgspec.json.decode(content))
    assert msgspec.json.decode(content, type=DueList) == LISTS[name]
    same_as(HERE / f"{name}.json", content.decode())


def test_the_soonest_of_all_audits_comes_first_and_what_is_past_is_overdue() -> None:
    found = LISTS["several"].due
    assert [(one.audit, one.overdue) for one in found] == [
        ("bear.audit", True),
        ("bear.audit", True),
        ("mouse.audit", False),
        ("bear.audit", False),
    ]


def test_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(tmp_path / "bear.audit", product(database()), refused_listing())
    ran = run(capsys, monkeypatch, tmp_path, "due", "bear.audit", "--at", "2026-11-21")
    assert ran.code == 0
    assert ran.err == ""
    assert ran.out.endswith(
        "2026-11-22 12:00  records (test), last seen 2026-11-21 12:00: "
        "What database-listing says holds for 1 day.\n"
    )
    as_json = run(capsys, monkeypatch, tmp_path, "due", "bear.audit", "bear.audit", "--format", "json")
    assert as_json.code == 0
    assert {one["audit"] for one in msgspec.json.decode(as_json.out)["due"]} == {"bear.audit"}
    before = run(capsys, monkeypatch, tmp_path, "due", "bear.audit", "--by", "2026-11-21")
    assert "records (test)" not in before.out
