"""What must not be told as refused or as done, of a device that is not heard, falls silent or restarts."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from bumble import att
from bumble.att import Attribute as Theirs
from bumble.core import UUID
from bumble.gatt import Characteristic, CharacteristicValue, Descriptor, Service

from shelfworthy.model import Act, Bluetooth, Does, Level, Operation
from shelfworthy.probes.bluetooth import updating
from shelfworthy.probes.bluetooth.acting import Profile
from shelfworthy.probes.bluetooth.visiting import visit
from shelfworthy.reach import Link, Radio, Reach, Table
from shelfworthy.seen.bluetooth import Attempt, Run
from shelfworthy.seen.bluetooth_numbers import BY_NAME
from tests.reach.radio.bench import BASE, Bench, Toy, bench, within

P = Theirs.Permissions
OPEN = P.READABLE | P.WRITEABLE
CLOSED = OPEN | P.READ_REQUIRES_AUTHENTICATION | P.WRITE_REQUIRES_AUTHENTICATION
NOTIFY, WRITE = Characteristic.Properties.NOTIFY, Characteristic.Properties.WRITE
COMMAND, STATE, UNLOCK = (BASE % number for number in (0x21, 0x22, 0x23))
OAD = "f000ffc%d-0451-4000-b000-000000000000"


def characteristic(uuid: str, properties: Any, rights: Any, written: list[bytes], configuration: Any) -> Any:
    """A characteristic whose configuration has rights of its own."""
    mine = CharacteristicValue(read=lambda _: b"\0", write=lambda _, value: written.append(bytes(value)))
    descriptors = (
        [Descriptor(UUID.from_16_bits(0x2902), configuration, b"\0\0")] if properties & NOTIFY else []
    )
    return Characteristic(UUID(uuid), properties, rights, mine, descriptors)


def secretive(written: list[bytes], unlock: Any = OPEN) -> Service:
    """It takes commands from everybody, and lets nobody hear what state it is in."""
    return Service(
        UUID(BASE % 0x20),
        [
            characteristic(COMMAND, WRITE, OPEN, written, OPEN),
            characteristic(STATE, NOTIFY, CLOSED, written, CLOSED),
            characteristic(UNLOCK, WRITE, unlock, written, OPEN),
        ],
    )


RECORD = Operation(
    id="record",
    does=Does.RECORD,
    says="record",
    act=(Act(subscribe=STATE), Act(write=COMMAND, value="0802", on=STATE, expect="02", within_ms=100)),
)
AFTER = Operation(
    id="after", does=Does.PLAY, says="play", act=(Act(write=COMMAND, value="0801"),), after="unlock"
)
UNLOCKS = Operation(id="unlock", does=Does.UNLOCK, says="be let in", act=(Act(write=UNLOCK, value="00"),))


async def tried(here: Bench, *operations: Operation) -> dict[str, list[Run]]:
    surface = here.reach(operation=operations, person="Ada")
    assert isinstance(surface.surface, Bluetooth)
    async with surface.radio() as radio, radio.stranger() as link:
        profile = Profile(surface.surface, await link.table(), surface)
        return await profile.tried(link, paired=False)


def carried_out(test: Callable[[Bench], Awaitable[None]]) -> None:
    async def run() -> None:
        async with bench() as here:
            await test(here)

    within(30, run)


def test_a_refused_subscription_is_no_refused_command() -> None:
    async def test(here: Bench) -> None:
        written: list[bytes] = []
        await here.toy(services=(secretive(written),))
        (run,) = (await tried(here, RECORD))["record"]
        assert written == [bytes.fromhex("0802")], "a stranger may command it"
        assert run.came == "accepted"

    carried_out(test)


def test_what_comes_after_a_refused_unlocking_is_tried_all_the_same() -> None:
    async def test(here: Bench) -> None:
        written: list[bytes] = []
        await here.toy(services=(secretive(written, unlock=CLOSED),))
        runs = await tried(here, UNLOCKS, AFTER)
        assert [run.came for run in runs["unlock"]] == ["refused"]
        assert written == [bytes.fromhex("0801")]
        assert [run.came for run in runs["after"]] == ["accepted"]

    carried_out(test)


def test_an_operation_that_only_listens_is_refused_where_listening_is() -> None:
    async def test(here: Bench) -> None:
        await here.toy(services=(secretive([]),))
        listens = Operation(id="hear", does=Does.CONTROL, says="hear", act=(Act(subscribe=STATE),))
        (run,) = (await tried(here, listens))["hear"]
        assert (run.came, run.code) == ("refused", 5)

    carried_out(test)


def test_putting_back_where_there_is_nothing_to_put_back_is_told() -> None:
    async def test(here: Bench) -> None:
        await here.toy(services=(secretive([]),))
        undoing = Operation(
            id="x",
            does=Does.CONTROL,
            says="x",
            act=(Act(write=COMMAND, value="01"),),
            undo=(Act(write=BASE % 0x77, value="00"),),
        )
        (run,) = (await tried(here, undoing))["x"]
        assert run.left == 1

    carried_out(test)


def test_an_update_service_that_cannot_be_heard_is_asked_all_the_same() -> None:
    async def test(here: Bench) -> None:
        written: list[bytes] = []
        oad = Service(UUID(OAD % 0), [characteristic(OAD % 1, NOTIFY | WRITE, OPEN, written, CLOSED)])
        await here.toy(services=(oad,))
        reach = here.reach()
        async with reach.radio() as radio, radio.stranger() as link:
            table = await link.table()
            visited = await visit(link, table, reach, {})
            attempts = await updating.asked(link, table, OAD % 0, BY_NAME["TI OAD"], visited)
        assert written == [b"\x01"]
        (asked,) = (one for one in attempts if one.asked == "write")
        assert asked.came == "accepted", "it was taken, and what it answered nobody could hear"

    carried_out(test)


class Updated(Toy):
    """Takes an image by TI OAD and hangs up on the last block; what it runs afterwards is another matter.

    late: seconds from the last block until it runs what it took, without hanging up.
    """

    runs = b"\x02\x00"
    believes = True
    late = 0.0

    def prepare(self) -> Service:
        def identified(_: Any, value: bytes) -> None:
            if len(value) < 8:
                self.tell(self.identify, self.runs + bytes(6))
            else:
                self.offered = bytes(value[:2])
                self.wanted = int.from_bytes(value[2:4], "little") * 4 // 16
                self.tell(self.block, bytes(2))

        def blocked(_: Any, value: bytes) -> None:
            number = int.from_bytes(value[:2], "little") + 1
            if number < self.wanted:
                self.tell(self.block, number.to_bytes(2, "little"))
                return
            if self.late:
                asyncio.get_running_loop().call_later(self.late, self.begin)
                return
            if self.believes:
                self.begin()
            asyncio.get_running_loop().create_task(self.hang_up())

        self.identify: Any = Characteristic(
            UUID(OAD % 1), NOTIFY | WRITE, OPEN, CharacteristicValue(write=identified)
        )
        properties = NOTIFY | Characteristic.Properties.WRITE_WITHOUT_RESPONSE
        self.block: Any = Characteristic(UUID(OAD % 2), properties, OPEN, CharacteristicValue(write=blocked))
        return Service(UUID(OAD % 0), [self.identify, self.block])

    def begin(self) -> None:
        self.runs = self.offered

    def tell(self, what: Any, value: bytes) -> None:
        asyncio.get_running_loop().create_task(self.device.notify_subscribers(what, value))


IMAGE = bytes(4) + b"\x07\x00" + (16).to_bytes(2, "little") + b"AAAA" + b"\xff" * 4 + bytes(48)


@pytest.mark.parametrize(("believes", "came"), [(True, "done"), (False, "refused")])
def test_a_device_that_hangs_up_after_the_last_block_is_asked_what_it_runs(
    believes: bool, came: str, tmp_path: Path
) -> None:
    """Whoever refuses an image may restart, too."""

    async def test(here: Bench) -> None:
        toy = Updated(here.air)
        toy.believes = believes
        toy.device.add_service(toy.prepare())
        await toy.on()
        reach = here.reach(level=Level.RISK)
        async with reach.radio() as radio:
            (pushed,) = await updating.pushed(radio, await listed(radio), IMAGE, unasked=False)
        assert pushed.came == came
        assert pushed.blocks == 4

    carried_out(test)


def test_a_device_that_begins_late_to_run_what_it_took_is_not_one_that_refused_it() -> None:
    async def test(here: Bench) -> None:
        toy = Updated(here.air)
        toy.late = 1.5
        toy.device.add_service(toy.prepare())
        await toy.on()
        async with here.reach(level=Level.RISK).radio() as radio:
            (pushed,) = await updating.pushed(radio, await listed(radio), IMAGE, unasked=False)
        assert pushed.came == "done"

    carried_out(test)


def test_the_last_block_has_arrived_before_the_link_ends() -> None:
    """Else a stranger who leaves at once takes it along, and the device seems to have refused the image."""

    async def test(here: Bench) -> None:
        toy = Updated(here.air)
        toy.late = 0.01
        toy.device.add_service(toy.prepare())
        await toy.on()
        async with here.reach(level=Level.RISK).radio() as radio:
            table = await listed(radio)
            asked: list[bytes] = []
            hears = toy.device.on_gatt_pdu
            toy.device.on(
                "connection", lambda link: link.on("disconnection", lambda _: asked.append(b"\xff" * 5))
            )

            def told(handle: int, unit: bytes) -> None:
                asked.append(unit)
                hears(handle, unit)

            toy.device.l2cap_channel_manager.register_fixed_channel(att.ATT_CID, told)
            await updating.pushed(radio, table, IMAGE, unasked=False)
        (last,) = (at for at, unit in enumerate(asked) if unit[0] == 0x52 and unit[3:5] == b"\x03\x00")
        (left,) = (at for at, unit in enumerate(asked) if unit[0] == 0x52 and unit[3:5] == b"\x00\x00")
        assert left < last
        assert asked[last + 1][0] == 0x12, "it is asked on the same link, with an answer"

    carried_out(test)


async def listed(radio: Radio) -> Table:
    async with radio.stranger() as link:
        return await link.table()


def test_a_value_that_was_read_in_part_is_not_written_back() -> None:
    async def test(here: Bench) -> None:
        toy = await here.toy()
        asked: list[bytes] = []
        real = toy.device.on_gatt_pdu

        def cut(handle: int, unit: bytes) -> None:
            asked.append(unit)
            if unit[0] == 0x0C:  # read blob
                toy.send(handle, b"\x01\x0c" + unit[1:3] + b"\x0e")  # unlikely error
            else:
                real(handle, unit)

        long = Characteristic(
            UUID(BASE % 0x30),
            Characteristic.Properties.READ | WRITE,
            OPEN,
            CharacteristicValue(read=lambda _: bytes(400), write=lambda _, value: asked.append(b"W" + value)),
        )
        toy.device.add_service(Service(UUID(BASE % 0x31), [long]))
        toy.device.l2cap_channel_manager.register_fixed_channel(att.ATT_CID, cut)
        reach: Reach = here.reach()
        async with reach.radio() as radio, radio.stranger() as link:
            attempts = await at(link, reach, BASE % 0x30)
        assert ("read", "done") in [(one.asked, one.came) for one in attempts]
        assert [one.asked for one in attempts if one.asked != "read"] == ["prepare write"]
        assert not any(unit.startswith(b"W") for unit in asked)

    carried_out(test)


async def at(link: Link, reach: Reach, uuid: str) -> list[Attempt]:
    """What a visit tried on one characteristic."""
    table = await link.table()
    handle = next(one.handle for one in table.attributes if one.uuid == uuid)
    return [one for one in (await visit(link, table, reach, {})).attempts if one.handle == handle]
