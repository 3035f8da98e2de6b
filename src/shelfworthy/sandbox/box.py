"""The parent's side: start a child for one file, hear what it says, believe none of it unread, end it."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Union

import msgspec

from shelfworthy.model import Cause, NotSeen, Record, Seen
from shelfworthy.sandbox.limits import MIB, Limits
from shelfworthy.sandbox.words import AnyFrame, Began, Ended, Saw, Task

# The parent's own path, so that the child imports what the parent would; no `site`, no environment.
START = (
    "import sys; sys.path[:] = sys.argv[1].split('\\n'); "
    "from shelfworthy.sandbox.child import main; main(sys.argv[2])"
)
FRAME = msgspec.json.Decoder(AnyFrame)
CHUNK = 1 << 16
LONGEST_WORDS = 20_000  # characters; a hundred mistakes, one a line


class Heard(Record, frozen=True):
    """What a child said. held: what confined it, in words. trouble: why it saw less than all; None: whole."""

    seen: tuple[Seen, ...]
    held: str
    trouble: NotSeen | None


async def look_into(
    read: str,
    name: str,
    file: Path,
    sees: tuple[type[Seen], ...],
    limits: Limits,
    *,
    told: tuple[str, ...] = (),
    patience: float,
) -> Heard:
    """Run a reader on a file in a child of its own.

    read: `module:function`. name: what messages call the file. sees: the types it may see. told: what else
    the reader is given. patience: seconds after which the audit's own time is over, if that comes before the
    child counts as hanging.
    """
    task = msgspec.json.encode(Task(read, name, limits, told)).decode()
    with file.open("rb") as opened:
        child = await asyncio.create_subprocess_exec(  # noqa: TID251 - this is the sandbox
            *(sys.executable, "-I", "-S", "-c", START, "\n".join(import_path()), task),
            stdin=opened,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
    try:
        async with asyncio.timeout(min(limits.time, patience)):
            said = await heard(child, limits.output)
            code = await child.wait()
    except TimeoutError:
        if patience < limits.time:
            return silent("", NotSeen(Cause.NOBODY_LOOKED, "The time budget of the audit was used up."))
        words = f"Reading {name} took more than {limits.time:g} s and was ended."
        return silent("", NotSeen(Cause.NOT_UNDERSTOOD, words))
    finally:
        await ended(child)
    return weighed(said, code, name, sees, limits)


def import_path() -> Iterator[str]:
    """Where this process finds its modules, as absolute paths."""
    yield from dict.fromkeys(str(Path(place).absolute()) for place in sys.path)


async def heard(child: asyncio.subprocess.Process, most: int) -> bytes:
    """All the child says; once that is more than it may, the child is ended, and the rest is not kept."""
    assert child.stdout is not None
    said = bytearray()
    while chunk := await child.stdout.read(CHUNK):
        if len(said) <= most:
            said += chunk
        else:
            kill(child)
    return bytes(said)


async def ended(child: asyncio.subprocess.Process) -> None:
    """The child has ended, of itself or because we end it; nothing of it is left."""
    assert child.stdout is not None
    kill(child)
    while await child.stdout.read(CHUNK):
        pass  # what was on its way
    await child.wait()


def kill(child: asyncio.subprocess.Process) -> None:
    """End the child and all it may have started, which is its whole session."""
    if child.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def weighed(said: bytes, code: int, name: str, sees: tuple[type[Seen], ...], limits: Limits) -> Heard:
    """What of it counts: nothing before the first frame or after the last, no type it may not see."""
    if len(said) > limits.output:
        words = f"What was seen in {name} is more than {limits.output / MIB:g} MiB; the child was ended."
        return silent("", NotSeen(Cause.NOT_UNDERSTOOD, words))
    decoder = msgspec.json.Decoder(Union[sees])  # noqa: UP007 - types that are known only now
    held, seen = "", []
    last: Ended | None = None
    for number, line in enumerate(said.split(b"\n")[:-1]):
        try:
            match FRAME.decode(line):
                case Began(held=by) if number == 0:
                    held = ", ".join(by)
                case Saw(seen=raw) if number > 0 and last is None:
                    seen.append(decoder.decode(raw))
                case Ended() as frame if number > 0 and last is None:
                    last = frame
                case _:
                    raise msgspec.ValidationError
        except msgspec.DecodeError:
            words = f"The child that read {name} said something it cannot have seen; none of it is believed."
            return silent(held, NotSeen(Cause.OUR_FAULT, words))
    return Heard(seen=tuple(seen), held=held, trouble=trouble(last, code, name, limits))


def silent(held: str, why: NotSeen) -> Heard:
    return Heard(seen=(), held=held, trouble=why)


def trouble(last: Ended | None, code: int, name: str, limits: Limits) -> NotSeen | None:
    """Why the file was not read to its end, in words; None if it was."""
    if last is None:
        return died(code, name, limits)
    match last.how:
        case "whole":
            return None
        case "stopped":
            return NotSeen(last.cause or Cause.NOT_UNDERSTOOD, last.words[:LONGEST_WORDS])
        case "too big":
            words = f"Reading {name} took more than {limits.memory // MIB} MiB of memory."
            return NotSeen(Cause.NOT_UNDERSTOOD, words)
        case "forbidden":
            words = f"Reading {name} went beyond reading ({last.words[:80]}); it was stopped."
            return NotSeen(Cause.OUR_FAULT, words)
    return NotSeen(Cause.OUR_FAULT, f"The reader of {name} crashed: {last.words[:200]}.")


def died(code: int, name: str, limits: Limits) -> NotSeen:
    """Why a child ended without a word."""
    if code == -signal.SIGXCPU:
        words = f"Reading {name} took more than {limits.computing} s of computing."
        return NotSeen(Cause.NOT_UNDERSTOOD, words)
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return NotSeen(Cause.OUR_FAULT, f"The child that read {name} died ({how}) before it came to an end.")
