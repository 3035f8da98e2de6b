"""Lines of shell scripts, as far as they can be understood without running them: commands, with variables.

Nothing is executed. A variable is what the last simple assignment before it says; what cannot be told so
stays as it is written, with its `$`.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.text import LONGEST_LINE, Line, is_comment
from shelfworthy.readers.firmware.contents.words import words

MOST_VARIABLES = 20_000
LONGEST = 2048  # characters of a value
TOO_LONG = f"a command of more than {LONGEST_LINE:,} characters was not read"
TOO_MANY = f"only {MOST_VARIABLES:,} of its variables were filled in"
CUT = f"a variable of more than {LONGEST:,} characters was not filled in"
ASSIGNMENT = re.compile(
    r"^\s*(?:export\s+|local\s+|readonly\s+)?([A-Za-z_][A-Za-z0-9_]{0,60})=(\"[^\"`]*\"|'[^']*'|[^\s;&|`]*)\s*;?\s*$"
)
DEFAULT = re.compile(r"\$\{([A-Za-z_]\w{0,60}):?[-=]([^}$`]{0,200})\}")
VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w{0,60})\}|([A-Za-z_]\w{0,60}))")
SEPARATOR = re.compile(r"&&|\|\||[;|&]|\$\(|`|\)\s")
BEGINS = re.compile(r"^\s*(?:if|case|while|for|until)\b|^\s*[\w-]+\s*\(\)")
OPENS, CLOSES = re.compile(r"(?:^|[;&|]|\bthen)\s*if\b"), re.compile(r"(?:^|[;&|\s])fi\b")
# A condition that is only about whether the program is there.
THERE = re.compile(r"^\s*(?:if\s+)?(?:\[|test)\s+(?:-x\s+\S+|-[fe]\s+\S*bin/\S+)\s*\]?\s*(?:;\s*then\s*)?$")
TEST = re.compile(r"^\s*(?:if\s+)?(?:\[|test)\s")
LEADING = re.compile(
    r"^(?:\s*(?:then|do|else|exec|nohup|nice|sudo|env|time|eval|!|\{|\(|[A-Za-z_]\w*=\S*|[\w*\"-]+\)))*\s*"
)
SHELL = re.compile(rb"\b(?:ba|da|a|k|hu|z)?sh\b|rc\.common")
QUIET = words("quiet_commands")


class Command(NamedTuple):
    """One command of a script. words: its name and arguments, quotes taken off. sure: whether nothing but
    its program being there decides whether it runs. line: where it stands.
    """

    words: tuple[str, ...]
    sure: bool
    text: str
    line: Line


def commands(content: bytes, part: int, path: str, bounds: Bounds) -> Iterator[Command]:
    """The commands of a script, in order; those that only print, look or tidy up are left out."""
    variables: dict[str, str] = {}
    doubts: list[bool] = []  # of each `if` we are in: whether it decides more than that the program is there
    for line in bounds.lines(part, path, joined(content)):
        if is_comment(line.text):
            continue
        text = filled(line.text, variables) if len(line.text) <= LONGEST_LINE else ""
        if not 0 < len(text) <= LONGEST_LINE:
            bounds.note(part, path, TOO_LONG, line.at, line.length)
            continue
        if assigned := ASSIGNMENT.match(line.text):
            value = filled(assigned[2].strip("\"'"), variables)
            if len(value) > LONGEST:
                variables.pop(assigned[1], None)
                bounds.note(part, path, CUT, line.at, line.length)
            elif assigned[1] in variables or len(variables) < MOST_VARIABLES:
                variables[assigned[1]] = value
            else:
                bounds.note(part, path, TOO_MANY, line.at, line.length)
            continue
        opened, closed = len(OPENS.findall(text)), len(CLOSES.findall(text))
        decides = opened > 0 and THERE.match(text.partition(";")[0]) is None
        if opened > closed:
            doubts += [decides] * (opened - closed)
        else:
            del doubts[max(0, len(doubts) - closed + opened) :]
        pieces = SEPARATOR.split(text)
        asked = decides or any(TEST.match(piece) and not THERE.match(piece) for piece in pieces)
        for piece in pieces:
            words = tuple(word.strip("\"'") for word in LEADING.sub("", piece, count=1).split())
            if words and words[0].rpartition("/")[2] not in QUIET:
                if not bounds.affords("commands of scripts", part, path, line.at, len(content) - line.at):
                    return
                yield Command(words, not (asked or any(doubts)), text, line)


def joined(content: bytes) -> bytes:
    """Lines that end in a backslash made one, and no byte moved: what follows stays where it was."""
    return content.replace(b"\\\r\n", b"   ").replace(b"\\\n", b"  ")


def filled(text: str, variables: dict[str, str]) -> str:
    """A line with the variables that are known put in, once; longer than `LONGEST_LINE` it is not whole."""
    if "$" not in text:
        return text
    text = replaced(DEFAULT, text, lambda one: variables.get(one[1]) or one[2])
    return replaced(VARIABLE, text, lambda one: variables.get(one[1] or one[2], one[0]))


def replaced(pattern: re.Pattern[str], text: str, by: Callable[[re.Match[str]], str]) -> str:
    """As `re.sub`, but that it ends where the text has become too long."""
    made: list[str] = []
    at = length = 0
    for one in pattern.finditer(text):
        pieces = (text[at : one.start()], by(one))
        made += pieces
        at, length = one.end(), length + sum(map(len, pieces))
        if length > LONGEST_LINE:
            return "".join(made)
    return "".join((*made, text[at:]))


def is_script(path: str, content: bytes) -> bool:
    """Whether a file is a script of the shell, by its first line or its name."""
    first = content[:100].partition(b"\n")[0]
    if first.startswith(b"#!"):
        return SHELL.search(first) is not None
    return path.endswith((".sh", ".inc")) or "/init.d/" in f"/{path}"
