"""Does the maker's disclosure policy say by when reports are acknowledged and how often finders hear of them?

Why it matters: without times a report can lie for years, and nobody can be held to anything. The law
asks for just these two times (UK PSTI, Schedule 1, paragraph 2; ETSI EN 303 645, provision 5.2-1).

How we look (look): the policy that security.txt names, the home page, `/`, `/security`,
`/vulnerability-disclosure`, `/vulnerability-disclosure-policy`, `/responsible-disclosure`,
`/bug-bounty`, `/contact`, `/support`, and at most six pages that these link to in words of security. On
one page about vulnerabilities we want a sentence that names a time for the acknowledgement, and one that
names a time for status updates. Both are quoted.

What it does not show: whether the times are kept; policies in images, as documents to download, made by
scripts, or in languages other than English, German, French, Spanish, Italian and Dutch.

If it fails: write two sentences: "We acknowledge each report within … days" and "We tell you at least
every … days how far we are, until it is resolved".
"""

import re
from collections.abc import Iterator

from shelfworthy.checks.contact._inviting import inviting
from shelfworthy.checks.contact._reading import ABOUT_FLAWS, DENIAL, REPORTING, hits, not_all_read, unread
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Quote,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.contact import ContactSeen, Page

UNIT = (
    r"(?:hours?|days?|weeks?|months?|stunden?|tage?n?|wochen?|monate?n?|heures?|jours?|semaines?|mois|horas?|días?"
    r"|semanas?|mes(?:es)?|or[ae]|giorn[io]|settiman[ae]|mes[ei]|uur|dag(?:en)?|we(?:e)?k(?:en)?|maand(?:en)?)"
)
COUNT = (
    r"(?:\d+|an?|one|two|three|five|seven|ten|fourteen|thirty|every|each|eine[rmns]?|zwei|drei|alle|une?|deux|trois"
    r"|una?|dos|tres|due|tre|een|twee|drie|elke)"
)
PERIOD = rf"(?:\b{COUNT}\W+(?:\w+\W+){{0,2}}?{UNIT}\b|\b(?:daily|weekly|monthly|wöchentlich|wekelijks)\b)"
ACKNOWLEDGE = (
    r"(?:acknowledg\w*|receipt|respon(?:d(?:s|ed|ing)?|ses?)\b|reply|get back to|hear (?:back )?from us"
    r"|bestätig\w*|eingang\w*|antwort\w*|accus\w* (?:de )?réception|répon\w*|acus\w*"
    r"|conferm\w*|rispo\w*|bevestig\w*|reager\w*"
    r"|reactie)"
)
STATUS = (
    r"(?:status|progress|keep you (?:informed|updated|posted|up to date)|kept (?:informed|updated)"
    r"|regular updates?"
    r"|(?<!security )(?<!software )(?<!firmware )updates? (?:you|on|about|every|at least|to you)"
    r"|inform(?:ed)? (?:you|the (?:reporter|finder|researcher))|auf dem laufenden|zwischenst\w*|informier\w*"
    r"|informé\w*|avancement|informad\w*|estado|aggiorna\w*|voortgang|op de hoogte)"
)


def timed(what: str) -> re.Pattern[str]:
    """The words with a period near them in the same sentence, before or after."""
    return re.compile(rf"{what}.{{0,160}}?{PERIOD}|{PERIOD}.{{0,160}}?{what}", re.IGNORECASE)


ACKNOWLEDGED, INFORMED = timed(ACKNOWLEDGE), timed(STATUS)
# Times for other things, and times that finders are asked to give.
OTHER = re.compile(
    r"\b(?:orders?|deliver\w*|shipping|shipped|parcels?|refunds?|returns?|warrant\w*|invoices?|payments?|bestell\w*"
    r"|liefer\w*|versand\w*|erstatt\w*|garantie\w*|commandes?|livraisons?|pedidos?|env[ií]os?|ordin[ei]|spedizion\w*"
    r"|bestelling\w*|levering\w*)\b|\b(?:give|allow|grant) us\b",
    re.IGNORECASE,
)
CALLS_ITSELF = re.compile(
    r"(?:vulnerability|responsible|coordinated|security).{0,30}(?:disclosure|reporting).{0,20}(?:policy|program)"
    r"|disclosure policy|offenlegung\w*richtlinie|politique de divulgation",
    re.IGNORECASE,
)

SAYS = {
    "times": "The policy says by when: “{acknowledged}” and “{informed}”.",
    "no-times": "The policy at {url} does not say by when: {missing}.",
    "absent": "No page of the site is a policy for the disclosure of vulnerabilities.",
    "unsure": "{url} names times; whether they are for reports of vulnerabilities is for a person to read.",
    "unseen": "No policy with both times was found, but {url} could not be read.",
}


def judge(seen: ContactSeen, about: About) -> Iterator[Answer]:
    lacking, unsure = [], []
    for number, page in enumerate(seen.pages):
        if not any(hits(page, number, ABOUT_FLAWS)):
            continue
        acknowledged, informed = first(page, number, ACKNOWLEDGED), first(page, number, INFORMED)
        policy = is_policy(page, number)
        if acknowledged and informed and (policy or any(inviting(page, number))):
            yield passes(
                "times",
                informed,
                confidence=Confidence.PROBABLE,
                acknowledged=acknowledged.text,
                informed=informed.text,
            )
            return
        if all(any(hits(page, number, words)) for words in (ACKNOWLEDGED, INFORMED)):
            unsure.append(page)
        elif policy and not unread(page):
            lacking.append((number, page, missing(acknowledged, informed)))
    unread_policies = ((unread(page), page.url) for page in seen.pages if page.role == "policy")
    cause, url = next((one for one in unread_policies if one[0]), (None, ""))
    if cause:
        yield inconclusive("unseen", cause, url=url)
    elif unsure:
        yield inconclusive("unsure", Cause.NEEDS_A_PERSON, url=unsure[0].final)
    elif lacking:
        number, page, what = lacking[0]
        at = field(f"pages.{number}.passages")
        yield fails("no-times", at, Severity.MEDIUM, url=page.final, missing=what)
    elif trouble := not_all_read(seen):
        yield inconclusive("unseen", trouble[0], url=trouble[1])
    else:
        yield fails("absent", field("pages"), Severity.MEDIUM)


def first(page: Page, number: int, words: re.Pattern[str]) -> Quote | None:
    """The first sentence of the page that says it, does not take it back, and is about nothing else."""
    said = hits(page, number, words)
    return next((at for at, it in said if not DENIAL.search(it) and not OTHER.search(it)), None)


def is_policy(page: Page, number: int) -> bool:
    """Whether it calls itself one, or is called one and speaks of reports: a privacy policy is another."""
    called = page.role == "policy" and any(hits(page, number, REPORTING))
    return called or any(hits(page, number, CALLS_ITSELF))


def missing(acknowledged: Quote | None, informed: Quote | None) -> str:
    lacks = ["acknowledgement"] * (acknowledged is None) + ["status updates"] * (informed is None)
    return " and ".join(lacks)


CHECK = Check(id="contact-policy", version=1, level=Level.LOOK, judge=judge, reads=(ContactSeen,), says=SAYS)
