"""A page sentence by sentence, with what leads to each."""

from shelfworthy.webtext.documents import Source, of_html
from shelfworthy.webtext.sentences import sentences

HEAD = "<tr><th>What</th><th>Until when</th></tr>"


def led(body: str) -> list[tuple[str, str]]:
    """Of each sentence what leads to it, and its text."""
    document = of_html(Source("policy", "x", "x", -1, 200), f"<!doctype html><html>{body}</html>", whole=True)
    return [(one.lead, one.text) for one in sentences(document, 0)]


def test_a_cell_is_led_by_what_stands_above_its_column_and_begins_its_row() -> None:
    row = "<tr><td>Your voice.</td><td>One hour. Then it is gone.</td></tr>"
    assert led(f"<p>We keep:<table>{HEAD}{row}</table><p>End.") == [
        ("", "We keep:"),
        ("We keep:", "What Until when"),
        ("We keep: What", "Your voice."),
        ("We keep: Until when: Your voice:", "One hour."),
        ("We keep: Until when: Your voice:", "Then it is gone."),
        ("", "End."),
    ]


def test_a_row_with_another_number_of_cells_is_led_by_no_column() -> None:
    row = "<tr><td>Your voice.</td><td></td></tr>"
    assert led(f"<table>{HEAD}{row}</table>")[1:] == [("", "Your voice.")]


def test_columns_end_with_their_table() -> None:
    row = "<tr><td>Voice.</td><td>Day.</td></tr>"
    assert led(f"<table>{HEAD}</table><p>So.<table>{row}</table>")[1:] == [
        ("", "So."),
        ("", "Voice."),
        ("", "Day."),
    ]


def test_a_row_that_begins_with_its_own_heading_is_no_head_of_columns() -> None:
    rows = "<tr><th>Voice</th><td>Day.</td></tr><tr><th>Mail</th><td>Week.</td></tr>"
    assert led(f"<table>{rows}</table>") == [("", "Voice Day."), ("", "Mail Week.")]
