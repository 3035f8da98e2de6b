"""Text from products is hostile: nothing in it may move a cursor, turn a line around or fill a page."""

import re

# ECMA-48: control strings (OSC, DCS, SOS, PM, APC) to their end, control sequences, other escapes. A control
# string without an end loses only its beginning: what follows is shown, not swallowed.
ESCAPES = re.compile(
    r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])(?:[^\x07\x1b\x9c]{0,2000}(?:\x07|\x1b\\|\x9c))?"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|\x1b[ -/]*[0-~]?"
)
SPACES = re.compile(r"\s+")
PILED = re.compile(r"([\u0300-\u036f\u0483-\u0489]{3})[\u0300-\u036f\u0483-\u0489]+")
# Controls, what turns or hides text, surrogates, private use, tags. Written out, because Unicode's own
# categories change with the Python that runs us. The joiners of Persian, Indic scripts and emoji may stay.
UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e"
    r"\u2060-\u206f\u3164\ud800-\udfff\ue000-\uf8ff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
REPLACEMENT = "\ufffd"
LIMIT = 400  # characters; nothing a person reads in one piece is longer


def plain(text: str, limit: int = LIMIT) -> str:
    """One line of text that is safe to show: terminal escapes stripped, what could deceive replaced by `�`.

    Bounded to `limit` characters; how many there were is said where some were cut off.
    """
    readable = SPACES.sub(" ", ESCAPES.sub("", text[: 4 * limit])).strip()
    readable = PILED.sub(r"\1", UNSAFE.sub(REPLACEMENT, readable))
    if len(text) <= 4 * limit and len(readable) <= limit:
        return readable
    return f"{readable[:limit].rstrip()}… ({len(text):,} characters)"


def inline(text: str, limit: int = LIMIT) -> str:
    """The same within a line: a space at either end stays, so that words do not run together."""
    before, after = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' * before}{plain(text, limit)}{' ' * after}" if text.strip() else ""


def escaped(json: bytes) -> bytes:
    """The same JSON value with every unsafe character written as `\\uXXXX`: exact, and safe to print.

    json: without white space between its values.
    """
    return UNSAFE.sub(_escape, json.decode()).encode()


def _escape(unsafe: re.Match[str]) -> str:
    utf16 = unsafe[0].encode("utf-16-be").hex()
    return "".join(f"\\u{utf16[start : start + 4]}" for start in range(0, len(utf16), 4))
