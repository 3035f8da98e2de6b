"""One probe at one surface, through the door."""

import asyncio
import ssl

from shelfworthy.audit.one_look import OneLook, Saw, Step, Tell, Trouble
from shelfworthy.model import AnySurface, Cause, NotSeen, Seen, canonical
from shelfworthy.probes import Probe
from shelfworthy.product.address import parse_where
from shelfworthy.reach import Door, Reach, UsedUp, fuse
from shelfworthy.record import Recorder
from shelfworthy.sandbox.words import crash

GRACE = 5.0  # seconds a probe may take beyond what reach allows before it counts as hanging in us
WORTH_A_SECOND_TRY = frozenset({Cause.UNREACHABLE, Cause.SILENT})


class Probing(OneLook):
    """One probe at one surface. led: what led there; it is kept with the first that is seen there."""

    def __init__(
        self,
        surface: AnySurface,
        probe: Probe,
        door: Door,
        recorder: Recorder,
        observer: str,
        tell: Tell,
        saw: Saw,
        led: Seen | None = None,
    ) -> None:
        super().__init__(surface, probe, recorder, observer, tell, saw)
        self.probe = probe
        self.door = door
        self.led = led

    async def tried(self, ends: float) -> tuple[Trouble, tuple[str, ...]]:
        """Look once, or twice where the other side was away; what went wrong, and the transcripts.

        A second try that our own politeness ended says nothing new: the first one's reason stands.
        """
        async with self.door.street.look(parse_where(self.surface.kind, self.surface.where)):
            first, transcript = await self._try(ends)
            if first is None or self.seen or first.cause not in WORTH_A_SECOND_TRY:
                return first, transcript
            second, another = await self._try(ends)
        return first if isinstance(second, UsedUp) else second, tuple(dict.fromkeys(transcript + another))

    async def _try(self, ends: float) -> tuple[Trouble, tuple[str, ...]]:
        reach = self.door.reach(self.surface, self.probe.times, self._ask, self.probe.patience)
        trouble = await self._once(reach, ends)
        kept = [self.recorder.attachment(tape) for tape in reach.tapes()]
        if reach.contacts:
            kept.insert(0, self.recorder.attachment(canonical(reach.transcript())))
        return trouble, tuple(kept)

    def _ask(self, words: str) -> None:
        self.tell(Step(surface=self.surface.id, probe=self.probe.by, ended=False, ask=words))

    async def _once(self, reach: Reach, ends: float) -> Trouble:
        """Run the probe to its end, or say what stopped it."""
        with fuse.looking() as stopped:
            trouble = await self._observed(reach, ends)
        if stopped:  # also where the probe swallowed it, or a thread of its own was stopped
            words = f"Something of ours wanted past the door during {self.probe.by}: {stopped[0]}."
            return NotSeen(Cause.OUR_FAULT, words)
        return trouble

    async def _observed(self, reach: Reach, ends: float) -> Trouble:
        if missing := self.lacking():
            words = f"Looking at a {self.probe.kind} needs {', '.join(missing)}: "
            return NotSeen(Cause.TOOL_MISSING, words + f"pip install 'shelfworthy[{self.probe.extra}]'.")
        tools = {"openssl": ssl.OPENSSL_VERSION.split()[1], **self.versions()}
        left = ends - asyncio.get_running_loop().time()
        bound = min(left, reach.limits.look + GRACE)
        try:
            async with asyncio.timeout(bound) as time:
                async for seen in self.probe.observe(self.surface, reach):
                    if self.led is not None and type(self.led) in self.probe.sees and not self.seen:
                        self.keep(self.led, tools)
                    self.keep(seen, tools)
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
