"""A maker's ways to receive vulnerability reports."""

from shelfworthy.model import Kind, Level
from shelfworthy.probes.contact import look, mail, signature
from shelfworthy.probes.probe import Probe
from shelfworthy.seen.contact import ContactHistory, ContactMail, ContactSeen

CONTACT = Probe(
    name="contact",
    version=2,
    kind=Kind.CONTACT,
    level=Level.LOOK,
    sees=(ContactSeen, ContactMail, ContactHistory),
    observe=look.observe,
    tools=(*signature.TOOLS, *mail.TOOLS),
)
