"""Which US school grade a text asks for: English, German, Spanish. Pure.

English: Flesch-Kincaid grade level, 0.39 w/s + 11.8 y/w - 15.59 (words, sentences, syllables). J. P. Kincaid,
R. P. Fishburne, R. L. Rogers, B. S. Chissom: Derivation of New Readability Formulas for Navy Enlisted
Personnel, Research Branch Report 8-75, 1975.

German: first new Wiener Sachtextformel, 0.1935 MS + 0.1672 SL + 0.1297 IW - 0.0327 ES - 0.875 (MS: percent of
words of three and more syllables, SL: words of a sentence, IW: percent of words of more than six letters, ES:
percent of words of one syllable), a school grade by itself. R. Bamberger, E. Vanecek: Lesen, Verstehen,
Lernen, Schreiben, Jugend und Volk, 1984.

Spanish: perspicuity, 206.835 - 62.3 y/w - w/s. F. Szigriszt Pazos: Sistemas predictivos de legibilidad del
mensaje escrito: fórmula de perspicuidad, Universidad Complutense de Madrid, 1993. Its steps by INFLESZ: above
65 fairly easy, above 55 normal, above 40 somewhat difficult, else very difficult (I. M. Barrio-Cantalejo and
others, Validación de la Escala INFLESZ, Anales del Sistema Sanitario de Navarra 31, 2008). A school grade is
ours to add: 65 is grade 8, 55 is grade 11, 40 is grade 14, and between them it is linear.

Numbers, addresses and links are no words here. A formula counts letters: a text may be short of words and
still say nothing.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from msgspec import Struct

from shelfworthy.checks.policy._syllables import english, german, spanish

LEAST = 3  # words of a sentence that counts; less is a label
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
NO_WORD = re.compile(r"\S*(?:@|://|www\.|\w\.\w)\S*")
LONG = 6  # letters; a German word of more is long
MANY = 3  # syllables; a German word of so many is heavy
# Perspicuity and the grade it stands for, falling.
STEPS = ((65.0, 8.0), (55.0, 11.0), (40.0, 14.0))


class Measure(Struct, frozen=True):
    """A text in numbers. sentences, words, syllables: how many. long, heavy, single: words of them."""

    sentences: int
    words: int
    syllables: int
    long: int
    heavy: int
    single: int


def measure(sentences: Iterable[str], syllables: Callable[[str], int], least: int = LEAST) -> Measure:
    """syllables: of a word. least: words of a sentence that counts."""
    texts = [WORD.findall(NO_WORD.sub(" ", one)) for one in sentences]
    kept = [words for words in texts if len(words) >= least]
    said = [word for words in kept for word in words]
    spoken = [syllables(word) for word in said]
    return Measure(
        sentences=len(kept),
        words=len(said),
        syllables=sum(spoken),
        long=sum(len(word) > LONG for word in said),
        heavy=sum(one >= MANY for one in spoken),
        single=sum(one == 1 for one in spoken),
    )


def flesch_kincaid(of: Measure) -> float:
    """US school grade of an English text that has words."""
    return 0.39 * of.words / of.sentences + 11.8 * of.syllables / of.words - 15.59


def wiener_sachtext(of: Measure) -> float:
    """School grade of a German text that has words."""
    share = 100 / of.words
    length = of.words / of.sentences
    return (
        0.1935 * of.heavy * share
        + 0.1672 * length
        + 0.1297 * of.long * share
        - 0.0327 * of.single * share
        - 0.875
    )


def perspicuity(of: Measure) -> float:
    """Szigriszt-Pazos of a Spanish text that has words: about 0, hard, to 100, easy."""
    return 206.835 - 62.3 * of.syllables / of.words - of.words / of.sentences


def grade_of(clear: float) -> float:
    """The school grade of a perspicuity; beyond the steps as between the nearest two."""
    (upper, low), (lower, high) = STEPS[:2] if clear > STEPS[1][0] else STEPS[1:]
    return low + (upper - clear) * (high - low) / (upper - lower)


def spanish_grade(of: Measure) -> float:
    """US school grade of a Spanish text that has words."""
    return grade_of(perspicuity(of))


REMEMBERED = lru_cache(1 << 14)  # most words of a text are said again, and it is counted twice
# Of each language how syllables are counted, and the grade.
LANGUAGES: dict[str, tuple[Callable[[str], int], Callable[[Measure], float]]] = {
    "en": (REMEMBERED(english), flesch_kincaid),
    "de": (REMEMBERED(german), wiener_sachtext),
    "es": (REMEMBERED(spanish), spanish_grade),
}


def grade(sentences: Iterable[str], language: str) -> tuple[float, int]:
    """The US school grade of a text, and its words; 0.0 where it has none. language: of `LANGUAGES`."""
    syllables, formula = LANGUAGES[language]
    of = measure(sentences, syllables)
    return (formula(of) if of.words else 0.0), of.words


def span(sentences: Iterable[str], language: str) -> tuple[float, float]:
    """Between which grades a text of words lies: with its labels left out or taken for sentences.

    Either is sound: "Location." before a sentence is a sentence to some, and a heading to others.
    """
    syllables, formula = LANGUAGES[language]
    several = tuple(sentences)
    grades = [formula(measure(several, syllables, least)) for least in (LEAST, 1)]
    return min(grades), max(grades)
