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
MAIL = re.compile(r"\w@[\w-]+\.\w")
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
    written, where = read.said("contact"), best(read)
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


def best(read: Reading) -> Sentence | None:
    """The sentence that says best where to ask: about this policy or who is there for data, before any other.

    No regulator is one, and no register; a sentence that only may be one gives a way, or is about privacy.
    """
    elsewhere, narrow = read.topics.get("contact-not", {}), read.topics.get("contact-narrow", {})
    meant = [one for one in read.meant("contact") if one not in elsewhere]
    tied = [one for one in meant if one in read.topics.get("contact-for", {})]
    reach = [one for one in meant if MAIL.search(one.said) or (one in tied and WAY.search(one.said))]
    surely = frozenset(read.surely("contact"))
    tiers = (
        [one for one in tied if one in reach and one not in narrow],
        [one for one in tied if one in reach],
        [one for one in reach if one not in narrow],
        [one for one in tied if one in surely],
        reach,
        [one for one in meant if one in surely and one not in narrow],
        [one for one in meant if one in surely or one in tied or WAY.search(one.said)],
    )
    return next((found for several in tiers if (found := chosen(several, read))), None)


def chosen(several: list[Sentence], read: Reading) -> Sentence | None:
    """The first of the text itself; where the classifier knows its language, the one it hears most in."""
    own = [one for one in several if not one.aside] or several
    return read.most(own, "contact") if any(read.margins.get(one) for one in own) else first(own)


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
