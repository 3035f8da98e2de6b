"""Radio peers that lie, flood, hang up and never answer: a look ends in time and says why; nothing passes."""

import asyncio
import random
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from bumble import att

from shelfworthy.audit.judge import judge
from shelfworthy.audit.look import look
from shelfworthy.audit.one_look import Tell
from shelfworthy.model import (
    Basis,
    Bluetooth,
    Cause,
    Identity,
    Level,
    Outcome,
    Permission,
    Permit,
    Policy,
    Product,
)
from shelfworthy.product.scope import Scope
from shelfworthy.product.write import product_toml
from shelfworthy.reach import Door, Limits, fuse
from shelfworthy.record import Evidence, Recorder, load_evidence
from shelfworthy.seen.bluetooth import BluetoothUpdate
from tests.reach.radio.bench import BEAR, Bench, Toy, bench

IN_TIME = 25.0  # seconds for a whole look at a device that does its worst
MEMORY = 64 << 20  # bytes a look may take at its peak
LIMITS = Limits(silence=0.3, connect=1.0, look=0.12)  # of which a radio look may take sixty times
# What a device that lies about its attributes may still clear: what its advertisement alone shows.
ADVERTISED = frozenset(
    {
        "bluetooth-advert-leaks",
        "bluetooth-tracking",
        "bluetooth-classic-pairing",
        "bluetooth-classic-takeover",
    }
)
CLEARS = (Outcome.PASS, Outcome.MOOT)


def att_error(unit: bytes, code: int = 0x0A) -> bytes:
    return bytes([0x01, unit[0]]) + unit[1:3].ljust(2, b"\0") + bytes([code])


def endless(unit: bytes) -> bytes:
    """A service at every handle, an attribute behind every attribute, up to 65,535 and round again."""
    start = int.from_bytes(unit[1:3], "little")
    here, after = start.to_bytes(2, "little"), min(start + 1, 0xFFFF).to_bytes(2, "little")
    match unit[0]:
        case 0x10:  # read by group type: one more service
            return b"\x11\x06" + here + here + b"\x34\x12"
        case 0x08:  # read by type: one more characteristic
            return b"\x09\x07" + here + b"\x02" + after + b"\x34\x12"
        case 0x04:  # find information
            return b"\x05\x01" + here + b"\x02\x29"
        case 0x0A:
            return b"\x0b" + bytes(20)
    return att_error(unit)


def backwards(unit: bytes) -> bytes:
    """Handles that do not grow: whoever follows them never comes to an end."""
    match unit[0]:
        case 0x10:
            return b"\x11\x06\x01\x00\x01\x00\x34\x12"
        case 0x08:
            return b"\x09\x07\x01\x00\x02\x02\x00\x34\x12"
        case 0x04:
            return b"\x05\x01\x01\x00\x02\x29"
    return att_error(unit)


def wrong_lengths(unit: bytes) -> bytes:
    """Units that are too short, and fields that claim more than there is."""
    return {
        0x10: b"\x11\xff\x01",
        0x08: b"\x09\x00",
        0x04: b"\x05\x02\x01\x00",
        0x02: b"\x03\x00",
        0x0A: b"\x0b" + bytes(600),
    }.get(unit[0], b"\x01")


def noise(seed: int) -> Callable[[bytes], bytes]:
    """Random bytes, of any opcode and length."""
    chance = random.Random(seed)
    return lambda unit: chance.randbytes(chance.randrange(1, 60))


def shifting(seed: int) -> Callable[[bytes], bytes]:
    """Another database every time it is asked."""
    chance = random.Random(seed)

    def answer(unit: bytes) -> bytes:
        start = int.from_bytes(unit[1:3], "little") + chance.randrange(1, 5)
        here = min(start, 0xFFFF).to_bytes(2, "little")
        match unit[0]:
            case 0x10 if start < 200:
                return b"\x11\x06" + here + here + chance.randbytes(2)
            case 0x08 if start < 200:
                return b"\x09\x07" + here + chance.randbytes(1) + here + chance.randbytes(2)
        return att_error(unit)

    return answer


ANSWERS: dict[str, Callable[[bytes], bytes | None]] = {
    "65,535 attributes": endless,
    "handles that go backwards": backwards,
    "wrong lengths": wrong_lengths,
    "no answer at all": lambda unit: None,
    "noise, seed 1": noise(1),
    "noise, seed 2": noise(2),
    "another database each time": shifting(3),
    "an error for everything": att_error,
}


async def looked(here: Bench, folder: Path, where: str = BEAR, tell: Tell = lambda step: None) -> Evidence:
    """A whole look at `use`, with everything a profile-less product file allows."""
    to = where if where.count(":") == 5 else f"bluetooth:{where}"
    surface = Bluetooth(id="bear", where=f"bluetooth:{where}", watch_s=1, person="Ada")
    product = Product(
        product=Identity(name="Bear", vendor="Tests"),
        surface=(surface,),
        permission=(
            Permission(
                to=to, level=Level.USE, basis=Basis.OWN, person="Ada", until=date.today() + timedelta(1)
            ),
        ),
    )
    policy = Policy(adapter=here.adapter, permit=(Permit(to="*", level=Level.USE),))
    recorder = Recorder(folder, product_toml(product).encode(), {})
    door = Door(Scope(product, policy, date.today()), LIMITS)
    async with asyncio.timeout(IN_TIME):
        await look(product, door, recorder, "test", budget=IN_TIME - 5, tell=tell)
    recorder.close()
    return load_evidence(folder)


def passing(evidence: Evidence) -> set[str]:
    """The checks that passed, or said that their question does not arise."""
    judgement = judge(evidence, datetime.now(UTC))
    return {finding.check for finding in judgement.findings if finding.outcome in CLEARS} - ADVERTISED


def listed(evidence: Evidence) -> bool:
    """Whether it told of all its services before it hung up; that none takes firmware is true then."""
    return any(isinstance(one.seen, BluetoothUpdate) and one.seen.whole for one in evidence.observations)


@pytest.fixture
def fuse_is_silent() -> Iterator[None]:
    before = len(fuse.blown)
    yield
    assert fuse.blown[before:] == []


def carried_out(test: Callable[[Bench], Awaitable[None]]) -> None:
    async def run() -> None:
        async with bench() as here:
            await test(here)

    asyncio.run(run())


@pytest.mark.usefixtures("fuse_is_silent")
@pytest.mark.parametrize("how", ANSWERS)
def test_a_device_whose_answers_lie(how: str, tmp_path: Path) -> None:
    async def test(here: Bench) -> None:
        toy: Toy = await here.toy()
        toy.answers(ANSWERS[how])
        tracemalloc.start()
        try:
            evidence = await looked(here, tmp_path / "bear.audit")
            assert tracemalloc.get_traced_memory()[1] < MEMORY
        finally:
            tracemalloc.stop()
        assert passing(evidence) == set()
        assert all(gap.cause is not Cause.OUR_FAULT for gap in evidence.gaps), evidence.gaps
        assert all("bumble" not in gap.words.lower() for gap in evidence.gaps)

    carried_out(test)


@pytest.mark.usefixtures("fuse_is_silent")
@pytest.mark.parametrize("step", [1, 2, 3, 5, 8, 13, 21])
def test_a_device_that_hangs_up_after_so_many_requests(step: int, tmp_path: Path) -> None:
    async def test(here: Bench) -> None:
        toy: Toy = await here.toy()
        asked = 0

        def counting(handle: int, unit: bytes) -> None:
            nonlocal asked
            asked += 1
            if asked % step == 0:
                asyncio.ensure_future(toy.hang_up())  # noqa: RUF006 - it ends by itself
            else:
                toy.device.on_gatt_pdu(handle, unit)

        toy.device.l2cap_channel_manager.register_fixed_channel(att.ATT_CID, counting)
        evidence = await looked(here, tmp_path / "bear.audit")
        assert passing(evidence) <= ({"bluetooth-firmware-push"} if listed(evidence) else set())
        assert all(gap.cause is not Cause.OUR_FAULT for gap in evidence.gaps), evidence.gaps
        assert asked >= step, "it was asked so often that it hung up"

    carried_out(test)


@pytest.mark.usefixtures("fuse_is_silent")
def test_a_flood_of_notifications_is_counted_and_not_kept(tmp_path: Path) -> None:
    async def test(here: Bench) -> None:
        toy: Toy = await here.toy()

        async def flood() -> None:
            while True:
                for handle in list(toy.device.connections):
                    for _ in range(50):
                        toy.send(handle, b"\x1b" + toy.voice.handle.to_bytes(2, "little") + bytes(200))
                await asyncio.sleep(0.005)

        flooding = asyncio.create_task(flood())
        tracemalloc.start()
        try:
            evidence = await looked(here, tmp_path / "bear.audit")
            assert tracemalloc.get_traced_memory()[1] < MEMORY
        finally:
            tracemalloc.stop()
            flooding.cancel()
        assert all(gap.cause is not Cause.OUR_FAULT for gap in evidence.gaps), evidence.gaps

    carried_out(test)


@pytest.mark.usefixtures("fuse_is_silent")
@pytest.mark.parametrize("data", [b"", b"\xff" * 31, b"\x1f\x09" + b"M" * 5, bytes(31), b"\x02\x01"])
def test_an_advertisement_of_garbage(data: bytes, tmp_path: Path) -> None:
    async def test(here: Bench) -> None:
        await here.toy(data=data)
        evidence = await looked(here, tmp_path / "bear.audit")
        assert all(gap.cause is not Cause.OUR_FAULT for gap in evidence.gaps), evidence.gaps

    carried_out(test)


@pytest.mark.usefixtures("fuse_is_silent")
def test_a_forged_name_of_a_permitted_device_has_nobody_connected_to(tmp_path: Path) -> None:
    async def test(here: Bench) -> None:
        real: Toy = await here.toy()
        forger: Toy = await here.toy("C4:7C:8D:00:00:66")
        evidence = await looked(here, tmp_path / "bear.audit", where="Murmur Bear")
        assert [gap.cause for gap in evidence.gaps] == [Cause.CONTRADICTORY]
        assert real.visitors == forger.visitors == []
        assert passing(evidence) == set()

    carried_out(test)
