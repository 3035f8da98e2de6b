"""How many syllables a word has, by its letters: English, German, Spanish. Pure.

Rules of spelling with short lists of what does not follow them, our own; `tests/checks/policy/syllables.tsv`
says how often they are right. Good enough for means over a text, not for one word. Spanish follows the
orthography of the Real Academia (diphthongs and hiatus, 2010), where spelling decides.
"""

import re

# -- English: groups of vowels, less what is silent, more what is spoken apart ------------------------------

GROUP = re.compile(r"[aeiouy]+")
SILENT = (
    re.compile(r"(?<![aeiouyl])e$"),  # make
    re.compile(r"[aeiouyr]le$"),  # while, but not table
    re.compile(r"[aio]que$|[aeo]gue$"),  # unique
    re.compile(r"[^aeiouytd]ed$"),  # stored, but not wanted
    re.compile(r"(?<![aeiouycsxzg])(?<!ch)(?<!sh)(?<![^aeiouyr]l)es$"),  # stores, not voices or titles
    re.compile(r"[^aeiouy]e(?:ly|less|ful|ness|ment|ments)$"),  # safely
    re.compile(
        r"^every|^some(?=.)|^home(?=.)|^there|^where|^fire(?=.)|^safe(?=ty)|^store(?=[a-z]{3})|business"
    ),
)
APART = (
    re.compile(r"i[ao](?!u)(?<!tio)(?<!sio)(?<!cia)(?<!tia)(?<!gio)(?<!cio)(?<!xio)(?<!nio)"),  # diary
    re.compile(r"(?:[^aeiouyq]|^)u[aeo](?!s?$)(?<!gua)(?<!gue)(?<!sua)"),  # manual
    re.compile(
        r"eo(?!p)|ea(?=t(?:e|ed|es|ing|ion|ions|or)$)|ying$|[^g]eing$|[uo]ing$|oe(?=[tm])|(?<=us)ua|(?<=[aeou])y(?=[aeou])"
    ),  # video, create, trying, buyer
    re.compile(r"ism$|[^aeiouy]ier$|[^aeiouyct]ien[ct]|iety|[^aeiouyc]iet"),  # realism, client
    re.compile(r"^re(?=[aeiou])(?!a[dls]|ach|ei|in(?!t|s|f))|^co(?=op)|^pre(?=e)|^anti(?=[aeou])"),  # react
    re.compile(r"rea(?=lit|lis)|eal(?=ity)|iou(?=s)(?<!tiou)(?<!ciou)(?<!giou)(?<!xiou)"),  # various
)
# Words that the rules get wrong, by their syllables.
EXCEPTIONS = {
    word: number
    for number, words in {
        1: """
            child closed does else eye eyes goes hour hours our please real said says shoes
            theirs these those toes use used whole""",
        2: """
            being bluetooth business cafe colonel cookie cookies create creates device email
            emails evening lifetime maybe million millions naked ourselves people pleasure
            purpose quiet realise really reuse reused rhythm science software soldier someone
            something sometimes somewhere themselves theory therefore usage uses website
            websites whereas wifi yourselves""",
        3: """
            anyone area areas camera cameras created everyone forever genius however idea ideal
            ideas linear microphone moreover museum nuclear purposes recipe theatre""",
        4: """
            coordinate coordinates signature""",
    }.items()
    for word in words.split()
}


def english(word: str) -> int:
    """word: letters and apostrophes, one or more parts joined by hyphens."""
    return sum(_english(part) for part in word.lower().split("-") if part) or 1


def _english(part: str) -> int:
    plain = part.replace("’", "'")
    stem = plain.removesuffix("'s").removesuffix("'")
    if stem in EXCEPTIONS:
        return EXCEPTIONS[stem] + (plain.endswith("'s") and stem.endswith(("s", "x", "z", "ch")))
    stem = stem.replace("'", "")
    count = len(GROUP.findall(stem))
    count -= sum(one.search(stem) is not None for one in SILENT)
    count += sum(len(one.findall(stem)) for one in APART)
    count += plain.endswith("n't") and len(stem) > 3 and stem[-3] in "dst"  # didn't, hasn't
    return max(count, 1)


# -- German: every vowel or diphthong is one -----------------------------------------------------------------

NUCLEUS = re.compile(r"aa|ee|oo|äu|au|eu|ei|ai|ie|ey|ay|oi|ou|[aeiouyäöü]")
LOAN = re.compile(
    r"(?:software|hardware|firmware|website|online|offline|update|upgrade|code|device|service|smartphone|cache|home|store"
    r"|time|phone|date|mobile|live|like|chance)s?$"
)
JOINT = re.compile(r"^(?:be|ge)(?:urt|e[nh]|inh)")  # be-urteilen
PLURAL = re.compile(r"[lrndst]ien$(?<!schien)(?<!dien)(?<!wien)")  # Fami-li-en


def german(word: str) -> int:
    """word: letters, one or more parts joined by hyphens."""
    return sum(_german(part) for part in word.lower().split("-") if part) or 1


def _german(part: str) -> int:
    letters = part.replace("qu", "q")
    count = len(NUCLEUS.findall(letters))
    count += JOINT.search(letters) is not None
    count += PLURAL.search(letters) is not None
    count -= LOAN.search(letters) is not None  # Soft-ware
    return max(count, 1)


# -- Spanish: strong vowels and stressed weak ones are one each ----------------------------------------------

VOWELS = re.compile(r"[aeiouáéíóúü]+")
STRONG = re.compile(r"[aeoáéóíú]")
MUTE = re.compile(r"(?<=q)u|(?<=g)u(?=[eiéí])")


def spanish(word: str) -> int:
    """word: letters, one or more parts joined by hyphens."""
    return sum(_spanish(part) for part in word.lower().split("-") if part) or 1


def _spanish(part: str) -> int:
    letters = MUTE.sub("", part)
    letters = re.sub(r"y(?![aeiouáéíóú])", "i", letters)
    return max(sum(max(len(STRONG.findall(one)), 1) for one in VOWELS.findall(letters)), 1)
