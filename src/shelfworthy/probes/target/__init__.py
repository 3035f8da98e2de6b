"""Devices that take firmware over the network: a changed image and an older one are sent, at risk only."""

from shelfworthy.model import Kind, Level
from shelfworthy.probes.probe import Probe
from shelfworthy.probes.target.look import observe
from shelfworthy.seen.target import TargetSeen

TARGET = Probe(
    name="target",
    version=1,
    kind=Kind.TARGET,
    level=Level.RISK,
    sees=(TargetSeen,),
    observe=observe,
    times=30,  # four images are sent, and the device restarts after each
    patience=75,  # a device may take minutes to write an image before it answers
)
