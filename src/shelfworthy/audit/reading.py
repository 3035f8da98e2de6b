"""One reader at one file of the product file, in a child without network. Nobody is contacted."""

import asyncio
from pathlib import Path

from shelfworthy.audit.one_look import OneLook, Saw, Tell, Trouble
from shelfworthy.model import AnySurface, Cause, NotSeen
from shelfworthy.reach import fuse
from shelfworthy.readers import Reader
from shelfworthy.record import Recorder, kept_hash
from shelfworthy.sandbox.box import look_into

LONGEST_TOLD = 1 << 16  # bytes of a file beside the one that is read


class Reading(OneLook):
    """One reader at the file a surface is: the one supplied with the evidence."""

    def __init__(
        self,
        surface: AnySurface,
        reader: Reader,
        recorder: Recorder,
        observer: str,
        tell: Tell,
        saw: Saw,
        file: Path | None = None,
    ) -> None:
        """file: the same one, where it lies now, if it did not stay with the evidence."""
        super().__init__(surface, reader, recorder, observer, tell, saw)
        self.reader = reader
        self.file = file

    async def tried(self, ends: float) -> tuple[Trouble, tuple[str, ...]]:
        """Read once: a file says the same every time."""
        return await self._read(ends), ()

    async def _read(self, ends: float) -> Trouble:
        name = self.surface.file
        file = self.file or self.recorder.evidence / "supplied" / name
        if not file.is_file():
            words = f"There is no file {name} beside the product file."
            return NotSeen(Cause.NOT_SUPPLIED, words)
        if kept_hash(file):
            words = (
                f"{name} did not stay with the evidence. Give it again: shelfworthy judge --reread {name}."
            )
            return NotSeen(Cause.NOT_SUPPLIED, words)
        if missing := self.lacking():
            words = f"Reading a file of the kind {self.reader.kind} needs {', '.join(missing)}: "
            return NotSeen(Cause.TOOL_MISSING, words + f"pip install 'shelfworthy[{self.reader.extra}]'.")
        left = ends - asyncio.get_running_loop().time()
        if left <= 0:
            return NotSeen(Cause.NOBODY_LOOKED, "The time budget of the audit was used up.")
        told = tuple(self._told(key) for key in self.reader.asks)
        with fuse.child():
            heard = await look_into(
                self.reader.read, name, file, self.reader.sees, self.reader.limits, told=told, patience=left
            )
        tools = {"sandbox": heard.held, **self.versions()}
        for seen in heard.seen:
            self.keep(seen, tools)
        if not self.reader.keeps_file and (self.seen or heard.trouble is not None):
            self.recorder.leave_out(name)
        if heard.trouble is None and not self.seen:
            return NotSeen(Cause.OUR_FAULT, f"The reader {self.reader.by} ended without a word.")
        return heard.trouble

    def _told(self, key: str) -> str:
        """What the reader asks for: the value of a key, or the content of the file that it names."""
        value = str(getattr(self.surface, key))
        if not value or key not in self.surface.FILES:
            return value
        return (self.recorder.evidence / "supplied" / value).read_bytes()[:LONGEST_TOLD].decode("latin-1")
