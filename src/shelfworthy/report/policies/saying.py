"""What of a sentence decides its meaning beside its topic: periods, ages, denials, firmness. Pure.

English, but for numbers and dates.
"""

import re
from collections import Counter

from shelfworthy.checks.policy._words import words
from shelfworthy.report.policies.aligning import folded, tokens, undated

UNITS = {  # the unit it is counted in, and how many of those
    "second": ("second", 1),
    "minute": ("second", 60),
    "hour": ("second", 3600),
    "day": ("second", 86_400),
    "week": ("second", 7 * 86_400),
    "fortnight": ("second", 14 * 86_400),
    "month": ("month", 1),
    "quarter": ("month", 3),
    "year": ("month", 12),
}
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "eighteen": 18,
    "twenty": 20, "twenty-four": 24, "thirty": 30, "thirty-six": 36, "forty-five": 45, "forty-eight": 48,
    "sixty": 60, "seventy-two": 72, "ninety": 90,
}  # fmt: skip
PERIOD = re.compile(
    rf"\b(\d{{1,5}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})(?: ?\((\d{{1,5}})\))?[ -]"
    rf"(?:(?:calendar|business|working|full|more) )?({'|'.join(UNITS)})s?\b(?! (?:old|of age))(?!-old)"
)
AGE = re.compile(
    r"\b(?:under|below|younger than|older than|over|at least)(?: the)?(?: age)?(?: of)? (\d{1,2})\b"
    r"(?! (?:business |working |calendar )?(?:day|hour|minute|month|week))"
    r"|\b(\d{1,2})(?: years?)?[ -](?:old|of age|years? old)\b|\bage of (\d{1,2})\b"
)
OF_A_TEXT = re.compile(
    r"updat|effective|modif|revis|version|copyright|©|dated|in force|published|chang|stand:|gültig"
)
BRIEF = 15  # words
DENIALS = words(
    """no not never none nobody nothing neither nor without cannot isn't aren't don't doesn't didn't won't
    can't wouldn't shouldn't couldn't mustn't hasn't haven't wasn't weren't except unless"""
)
EXCEPTIONS = re.compile(r"\b(?:other than|apart from|subject to|provided that|only (?:if|where|when|with))\b")
HELPING = words("do does did be is are will shall have has to any the a an ever")
FIRMNESS = words("may might can could will shall must should would only always sometimes")
# Words that change nothing by themselves.
SMALL = words(
    "a an the of that which this these it its please so then also here is are be been being has have"
)


def periods(text: str) -> Counter[tuple[str, int]]:
    """The lengths of time it names, whatever they are written as."""
    found: Counter[tuple[str, int]] = Counter()
    for one in PERIOD.finditer(folded(text)):
        found[_length(*one.groups())] += 1
    return found


def period_words(text: str) -> list[str]:
    """The same as it is written."""
    return [found[0] for found in PERIOD.finditer(folded(text))]


def ages(text: str) -> Counter[str]:
    """The ages it names."""
    return Counter(next(filter(None, groups)) for groups in AGE.findall(folded(text)))


def is_dated(text: str) -> bool:
    """Whether it tells nothing but when a text was written, or whose it is."""
    alone = undated(text)[0].strip(" .") == "<date>"
    return alone or (len(tokens(text)) < BRIEF and OF_A_TEXT.search(folded(text)) is not None)


def timeless(text: str) -> tuple[str, ...]:
    """Its words without the periods and ages."""
    return tuple(re.findall(r"[^\W_]+", AGE.sub(" ", PERIOD.sub(" ", folded(text)))))


def denials(text: str) -> int:
    """How many words of it deny, or except."""
    return sum(1 for word in tokens(text) if word in DENIALS) + len(EXCEPTIONS.findall(folded(text)))


def affirmed(text: str) -> Counter[str]:
    """Its words without those that deny, and those that come with them."""
    return Counter(word for word in tokens(text) if word not in DENIALS | HELPING)


def firmness(text: str) -> Counter[str]:
    """Words that say how firmly it is said."""
    return Counter(word for word in tokens(text) if word in FIRMNESS)


def content(text: str) -> list[str]:
    """The beginnings of the words that carry what it says, in their order; periods in one form."""
    levelled = PERIOD.sub(lambda found: "".join(map(str, _length(*found.groups()))), folded(text))
    return [
        word if word[-1].isdigit() else word[:6] for word in tokens(levelled) if word not in SMALL | FIRMNESS
    ]


def _length(number: str, digits: str | None, unit: str) -> tuple[str, int]:
    name, times = UNITS[unit]
    return name, int(digits or NUMBERS.get(number) or number) * times
