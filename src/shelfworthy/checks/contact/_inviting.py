"""Does a sentence invite reports of vulnerabilities, or does it only speak of some that were found?

News of a flaw with a press address below it is no way to report one. What only speaks of the matter is left
to a person. English, German, French, Spanish, Italian, Dutch.
"""

import re
from collections.abc import Iterator

from shelfworthy.checks.contact._reading import DENIAL, FLAW, REPORTING, hits
from shelfworthy.model import Quote
from shelfworthy.seen.contact import Page

MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+|[\w.+-]+ ?[\[(](?:at|ät)[\])] ?[\w-]+", re.IGNORECASE)
WHICH = r"(?:an?|any|the|your|all|security|potential|possible|suspected|new|it|them|us|to us)"
ASKING = (
    # An order or a wish: "report a …", "please submit …", "to report …" at the start, "how to report …".
    rf"(?:^|\bplease )(?:report|submit|disclose|send)\s+(?:{WHICH}\b.{{0,60}}?)?{FLAW}"
    r"|(?:^|\b(?:want|wish|like|need|how|where|ways?) )to (?:report|submit|disclose|tell)\b"
    rf".{{0,60}}{FLAW}|\b(?:you|can|may|should|must) (?:report|submit|disclose|send)\b.{{0,60}}{FLAW}"
    rf"|\b(?:tell|notify|inform|let|contact|e-?mail|write to) us\b.{{0,80}}{FLAW}"
    # A condition or a question: "if you find …", "Found a …?", "Haben Sie … gefunden?"
    r"|\b(?:if you|wenn (?:sie|du)|si (?:vous|usted|has?)|se (?:hai|ha|avete|trovi|scopri)|als (?:u|je)"
    rf"|(?:heeft|heb) (?:u|je|jij))\b.{{0,100}}{FLAW}"
    rf"|^(?:have you |did you )?(?:found|find|discovered?|noticed)\b.{{0,60}}{FLAW}.{{0,40}}\?"
    rf"|^(?:haben sie|hast du|avez-vous|ha usted|has|hai|heeft u|heb je)\b.{{0,60}}{FLAW}.{{0,40}}\?"
    # Headings, and orders in the other languages.
    rf"|^(?:reporting|submitting|disclosing)\b.{{0,40}}{FLAW}"
    rf"|^{FLAW}(?: \w+){{0,3}} (?:melden|mitteilen)\b"
    r"|\b(?:melden sie|meld|signale[rz]|notifique|informe|comunique|reporte|reportar"
    rf"|segnala(?:re|ci|te|teci)?)\b.{{0,60}}{FLAW}"
)
INVITES = re.compile(ASKING, re.IGNORECASE)
HEADING = re.compile(
    rf"(?:\w+ )?(?:{FLAW} (?:reports?|reporting|disclosure)|(?:responsible|coordinated) disclosure)"
    r"(?: (?:policy|program|programme))?",
    re.IGNORECASE,
)
REFUSES = re.compile(
    r"(?:\b(?:not|never|cannot|no longer)|n['’]t)\b(?: \w+){0,2} (?:accept|want|welcome)\w*\b"
    rf".{{0,40}}(?:{FLAW}|\breports?\b)"
    r"|(?:\b(?:not|never|cannot|no longer)|n['’]t) (?:take|accept)(?: \w+){0,3} reports?\b"
    r"|\b(?:keine|geen|aucun\w*) (?:\w+ )?(?:meldung\w*|melding\w*|signalement\w*)",
    re.IGNORECASE,
)


def inviting(page: Page, number: int) -> Iterator[Quote]:
    """The sentences of a page that invite reports; none if a sentence of it takes that back.

    A link that says so leads to where it may be so: its own words are no invitation, unless it leads into a
    mail.
    """
    if any(hits(page, number, REFUSES)):
        return
    signposts = [link.text.lower() for link in page.links if not link.url.startswith("mailto:")]
    for at, sentence in hits(page, number, REPORTING):
        asks = (found := INVITES.search(sentence)) or HEADING.fullmatch(sentence) or MAIL.search(sentence)
        said = (found[0] if found else sentence).lower()
        if asks and not DENIAL.search(sentence) and not any(said in words for words in signposts):
            yield at
