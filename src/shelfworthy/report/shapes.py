"""Answers are told apart by word and shape; colour only helps."""

from collections.abc import Iterable

from rich.style import Style
from rich.text import Text

from shelfworthy.model import Outcome, Standing
from shelfworthy.report.clean import plain

PARAGRAPH = 2000  # characters; reasons and advice take several sentences, each of bounded parts
SHAPES: dict[str, str] = {
    Standing.MET: "✓",
    Standing.NOT_MET: "✗",
    Standing.CANNOT_DETERMINE: "?",
    Standing.NOT_APPLICABLE: "–",
    Outcome.PASS: "✓",
    Outcome.FAIL: "✗",
    Outcome.INCONCLUSIVE: "?",
    Outcome.MOOT: "–",
}
STYLES: dict[str, str] = {
    Standing.MET: "green",
    Standing.NOT_MET: "bold red",
    Standing.CANNOT_DETERMINE: "yellow",
    Standing.NOT_APPLICABLE: "dim",
    Outcome.PASS: "green",
    Outcome.FAIL: "bold red",
    Outcome.INCONCLUSIVE: "yellow",
    Outcome.MOOT: "dim",
}


def badge(answer: Standing | Outcome) -> Text:
    """An answer for the terminal: shape and word."""
    return Text(f"{SHAPES[answer]} {answer}", style=STYLES[answer], no_wrap=True)


def line(text: str, style: str = "", link: str = "") -> Text:
    """Text for the terminal that can do nothing but be read. link: where a terminal that can may lead."""
    return Text(plain(text, PARAGRAPH), style=Style.parse(style) + Style(link=link or None), overflow="fold")


def lines(texts: Iterable[str]) -> Text:
    """Several such texts under each other."""
    return Text("\n").join(line(text) for text in texts)
