"""One session at the adapter: open, on tape, and the tape handed over whatever happens."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager

from shelfworthy.model import Level
from shelfworthy.product.adapter import Adapter
from shelfworthy.product.address import is_radio_address
from shelfworthy.reach.line import Meter
from shelfworthy.reach.radio.air import Air
from shelfworthy.reach.radio.bearers import Bearers
from shelfworthy.reach.radio.opening import opened
from shelfworthy.reach.radio.radio import Radio
from shelfworthy.reach.radio.tape import Tape
from shelfworthy.reach.transcript import Recording


@asynccontextmanager
async def session(
    where: str,
    adapter: Adapter,
    values: Collection[bytes],
    meter: Meter,
    recording: Recording,
    check: Callable[[Level], None],
    keep: Callable[[bytes], None],
) -> AsyncIterator[Radio]:
    """See `taking.taken`. Raises NotSeen."""
    by_name = not is_radio_address(where)
    bearers = Bearers(where, by_name=by_name)
    tape = Tape(bearers.is_ours, values)
    try:
        async with opened(adapter, tape) as tapped:
            yield Radio(Air(tapped, meter, recording), bearers, by_name, meter, recording, check)
    finally:
        if tape.dropped:
            recording.count("not recorded", adapter.spec, tape.dropped)
        keep(tape.close())
