"""What was seen on the way is looked at in the same run, if both files permit it and within bounds.

What is kept here:
- Nobody is contacted or asked to find out whether something may be looked at; the door checks again before
  each contact.
- A permission for a host that serves many is none for what another of its customers keeps there.
- A name is asked about only where the operator's policy says whom to ask.
- What content leads to ends: after so many steps, things, and things at one host.
- A listing that is declared as a policy is a way to it: the page that it names is looked at as that surface.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from msgspec import structs

from shelfworthy.audit.one_look import Way, fits
from shelfworthy.discovery import Found, Trail, registered
from shelfworthy.model import (
    AnySurface,
    Cause,
    Kind,
    Level,
    NotSeen,
    Observation,
    PrivacyPolicy,
    Product,
    Seen,
)
from shelfworthy.probes import Probe
from shelfworthy.product.scope import Scope
from shelfworthy.seen.policy import PolicyListing, PolicyNamed

STEPS = 2  # from something declared: what is found at what was found there leads no further
MOST = 100  # things that are followed
AT_ONE_HOST = 8  # of them; of names, under one registered domain
MOST_POLICIES = 5  # of them, whoever names them: to look at one takes a minute and a browser
DECIDING = 10  # times as many, where an app, firmware or capture names them: what is left open stays open


Begin = Callable[[AnySurface, Seen | None], None]


class Following:
    """What one run follows. begin: looks at a surface, and keeps what led to it with what is seen there.

    able: the probes there are.
    """

    def __init__(self, product: Product, scope: Scope, able: Sequence[Way], begin: Begin) -> None:
        self._trail = Trail(product)
        self._surfaces = {surface.id: surface for surface in product.surface}
        self._policies = 0
        self._scope = scope
        self._able = able
        self._begin = begin
        self._begun: set[str] = set()
        self._left: dict[str, NotSeen] = {}
        self._at: Counter[str] = Counter()

    def saw(self, observation: Observation[Seen]) -> None:
        """Look at whatever the observation names that may be looked at and was not yet."""
        surface, seen = self._surfaces.get(observation.surface), observation.seen
        if isinstance(surface, PrivacyPolicy) and isinstance(seen, PolicyListing):
            url = seen.named[0].url
            there = structs.replace(surface, where=f"{surface.PREFIX}{url}")
            self._begin(there, PolicyNamed(url=url, found=seen.told(0)))
        for id in self._trail.add(observation):
            if id not in self._begun:
                self._consider(self._trail[id])

    def left(self) -> Iterator[tuple[AnySurface, NotSeen]]:
        """What was not looked at and should be on record, and why: what decides, and what our bounds cut off.

        The rest is seen, and nobody permitted it: the report says so of each.
        """
        for id in sorted(self._left):
            found, why = self._trail[id], self._left[id]
            if found.decides or isinstance(why, Enough):
                yield found.surface, why

    def _consider(self, found: Found) -> None:
        id = found.surface.id
        try:
            self._may(found)
        except NotSeen as why:
            self._left[id] = why
            return
        self._left.pop(id, None)
        self._begun.add(id)
        self._at[near(found)] += 1
        self._policies += found.surface.kind is Kind.POLICY
        self._begin(found.surface, led(found))

    def _may(self, found: Found) -> None:
        """Raises NotSeen if it is not to be looked at."""
        surface = found.surface
        levels = [way.level for way in self._able if isinstance(way, Probe) and fits(way, surface)]
        if not levels:
            words = f"This version has no probe for the kind {surface.kind}."
            raise NotSeen(Cause.NOBODY_LOOKED, words)
        if found.only_in_dns:
            words = "Only the DNS of another name leads to it, and was asked about as far as that name needs."
            raise NotSeen(Cause.NOBODY_LOOKED, words)
        if words := self._refusal(found, min(levels, key=lambda level: level.rank)):
            raise NotSeen(Cause.NOT_PERMITTED, words)
        if words := self._too_much(found):
            advice = "To have it looked at, declare it as a [[surface]] in the product file."
            raise Enough(Cause.NOBODY_LOOKED, f"{words} {advice}")

    def _too_much(self, found: Found) -> str:
        """Which of our bounds ends here; "" if none does."""
        times = DECIDING if found.decides else 1
        here = near(found)
        if found.steps > STEPS:
            return f"It is more than {STEPS} steps from what the product file declares."
        if len(self._begun) >= MOST * times:
            return f"More than {MOST * times} things were seen on the way."
        if found.surface.kind is Kind.POLICY and self._policies >= MOST_POLICIES:
            return f"More than {MOST_POLICIES} policies were seen on the way."
        if self._at[here] >= AT_ONE_HOST * times:
            return f"More than {AT_ONE_HOST * times} things were seen at {here}."
        return ""

    def _refusal(self, found: Found, level: Level) -> str:
        """What forbids it, as far as can be told without asking anybody; "" if nothing."""
        if found.surface.kind is Kind.DOMAIN:
            if self._scope.asking.resolvers:
                return ""
            return 'The operator\'s policy names nobody to ask about it. Write into it: resolver = ["…"].'
        if found.shared:
            return (
                f"{found.host} keeps things for many: permission to contact it says nothing of"
                f" {found.surface.where}. If it is the product's, declare it as a [[surface]]."
            )
        return self._scope.refuses(found.host, found.port, level)


class Enough(NotSeen):
    """Our own bounds end here, not the permission."""


def led(found: Found) -> Seen | None:
    """The step to a policy that no page led to, as its evidence keeps it."""
    surface = found.surface
    if not isinstance(surface, PrivacyPolicy):
        return None
    return PolicyNamed(url=surface.where.removeprefix(surface.PREFIX), found=found.told)


def near(found: Found) -> str:
    """What things that count together have in common: their host, of names the registered domain."""
    return (registered(found.host) or found.host) if found.surface.kind is Kind.DOMAIN else found.host
