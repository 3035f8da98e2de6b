"""A maker's privacy policy, and the way to it."""

from shelfworthy.model import Kind, Level
from shelfworthy.probes.policy import look
from shelfworthy.probes.probe import Probe
from shelfworthy.seen.policy import PolicyNamed, PolicyPage, PolicySeen

POLICY = Probe(
    name="policy",
    version=2,
    kind=Kind.POLICY,
    level=Level.LOOK,
    sees=(PolicySeen, PolicyPage, PolicyNamed),
    observe=look.observe,
    times=5,
)
