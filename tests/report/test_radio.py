"""What a stranger and an owner may do with a device's radio, in the report."""

import io

import pytest
from msgspec.structs import replace
from rich.console import Console

from shelfworthy.model import Judgement, Outcome
from shelfworthy.record import Evidence
from shelfworthy.report import html, terminal
from shelfworthy.report.radio import MOST, MOST_OPERATIONS, radios
from tests.report import audits, hostile, toys


def printed(audited: tuple[Evidence, Judgement], width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    terminal.report(*audited, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_what_a_stranger_may_do_is_told_attribute_by_attribute() -> None:
    [device] = radios(toys.open_toy()[0])
    assert [(one.name, one.open) for one in device.services] == [
        ("Generic Access", 0),
        ("Battery", 0),
        ("", 2),
    ]
    by_name = {row.name or row.uuid: row for service in device.services for row in service.rows}
    assert by_name["Device Name"].stranger.text == "may read (public by the standard)"
    assert by_name["Device Name"].stranger.outcome == ""
    state = by_name["aaddf75d-a95a-0000-001c-3ca499b74009"]
    assert state.stranger.text == "may read; listen: not known"
    assert state.stranger.outcome is Outcome.FAIL
    assert state.owner.text == "may read and listen"
    assert state.owner.outcome == ""
    config = by_name["aaddf75d-a95a-0000-0024-3ca499b74009"]
    assert config.stranger.text == "may not read; nobody may write"
    assert config.stranger.outcome is Outcome.PASS


def test_the_operations_are_told_in_words_with_the_proof() -> None:
    [device] = radios(toys.open_toy()[0])
    record, play = device.operations
    assert record.says == "record from the microphone"
    assert record.unpaired.text == (
        f"it did so; 1.0 seconds of sound came; 4,032 bytes, 32 of them header, SHA-256 {'ab' * 32}; not kept"
    )
    assert record.paired.text == "not tried"
    assert play.paired.outcome is Outcome.INCONCLUSIVE


def test_a_closed_toy_is_told_so() -> None:
    evidence, judgement = toys.closed_toy()
    [device] = radios(evidence)
    assert device.open == 0
    radio = judgement.verdict.guidelines["encryption"].requirements["encryption.radio"]
    assert radio.answer == "met"
    assert "open to strangers" not in html.report(evidence, judgement)
    opened = toys.open_toy()
    assert "2 open to strangers" in html.report(*opened)
    radio = opened[1].verdict.guidelines["encryption"].requirements["encryption.radio"]
    assert radio.answer == "not met"


def test_the_newest_is_shown() -> None:
    evidence, _ = toys.open_toy()
    later = tuple(
        replace(one, at=one.at.replace(hour=23), id=f"{number:024x}")
        for number, one in enumerate(toys.closed_toy()[0].observations)
    )
    both = replace(evidence, observations=(*later, *evidence.observations))
    assert [device.open for device in radios(both)] == [0]


def test_no_radio_no_table() -> None:
    evidence, judgement = audits.bear()
    assert radios(evidence) == ()
    assert 'class="radio"' not in html.report(evidence, judgement)
    assert "WHAT MAY BE DONE" not in printed((evidence, judgement))


def test_a_flood_is_bounded_and_counted() -> None:
    flood = toys.flood()
    [device] = radios(flood[0])
    assert sum(len(service.rows) for service in device.services) == MOST
    assert device.left_out == 2000 - MOST
    assert len(device.operations) == MOST_OPERATIONS
    page = html.report(*flood)
    assert "1,880 more, in the evidence" in page
    assert len(page) < 1_000_000
    assert len(printed(flood).splitlines()) < 300


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_terminal_tells_it_too(width: int) -> None:
    text = " ".join(printed(toys.open_toy(), width).split())
    assert "WHAT MAY BE DONE WITH BLUETOOTH TOY" in text
    assert "A stranger tried to record from the microphone: it did so; 1.0 seconds" in text
    assert "Battery, Battery Level: a stranger may read" in text


@pytest.mark.parametrize("text", [hostile.MARKUP, hostile.TERMINAL, hostile.TURNED])
def test_what_a_device_names_is_only_text(text: str) -> None:
    flood = toys.flood(text)
    page = html.report(*flood)
    assert "<script" not in page.partition("</style>")[2]
    assert "\x1b" not in page + printed(flood)
    assert "\u202e" not in page + printed(flood)
