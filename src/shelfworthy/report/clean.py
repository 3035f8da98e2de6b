"""Text from products is hostile: nothing in it may move a cursor, turn a line around or fill a page."""

import re
import unicodedata

# ECMA-48: control strings (OSC, DCS, SOS, PM, APC) to their end, control sequences, other escapes.
ESCAPES = re.compile(
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f]).*?(?:\x07|\x1b\\|\x9c|$)"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|\x1b[ -/]*[0-~]?",
    re.DOTALL,
)
SPACES = re.compile(r"\s+")
PILED = re.compile(r"([̀-ͯ҃-҉֑-ֽ᪰-᫿᷀-᷿⃐-⃿︠-︯]{3})[̀-ͯ҃-҉֑-ֽ᪰-᫿᷀-᷿⃐-⃿︠-︯]+")
JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji need them
UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # controls, bidi, surrogates, unassigned
REPLACEMENT = "�"
LIMIT = 400  # characters; nothing a person reads in one piece is longer


def plain(text: str, limit: int = LIMIT) -> str:
    """One line of text that is safe to show: terminal escapes stripped, what could deceive replaced by `�`.

    Bounded to `limit` characters; what was cut off is counted.
    """
    readable = SPACES.sub(" ", ESCAPES.sub("", text[: 4 * limit])).strip()
    readable = PILED.sub(r"\1", "".join(REPLACEMENT if unsafe(sign) else sign for sign in readable))
    if len(text) <= limit or (len(text) <= 4 * limit and len(readable) <= limit):
        return readable
    return f"{readable[:limit]}… ({len(text):,} characters)"


def unsafe(sign: str) -> bool:
    """Whether a character could steer what shows it or hide from who reads it."""
    return unicodedata.category(sign) in UNSAFE and sign not in JOINERS


def escaped(json: bytes) -> bytes:
    """The same JSON value with every unsafe character written as `\\uXXXX`: exact, and safe to print."""
    return "".join(
        _escape(sign) if unsafe(sign) and sign not in "\n" else sign for sign in json.decode()
    ).encode()


def _escape(sign: str) -> str:
    utf16 = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{utf16[start : start + 4]}" for start in range(0, len(utf16), 4))
