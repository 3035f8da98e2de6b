"""Look: every probe at every surface it is for, at once, politely; nothing that goes wrong is lost.

1. One look is one probe at one surface. All run together; the door keeps the pace at each address.
2. What a probe yields is on disk before it goes on.
3. What it could not see (`NotSeen`), what broke in us and what the time did not suffice for becomes a gap.
4. A look that saw nothing because the other side was away or silent is tried once more before it counts.
5. The closing record (`Looked`) says which observations there are and whether the probe came to its end.
"""

import asyncio
import importlib.metadata
import platform
import ssl
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from shelfworthy.audit.clock import now
from shelfworthy.model import AnySurface, Cause, Gap, Looked, Observation, Product, Record, Seen, canonical
from shelfworthy.probes import PROBES, Probe
from shelfworthy.reach import Door, NotSeen, Reach, UsedUp, fuse
from shelfworthy.record import Recorder, sealed

GRACE = 5.0  # seconds a probe may take beyond what reach allows before it counts as hanging in us
WORTH_A_SECOND_TRY = frozenset({Cause.UNREACHABLE, Cause.SILENT})


class Step(Record, frozen=True):
    """Progress: one look that began or ended. gap: why it saw less than it wanted, or ""."""

    surface: str
    probe: str
    ended: bool
    gap: str = ""


Tell = Callable[[Step], None]


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
) -> None:
    """Look at all surfaces of a product.

    budget: seconds for all of it. done: (surface, probe) that need no look any more.
    """
    ends = asyncio.get_running_loop().time() + budget
    async with asyncio.TaskGroup() as group:
        for surface in product.surface:
            able = [probe for probe in probes if probe.kind is surface.kind]
            for probe in able:
                if (surface.id, probe.by) not in done:
                    one = OneLook(surface, probe, door, recorder, observer, tell)
                    group.create_task(one.run(ends))
            if not able:
                recorder.gap(nobody_looked(surface, observer))


class OneLook:
    """One probe at one surface."""

    def __init__(
        self,
        surface: AnySurface,
        probe: Probe,
        door: Door,
        recorder: Recorder,
        observer: str,
        tell: Tell,
    ) -> None:
        self.surface = surface
        self.probe = probe
        self.door = door
        self.recorder = recorder
        self.observer = observer
        self.tell = tell
        self.seen: list[Observation[Seen]] = []

    async def run(self, ends: float) -> None:
        """Look, and leave the closing record whatever happens."""
        began = now()
        self.tell(Step(surface=self.surface.id, probe=self.probe.by, ended=False))
        trouble, transcripts = await self._tried(ends)
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
                    by=self.probe.by,
                    sees=self._tags(),
                    observations=tuple(observation.id for observation in self.seen),
                    attachments=transcripts,
                    complete=trouble is None,
                )
            )
        )
        self.tell(Step(surface=self.surface.id, probe=self.probe.by, ended=True, gap=words))

    async def _tried(self, ends: float) -> tuple[NotSeen | None, tuple[str, ...]]:
        """Look once, or twice where the other side was away; what went wrong, and the transcripts.

        A second try that our own politeness ended says nothing new: the first one's reason stands.
        """
        first, transcript = await self._try(ends)
        if first is None or self.seen or first.cause not in WORTH_A_SECOND_TRY:
            return first, transcript
        second, another = await self._try(ends)
        return first if isinstance(second, UsedUp) else second, tuple(dict.fromkeys(transcript + another))

    async def _try(self, ends: float) -> tuple[NotSeen | None, tuple[str, ...]]:
        reach = self.door.reach(self.surface)
        trouble = await self._once(reach, ends)
        kept = (self.recorder.attachment(canonical(reach.transcript())),) if reach.contacts else ()
        return trouble, kept

    async def _once(self, reach: Reach, ends: float) -> NotSeen | None:
        """Run the probe to its end, or say what stopped it."""
        with fuse.looking() as stopped:
            trouble = await self._observed(reach, ends)
        if stopped:  # also where the probe swallowed it, or a thread of its own was stopped
            words = f"Something of ours wanted past the door during {self.probe.by}: {stopped[0]}."
            return NotSeen(Cause.OUR_FAULT, words)
        return trouble

    async def _observed(self, reach: Reach, ends: float) -> NotSeen | None:
        missing = [name for name in self.probe.tools if not installed(name)]
        if missing:
            words = f"Looking at a {self.probe.kind} needs {', '.join(missing)}: "
            return NotSeen(Cause.TOOL_MISSING, words + f"pip install 'shelfworthy[{self.probe.extra}]'.")
        left = ends - asyncio.get_running_loop().time()
        bound = min(left, reach.limits.look + GRACE)
        try:
            async with asyncio.timeout(bound) as time:
                async for seen in self.probe.observe(self.surface, reach):
                    self._keep(seen)
        except NotSeen as trouble:
            return trouble
        except Exception as fault:  # a crash of ours must not look like a pass, nor end the audit
            if not time.expired():
                return NotSeen(Cause.OUR_FAULT, f"The probe {self.probe.by} crashed: {crash(fault)}.")
            if left <= reach.limits.look + GRACE:
                return NotSeen(Cause.NOBODY_LOOKED, "The time budget of the audit was used up.")
            return NotSeen(Cause.OUR_FAULT, f"The probe {self.probe.by} hung and was ended.")
        if not self.seen:
            return NotSeen(Cause.OUR_FAULT, f"The probe {self.probe.by} ended without a word.")
        return None

    def _keep(self, seen: Seen) -> None:
        observation = sealed(
            Observation[Seen](
                id="",
                surface=self.surface.id,
                unit=self.surface.unit,
                observer=self.observer,
                at=now(),
                by=self.probe.by,
                tools=tools(self.probe),
                seen=seen,
            )
        )
        self.recorder.observation(observation)
        self.seen.append(observation)

    def _gap(self, trouble: NotSeen) -> Gap:
        got = {observation.seen.tag() for observation in self.seen}
        return sealed(
            Gap(
                id="",
                surface=self.surface.id,
                unit=self.surface.unit,
                observer=self.observer,
                at=now(),
                by=self.probe.by,
                cause=trouble.cause,
                words=trouble.words,
                lacks=tuple(tag for tag in self._tags() if tag not in got),
            )
        )

    def _tags(self) -> tuple[str, ...]:
        return tuple(seen.tag() for seen in self.probe.sees)


def nobody_looked(surface: AnySurface, observer: str) -> Gap:
    """The gap of a surface for whose kind there is no probe yet."""
    return sealed(
        Gap(
            id="",
            surface=surface.id,
            unit=surface.unit,
            observer=observer,
            at=now(),
            by="",
            cause=Cause.NOBODY_LOOKED,
            words=f"This version has no probe for the kind {surface.kind}.",
            lacks=(),
        )
    )


def crash(fault: Exception) -> str:
    """What went wrong in us and where; not the exception's own words, which may quote the peer (law 8)."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} in {Path(last.filename).name}, line {last.lineno}"


def installed(name: str) -> bool:
    """Whether a distribution is there."""
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def tools(probe: Probe) -> dict[str, str]:
    """Versions of what decided what was seen."""
    known = {"python": platform.python_version(), "openssl": ssl.OPENSSL_VERSION.split()[1]}
    return known | {name: importlib.metadata.version(name) for name in probe.tools}
