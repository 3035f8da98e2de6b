"""Which sentence of one text became which of the other. Pure, and bounded for any two texts.

Sentences that are the same but for typography are no change, wherever they stand. Of the others each finds
the one it shares most words with, among those that share its rarest words.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from shelfworthy.webtext.sentences import Sentence

WORD = re.compile(r"[^\W_]+(?:['.@-][^\W_]+)*")
NUMBERING = re.compile(r"^\s*(?:\(?[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}[.)]|\(?[a-z]\)|[•·*–-])\s+")
SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-"}
)
MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?|januar|februar|märz|mai|juni|juli|oktober|dezember|enero|febrero|marzo|abril"
    "|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
YEAR = r"(?:19|20)\d\d"
DATE = re.compile(
    rf"\b(?:(?:{MONTHS})\.?(?: \d{{1,2}}(?:st|nd|rd|th)?)?,? (?:de )?{YEAR}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)? (?:de |of )?(?:{MONTHS})\.?,?(?: (?:de )?{YEAR})?"
    rf"|(?:{MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?"
    rf"|{YEAR}[-./]\d{{1,2}}[-./]\d{{1,2}}|\d{{1,2}}[-./]\d{{1,2}}[-./]{YEAR}|{YEAR})\b"
)
MOST = 6000  # sentences of a text
RAREST, SHARED_BY, CANDIDATES = 12, 60, 8  # words asked for others; by how many shared; compared in full
ALIKE, ALIKE_SHORT, SHORT = 0.5, 0.67, 5  # share of words in common; of sentences of fewer words
WITHIN = 0.8  # share of a sentence's words in another: it was parted from that, or joined to it

NOTHING: Counter[str] = Counter()


class Pair(Struct, frozen=True):
    """What became what: mostly one and one. An empty side: it is gone, or new."""

    old: tuple[Sentence, ...]
    new: tuple[Sentence, ...]


def folded(text: str) -> str:
    """A text without what is typography: signs, letters' case, white space, numbering of its section."""
    plain = unicodedata.normalize("NFKC", text).translate(SIGNS)
    return " ".join(NUMBERING.sub("", plain).casefold().split())


@lru_cache(maxsize=4 * MOST)
def tokens(text: str) -> tuple[str, ...]:
    """Its words, folded."""
    return tuple(WORD.findall(folded(text)))


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both have."""
    return (Counter(one) & Counter(other)).total()


def alike(one: Sequence[str], other: Sequence[str]) -> float:
    """From 0 to 1: the share of their words that both have."""
    return 2 * common(one, other) / ((len(one) + len(other)) or 1)


def pairs(old: Sequence[Sentence], new: Sequence[Sentence]) -> list[Pair]:
    """What is not the same on both sides, in the order of the texts."""
    before, after = differing(old[:MOST], new[:MOST])
    chosen = redated(before, after)
    taken = set(chosen.values())
    near = candidates(before, after)
    scored = [
        (alike(tokens(before[one].text), tokens(after[other].text)), one, other)
        for one, others in near.items()
        for other in others
    ]
    for score, one, other in sorted(scored, key=lambda found: (-found[0], found[1], found[2])):
        short = min(len(tokens(before[one].text)), len(tokens(after[other].text))) < SHORT
        if score >= (ALIKE_SHORT if short else ALIKE) and one not in chosen and other not in taken:
            chosen[one] = other
            taken.add(other)
    owner = {other: one for one, other in chosen.items()}
    parted = partings(after, [n for n in range(len(after)) if n not in taken], before, after, chosen)
    rest = [n for n in range(len(before)) if n not in chosen]
    joins = partings(before, rest, after, before, owner)
    olds = {one: [one, *joins.get(other, ())] for one, other in chosen.items()}
    news = {one: [other, *parted.get(one, ())] for one, other in chosen.items()}
    taken.update(other for several in parted.values() for other in several)
    joined = {one for several in olds.values() for one in several}
    found = [
        Pair(tuple(before[i] for i in sorted(olds[one])), tuple(after[i] for i in sorted(news[one])))
        for one in sorted(chosen)
    ]
    found += [Pair((before[one],), ()) for one in range(len(before)) if one not in joined]
    found += [Pair((), (after[other],)) for other in range(len(after)) if other not in taken]
    return found


def redated(old: Sequence[Sentence], new: Sequence[Sentence]) -> dict[int, int]:
    """By number, those that are the same but for a date, in their order."""
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for number, one in reversed(list(enumerate(new))):
        text, dates = undated(one.text)
        if dates:
            waiting[text].append(number)
    masked = ((number, undated(one.text)) for number, one in enumerate(old))
    return {number: waiting[text].pop() for number, (text, dates) in masked if dates and waiting.get(text)}


def undated(text: str) -> tuple[str, int]:
    """The text, folded, without its dates, and how many it had."""
    return DATE.subn("<date>", folded(text))


def differing(old: Sequence[Sentence], new: Sequence[Sentence]) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences that the other side has not, each as often as it has it less."""
    return minus(old, new), minus(new, old)


def minus(some: Sequence[Sentence], others: Sequence[Sentence]) -> list[Sentence]:
    """Those of the first that the second has not."""
    there = Counter(folded(one.text) for one in others)
    left: list[Sentence] = []
    for one in some:
        text = folded(one.text)
        if there[text]:
            there[text] -= 1
        elif tokens(one.text):
            left.append(one)
    return left


def candidates(
    some: Sequence[Sentence], others: Sequence[Sentence], only: Sequence[int] | None = None
) -> dict[int, list[int]]:
    """For each of the first, the few of the second that share most of its rarest words."""
    having: defaultdict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(others):
        for word in set(tokens(one.text)):
            having[word].append(number)
    found: dict[int, list[int]] = {}
    for number in range(len(some)) if only is None else only:
        words = sorted(
            set(tokens(some[number].text)) & having.keys(), key=lambda word: (len(having[word]), word)
        )
        score: Counter[int] = Counter()
        for word in words[:RAREST]:
            for other in having[word][:SHARED_BY]:
                score[other] += 1
        ranked = sorted(score, key=lambda other: (-score[other], abs(other - number), other))
        found[number] = ranked[:CANDIDATES]
    return found


def partings(
    mine: Sequence[Sentence],
    left: Sequence[int],
    homes: Sequence[Sentence],
    partners: Sequence[Sentence],
    chosen: Mapping[int, int],
) -> dict[int, list[int]]:
    """Sentences that were parted from another one: by that, their numbers.

    left: those of `mine` that are nobody's. chosen: by number of a home its partner. Most words of a parted
    sentence stand in the home, and not in its partner.
    """
    near = candidates(mine, homes, only=left)
    over = {
        home: Counter(tokens(homes[home].text)) - Counter(tokens(partners[partner].text))
        for home, partner in chosen.items()
    }
    found: dict[int, list[int]] = {}
    for one in left:
        words = Counter(tokens(mine[one].text))
        for home in near[one]:
            there = (words & over.get(home, NOTHING)).total()
            if words.total() >= SHORT and there >= WITHIN * words.total():
                over[home] -= words
                found.setdefault(home, []).append(one)
                break
    return found
