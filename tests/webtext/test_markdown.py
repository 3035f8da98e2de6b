"""A text with Markdown's signs, sentence by sentence."""

import pytest

from shelfworthy.webtext.documents import Source, of_text
from shelfworthy.webtext.html import Block, plain
from shelfworthy.webtext.sentences import Sentence, sentences, spoken

TABLE = "| What | Why |\n| --- | --- |\n| Your voice | To answer |\n| Your name | <br>To greet. <br>To tell |"


def read(text: str) -> list[Sentence]:
    return list(sentences(of_text(Source("policy", "x", "x", -1, 200), text, whole=True), 0))


def test_the_cells_of_a_table_are_blocks() -> None:
    assert plain("Here:\n" + TABLE).blocks[:4] == (
        Block("Here:", 0, "p", False),
        Block("What", 7, "tr", False),
        Block("Why", 14, "th", False),
        Block("Your voice", 36, "tr", False),
    )


def test_a_cell_ends_a_sentence_and_is_led_by_its_column() -> None:
    assert [(one.lead, spoken(one.text)) for one in read(TABLE)][2:] == [
        ("What", "Your voice"),
        ("Why: Your voice:", "To answer"),
        ("What", "Your name"),
        ("Why: Your name:", "To greet."),
        ("Why: Your name:", "To tell"),
    ]


def test_a_table_without_a_head_is_read_cell_by_cell() -> None:
    bold = "| | |\n| --- | --- |\n| **What** | **Why** |\n| Your voice | To answer |"
    assert [(one.lead, one.text) for one in read(bold)][-1] == ("**Why**: Your voice:", "To answer")
    headless = read("| | |\n| --- | --- |\n| Your voice | To answer |\n| Your name | To greet |")
    assert [one.text for one in headless] == ["Your voice", "To answer", "Your name", "To greet"]


def test_an_item_of_a_list_is_no_heading_and_led_by_what_stands_before() -> None:
    found = read("We protect them, for example:\n\n* Encryption\n\n* Locks on doors\n\nThat is all.")
    assert [(one.head, one.lead) for one in found[1:3]] == [(False, "We protect them, for example:")] * 2
    assert found[3].lead == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("See [our help](https://plum.example/encryption).", "See our help http://x."),
        ("![An icon of privacy](https://plum.example/icon.png) Hello", "Hello"),
        ("Ask [us](mailto:ask@plum.example?subject=Hello).", "Ask us ask@plum.example."),
        ("Ask [ask@plum.example](mailto:ask@plum.example).", "Ask ask@plum.example."),
        ("See [below](#rights).", "See below."),
        ("A brackets [one] (and two).", "A brackets [one] (and two)."),
    ],
)
def test_the_address_of_a_link_is_not_said(text: str, said: str) -> None:
    assert spoken(text) == said
    assert read(text)[0].said == said
