"""How many syllables a word has, by its letters: English, German, Spanish. Pure.

Rules of spelling with short lists of what does not follow them, our own; `tests/checks/policy/syllables.tsv`
says how often they are right. Good enough for means over a text, not for one word. Spanish follows the
orthography of the Real Academia (diphthongs and hiatus, 2010), where spelling decides.
"""

import re

# -- English: groups of vowels, less what is silent, more what is spoken apart --------------------------------

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
EXCEPTIONS = {
    "area": 3, "areas": 3, "coordinate": 4, "coordinates": 4, "evening": 2, "genius": 3, "ideal": 3,
    "linear": 3, "lifetime": 2, "million": 2, "millions": 2, "museum": 3, "nuclear": 3, "realise": 2,
    "signature": 4, "soldier": 2, "theatre": 3, "theory": 2, "being": 2, "bluetooth": 2, "business": 2, "camera": 3, "cameras": 3, "child": 1,
    "cookie": 2, "cookies": 2, "create": 2, "creates": 2, "created": 3, "device": 2, "email": 2, "emails": 2,
    "idea": 3, "ideas": 3, "microphone": 3, "naked": 2, "people": 2, "please": 1, "purpose": 2,
    "purposes": 3, "quiet": 2, "real": 1, "really": 2, "recipe": 3, "science": 2, "software": 2,
    "something": 2, "somewhere": 2, "sometimes": 2, "someone": 2, "anyone": 3, "everyone": 3, "website": 2,
    "websites": 2, "whole": 1, "wifi": 2, "eye": 1, "eyes": 1, "themselves": 2, "ourselves": 2,
    "yourselves": 2, "our": 1, "hour": 1, "hours": 1, "theirs": 1, "does": 1, "goes": 1, "shoes": 1,
    "toes": 1, "these": 1, "those": 1, "use": 1, "used": 1, "uses": 2, "says": 1, "said": 1, "else": 1,
    "cafe": 2, "maybe": 2, "forever": 3, "however": 3, "moreover": 3, "therefore": 2, "whereas": 2,
    "colonel": 2, "rhythm": 2, "pleasure": 2, "closed": 1, "usage": 2, "reuse": 2, "reused": 2,
}  # fmt: skip


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
