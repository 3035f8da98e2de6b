"""Look: every probe at every surface it is for and every reader at every file, at once, politely; nothing
that goes wrong is lost.

1. One look is one probe at one surface, or one reader at one file. All run together; the door keeps the pace
   at each address.
2. What a probe yields is on disk before it goes on.
3. What it could not see (`NotSeen`), what broke in us and what the time did not suffice for becomes a gap.
4. A look that saw nothing because the other side was away or silent is tried once more before it counts.
5. What observations name and nobody declared is looked at too, where that is permitted (`following`).
6. The closing record (`Looked`) says which observations there are and whether the look came to its end.
"""

import asyncio
from collections.abc import Iterator, Sequence

from shelfworthy.audit.clock import now
from shelfworthy.audit.following import Following
from shelfworthy.audit.one_look import OneLook, Tell, Way, fits
from shelfworthy.audit.probing import Probing
from shelfworthy.audit.reading import Reading
from shelfworthy.model import AnySurface, Cause, Gap, NotSeen, Observation, Product, Seen
from shelfworthy.probes import PROBES, Probe
from shelfworthy.reach import Door
from shelfworthy.readers import READERS, Reader
from shelfworthy.record import Recorder, earlier, sealed
from shelfworthy.sandbox.words import crash


async def look(
    product: Product,
    door: Door,
    recorder: Recorder,
    observer: str,
    *,
    budget: float,
    tell: Tell,
    done: frozenset[tuple[str, str]] = frozenset(),
    probes: Sequence[Probe] = PROBES,
    readers: Sequence[Reader] = READERS,
) -> None:
    """Look at all surfaces of a product, and at those seen on the way that may be looked at.

    budget: seconds for all of it. done: (surface, probe or reader) that need no look any more. What an
    earlier run left in the recorder's folder leads on from where it was.
    """
    ends = asyncio.get_running_loop().time() + budget
    able: tuple[Way, ...] = (*probes, *readers)
    before = earlier(recorder.folder)

    def begin(surface: AnySurface, led: Seen | None = None) -> None:
        for _, way in ways((surface,), done, able):
            one: OneLook
            if isinstance(way, Probe):
                one = Probing(surface, way, door, recorder, observer, tell, saw, led)
            else:
                one = Reading(surface, way, recorder, observer, tell, saw)
            group.create_task(one.run(ends))

    def saw(observation: Observation[Seen]) -> None:
        try:
            following.saw(observation)
        except Exception as fault:  # a crash of ours must not end the audit
            words = f"What observation {observation.id} mentions could not be followed: {crash(fault)}."
            recorder.gap(not_looked(observation, NotSeen(Cause.OUR_FAULT, words), observer))

    following = Following(product, door.scope, able, begin)
    try:
        async with asyncio.TaskGroup() as group:
            for surface in product.surface:
                begin(surface)
                if not any(fits(way, surface) for way in able):
                    words = f"This version has no probe for the kind {surface.kind}."
                    recorder.gap(not_looked(surface, NotSeen(Cause.NOBODY_LOOKED, words), observer))
            for observation in before:
                saw(observation)
    finally:
        leave_out(product, recorder)
    for surface, why in following.left():
        recorder.gap(not_looked(surface, why, observer))


def leave_out(product: Product, recorder: Recorder) -> None:
    """Keep of the files that were sent to a device only their lengths and hashes.

    When all is done: another look may read the same file.
    """
    for surface in product.surface:
        for key in surface.NOT_KEPT:
            name = str(getattr(surface, key))
            if name and (recorder.evidence / "supplied" / name).is_file():
                recorder.leave_out(name)


def ways(
    surfaces: Sequence[AnySurface],
    done: frozenset[tuple[str, str]],
    able: Sequence[Way] = (*PROBES, *READERS),
) -> Iterator[tuple[AnySurface, Way]]:
    """Every surface with each probe or reader for it. done: (surface, way) that need no look any more."""
    for surface in surfaces:
        for way in able:
            if fits(way, surface) and (surface.id, way.by) not in done:
                yield surface, way


def not_looked(at: AnySurface | Observation[Seen], why: NotSeen, observer: str) -> Gap:
    """The gap of what no probe and no reader was sent to: a surface, or what an observation leads to."""
    return sealed(
        Gap(
            id="",
            surface=at.surface if isinstance(at, Observation) else at.id,
            unit=at.unit,
            observer=observer,
            at=now(),
            by="",
            cause=why.cause,
            words=why.words,
            lacks=(),
        )
    )
