"""What was said, when, in which direction, how long and with which hash; bytes only where named (law 8)."""

import hashlib
import time

from shelfworthy.model import Record


class Entry(Record, frozen=True):
    """One event. ms: since the look began. event:

    `resolve` a name was asked for; `connected`, `refused`, `unreachable` how a connection attempt ended;
    `tls` a handshake was completed (length and hash of the chain shown), `no tls` it was not; `sent`,
    `received` bytes handed over in either direction; `silent` a wait that ended without a byte; `closed` the
    peer hung up; `not kept` entries beyond the limit, their number in `length`.

    to: `address:port`, radio address, or the name asked for. length in bytes, sha256 of them. kept: the bytes
    themselves, only where `why` says why.
    """

    ms: int
    event: str
    to: str
    length: int = 0
    sha256: str = ""
    kept: bytes = b""
    why: str = ""


class Transcript(Record, frozen=True):
    """All contact of one look, in order."""

    entries: tuple[Entry, ...]


class Recording:
    """A transcript in the making. At most `LIMIT` entries are kept; the last says how many more came."""

    LIMIT = 20_000

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._entries: list[Entry] = []
        self._dropped = 0

    def note(
        self, event: str, to: str, content: bytes = b"", why: str = "", kept: bytes | None = None
    ) -> None:
        """kept: what is kept in place of the content, where `why` says why; its length and hash are noted."""
        if len(self._entries) >= self.LIMIT:
            self._dropped += 1
            return
        self._entries.append(
            Entry(
                ms=self._elapsed(),
                event=event,
                to=to,
                length=len(content),
                sha256=hashlib.sha256(content).hexdigest() if content else "",
                kept=(content if kept is None else kept) if why else b"",
                why=why,
            )
        )

    def count(self, event: str, to: str, number: int) -> None:
        """Note how much there was of something whose hash would say nothing; `length` has the number."""
        if len(self._entries) >= self.LIMIT:
            self._dropped += 1
            return
        self._entries.append(Entry(ms=self._elapsed(), event=event, to=to, length=number))

    def __len__(self) -> int:
        return len(self._entries)

    def close(self) -> Transcript:
        entries = tuple(self._entries)
        if self._dropped:
            entries += (Entry(ms=self._elapsed(), event="not kept", to="", length=self._dropped),)
        return Transcript(entries=entries)

    def _elapsed(self) -> int:
        return round((time.monotonic() - self._began) * 1000)
