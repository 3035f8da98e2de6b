"""Which versions and suites a server accepts: the plan of a whole conversation of hellos.

1. One hello for each version, with the suites servers are met with, weak ones first. SSL 2.0 is left out
   where all that came back was plain HTTP, for that would only wait for the end of our line.
2. Where only `look` is permitted that is all, one hello after the other and the newest versions last: a
   server that hung up on the old ones and accepts a new one after that is not tired of us.
3. From `knock` on all versions are asked at once; and for each version that was not refused as such all
   suites that are left, dealt among a few hellos at once; the one that is accepted is dropped, and the rest
   offered again, until the server refuses.
4. A server that hangs up without a word may be tired of us, or of so many at once. What it hung up on in
   step 3 is asked again, one hello after the other; then what it had accepted first is offered once more.
   Unless it accepts again, nothing that it hung up on counts as refused.
"""

from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from shelfworthy.model import Cause, Level, Record
from shelfworthy.probes.endpoint.hello import MOST_SUITES
from shelfworthy.probes.endpoint.offers import Reply, offer
from shelfworthy.probes.endpoint.plan import NUMBERS, dealt, first, possible
from shelfworthy.reach import Reach, together
from shelfworthy.seen.endpoint import VersionSeen
from shelfworthy.seen.tls_suites import OLD

T = TypeVar("T")
PROTOCOL_VERSION = 70  # alert, RFC 8446, section 6.2: refused whatever the suites
REFUSED = frozenset({"alert", "closed", "other version"})


class Asked(Record, frozen=True):
    """What one version came to. first: the reply to its first hello. hung_up: a reply was to hang up."""

    seen: VersionSeen
    first: Reply
    hung_up: bool


class Drained(Record, frozen=True):
    """What one lot came to. unknown: as in `VersionSeen`. hung_up: the last reply was to hang up."""

    accepted: tuple[int, ...]
    unknown: Cause | None
    hung_up: bool


class Enumeration:
    """All hellos to one server. name: for SNI. deep: step 2 is permitted."""

    def __init__(self, reach: Reach, name: str, *, deep: bool) -> None:
        self._reach = reach
        self._name = name
        self._deep = deep
        self._level = Level.KNOCK if deep else Level.LOOK
        self._alone = not deep  # one hello after the other

    async def run(self) -> tuple[Asked, ...]:
        """Every version, oldest first. Raises NotSeen."""
        oldest, *others = NUMBERS
        first = [version for version in others if self._deep or version in OLD]
        found = await self._each([self._version(version) for version in first])
        if not all(asked.seen.reply == "http" for asked in found):
            found = (await self._version(oldest), *found)
        if not self._deep:
            last = [version for version in others if version not in first]
            return found + await self._each([self._version(version) for version in last])
        if not any(asked.hung_up for asked in found):
            return found
        self._alone = True
        found = await self._each([self._again(asked) for asked in found])
        if await self._still_there(found):
            return found
        return tuple(_doubted(asked) if asked.hung_up else asked for asked in found)

    async def _again(self, asked: Asked) -> Asked:
        """What hung up when we were many, asked alone; what it accepted then it accepts."""
        if not asked.hung_up:
            return asked
        return _both(asked, await self._version(asked.seen.version))

    async def _each(self, parts: Sequence[Coroutine[Any, Any, T]]) -> tuple[T, ...]:
        """The parts at once, or one after the other while we ask alone."""
        if not self._alone:
            return await together(parts)
        found = []
        for at, part in enumerate(parts):
            try:
                found.append(await part)
            except BaseException:
                for rest in parts[at + 1 :]:
                    rest.close()
                raise
        return tuple(found)

    async def _version(self, version: str) -> Asked:
        number = NUMBERS[version]
        suites = first(number)
        reply = await self._patiently(number, suites, chain=True)
        as_such = _refused_as_such(number, reply)
        unknown = None if as_such else _unknown(reply)
        if self._deep and unknown is None and not as_such:
            return await self._drain_all(version, reply)
        if not self._deep and not as_such and len(suites) < len(possible(number)):
            unknown = unknown or Cause.NOT_PERMITTED
        seen = _seen(version, reply, reply.suites, len(suites), unknown)
        return Asked(seen=seen, first=reply, hung_up=reply.reply == "closed")

    async def _drain_all(self, version: str, reply: Reply) -> Asked:
        number = NUMBERS[version]
        left = [suite for suite in possible(number) if suite not in reply.suites]
        lots = await self._each([self._drain(number, lot) for lot in dealt(left)])
        suites = (*reply.suites, *(suite for lot in lots for suite in lot.accepted))
        outcome = Reply(reply="accepted") if suites else reply
        unknown = next((lot.unknown for lot in lots if lot.unknown), None)
        return Asked(
            seen=_seen(version, outcome, suites, len(possible(number)), unknown),
            first=reply,
            hung_up=reply.reply == "closed" or any(lot.hung_up for lot in lots),
        )

    async def _drain(self, version: int, lot: tuple[int, ...]) -> Drained:
        """Offer, drop what is accepted, offer again, until it refuses or nothing is left to refuse."""
        accepted: tuple[int, ...] = ()
        while left := tuple(suite for suite in lot if suite not in accepted):
            reply = await self._patiently(version, left)
            if reply.reply != "accepted":
                return Drained(accepted=accepted, unknown=_unknown(reply), hung_up=reply.reply == "closed")
            accepted += reply.suites
        return Drained(accepted=accepted, unknown=None, hung_up=False)

    async def _patiently(self, version: int, suites: tuple[int, ...], *, chain: bool = False) -> Reply:
        """Silence is asked again, except where it is usual (SSL 2.0) or hellos are counted (`look`).

        So is who hangs up on us when we ask alone.
        """
        again = set() if version == NUMBERS["SSLv2"] else {"silent"}
        again |= {"closed"} if self._alone else set()
        for _ in range(2 if self._deep else 1):
            reply = await offer(self._reach, self._level, self._name, version, suites, chain=chain)
            if reply.reply not in again:
                break
        return reply

    async def _still_there(self, found: tuple[Asked, ...]) -> bool:
        """Whether something it accepted before is accepted again."""
        for asked in reversed(found):
            if asked.seen.suites:
                suites = asked.seen.suites[:MOST_SUITES]
                reply = await self._patiently(NUMBERS[asked.seen.version], suites)
                return reply.reply == "accepted"
        return True  # it never accepted anything, and no check passes on that


def _refused_as_such(number: int, reply: Reply) -> bool:
    if number == NUMBERS["SSLv2"]:  # which lists all it has at once
        return reply.reply in REFUSED | {"accepted"}
    return reply.reply == "other version" or (reply.reply, reply.alert) == ("alert", PROTOCOL_VERSION)


def _unknown(reply: Reply) -> Cause | None:
    """Why a reply leaves open what the server would have said to the suites offered; None if it says it."""
    if reply.reply in {"http", "not understood"}:
        return Cause.NOT_UNDERSTOOD
    return Cause.SILENT if reply.reply == "silent" else None


def _seen(
    version: str, reply: Reply, suites: tuple[int, ...], offered: int, unknown: Cause | None
) -> VersionSeen:
    return VersionSeen(
        version=version,
        reply=reply.reply,
        alert=reply.alert,
        suites=tuple(sorted(suites)),
        offered=offered,
        unknown=unknown,
    )


def _both(first: Asked, again: Asked) -> Asked:
    """The second time counts, with what was accepted the first time."""
    suites = {*first.seen.suites, *again.seen.suites}
    outcome = Reply(reply="accepted") if suites else Reply(reply=again.seen.reply, alert=again.seen.alert)
    seen = _seen(again.seen.version, outcome, tuple(suites), again.seen.offered, again.seen.unknown)
    reply = first.first if first.first.reply == "accepted" else again.first
    return Asked(seen=seen, first=reply, hung_up=again.hung_up)


def _doubted(asked: Asked) -> Asked:
    """It hung up, and would not accept again what it had accepted before: that is no refusal."""
    seen = asked.seen
    reply = Reply(reply="silent" if seen.reply == "closed" else seen.reply, alert=seen.alert)
    doubted = _seen(seen.version, reply, seen.suites, seen.offered, Cause.REFUSED)
    return Asked(seen=doubted, first=asked.first, hung_up=True)
