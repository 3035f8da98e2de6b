"""Which words of a page may matter: kept wide, so that a check can be stricter, and no wider (law 8).

English, German, French, Spanish, Italian and Dutch; `LANGUAGES` of `seen.contact` names them.
"""

import re
from collections.abc import Iterator

from shelfworthy.seen.contact import PLATFORMS, Passage

ABOUT = re.compile(
    r"vulnerab|\bsecurity|disclos|bount|\b[pc]sirt\b|exploit"
    r"|sicherheit|schwachstelle|offenlegung|sécurité|divulgation|faille"
    r"|segurid|divulgaci|sicurezza|divulgazion|kwetsbaar|beveilig|veiligheid",
    re.IGNORECASE,
)
TIME = re.compile(
    r"\b(hours?|days?|weeks?|months?|weekly|daily|monthly"
    r"|stunden?|tage?n?|wochen?|monate?n?|heures?|jours?|semaines?|mois"
    r"|horas?|días?|semanas?|mes(?:es)?|or[ae]|giorn[io]|settiman[ae]|mes[ei]"
    r"|uur|dag(?:en)?|we(?:e)?k(?:en)?|maand(?:en)?)\b",
    re.IGNORECASE,
)
# Links worth a visit, the most telling first.
STRONG = re.compile(
    r"vulnerab|disclos|bount|psirt|report.{0,20}(?:bug|secur)|schwachstelle|sicherheitslücke|sicherheitsluecke"
    r"|faille|divulgation|divulgaci|divulgazion|kwetsbaar",
    re.IGNORECASE,
)
WEAK = re.compile(r"secur|sicherheit|sécurité|segurid|sicurezza|beveilig", re.IGNORECASE)
POLICY = re.compile(
    r"(?:disclos|vulnerab|bount|secur).{0,50}(?:polic|program|guideline)"
    r"|(?:polic|program|guideline).{0,50}(?:disclos|vulnerab|bount)",
    re.IGNORECASE,
)
MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.")
SENTENCE = re.compile(r"[^\n]+?(?:[.!?](?=\s)|$)", re.MULTILINE)
LONGEST = 400
MOST = 80


def telling(text: str) -> Iterator[Passage]:
    """Sentences that speak of security; on a page that does, those that name a time; and on a page about
    vulnerabilities those with a mail address."""
    about = ABOUT.search(text) is not None
    strong = STRONG.search(text) is not None
    for sentence in SENTENCE.finditer(text):
        words = sentence[0]
        if ABOUT.search(words) or (about and TIME.search(words)) or (strong and MAIL.search(words)):
            lead = len(words) - len(words.lstrip())
            yield Passage(start=sentence.start() + lead, text=words.strip()[:LONGEST])


def strength(words: str, url: str) -> int:
    """2: a link that speaks of vulnerabilities, or leads to a platform for them; 1: of security; else 0."""
    both = f"{words} {url}"
    if any(f"{name}/" in url.lower() for name in PLATFORMS):
        return 2
    return 2 if STRONG.search(both) else 1 if WEAK.search(both) else 0


def names_policy(words: str, url: str) -> bool:
    """Whether a link calls where it leads a disclosure policy."""
    return any(POLICY.search(text) for text in (words, url))
