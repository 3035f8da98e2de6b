"""Does the policy say where to ask about privacy?

Why it matters: every right in a policy needs somebody to turn to.

How we look (look): each sentence of the policy and the texts that belong to it, by written rules: a mail
address, a postal address, or a form for questions. A hotline for orders, a mail address for
repairs or jobs, or "contact us" without where, is left to a person.

What it does not show: whether anybody answers.

If it fails: name a mail address for questions about privacy.
"""

import re
from collections.abc import Iterator

from shelfworthy.checks.policy._reading import (
    CUT,
    DOUBT,
    NOTHING,
    OTHER_LANGUAGE,
    Reading,
    doubt,
    first,
    not_ruled,
    reading,
    short,
    unread,
)
from shelfworthy.checks.policy._words import any_of
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.policy import PolicySeen
from shelfworthy.webtext.sentences import Sentence

# A way to be reached, in whichever language and for whatever: a mail address, a site, a telephone number.
WAY = re.compile(
    r"\w@\w|\bhttps?://|\bwww\.|\b[\w-]{1,60}\.(?:example|com|org|net)/"
    r"|\b\d{1,4},? [A-Z]\w{1,40} (?:Street|Road|Lane|Avenue|Way|Square|Hill|Row)\b"
    r"|\b[A-Z]\w{1,40}(?:straße|weg|platz|gasse) \d|\b[Cc]alle [\w ]{3,40}, ?\d|\b\d{1,4},? rue \w"
    r"|(?<![\w.,-])(?:\+|\(?0)\d[\d ()/.-]{5,20}\d"
    r"|(?<![\w.,-])\d{3}[ -]\d{3,4}(?:[ -]\d{2,4}){0,3}(?![\w-])"
)
WAYS = any_of(
    r"""\b(?:call|ring|phone|telephone)_(?:us|our|the|on)\b \bhot_?line
    \b(?:order|help|service|advice)_?line\b \bcall_cent(?:er|re)\b \btelephone\b(?!_numbers?) \bfax\b
    \bask_(?:us|our)\b \b(?:tell|write)_to_us\b \bwrite_us\b \bsupport_(?:team|desk)\b
    \bcustomer_(?:service|care|support|desk)\b \bquestions?_(?:on|about|for)\b \bfragen_zu \bpregunte
    hotline bestelltelefon bestellannahme \btelefon\b telefonisch \banruf \bkundendienst \bfragen_sie_uns
    \bteléfono_de \bllam[ae] línea_de atención_al \bpregúntenos \bappel(?:ez|er)\b \btéléphone\b
    service_client \bjoindre\b 電話 フリーダイヤル 受付 お問い?合わ?せ 窓口"""
)

SAYS = {
    "where": 'It says where to ask: "{sentence}".',
    "absent": "It names nobody to ask about privacy.",
    "nothing": NOTHING,
    "language": OTHER_LANGUAGE,
    "cut": CUT,
    "doubt": DOUBT,
}


def judge(seen: PolicySeen, about: About) -> Iterator[Answer]:
    read = reading(seen)
    if answer := unread(read, "nothing"):
        yield answer
        return
    written, where = read.said("contact"), first(read.meant("contact"))
    if where:
        yield passes("where", read.at(where), confidence=Confidence.PROBABLE, sentence=short(where))
    elif not read.ruled:
        yield not_ruled(read, "language")
    elif unsure := first([*written, *read.said("contact-weak"), *reached(read)]) or read.felt("contact"):
        yield doubt("doubt", unsure)
    elif not read.whole:
        yield inconclusive("cut", Cause.NOT_UNDERSTOOD)
    else:
        yield fails("absent", field("documents"), Severity.MEDIUM, confidence=Confidence.PROBABLE)


def reached(read: Reading) -> list[Sentence]:
    """The sentences that give any way to be reached, whatever it is for."""
    return [one for one in read.sentences if WAY.search(one.text) or WAYS.search(one.text)]


CHECK = Check(
    id="policy-contact",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
)
