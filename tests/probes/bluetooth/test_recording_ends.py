"""When a recording has ended: where the device says so, else where it falls silent."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from bumble.core import UUID
from bumble.gatt import Characteristic, CharacteristicValue, Service

from shelfworthy.model import Act, Bluetooth, Does, Operation
from shelfworthy.probes.bluetooth.acting import QUIET, Profile
from shelfworthy.seen.bluetooth import Collected
from tests.reach.radio.bench import BASE, NOTIFY, WRITE, P, bench, within

COMMAND, SOUND, STATE = (BASE % one for one in (0x51, 0x52, 0x53))
IDLE = b"\x01"
PIECES = (b"a" * 20, b"b" * 20, b"c" * 7)
WHOLE = sum(len(one) for one in PIECES)
RECORD = Operation(
    id="record",
    does=Does.RECORD,
    says="record",
    act=(
        Act(subscribe=STATE),
        Act(subscribe=SOUND),
        Act(write=COMMAND, value="02", collect=SOUND, on=STATE, expect=IDLE.hex(), within_ms=1000),
    ),
)

Said = tuple[float, str, bytes]  # after so many seconds, on this characteristic, that


def collected(*said: Said) -> tuple[Collected, float]:
    """What was gathered of a device that says this when it is commanded, and seconds it took."""
    found: list[tuple[Collected, float]] = []

    async def run() -> None:
        async with bench() as here:
            await here.toy(services=(recorder(said),))
            reach = here.reach(operation=(RECORD,), person="Ada")
            assert isinstance(reach.surface, Bluetooth)
            async with reach.radio() as radio, radio.stranger() as link:
                profile = Profile(reach.surface, await link.table(), reach)
                began = time.monotonic()
                (ended,) = (await profile.tried(link, paired=False))["record"]
                took = time.monotonic() - began
            assert isinstance(ended.collected, Collected)
            found.append((ended.collected, took))

    within(30, run)
    return found[0]


def recorder(said: Sequence[Said]) -> Service:
    working: list[asyncio.Task[None]] = []

    def commanded(connection: Any, _: bytes) -> None:
        async def tells() -> None:
            for seconds, uuid, value in said:
                await asyncio.sleep(seconds)
                await connection.device.gatt_server.notify_subscriber(connection, by_uuid[uuid], value)

        working.append(asyncio.ensure_future(tells()))

    by_uuid = {one: Characteristic[bytes](UUID(one), NOTIFY, P.READABLE, b"") for one in (SOUND, STATE)}
    command = Characteristic[bytes](UUID(COMMAND), WRITE, P.WRITEABLE, CharacteristicValue(write=commanded))
    return Service(UUID(BASE % 0x50), [command, *by_uuid.values()])


def sound(pause: float = 0.0) -> list[Said]:
    return [(pause, SOUND, one) for one in PIECES]


def test_a_device_that_says_that_this_was_all_is_not_waited_for() -> None:
    seen, took = collected(*sound(), (0, STATE, IDLE))
    assert seen.length == WHOLE
    assert took < QUIET


def test_an_end_that_is_told_before_anything_came_is_none() -> None:
    seen, _ = collected((0, STATE, IDLE), *sound(QUIET / 2))
    assert seen.length == WHOLE


def test_another_state_is_no_end() -> None:
    first, *rest = sound()
    seen, _ = collected(
        first, (0, STATE, b"\x07"), *((QUIET / 4, *one[1:]) for one in rest), (0, STATE, IDLE)
    )
    assert seen.length == WHOLE


def test_a_device_that_says_nothing_of_an_end_has_ended_when_it_falls_silent() -> None:
    seen, took = collected(*sound(QUIET / 4))
    assert seen.length == WHOLE
    assert took >= QUIET


def test_who_only_speaks_of_its_state_is_not_waited_for_longer() -> None:
    states = [(QUIET / 4, STATE, b"\x07")] * 20
    seen, took = collected(*sound(), *states)
    assert seen.length == WHOLE
    assert took < 20 * QUIET / 4
