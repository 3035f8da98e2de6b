"""Take the bench's adapter for one look: others wait, and the session is recorded."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from importlib import import_module

from shelfworthy.model import Bluetooth, Cause, Level
from shelfworthy.product.adapter import Adapter, parse_adapter
from shelfworthy.reach.line import Meter
from shelfworthy.reach.radio.radio import Radio
from shelfworthy.reach.transcript import Recording
from shelfworthy.reach.words import NotSeen

NONE = (
    'This bench has no Bluetooth adapter. Write into the operator\'s policy: adapter = "usb:0", or add'
    " --adapter usb:0; `shelfworthy adapters` says which ones work."
)
EXTRA = "A Bluetooth adapter needs bumble: pip install 'shelfworthy[bluetooth]'."


@asynccontextmanager
async def taken(
    where: str,
    spec: str,
    lock: asyncio.Lock,
    values: Collection[bytes],
    meter: Meter,
    recording: Recording,
    check: Callable[[Level], None],
    keep: Callable[[bytes], None],
) -> AsyncIterator[Radio]:
    """The bench's adapter, ours until the end of the block. where: an address, or a name.

    values: what the product file says may be written. keep: given the session's recording. Raises NotSeen.
    """
    check(Level.LOOK)
    if not spec:
        raise NotSeen(Cause.TOOL_MISSING, NONE)
    adapter = parse_adapter(spec)
    try:
        # Loading bumble takes a second and more, in which other looks would hear nothing.
        await asyncio.to_thread(import_module, "shelfworthy.reach.radio.session")
        from shelfworthy.reach.radio.quiet import quiet
        from shelfworthy.reach.radio.session import session
    except ImportError as error:
        raise NotSeen(Cause.TOOL_MISSING, EXTRA) from error
    await _ours(lock, adapter, meter)
    try:
        with quiet():
            async with session(where, adapter, values, meter, recording, check, keep) as radio:
                yield radio
    finally:
        lock.release()


async def _ours(lock: asyncio.Lock, adapter: Adapter, meter: Meter) -> None:
    """Wait for our turn. Raises NotSeen when it does not come before the look's time is over."""
    try:
        async with asyncio.timeout(meter.patience(meter.limits.look)):
            await lock.acquire()
    except TimeoutError as error:
        words = f"The adapter {adapter.spec} was in use by other looks all the time."
        raise NotSeen(Cause.NOBODY_LOOKED, words) from error


def profile_values(surface: Bluetooth) -> frozenset[bytes]:
    """Every value that the product file says may be written: those may stay on the recording."""
    acts = [act for one in surface.operation for act in (*one.act, *one.undo)]
    written = [*(act.value for act in acts if act.write), *(one.value for one in surface.harmless)]
    return frozenset(bytes.fromhex(value) for value in written if value)
