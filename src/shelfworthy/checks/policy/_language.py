"""In which language a text is written: by its letters, then by its commonest words. Pure."""

import re
from collections import Counter

# The commonest words of each language.
COMMON: dict[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "en": "the and of to you your we our is in for that it with not are this or by on",
        "de": "die der und das wir sie ihre nicht ist zu von mit den für auf werden oder ein eine wird",
        "fr": "le la les des et vous vos nous notre est pour dans une que pas sur avec sont par du",
        "es": "el la los las y de que tu su se para con una por no es del sus lo nos",
        "it": "il la le di che e per non sono con una del dei i nostri vostri gli si della nel",
        "nl": "de het een en van wij u uw niet is voor met op zijn die dat te worden of onze",
        "pt": "o a os as e de que não para com uma por seu sua do da dos nos você em",
        "sv": "och att det som en på är av för med till inte om vi du din har kan dina våra eller",
        "da": "og at det som en på er af for med til ikke om vi du din har kan dine vores eller",
        "fi": "ja on ei että se voi tai kun jos me sinun tiedot ovat sekä joka voit niin",
        "pl": "i w na z do nie się jest to że o dla przez lub oraz są dane może twoje",
        "cs": "a v na se je to že z do s o k pro nebo jsou které můžete vaše jako",
        "tr": "ve bir bu için ile da de olarak veya daha olan gibi kişisel verilerinizi",
    }.items()
}
SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
    "sv": "Swedish",
    "da": "Danish",
    "fi": "Finnish",
    "pl": "Polish",
    "cs": "Czech",
    "tr": "Turkish",
    "ja": "Japanese",
    "ko": "Korean",
    "zh": "Chinese",
    "ru": "Russian",
    "el": "Greek",
    "ar": "Arabic",
    "he": "Hebrew",
    "th": "Thai",
}
WORD = re.compile(r"[^\W\d_]+")
LONGEST = 20_000  # characters that are looked at
LEAST = 0.06  # share of a language's commonest words in a text of it


def language(text: str, said: str = "") -> str:
    """Its code, or "". said: what the page says of itself, which decides only where the text is short."""
    words = Counter(word.lower() for word in WORD.findall(text[:LONGEST]))
    letters = sum(len(word) * number for word, number in words.items())
    for code, script in SCRIPTS:
        if len(script.findall(text[:LONGEST])) * 5 > letters > 0:
            return code
    total = sum(words.values())
    shares = {code: sum(words[word] for word in common) for code, common in COMMON.items()}
    code, most = max(shares.items(), key=lambda one: one[1])
    if total >= 20 and most >= LEAST * total:
        return code
    return said if said in NAMES else code if most else ""


def name(code: str) -> str:
    """The language's name in English."""
    return NAMES.get(code, "a language we cannot name")
