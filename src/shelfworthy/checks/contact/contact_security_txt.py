"""Does the maker publish a valid security.txt?

Why it matters: somebody who finds a flaw in a toy should know within a minute whom to tell. In the
story, four warnings in four ways went unanswered. A file at a fixed place is the cheapest way to be
found.

How we look (look): `/.well-known/security.txt`, and `/security.txt` where that is not there. We fail
what a finder cannot rely on (RFC 9116): no Contact, one that is no URI, or none but in clear text;
Expires missing, doubled, unreadable or past; a file not meant for the place it was fetched from, clear
text instead of https, a wrong signature, or text outside of the signed part. We advise, and do not fail,
where only the form suffers.

What it does not show: whether anybody reads what is sent there; whether the server's certificate is
right, which the endpoint's checks ask. A signature is verified with the key that the file links to: who
can change both can sign anything.

If it fails: write the file anew (a year is long enough for Expires), serve it by https as `text/plain;
charset=utf-8`, and put its renewal into a calendar.
"""

from collections.abc import Iterator
from datetime import timedelta

from shelfworthy.model import About, Answer, Cause, Check, Level, Severity, fails, field, inconclusive, passes
from shelfworthy.seen.contact import SECURITY_TXT_PLACES, ContactSeen, SecurityTxt

GONE = frozenset({404, 410})
CLEAR = ("http:", "ftp:")  # section 2.5.3 wants web addresses to begin with https
LONG = timedelta(days=366)  # section 2.5.5 recommends less than a year
FAULTS = {
    "no-contact": "it names no contact",
    "contact-no-uri": "a contact is not written as a URI",
    "no-expires": "it does not say when it expires",
    "many-expires": "it says more than once when it expires",
    "bad-expires": "nobody can read when it expires",
    "canonical-elsewhere": "it says that it belongs to another place",
    "no-https": "it is served in clear text",
    "outside-signature": "it has text outside of its signed part",
    "broken-signature": "its signature is cut or mangled",
}

SAYS = {
    "valid": "There is a valid security.txt.",
    "advice": "There is a valid security.txt; its form could be better: {advice}.",
    "fault": "The security.txt cannot be relied on: {fault} (line {line}).",
    "no-safe-contact": "Every contact in the security.txt leads through clear text.",
    "expired": "The security.txt expired on {date}.",
    "bad-signature": "The signature of the security.txt is wrong: it was changed after it was signed.",
    "unverified": "The security.txt is signed, and its signature could not be verified.",
    "too-long": "What lies at the place of security.txt is too long to be one, or was cut off.",
    "absent": "There is no security.txt at any of its places.",
    "unseen": "No security.txt was found, but {url} was not answered as it should (status {status}).",
}


def judge(seen: ContactSeen, about: About) -> Iterator[Answer]:
    if seen.security_txt is None:
        yield from nothing_found(seen)
        return
    if not seen.security_txt.whole:
        yield inconclusive("too-long", Cause.NOT_UNDERSTOOD)
        return
    bad = list(faults(seen, seen.security_txt))
    yield from bad or [unverified(seen.security_txt) or valid(seen, seen.security_txt)]


def nothing_found(seen: ContactSeen) -> Iterator[Answer]:
    """Absence holds only where every place was read whole or is not there."""
    answered = {place.url.removeprefix(seen.site): place for place in seen.places}
    for path in SECURITY_TXT_PLACES:
        place = answered.get(path)
        if place is None or not (place.status in GONE or (place.status == 200 and place.whole)):
            cause = place.cause if place and place.cause else Cause.NOT_UNDERSTOOD
            url, status = (place.url, place.status) if place else (seen.site + path, 0)
            yield inconclusive("unseen", cause, url=url, status=status)
            return
    yield fails("absent", field("places"), Severity.MEDIUM)


def faults(seen: ContactSeen, file: SecurityTxt) -> Iterator[Answer]:
    """What a finder cannot rely on."""
    for index, problem in enumerate(file.problems):
        if problem.id in FAULTS:
            at, fault = field(f"security_txt.problems.{index}"), FAULTS[problem.id]
            yield fails("fault", at, Severity.MEDIUM, subject=problem.id, fault=fault, line=problem.line)
    contacts = [one for one in file.fields if one.name == "contact"]
    if contacts and all(one.value.lower().startswith(CLEAR) for one in contacts):
        at = field(f"security_txt.fields.{file.fields.index(contacts[0])}")
        yield fails("no-safe-contact", at, Severity.MEDIUM, subject="no-safe-contact")
    if file.expires is not None and file.expires <= seen.at:
        at = field("security_txt.expires")
        yield fails("expired", at, Severity.MEDIUM, subject="expired", date=file.expires.date().isoformat())
    if file.signature is not None and file.signature.state == "bad":
        yield fails("bad-signature", field("security_txt.signature"), Severity.HIGH, subject="bad-signature")


def unverified(file: SecurityTxt) -> Answer | None:
    """Why a signed file without faults is not yet a valid one."""
    if file.signature is not None and file.signature.state != "good":
        return inconclusive("unverified", file.signature.cause or Cause.NOT_SUPPLIED)
    return None


def valid(seen: ContactSeen, file: SecurityTxt) -> Answer:
    advice = sorted({problem.id for problem in file.problems})
    if file.expires is not None and file.expires > seen.at + LONG:
        advice.append("expires-late")
    says = "advice" if advice else "valid"
    return passes(says, field("security_txt"), until=file.expires, advice=", ".join(advice))


CHECK = Check(
    id="contact-security-txt", version=1, level=Level.LOOK, judge=judge, reads=(ContactSeen,), says=SAYS
)
