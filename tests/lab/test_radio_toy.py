"""Every edition of the bear behaves as its table says, to a phone that is not the probe's."""

import asyncio
import json

import pytest

from shelfworthy_lab.radio import oad, profile, shape, sound
from shelfworthy_lab.radio.finger import PATIENCE
from shelfworthy_lab.radio.shape import State
from shelfworthy_lab.radio.start import Started
from tests.lab.conftest import ADDRESS
from tests.lab.phones import STRONGEST, Visit, heard, phone, run, visit

pytestmark = pytest.mark.lab

READS = (shape.STATE, shape.CONFIG, shape.VOLUME)
WRITES = {
    shape.CMD: b"\x01",
    shape.LED: bytes.fromhex("0000006400"),
    shape.VOLUME: b"\0\x80",
    shape.AUDIO_SEND: b"",
    oad.IDENTIFY.lower(): b"\x01",
}
TELLS = (shape.STATE, shape.AUDIO_RECV, shape.DATA_REQ, oad.IDENTIFY.lower(), oad.BLOCKS.lower())
OPEN = ("2018", "app-gate", "constant-key")
KEY = b"\0\0" + shape.KEY


def log(street: Started, device: str) -> list[str]:
    return [json.loads(line)["what"] for line in street.logs[device].read_text().splitlines()]


async def everything(here: Visit) -> set[int]:
    """The errors that reading, writing and subscribing are answered with."""
    errors = {await here.read(uuid) for uuid in READS}
    errors |= {await here.write(uuid, value) for uuid, value in WRITES.items()}
    return errors | {await here.subscribe(uuid) for uuid in TELLS}


class Bear:
    """Commands, and the states that come of them."""

    def __init__(self, here: Visit) -> None:
        self.here = here
        self.states: asyncio.Queue[int] = asyncio.Queue()

    async def listen(self) -> None:
        assert await self.here.subscribe(shape.STATE, lambda value: self.states.put_nowait(value[0])) == 0

    async def told(self, value: bytes) -> int:
        assert await self.here.write(shape.CMD, value) == 0
        return await asyncio.wait_for(self.states.get(), 5)

    async def recorded(self) -> bytes:
        """As the story's spy did it."""
        came = bytearray()
        await self.here.subscribe(shape.AUDIO_RECV, came.extend)
        assert await self.told(b"\x08\x02") == State.RECORD
        await asyncio.sleep(1 / shape.CLOCK)
        assert await self.told(b"\x08\x01\x00") == State.UNPLAYED
        assert await self.told(b"\x02") == State.DOWNLOAD
        assert await asyncio.wait_for(self.states.get(), 5) == State.IDLE
        return bytes(came)


@pytest.mark.parametrize("edition", OPEN)
def test_a_stranger_may_do_everything_with_an_open_one(street: Started, edition: str) -> None:
    async def story() -> None:
        async with phone(street.adapter) as device, visit(device, ADDRESS[f"toy-{edition}"]) as here:
            assert await everything(here) == {0}
            assert not here.connection.is_encrypted
            assert await here.pair() == 0

    run(story())


def test_a_stranger_records_one_second_and_it_is_the_labs_tone(street: Started) -> None:
    async def story() -> None:
        async with phone(street.adapter) as device, visit(device, ADDRESS["toy-2018"]) as here:
            bear = Bear(here)
            await bear.listen()
            recording = await bear.recorded()
            assert recording == sound.recorded(sound.BYTES_A_SECOND)
            assert len(recording) == sound.HEADER + 4000
            assert all(piece in recording for piece in sound.planted() if isinstance(piece, bytes))

    run(story())


def test_a_stranger_uploads_a_sound_and_it_is_played(street: Started) -> None:
    async def story() -> None:
        async with phone(street.adapter) as device, visit(device, ADDRESS["toy-2018"]) as here:
            bear = Bear(here)
            await bear.listen()
            wanted: list[bytes] = []
            await here.subscribe(shape.DATA_REQ, wanted.append)
            assert await bear.told(b"\x00\x03" + bytes(16)) == State.PRIMED  # any key will do
            assert await here.write(shape.AUDIO_SEND, bytes(20)) == 0
            assert await asyncio.wait_for(bear.states.get(), 5) == State.UPLOAD
            assert await bear.told(b"\x01") == State.IDLE
            assert wanted == [b"\x00\x04\x00\x00", b"\x00\x00\x14\x00"]
            assert await bear.told(b"\x08\x01\x04") == State.PLAYBACK
            assert await asyncio.wait_for(bear.states.get(), 5) == State.IDLE
            assert await bear.told(b"\x08\x01\x05") == State.IDLE  # nothing in that slot

    run(story())


def test_pressing_the_paw_is_the_apps_business_alone(street: Started) -> None:
    async def story() -> None:
        async with phone(street.adapter) as device, visit(device, ADDRESS["toy-app-gate"]) as here:
            bear = Bear(here)
            await bear.listen()
            assert await bear.recorded()  # without any press
            assert await bear.told(b"\x0b\x01") == State.PLAY_PAW

    run(story())


def test_commands_want_the_constant_key_first_in_every_connection(street: Started) -> None:
    async def story() -> None:
        async with phone(street.adapter) as device:
            for _ in range(2):
                async with visit(device, ADDRESS["toy-constant-key"]) as here:
                    bear = Bear(here)
                    await bear.listen()
                    assert await bear.told(b"\x08\x02") == State.KEY_FAILED
                    assert await bear.told(KEY[:-1] + b"\xff") == State.KEY_FAILED
                    assert await bear.told(KEY) == State.PRIMED
                    assert await bear.told(b"\x01") == State.IDLE
                    assert await bear.recorded()

    run(story())


def test_just_works_gives_everybody_what_it_refused_before(street: Started) -> None:
    async def story() -> None:
        async with phone(street.adapter) as device, visit(device, ADDRESS["toy-just-works"]) as here:
            assert await everything(here) == {0x0F}
            assert await here.pair() == 0
            assert await everything(here) == {0}

    run(story())


def test_the_fixed_one_refuses_strangers_everything_and_to_pair(street: Started) -> None:
    async def story() -> None:
        async with phone(street.adapter) as device:
            found = (await heard(device))["Bear 4"]
            async with visit(device, found.address) as here:
                assert await everything(here) == {0x05}
                assert await here.pair() == 0x05

    run(story())


def test_the_fixed_one_pairs_once_after_its_paw_was_pressed_and_only_with_a_comparison(
    street: Started,
) -> None:
    async def story() -> None:
        reasons = []
        async with phone(street.adapter, STRONGEST) as owner:
            address = (await heard(owner))["Bear 4"].address
            for _ in range(PATIENCE + 1):
                async with visit(owner, address) as here:
                    reasons.append(await here.pair())
                    if reasons[-1] == 0:
                        assert await everything(here) == {0}
                        break
        assert set(reasons[:-1]) == {0x05}
        assert reasons[-1] == 0
        async with phone(street.adapter) as stranger, visit(stranger, address) as here:
            assert await here.pair() == 0x05  # the window has closed with that
            assert await everything(here) == {0x05}
        assert "paired: numeric comparison" in log(street, "toy-fixed")

    run(story())


def test_in_the_window_a_partner_without_display_and_keys_is_refused(street: Started) -> None:
    async def story() -> None:
        async with phone(street.adapter) as stranger:
            address = (await heard(stranger))["Bear 4"].address
            reasons = []
            for _ in range(PATIENCE + 1):
                async with visit(stranger, address) as here:
                    reasons.append(await here.pair())
        assert 0x03 in reasons
        assert set(reasons) <= {0x03, 0x05}

    run(story())


def test_what_each_edition_advertises(street: Started) -> None:
    async def story() -> None:
        async with phone(street.adapter) as device:
            found = await heard(device, active=True)
        assert {"Bear 0 B 1.0.19", "Bear 1 B 1.0.19", "Bear 4"} <= set(found)
        assert found["Bear 0 B 1.0.19"].address.is_static
        assert found["Bear 4"].address.is_resolvable

    run(story())


async def push(here: Visit, image: bytes) -> tuple[int, bool]:
    """Blocks that were taken, and whether the toy said what it runs (and so that it will not run that)."""
    asked: asyncio.Queue[bytes] = asyncio.Queue()
    no = asyncio.Event()
    await here.subscribe(oad.BLOCKS.lower(), asked.put_nowait)
    await here.subscribe(oad.IDENTIFY.lower(), lambda _: no.set())
    blocks = len(image) // oad.BLOCK
    assert await here.write(oad.IDENTIFY.lower(), image[4:12] + bytes.fromhex("0c000f00")) == 0
    for number in range(blocks):
        waits = [asyncio.ensure_future(asked.get()), asyncio.ensure_future(no.wait())]
        done, left = await asyncio.wait(waits, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        for one in left:
            one.cancel()
        assert done
        if no.is_set():
            return number, True
        part = image[number * oad.BLOCK : (number + 1) * oad.BLOCK]
        await here.at[oad.BLOCKS.lower()].write_value(number.to_bytes(2, "little") + part)
    try:
        await asyncio.wait_for(no.wait(), 0.5)
    except TimeoutError:
        return blocks, False
    return blocks, True


def test_whoever_paired_without_anybodys_consent_changes_its_firmware(street: Started) -> None:
    async def story() -> None:
        async with phone(street.adapter) as device:
            image = profile.changed_image()
            wrong = image[:-1] + bytes([image[-1] ^ 1])
            other = oad.image(shape.VERSION + 1, "B", size=256)  # the place it runs from
            for tried, taken in ((wrong, 16), (other, 0)):
                async with visit(device, ADDRESS["toy-just-works"]) as here:
                    assert await here.pair() == 0
                    assert await push(here, tried) == (taken, True)
            async with visit(device, ADDRESS["toy-just-works"]) as here:
                assert await here.pair() == 0
                assert await push(here, image) == (16, False)
            assert "Bear 3 A 1.0.20" in await heard(device)
        assert "runs A 20" in log(street, "toy-just-works")

    run(story())


def test_the_owner_of_the_fixed_one_gets_only_what_the_maker_signed_and_nothing_older(
    street: Started,
) -> None:
    async def story() -> None:
        newer = oad.image(shape.VERSION + 1, "A", signed=True, counter=shape.VERSION + 1)
        older = oad.image(shape.VERSION + 1, "A", signed=True, counter=shape.VERSION)
        async with phone(street.adapter, STRONGEST) as owner:
            address = (await heard(owner))["Bear 4"].address
            for _ in range(2 * PATIENCE):
                async with visit(owner, address) as here:
                    if await here.pair() == 0:
                        assert await push(here, profile.changed_image()) == (16, True)
                        assert await push(here, older) == (32, True)
                        assert await push(here, newer) == (32, False)
                        break
        assert "runs A 20" in log(street, "toy-fixed")

    run(story())


def test_bystanders_were_never_touched(street: Started) -> None:
    async def story() -> None:
        async with phone(street.adapter) as device:
            assert {"Murmur Band", "Plumlock"} <= set(await heard(device))
            async with visit(device, ADDRESS["toy-2018"]) as here:
                await everything(here)

    run(story())
    assert log(street, "toy-2018")[0] == "connected"
    assert street.logs["band"].read_text() == street.logs["lock"].read_text() == ""
