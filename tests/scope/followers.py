"""Probes that try to follow whatever they are told, so that only the door can hold them back."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from shelfworthy.model import AnySurface, Kind, Level, Seen
from shelfworthy.probes import Probe
from shelfworthy.reach import NotSeen, Reach, leads_to, request


class Followed(Seen, frozen=True, tag="followed/1"):
    """Which of the places that were named answered."""

    answered: tuple[str, ...]


async def follow(surface: AnySurface, reach: Reach) -> AsyncIterator[Followed]:
    """Ask the surface, then every place it names: in any header, and line by line in its page."""
    reply = await request(reach, reach.address, level=Level.LOOK)
    named = [value for _, value in reply.headers] + reply.body.decode().splitlines()
    answered = []
    failure: NotSeen | None = None
    for reference in named:
        try:
            await request(reach, leads_to(reach.address, reference), level=Level.LOOK)
            answered.append(reference)
        except NotSeen as error:  # a real probe would not catch it; this one wants to go everywhere
            failure = error
    yield Followed(answered=tuple(answered))
    if failure is not None:
        raise failure


def probe(observe: Callable[[Any, Reach], AsyncIterator[Seen]], kind: Kind = Kind.ENDPOINT) -> Probe:
    return Probe(name="follower", version=1, kind=kind, level=Level.LOOK, sees=(Followed,), observe=observe)


FOLLOWER = probe(follow)
