"""Names the product relies on. Resolvers and registries are asked about them, nobody else."""

from shelfworthy.model import Kind, Level
from shelfworthy.probes.domain import names, registration
from shelfworthy.probes.probe import Probe
from shelfworthy.seen.domain import DomainNames, DomainRegistration

TOOLS = ("dnspython", "publicsuffixlist")
NAMES = Probe(
    name="domain-names",
    version=1,
    kind=Kind.DOMAIN,
    level=Level.LOOK,
    sees=(DomainNames,),
    observe=names.observe,
    tools=TOOLS,
    extra="cloud",
)
REGISTRATION = Probe(
    name="domain-registration",
    version=1,
    kind=Kind.DOMAIN,
    level=Level.LOOK,
    sees=(DomainRegistration,),
    observe=registration.observe,
    tools=TOOLS,
    extra="cloud",
)
