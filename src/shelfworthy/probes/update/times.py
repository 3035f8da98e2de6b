"""Which lines of a page may say how long a product is supported: kept wide, so that checks can be stricter.

English and German; `SUPPORT_LANGUAGES` of `seen.update` names them.
"""

import re
from collections.abc import Iterator

from shelfworthy.seen.update import SupportPassage

ABOUT = re.compile(
    r"support|update|\bpatch|end[- ]of[- ](?:life|support)|\beol\b|\beos\b|maintain|maintenance"
    r"|unterstütz|aktualisier|sicherheitsaktual|support[- ]?ende|versorg|wartung",
    re.IGNORECASE,
)
TIME = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b(?:years?|months?|jahre?n?|monate?n?|lifetime|lebenslang)\b",
    re.IGNORECASE,
)
# A refusal names no time.
NEVER = re.compile(
    r"\bno longer\b|\bended\b|\bdiscontinued\b|\b(?:no|not)\b[^.;]{0,40}\bupdates?\b"
    r"|\bnicht (?:mehr|länger)\b|\bkeine\b[^.;]{0,20}(?:updates|aktualisierungen)\b|\beingestellt\b",
    re.IGNORECASE,
)
LONGEST = 400
SHORT = 80  # characters: a cell of a table, or a heading
BEFORE = 3
MOST = 60


def passages(text: str) -> Iterator[SupportPassage]:
    """Lines with a time or a refusal that speak of support, alone or with the lines that head them."""
    start = 0
    heading = ""  # the last short line about support: in a table it heads columns that go on and on
    short: list[str] = []
    for line in text.split("\n"):
        before = " | ".join(([heading] if heading and heading not in short else []) + short)
        if (TIME.search(line) or NEVER.search(line)) and ABOUT.search(f"{before} {line}"):
            yield SupportPassage(start=start, before=before, text=line[:LONGEST])
        elif len(line) <= SHORT and ABOUT.search(line):
            heading = line
        short = [*short, line][-BEFORE:] if 0 < len(line) <= SHORT else []
        start += len(line) + 1
