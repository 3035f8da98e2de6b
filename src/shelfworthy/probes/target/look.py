"""Send a device firmware that it must not run, and see whether it does; then bring back what it had.

1. Nothing is sent without a recipe, a way to recover, and the very image that it runs.
2. It says twice what it runs; if that is not the same, nothing it says means anything, and nothing is sent.
3. A copy with one byte changed and its check sums put right. 4. Its own image: the control, and the way back.
5. An older image, if there is one and its own was taken. 6. Its own again.
7. Whatever went wrong: its own image, once more; else a person is told what to do.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from hashlib import sha256

from shelfworthy.model import Cause, NotLooked, Target
from shelfworthy.probes.target.device import Device
from shelfworthy.reach import NotSeen, Reach
from shelfworthy.seen.target import Push, TargetSeen
from shelfworthy.tampering import Changed, changed

LARGEST = 64 << 20  # bytes of an image
NOT_KEPT = b"not kept: "  # how what stands in the evidence for an image begins
NO_RECIPE = (
    "Nothing says how firmware is pushed here. Write a [surface.recipe] as docs/update-target.md says."
)
NO_RECOVERY = (
    "Nothing says how this device is brought back if an update breaks it, so nothing was pushed. "
    'If there is a way, write recovery = "…".'
)
NO_IMAGE = (
    "The image that this device runs was not supplied, so it could not be brought back. Write image = …."
)
GONE = "{name} did not stay with the evidence. Look again from the product file, not from the audit."
TALKS = "Asked twice, it named two versions, so what it says shows nothing, and nothing was pushed."
LEFT = (
    "The device did not take its own image back, and may run one that was sent to it. Bring it back: {how}."
)
BROKEN = "The look was stopped, and the device may run an image that was sent to it. To bring it back: {how}."


async def observe(target: Target, reach: Reach) -> AsyncIterator[TargetSeen]:
    recipe = target.recipe
    if recipe is None:
        raise NotSeen(Cause.NOT_SUPPLIED, NO_RECIPE)
    if not target.recovery.strip():
        raise NotSeen(Cause.NEEDS_A_PERSON, NO_RECOVERY)
    if not target.image:
        raise NotSeen(Cause.NOT_SUPPLIED, NO_IMAGE)
    image = whole(reach, target.image)
    older = whole(reach, target.older) if target.older else b""
    device = Device(recipe, reach, target.name)
    runs = await device.meet()
    if await device.meet() != runs:
        raise NotSeen(Cause.CONTRADICTORY, TALKS)
    visit = Visit(device, image, older, runs)
    went = False
    try:
        await visit.go()
        went = True
    finally:  # also when we are stopped: what it had is to run again
        if device.touched and not await visit.restored() and not went:
            raise NotSeen(Cause.NEEDS_A_PERSON, BROKEN.format(how=target.recovery))
    yield visit.seen()
    if device.touched:
        raise NotSeen(Cause.NEEDS_A_PERSON, LEFT.format(how=target.recovery))


def whole(reach: Reach, name: str) -> bytes:
    """A file that is to be sent. Raises NotSeen."""
    content = reach.supplied(name)
    if content.startswith(NOT_KEPT):
        raise NotSeen(Cause.NOT_SUPPLIED, GONE.format(name=name))
    if not 0 < len(content) <= LARGEST:
        words = f"{name} has {len(content)} bytes; images of 1 to {LARGEST} are pushed."
        raise NotSeen(Cause.NOT_UNDERSTOOD, words)
    return content


class Visit:
    """What was sent so far, and what came of it."""

    def __init__(self, device: Device, image: bytes, older: bytes, runs: str) -> None:
        self.device = device
        self.image = image
        self.older_image = older
        self.runs = runs
        self.copy: Changed = changed(image, runs)
        self.changed: Push | NotLooked = NotLooked()
        self.own: Push | NotLooked = NotLooked()
        self.older: Push | NotLooked = NotLooked(Cause.NOBODY_LOOKED if older else Cause.NOT_SUPPLIED)
        self.own_again: Push | NotLooked = NotLooked()

    async def go(self) -> None:
        """Send everything there is to send."""
        self.changed = await self.device.push(self.copy.content, own=False)
        self.own = await self._bring_back()
        if self.older_image and self._took_its_own(self.own) and self.device.in_time():
            self.older = await self.device.push(self.older_image, own=False)
            self.own_again = await self._bring_back()

    async def restored(self) -> bool:
        """Whether the device has its own image; if not, that is sent once more."""
        if self.device.touched:
            with suppress(NotSeen):  # its time is over, too
                await self._bring_back()
        return not self.device.touched

    async def _bring_back(self) -> Push:
        push = await self.device.push(self.image, own=True)
        if push.runs == self.runs and push.answer == "accepted":
            self.device.touched = False
        return push

    def _took_its_own(self, push: Push) -> bool:
        return push.answer == "accepted" and push.runs == self.runs

    def seen(self) -> TargetSeen:
        after = self.older.runs if isinstance(self.older, Push) else ""
        return TargetSeen(
            runs=self.runs,
            sha256=sha256(self.image).hexdigest(),
            length=len(self.image),
            format=self.copy.format,
            sums=self.copy.sums,
            changed_says=self.copy.says,
            changed=self.changed,
            own=self.own,
            older=self.older,
            own_again=self.own_again,
            older_named=bool(after) and after.encode() in self.older_image,
            restored=not self.device.touched,
        )
