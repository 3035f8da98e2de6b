"""What people see on a terminal, whole, at several widths, with and without colour."""

import io
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from shelfworthy.model import Judgement, Outcome, RequirementVerdict, Severity, Standing, field
from shelfworthy.record import Evidence
from shelfworthy.report import terminal
from shelfworthy.report.side_by_side import Side, compare
from tests.report import audits, hostile
from tests.snapshots import same_as

SNAPSHOTS = Path(__file__).parent / "snapshots"


def shown(audit: tuple[Evidence, Judgement], width: int = 100, *, colour: bool = False) -> str:
    """What `terminal.report` prints; without colour as into a file."""
    written = io.StringIO()
    terminal.report(*audit, console(written, width, colour))
    return written.getvalue()


def console(written: io.StringIO, width: int, colour: bool) -> Console:
    return Console(
        file=written, width=width, force_terminal=colour, color_system="truecolor" if colour else None
    )


def beside(width: int, *, colour: bool = False) -> str:
    written = io.StringIO()
    left = Side("2018", *audits.bear(), page="file:///2018.html")
    right = Side("fixed", *audits.nothing(), page="file:///fixed.html")
    compare(left, right, console(written, width, colour))
    return written.getvalue()


@pytest.mark.parametrize("width", [40, 60, 100])
def test_the_bear(width: int) -> None:
    same_as(SNAPSHOTS / f"bear-{width}.txt", shown(audits.bear(), width))


def test_failures_are_named_and_bounded() -> None:
    evidence, judgement = audits.bear()
    many = tuple(
        audits.found(
            "database-open",
            audits.LISTING,
            Outcome.FAIL,
            "open",
            place=field("answer"),
            severity=Severity.HIGH,
            subject=str(number),
            databases=number,
            records=number,
        )
        for number in range(terminal.MOST + 4)
    )
    verdict = audits.verdict()
    failed = RequirementVerdict(answer=Standing.NOT_MET, because=tuple(one.id for one in many))
    whole = msgspec.structs.replace(verdict, exposures={"exposure.data": failed}, guidelines={})
    said = shown((evidence, msgspec.structs.replace(judgement, findings=many, verdict=whole)))
    why = said[said.index("\nWHY\n") : said.index("\nSEEN ON THE WAY")]
    assert why.count("✗ database records: A stranger may list") == terminal.MOST
    assert why.count("database-open") == terminal.MOST
    assert "… and 4 more, in the HTML report." in why
    assert "\nWHY\n" not in shown(audits.nothing())


def test_before_anybody_looked() -> None:
    same_as(SNAPSHOTS / "nothing-100.txt", shown(audits.nothing()))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_two_side_by_side(width: int) -> None:
    same_as(SNAPSHOTS / f"beside-{width}.txt", beside(width))


@pytest.mark.parametrize("width", [40, 60, 100, 200])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    lines = (shown(audits.bear(), width) + beside(width)).splitlines()
    assert max(map(len, lines)) <= width


def test_colour_only_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    plain, coloured = shown(audits.bear()), shown(audits.bear(), colour=True)
    assert "\x1b[" in coloured
    assert Console().render_str("").from_ansi(coloured).plain.split() == plain.split()
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[31m" not in shown(audits.bear(), colour=True)


def test_answers_lead_to_the_html_report_where_a_terminal_can() -> None:
    assert "file:///2018.html#exposure.data" in beside(120, colour=True)
    assert "file:///" not in beside(120)


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_hostile_text_can_only_be_read(text: str) -> None:
    said = shown(hostile.product(text))
    assert not set(said) & set("\x1b\x07\x08\r\x9b\u202e\u2066\u200b\u2028")
    assert len(said) < 100 * len(shown(audits.bear()))
    coloured = shown(hostile.product(hostile.RICH), colour=True)
    assert "[bold red]styled[/]" in Console().render_str("").from_ansi(coloured).plain
    assert "\x1b]8;" not in coloured


def test_digests_are_whole_at_any_width() -> None:
    evidence, judgement = audits.bear()
    for width in (30, 60, 100):
        said = shown((evidence, judgement), width).replace("\n", "")
        assert evidence.digest in said
        assert judgement.rules_digest in said
    cells = "".join(line.strip("│ ").rpartition("│")[2].strip() for line in beside(60).splitlines())
    assert evidence.digest in cells


def test_what_a_product_file_trusts_is_said() -> None:
    assert "ca.pem: trusted by this product file." in shown(audits.bear())
    assert "trusted" not in shown(audits.nothing())
