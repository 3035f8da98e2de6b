"""Does the product keep what its policy promises about security?

Why it matters: CloudPets' policy promised "secure, encrypted communications" while anybody could read the
recordings in an open database.

How we look (look): each sentence of the policy that claims encryption, or that nobody else can read the data,
by written rules; beside it the answers of this audit about databases, buckets, brokers and
encryption (those that are not noted as declared only).

What it does not show: whether the claim is true where nobody looked. An answer that nothing contradicts a
claim is never given.

If it fails: mend what the other finding names, and until then take the promise out of the policy.
"""

from collections.abc import Iterator

from shelfworthy.checks.policy._reading import (
    CUT,
    DOUBT,
    NOTHING,
    OTHER_LANGUAGE,
    doubt,
    first,
    reading,
    short,
    unread,
)
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Outcome,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
)
from shelfworthy.seen.policy import PolicySeen

ANSWERS = (
    "broker-cleartext",
    "broker-readable",
    "bucket-listing",
    "bucket-objects-public",
    "database-cleartext",
    "database-open",
    "http-cleartext",
    "object-access",
    "tls-certificate",
    "tls-ciphers",
    "tls-known-flaws",
    "tls-versions",
    "update-transport",
)

SAYS = {
    "broken": 'It promises: "{sentence}". But {check} failed at {surface}.',
    "claim": 'It promises: "{sentence}". Nobody looked whether that is so.',
    "uncontradicted": 'It promises: "{sentence}". Nothing contradicts it so far, which proves nothing.',
    "none": "It makes no claim that data are encrypted, or cannot be read by others.",
    "nothing": NOTHING,
    "language": OTHER_LANGUAGE,
    "cut": CUT,
    "doubt": DOUBT,
}


def judge(seen: PolicySeen, about: About) -> Iterator[Answer]:
    read = reading(seen)
    if answer := unread(read, "nothing", "language"):
        yield answer
        return
    claim = first(read.said("secure"))
    stated = first(read.stated("secure"))
    broken = [one for one in about.answers if one.outcome is Outcome.FAIL]
    if stated and broken:
        worst = min(broken, key=lambda one: (one.check != "database-open", one.check, one.surface))
        yield fails(
            "broken",
            read.at(stated),
            Severity.HIGH,
            confidence=Confidence.PROBABLE,
            sentence=short(stated),
            check=worst.check,
            surface=worst.surface,
        )
    elif claim:
        looked = any(one.outcome is Outcome.PASS for one in about.answers)
        says, cause = ("uncontradicted", Cause.NEEDS_A_PERSON) if looked else ("claim", Cause.NOBODY_LOOKED)
        yield inconclusive(says, cause, sentence=short(claim))
    elif unsure := read.felt("secure"):
        yield doubt("doubt", unsure)
    elif not read.whole:
        yield inconclusive("cut", Cause.NOT_UNDERSTOOD)
    else:
        yield moot("none", field("documents"))


CHECK = Check(
    id="policy-security-claims",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
    reads_answers=ANSWERS,
)
