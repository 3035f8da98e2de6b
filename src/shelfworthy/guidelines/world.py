"""What the roll-up is given: one product, what was looked at, what is there, what the checks said."""

from shelfworthy.model import AnySurface, Declaration, Finding, Gap, Looked, Product, Record


class World(Record, frozen=True):
    """All the roll-up sees. No order matters.

    surfaces: those that decide: declared, or seen in an app, firmware or capture; third parties' are told
    apart by their owner. present: ids of the observations that are there and unaltered. looks, gaps: of the
    evidence, whether or not what they name is there. findings: of every look, old ones included. beside:
    surfaces seen elsewhere and looked at: what is found there is noted and decides nothing. lapsed:
    declarations whose quotes are gone from where they stood.
    """

    product: Product
    surfaces: tuple[AnySurface, ...]
    looks: tuple[Looked, ...]
    gaps: tuple[Gap, ...]
    present: frozenset[str]
    findings: tuple[Finding, ...]
    beside: tuple[AnySurface, ...] = ()
    lapsed: tuple[Declaration, ...] = ()
