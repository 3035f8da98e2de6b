"""One look: one probe at one surface, or one reader at one file, and what it leaves on record.

However it goes, a closing record (`Looked`) says which observations there are and whether all went to its
end; what was not seen is a gap with its cause.
"""

import importlib.metadata
import platform
from collections.abc import Callable, Mapping
from functools import cache

from shelfworthy.audit.clock import now
from shelfworthy.model import AnySurface, Gap, Looked, NotSeen, Observation, Record, Seen
from shelfworthy.probes import Probe
from shelfworthy.readers import Reader
from shelfworthy.record import Recorder, sealed


class Step(Record, frozen=True):
    """Progress: one look that began or ended, or that asks a person to do something.

    probe: or reader. gap: why it saw less than it wanted. ask: what is asked; then it goes on.
    """

    surface: str
    probe: str
    ended: bool
    gap: str = ""
    ask: str = ""


Tell = Callable[[Step], None]
Saw = Callable[[Observation[Seen]], None]
Trouble = NotSeen | None
Way = Probe | Reader


def fits(way: Way, surface: AnySurface) -> bool:
    """Whether a probe or a reader is for a surface."""
    return way.is_for(surface)


class OneLook:
    """What looking and reading have in common. way: the probe or reader. saw: told of each observation."""

    def __init__(
        self, surface: AnySurface, way: Way, recorder: Recorder, observer: str, tell: Tell, saw: Saw
    ) -> None:
        self.surface = surface
        self.way = way
        self.recorder = recorder
        self.observer = observer
        self.tell = tell
        self.saw = saw
        self.seen: list[Observation[Seen]] = []

    async def run(self, ends: float) -> None:
        """Look, and leave the closing record whatever happens.

        ends: when the audit's time is over, on the loop's clock.
        """
        began = now()
        self.tell(Step(surface=self.surface.id, probe=self.way.by, ended=False))
        trouble, attachments = await self.tried(ends)
        words = ""
        if trouble is not None:
            words = trouble.words
            self.recorder.gap(self._gap(trouble))
        self.recorder.looked(
            sealed(
                Looked(
                    id="",
                    surface=self.surface.id,
                    unit=self.surface.unit,
                    observer=self.observer,
                    began=began,
                    ended=now(),
                    by=self.way.by,
                    sees=self._tags(),
                    observations=tuple(observation.id for observation in self.seen),
                    attachments=attachments,
                    complete=trouble is None,
                )
            )
        )
        self.tell(Step(surface=self.surface.id, probe=self.way.by, ended=True, gap=words))

    async def tried(self, ends: float) -> tuple[Trouble, tuple[str, ...]]:
        """What went wrong, if anything, and the attachments that are left."""
        raise NotImplementedError

    def keep(self, seen: Seen, tools: Mapping[str, str]) -> None:
        """Put what was seen on disk. tools: versions of what decided it."""
        observation = sealed(
            Observation[Seen](
                id="",
                surface=self.surface.id,
                unit=self.surface.unit,
                observer=self.observer,
                at=now(),
                by=self.way.by,
                tools={"python": platform.python_version(), **tools},
                seen=seen,
            )
        )
        self.recorder.observation(observation)
        self.seen.append(observation)
        self.saw(observation)

    def versions(self) -> dict[str, str]:
        """Versions of the distributions that decide what this way of looking sees."""
        return {name: version for name in self.way.tools if (version := installed(name)) is not None}

    def lacking(self) -> tuple[str, ...]:
        """Distributions it needs that are not installed."""
        return tuple(name for name in self.way.tools if installed(name) is None)

    def _gap(self, trouble: NotSeen) -> Gap:
        got = {observation.seen.tag() for observation in self.seen}
        return sealed(
            Gap(
                id="",
                surface=self.surface.id,
                unit=self.surface.unit,
                observer=self.observer,
                at=now(),
                by=self.way.by,
                cause=trouble.cause,
                words=trouble.words,
                lacks=tuple(tag for tag in self._tags() if tag not in got),
            )
        )

    def _tags(self) -> tuple[str, ...]:
        return tuple(seen.tag() for seen in self.way.sees)


@cache  # to find out takes a millisecond, and each look asks
def installed(name: str) -> str | None:
    """The version of a distribution; None if it is not there."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
