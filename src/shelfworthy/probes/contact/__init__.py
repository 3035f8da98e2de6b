"""A maker's ways to receive vulnerability reports."""

from shelfworthy.model import Kind, Level
from shelfworthy.probes.contact import look
from shelfworthy.probes.contact.signature import TOOLS
from shelfworthy.probes.probe import Probe
from shelfworthy.seen.contact import ContactSeen

CONTACT = Probe(
    name="contact",
    version=1,
    kind=Kind.CONTACT,
    level=Level.LOOK,
    sees=(ContactSeen,),
    observe=look.observe,
    tools=TOOLS,
)
