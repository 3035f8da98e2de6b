"""Where our device is: who bears its name, and at which address now.

A name counts only while exactly one device bears it. One whose address changes was heard at the old one
before, and not any more since it is heard at the new one; two devices are heard in turns.
"""

from shelfworthy.model import Cause, Record
from shelfworthy.reach.words import NotSeen
from shelfworthy.seen.advertising import bears, read_advert

QUIET = 0.3  # seconds an address must have been silent to count as left, and at least three of its intervals
MOST = 4096  # devices told apart; more are in range than any place where a product is audited has


class At(Record, frozen=True):
    """One address our device was heard at. first, last: on the clock; gap: the longest between two."""

    address: str
    random: bool
    first: float
    last: float
    gap: float = 0.0
    heard: int = 1


class Bearers:
    """Of all that is heard, what is ours. where: a radio address in capitals, or a name."""

    def __init__(self, where: str, *, by_name: bool) -> None:
        self.where = where
        self._by_name = by_name
        self._known: dict[tuple[str, bool], At] = {}
        self.others: set[str] = set()  # addresses, which are not kept longer than the session

    def is_ours(self, address: str, data: bytes) -> bool:
        """Whether an advertisement is of our device."""
        if not self._by_name:
            return address == self.where
        name = read_advert(data).name
        return bears(name, self.where) if name else any(address == known for known, _ in self._known)

    def hear(self, address: str, data: bytes, *, random: bool, now: float) -> bool:
        """Take note of an advertisement; whether it is ours."""
        if not self.is_ours(address, data):
            if len(self.others) < MOST:
                self.others.add(address)
            return False
        before = self._known.get((address, random))
        if before is None:
            if len(self._known) < MOST:
                self._known[address, random] = At(address=address, random=random, first=now, last=now)
            return True
        self._known[address, random] = At(
            address=address,
            random=random,
            first=before.first,
            last=now,
            gap=max(before.gap, now - before.last),
            heard=before.heard + 1,
        )
        return True

    @property
    def places(self) -> tuple[At, ...]:
        """All addresses it was heard at, in the order of the last time."""
        return tuple(sorted(self._known.values(), key=lambda at: at.last))

    def now(self) -> At | None:
        """Where it is, None if it was not heard. Raises NotSeen if more than one device bears its name."""
        places = self.places
        if self._by_name and any(not _left(before, after) for before in places for after in places):
            words = (
                f'More than one device in range is called "{self.where}": which one is meant cannot be told.'
                ' Name it by its address: where = "bluetooth:C4:7C:8D:00:00:01", and permit that.'
            )
            raise NotSeen(Cause.CONTRADICTORY, words)
        return places[-1] if places else None


def _left(one: At, other: At) -> bool:
    """Whether two addresses may be one device's: it used one after the other, and neither is for good."""
    if one.address == other.address and one.random == other.random:
        return True
    before, after = sorted((one, other), key=lambda at: at.first)
    changes = (
        before.random and after.random and all(int(at.address[:2], 16) >> 6 != 3 for at in (before, after))
    )
    return changes and before.last < after.first and after.last - before.last > max(QUIET, 3 * before.gap)
