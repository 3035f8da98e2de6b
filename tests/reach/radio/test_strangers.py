"""What a stranger is told, and what each act needs."""

import asyncio
import time
from typing import Any

import pytest
from bumble import hci

from shelfworthy.model import Cause, Level
from shelfworthy.reach import Link, NoLink, NotSeen, Table
from shelfworthy.seen.bluetooth import Attribute
from tests import clock
from tests.reach.radio.bench import BASE, SHORT, Bench, P, bench, within


def named(table: Table, number: int) -> Attribute:
    return next(one for one in table.attributes if one.uuid == BASE % number)


def test_what_everybody_hears() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy(name="Anna's Bear B 1.0.19")
            await here.toy("C4:7C:8D:00:00:02", "Band")
            reach = here.reach(level=Level.LOOK)
            async with reach.radio() as radio:
                heard = await radio.listen(0.3)
            assert heard.name == "•'s Bear B 1.0.19"
            assert (heard.address_kind, heard.flags, heard.addresses, heard.others) == (
                "random static",
                6,
                1,
                1,
            )
            assert heard.adverts >= 3
            assert heard.connectable
            assert toy.visitors == []
            assert [entry.event for entry in reach.transcript().entries] == ["radio heard"]

    within(20, test)


def test_everything_there_is_is_listed() -> None:
    async def test() -> None:
        async with bench() as here:
            await here.toy()
            async with here.reach(level=Level.KNOCK).radio() as radio, radio.stranger() as link:
                table = await link.table()
                again = await link.table()
            assert again == table
            assert not table.truncated
            assert table.services == ("1800", "1801", BASE % 0)
            voice = named(table, 3)
            assert voice.properties == ("read", "notify")
            assert voice.service == BASE % 0
            assert voice.configuration == voice.handle + 1
            assert named(table, 1).configuration == 0
            assert named(table, 4).properties == ("indicate",)
            assert named(table, 4).configuration

    within(20, test)


def test_each_stranger_has_an_address_of_its_own_and_no_memory() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            async with here.reach().radio() as radio:
                for _ in range(3):
                    async with radio.stranger() as link:
                        await link.read(3)
                        assert not link.encrypted
                        assert (await link.pair("weakest")).came == "done"
                        assert link.encrypted
                async with radio.stranger() as link:
                    assert not link.encrypted
            assert len(set(toy.visitors)) == 4
            assert all(int(one[:2], 16) >> 6 == 3 for one in toy.visitors)

    within(20, test)


def never_established(controller: Any, times: int) -> list[float]:
    """Have the next attempts to connect end with HCI 0x3E: when each came."""
    whens: list[float] = []
    connects = controller.on_hci_le_create_connection_command

    def fails(command: Any) -> None:
        whens.append(time.monotonic())
        if len(whens) > times:
            connects(command)
            return
        controller._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        controller.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=0x3E,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=command.peer_address.address_type,
                peer_address=command.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )

    controller.on_hci_le_create_connection_command = fails
    return whens


def test_an_attempt_that_is_not_established_is_made_again() -> None:
    """Seen on Linux, which takes some milliseconds until it takes the next connection after the last."""

    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            ours = next(one for one in here.air.controllers if one.name == "ours")
            whens = never_established(ours, 3)
            async with here.reach().radio() as radio, radio.stranger() as link:
                assert (await link.table()).services
            assert len(whens) == 4
            assert len(toy.visitors) == 1

    within(20, test)


def test_one_that_never_is_is_no_link_in_bounded_time() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            ours = next(one for one in here.air.controllers if one.name == "ours")
            whens = never_established(ours, 1_000_000)
            async with here.reach(limits=SHORT).radio() as radio:
                began = clock.now()
                with pytest.raises(NoLink):
                    async with radio.stranger():
                        pass
            assert clock.now() - began < 8
            assert 2 <= len(whens) <= 100
            assert toy.visitors == []

    within(20, test)


async def tried(link: Link) -> list[tuple[str, int]]:
    table = await link.table()
    acts = [
        await link.read(named(table, 3).handle),
        await link.write(named(table, 1).handle, b"\x08\x01"),
        await link.write(named(table, 2).handle, b"\x09"),
    ]
    return [(one.came, one.code) for one in acts]


@pytest.mark.parametrize(
    ("rights", "answer"),
    [
        (P(0), ("done", 0)),
        (P.READ_REQUIRES_ENCRYPTION, ("refused", 0x0F)),
        (P.READ_REQUIRES_AUTHENTICATION, ("refused", 0x05)),
        (P.READ_REQUIRES_AUTHORIZATION, ("refused", 0x08)),
    ],
)
def test_each_refusal_is_told_by_its_code(rights: P, answer: tuple[str, int]) -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy(rights=rights)
            async with here.reach().radio() as radio, radio.stranger() as link:
                came = await tried(link)
            assert came[:2] == [answer] * 2
            assert len(toy.written) == (2 if answer[0] == "done" else 0)

    within(20, test)


@pytest.mark.parametrize(
    ("code", "came"),
    [
        (0x02, "closed"),
        (0x03, "closed"),
        (0x05, "refused"),
        (0x0C, "refused"),
        (0x01, "error"),
        (0x80, "error"),
    ],
)
def test_what_is_closed_to_everybody_is_not_refused(code: int, came: str) -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            toy.answers(lambda unit: bytes([0x01, unit[0], *unit[1:3], code]))
            async with here.reach().radio() as radio, radio.stranger() as link:
                read, wrote = await link.read(3), await link.write(3, b"\0")
            assert (read.came, read.code, wrote.came, wrote.code) == (came, code, came, code)

    within(20, test)


def test_notifications_come_in_order_and_are_counted() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            async with here.reach(level=Level.KNOCK).radio() as radio, radio.stranger() as link:
                voice = named(await link.table(), 3)
                assert (await link.subscribe(voice)).came == "done"
                assert await link.next(voice.handle, 0.05) is None
                for value in (b"one", b"three"):
                    await toy.device.notify_subscribers(toy.voice, value)
                assert await link.next(voice.handle, 1) == b"one"
                assert await link.next(voice.handle, 1) == b"three"
                assert link.arrived(voice.handle) == (2, 8)

    within(20, test)


def test_long_values_are_read_and_written_whole() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            value = bytes(range(256)) * 2
            async with here.reach().radio() as radio, radio.stranger() as link:
                at = named(await link.table(), 2).handle
                assert (await link.write(at, value)).came == "done"
                assert (await link.read(at)).value == value
                assert (await link.write(at, b"\x01", answerless=True)).came == "done"
                assert (await link.read(at)).value == b"\x01"
                assert (await link.prepare_write(at, b"\x07")).came == "accepted"
                assert (await link.read(at)).value == b"\x01"
            assert toy.written == [(BASE % 2, value), (BASE % 2, b"\x01")]

    within(20, test)


def test_what_is_not_permitted_is_not_sent() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            reach = here.reach(level=Level.KNOCK)
            async with reach.radio() as radio, radio.stranger() as link:
                at = named(await link.table(), 1).handle
                before = reach.contacts
                for act in (
                    link.write(at, b"\x08"),
                    link.write(at, b"\x08", answerless=True),
                    link.prepare_write(at, b"\x08"),
                    link.pair("weakest"),
                ):
                    with pytest.raises(NotSeen, match="permits only `knock`") as refusal:
                        await act
                    assert refusal.value.cause is Cause.NOT_PERMITTED
                assert reach.contacts == before
                with pytest.raises(NotSeen, match="`risk` is needed"):
                    await here_risk(here)
            assert toy.written == []
            assert toy.pairings == 0

    async def here_risk(here: Bench) -> None:
        reach = here.reach(level=Level.USE)
        reach._check_radio(Level.RISK)

    within(20, test)


def test_firmware_needs_risk_and_looking_needs_no_more_than_look() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            async with here.reach(level=Level.USE).radio() as radio, radio.stranger() as link:
                at = named(await link.table(), 1).handle
                with pytest.raises(NotSeen, match="`risk` is needed"):
                    await link.write(at, b"image", level=Level.RISK)
            async with here.reach(level=Level.LOOK).radio() as radio:
                assert (await radio.listen(0.1)).adverts
                with pytest.raises(NotSeen, match="`knock` is needed"):
                    async with radio.stranger():
                        pass
            assert toy.written == []
            assert len(toy.visitors) == 1

    within(20, test)


def test_only_configurations_are_written_to_by_subscribing() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            async with here.reach(level=Level.KNOCK).radio() as radio, radio.stranger() as link:
                table = await link.table()
                command = named(table, 1)
                forged = Attribute(command.handle, command.handle, command.service, command.uuid, ("notify",))
                assert (await link.subscribe(forged)).came == "error"
                assert (await link.subscribe(command)).came == "error"
            assert toy.written == []

    within(20, test)


def test_a_device_that_leaves_is_gone_from_then_on() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            async with here.reach().radio() as radio, radio.stranger() as link:
                table = await link.table()
                await toy.hang_up()
                await asyncio.sleep(0.05)
                for answer in (
                    await link.read(named(table, 3).handle),
                    await link.write(named(table, 1).handle, b"\x01"),
                    await link.write(named(table, 1).handle, b"\x01", answerless=True),
                    await link.prepare_write(named(table, 1).handle, b"\x01"),
                    await link.subscribe(named(table, 3)),
                    await link.pair("weakest"),
                ):
                    assert answer.came == "gone"
                assert (await link.table()).truncated
                assert await link.next(3, 5) is None

    within(20, test)
