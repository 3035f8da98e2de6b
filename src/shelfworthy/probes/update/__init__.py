"""Update servers, and the pages that say for how long there are updates."""

from shelfworthy.model import Kind, Level
from shelfworthy.probes.probe import Probe
from shelfworthy.probes.update import look, support
from shelfworthy.seen.update import SupportSeen, UpdateSeen

UPDATE = Probe(
    name="update",
    version=1,
    kind=Kind.UPDATE,
    level=Level.LOOK,
    sees=(UpdateSeen,),
    observe=look.observe,
)
SUPPORT = Probe(
    name="update-support",
    version=1,
    kind=Kind.UPDATE,
    level=Level.LOOK,
    sees=(SupportSeen,),
    observe=support.observe,
)
