"""Try the operations of a device's profile, as a stranger would: write these bytes, expect that notification.

What comes back of a recording is counted and hashed as it comes, and never kept (law 8).
"""

import hashlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing

from msgspec import structs

from shelfworthy.model import Act, Bluetooth, Cause, Does, NotLooked, Operation
from shelfworthy.reach import Answered, Link, Reach, Table
from shelfworthy.seen.bluetooth import Attribute, Came, Collected, OperationSeen, Run

QUIET = 0.25  # seconds without a notification after which a recording whose end is not told has ended
LARGEST = 64 << 10  # bytes of a recording that are taken
DEAF = frozenset({"refused", "closed", "error"})  # how a subscription ends that was not taken
MOST_WAITING = 5000  # notifications that can wait to be taken


class Profile:
    """The operations of one surface against the attributes the device has."""

    def __init__(self, surface: Bluetooth, table: Table, reach: Reach) -> None:
        self.operations = in_order(surface.operation)
        self._named = {operation.id: operation for operation in surface.operation}
        self._person = surface.person
        self._reach = reach
        self._by_uuid: dict[str, Attribute] = {}
        for attribute in table.attributes:
            self._by_uuid.setdefault(attribute.uuid, attribute)

    async def tried(self, link: Link, *, paired: bool) -> dict[str, list[Run]]:
        """Every operation once, those with a key twice: first with a wrong one. By the operation's id."""
        runs: dict[str, list[Run]] = {operation.id: [] for operation in self.operations}
        for operation in self.operations:
            if any(act.key for act in operation.act):
                runs[operation.id].append(await self.run(link, operation, paired=paired, wrong_key=True))
            runs[operation.id].append(await self.run(link, operation, paired=paired))
        return runs

    async def run(self, link: Link, operation: Operation, *, paired: bool, wrong_key: bool = False) -> Run:
        """One operation, with what must come before it, and what puts the device back."""
        if operation.does is Does.RECORD and not self._person:  # who is recorded has to know
            return Run(paired=paired, wrong_key=wrong_key, came="not tried", why=Cause.NEEDS_A_PERSON)
        before = self._named.get(operation.after)
        if before is not None:  # however that goes: a stranger would try the rest all the same
            await self.run(link, before, paired=paired)
        going = Going(link, operation, self._by_uuid, self._reach, wrong_key=wrong_key)
        ended = await going.through()
        left = sum([await going.undone(act) for act in operation.undo])
        return structs.replace(ended, paired=paired, left=left)


class Going:
    """One operation under way."""

    def __init__(
        self,
        link: Link,
        operation: Operation,
        by_uuid: Mapping[str, Attribute],
        reach: Reach,
        *,
        wrong_key: bool,
    ) -> None:
        self._link = link
        self._operation = operation
        self._by_uuid = by_uuid
        self._reach = reach
        self._wrong_key = wrong_key
        self._effects = 0
        self._unheard: dict[int, Answered] = {}  # subscriptions that were not taken, by handle
        self._collected: Collected | NotLooked = NotLooked()

    async def through(self) -> Run:
        """Act by act, until one is not taken.

        A subscription that is refused leaves us deaf, and refuses nothing that is written: what is not heard
        shows no effect. Where nothing else is in the operation, it is refused itself.
        """
        more = 0
        for act in self._operation.act:
            attribute = self._attribute(act)
            answer = await self._acted(act, attribute)
            handle = attribute.handle if attribute else 0
            if act.subscribe and answer.came in DEAF:
                self._unheard[handle] = answer
            elif answer.came != "done":
                return self._run(answer.came, answer.code, handle, answer.why)
            else:
                more += bool(attribute)
        if self._unheard and not more:
            handle, answer = next(iter(self._unheard.items()))
            return self._run(answer.came, answer.code, handle)
        return self._run("done" if self._effects else "accepted")

    async def undone(self, act: Act) -> bool:
        """Take an act that puts the device back; whether it was not taken."""
        return (await self._acted(act, self._attribute(act))).came not in ("done", "accepted")

    def _attribute(self, act: Act) -> Attribute | None:
        return self._by_uuid.get(named(act))

    async def _acted(self, act: Act, attribute: Attribute | None) -> Answered:
        if attribute is None and named(act):
            return Answered(came="not tried", why=Cause.NOT_UNDERSTOOD)  # this device has no such thing
        if attribute is None:
            await self._reach.wait(act.wait_ms / 1000)
            return Answered(came="done")
        if act.subscribe:
            return await self._link.subscribe(attribute)
        if act.read:
            answer = await self._link.read(attribute.handle)
            self._effects += answer.came == "done"
            return answer
        value = bytes.fromhex(act.value)
        if act.key and self._wrong_key:
            value = value[:-1] + bytes([value[-1] ^ 1])
        await self._emptied(act.on)
        await self._emptied(act.collect)
        answer = await self._link.write(attribute.handle, value, answerless=act.answerless)
        if answer.came != "done":
            return answer
        if act.collect:
            await self._gathered(act)
        elif act.expect:
            return await self._expected(act)
        return answer

    async def _expected(self, act: Act) -> Answered:
        """Wait for the notification that shows the effect, or for the device's own no."""
        refusing = self._by_uuid.get(self._operation.refused_on.lower())
        refused = bytes.fromhex(self._operation.refused)
        awaited = self._by_uuid.get(act.on.lower())
        if awaited is None:
            return Answered(came="not tried", why=Cause.NOT_UNDERSTOOD)
        if awaited.handle in self._unheard:
            return Answered(came="done")  # it was written; what came of it nobody heard
        says_no = refused and refusing is not None and refusing.handle == awaited.handle
        expected = bytes.fromhex(act.expect)
        left = act.within_ms / 1000
        async for _, value in self._coming((awaited.handle,), left):
            if says_no and value.startswith(refused):
                return Answered(came="refused")
            if value.startswith(expected):
                self._effects += 1
                return Answered(came="done")
        return Answered(came="accepted")

    async def _coming(self, handles: tuple[int, ...], seconds: float) -> AsyncGenerator[tuple[int, bytes]]:
        """What is notified on these handles in so many seconds; what waits on the first comes first."""
        ends = self._reach.seconds_left - seconds
        while (left := self._reach.seconds_left - ends) > 0:
            came = await self._link.first(handles, left)
            if came is None:
                return
            yield came

    async def _emptied(self, uuid: str) -> None:
        """Take what was notified before: it shows nothing of what comes now."""
        attribute = self._by_uuid.get(uuid.lower())
        for _ in range(MOST_WAITING if attribute else 0):
            if attribute is None or await self._link.next(attribute.handle, 0) is None:
                return

    async def _gathered(self, act: Act) -> None:
        """Count and hash what is notified, until it stops, or the device says that this was all."""
        attribute = self._by_uuid.get(act.collect.lower())
        if attribute is None:
            return
        length, head, digest = 0, b"", hashlib.sha256()
        patience = act.within_ms / 1000
        while length < LARGEST:
            value = self._link.waiting(attribute.handle)
            if value is None:
                value = await self._sound(act, attribute.handle, patience, begun=length > 0)
            if value is None:
                break
            length += len(value)
            head += value[: max(0, self._operation.header - len(head))]
            digest.update(value)
            patience = QUIET
        if length:
            sound = max(0, length - self._operation.header)
            seconds = round(sound / self._operation.rate, 2) if self._operation.rate else 0.0
            self._collected = Collected(length, head, digest.hexdigest(), seconds)
            self._effects += length > self._operation.header

    async def _sound(self, act: Act, handle: int, seconds: float, *, begun: bool) -> bytes | None:
        """The next piece of a recording; None where none came in time, or its end was told.

        An end that is told before anything came is none: whoever speaks later is waited for all the same.
        """
        told = self._by_uuid.get(act.on.lower())
        end = told.handle if told else handle
        async with aclosing(self._coming((handle, end), seconds)) as coming:
            async for at, value in coming:
                if at == handle:
                    return value
                if begun and value.startswith(bytes.fromhex(act.expect)):
                    return None
        return None

    def _run(self, came: Came, code: int = 0, handle: int = 0, why: Cause | None = None) -> Run:
        return Run(
            paired=False,
            wrong_key=self._wrong_key,
            came=came,
            code=code,
            handle=handle,
            collected=self._collected,
            why=why,
        )


def named(act: Act) -> str:
    """The UUID of what an act is done to; "" for one that waits."""
    return (act.write or act.subscribe or act.read).lower()


def in_order(operations: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """Those that need nothing first; then what lets an app in, and last what is only possible after it."""
    return tuple(sorted(operations, key=lambda one: (bool(one.after), one.does is Does.UNLOCK)))


def as_seen(
    operations: tuple[Operation, ...], runs: Sequence[Mapping[str, list[Run]]]
) -> tuple[OperationSeen, ...]:
    """The operations with all their runs, in the order of the product file."""
    return tuple(
        OperationSeen(one.id, one.does, one.says, tuple(run for each in runs for run in each.get(one.id, ())))
        for one in operations
    )
