"""From what was seen to the surfaces it names and nobody declared: where each was seen, and whose it is.

What is kept here:
- A declared surface wins: what stands at its host and port is no other thing. What an app, firmware or
  capture names decides, so there the kind must be the same too. A bucket is the same only by its name, a
  privacy policy only by its page.
- What an app, firmware or capture names is never left out, however much it is; of the rest the first `MOST`.
- `Trail` grows while a look runs; `discover` gives what all evidence together names, in any order the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress

from msgspec import structs

from shelfworthy.discovery.naming import Named, domain, named, policy
from shelfworthy.discovery.owner import Owners, address, hosts
from shelfworthy.model import (
    AnySurface,
    Endpoint,
    Kind,
    Mention,
    Observation,
    PrivacyPolicy,
    Product,
    Record,
    Seen,
)
from shelfworthy.product.address import WrongAddress, literal
from shelfworthy.product.things import SURFACES
from shelfworthy.seen.policy_words import POLICY

SOURCES = frozenset({Kind.APP, Kind.FIRMWARE, Kind.CAPTURE})  # what they name decides
MOST = 1000  # things that do not decide, of one product
MENTIONS = 1000  # of one observation that are read; an app's are read to the end
PLACES = 20  # of one thing that are told
FAR = 100  # steps: what DNS names has been asked about by who found it, and leads nowhere
REFUSED = 200  # mentions that name nothing which are told
FROM_DNS = frozenset({"mail server"})  # roles of what resolvers told, at whatever surface they were asked for


class Sighting(Record, frozen=True):
    """Where something was mentioned. what: as found. role: what the content uses it for."""

    what: str
    role: str
    surface: str
    observation: str
    field: str


class Found(Record, frozen=True):
    """A surface seen on the way. because: why its owner is who it is. decides: an app, firmware or capture
    names it. shared: its host serves many. steps: from what is declared to it. at: where it was seen, the
    first of so many times. told: one of these places, in words.
    """

    surface: AnySurface
    host: str
    port: int
    because: str
    decides: bool
    shared: bool
    steps: int
    at: tuple[Sighting, ...]
    times: int
    told: str

    @property
    def only_in_dns(self) -> bool:
        """Whether nothing but the DNS of other names leads to it."""
        return self.steps >= FAR


class Nothing(Record, frozen=True):
    """A mention that names nothing which can be looked at. why: in words."""

    why: str
    at: Sighting


class Discovered(Record, frozen=True):
    """All that was seen on the way. left_out: how many more things or mentions there were."""

    found: tuple[Found, ...]
    nothing: tuple[Nothing, ...]
    left_out: int


class Trail:
    """What the observations added so far name."""

    def __init__(self, product: Product) -> None:
        self._owners = Owners(product)
        self._kinds = {surface.id: surface.kind for surface in product.surface}
        self._steps = {surface.id: 0 for surface in product.surface}
        self._places: defaultdict[tuple[str, int], set[Kind]] = defaultdict(set)
        self._buckets: set[str] = set()
        for surface in product.surface:
            for place in places(surface):
                self._places[place].add(surface.kind)
            if surface.kind is Kind.BUCKET:
                with suppress(WrongAddress):
                    self._buckets.update(one.where for one in named(surface.where))
        self._policies = set(pages(product.surface))
        self._found: dict[str, Found] = {}
        self._nothing: dict[tuple[str, str], Nothing] = {}
        self._beside = 0
        self._left_out = 0

    def __getitem__(self, id: str) -> Found:
        return self._found[id]

    def add(self, observation: Observation[Seen]) -> tuple[str, ...]:
        """Read what an observation names; the ids of the surfaces, known ones included."""
        decides = self._kinds.get(observation.surface) in SOURCES
        mentions = observation.seen.mentions()
        read = mentions if decides else mentions[:MENTIONS]
        self._left_out += len(mentions) - len(read)
        ids = dict.fromkeys(id for mention in read for id in self._read(mention, observation, decides))
        return tuple(ids)

    def result(self) -> Discovered:
        """All of it, in one order."""
        return Discovered(
            found=tuple(self._found[id] for id in sorted(self._found)),
            nothing=tuple(self._nothing[key] for key in sorted(self._nothing)),
            left_out=self._left_out,
        )

    def _read(self, mention: Mention, observation: Observation[Seen], decides: bool) -> Iterator[str]:
        at = Sighting(
            what=mention.what,
            role=mention.role,
            surface=observation.surface,
            observation=observation.id,
            field=mention.field,
        )
        try:
            things = named(mention.what)
        except WrongAddress as wrong:
            self._refuse(wrong.found, at)
            return
        if mention.role == POLICY:
            try:
                things = (*things, policy(mention.what))
            except WrongAddress as wrong:
                self._refuse(wrong.found, at)
        told = f"{mention.place or mention.field} (the {self._kinds.get(at.surface, '')} {at.surface})"
        dns = self._kinds.get(observation.surface) is Kind.DOMAIN or mention.role in FROM_DNS
        for thing in (*things, *(dict.fromkeys(relied_on(things)) if decides else ())):
            if not self._declared(thing, decides) and self._note(thing, at, decides, told, dns=dns):
                yield thing.id

    def _declared(self, thing: Named, decides: bool) -> bool:
        if thing.kind is Kind.BUCKET:
            return thing.where in self._buckets
        if thing.kind is Kind.POLICY:
            return thing.where in self._policies
        kinds = self._places.get((thing.host, thing.port), set())
        return thing.kind in kinds if decides else bool(kinds)

    def _note(self, thing: Named, at: Sighting, decides: bool, told: str, *, dns: bool) -> bool:
        """Write down where a thing was seen; False if there are too many. told: that, in words."""
        steps = self._steps.get(at.surface, 0) + (FAR if dns else 1)
        known = self._found.get(thing.id)
        if known is None:
            if not decides and self._beside >= MOST:
                self._left_out += 1
                return False
            owner, because = self._owners.of(thing.host, shared=thing.shared)
            surface = SURFACES[thing.kind](id=thing.id, where=thing.where, owner=owner)
            known = Found(
                surface=surface,
                host=thing.host,
                port=thing.port,
                because=because,
                decides=decides,
                shared=thing.shared,
                steps=steps,
                at=(),
                times=0,
                told=told,
            )
            self._beside += not decides
        self._found[thing.id] = structs.replace(
            known,
            decides=known.decides or decides,
            steps=min(known.steps, steps),
            at=(*known.at, at) if len(known.at) < PLACES else known.at,
            times=known.times + 1,
            told=min(known.told, told),  # the same one, in whatever order they came
        )
        self._kinds[thing.id] = thing.kind
        self._steps[thing.id] = self._found[thing.id].steps
        return True

    def _refuse(self, why: str, at: Sighting) -> None:
        key = (at.what, at.surface)
        if key in self._nothing or len(self._nothing) < REFUSED:
            self._nothing.setdefault(key, Nothing(why=why, at=at))
        else:
            self._left_out += 1


def discover(product: Product, observations: Iterable[Observation[Seen]]) -> Discovered:
    """What the evidence names, beginning with what was seen of declared surfaces. Pure; no order matters."""
    at: defaultdict[str, list[Observation[Seen]]] = defaultdict(list)
    for observation in observations:
        at[observation.surface].append(observation)
    trail = Trail(product)
    todo = sorted(surface.id for surface in product.surface)
    done = set(todo)
    while todo:
        named_here: set[str] = set()
        for surface in todo:
            for observation in sorted(at[surface], key=lambda one: one.id):
                named_here.update(trail.add(observation))
        todo = sorted(named_here - done)
        done |= named_here
    return trail.result()


def relied_on(things: tuple[Named, ...]) -> Iterator[Named]:
    """The names an app, firmware or capture relies on, which must be somebody's whatever answers there."""
    for thing in things:
        if thing.kind is not Kind.DOMAIN and literal(thing.host) is None and "." in thing.host:
            yield domain(thing.host)


def pages(surfaces: Iterable[AnySurface]) -> Iterator[str]:
    """The pages of declared policies, each in the form of a `where`: the policy, and all beside it."""
    for one in surfaces:
        if isinstance(one, PrivacyPolicy):
            for text in (one.where.removeprefix(one.PREFIX), one.start, one.terms, one.children, one.cookies):
                with suppress(WrongAddress):
                    yield policy(text).where


def places(surface: AnySurface) -> Iterator[tuple[str, int]]:
    """Hosts and ports of a declared surface: its address, its name, where it answers in cleartext."""
    port = address(surface).port
    ports = {port}
    if isinstance(surface, Endpoint):
        ports.add(surface.plain_port or (80 if port == 443 else port))
    yield from ((host, one) for host in hosts(surface) for one in ports)
