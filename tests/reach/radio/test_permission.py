"""Who is contacted: the device that is named, while it can be told from all others, and nobody else."""

import asyncio

import pytest

from shelfworthy.model import Cause, Level
from shelfworthy.reach import FuseBlown, Limits, NoLink, NotSeen, Radio, Reach, fuse
from tests.reach.radio.bench import BEAR, SHORT, bench, within


async def met(radio: Radio) -> None:
    """Connect once, and leave."""
    async with radio.stranger():
        pass


async def taken(reach: Reach) -> None:
    """Take the adapter, and let it go."""
    async with reach.radio():
        pass


def test_the_device_at_the_address_and_no_bystander() -> None:
    async def test() -> None:
        async with bench() as here:
            bear = await here.toy()
            bystanders = [await here.toy("C4:7C:8D:00:00:02"), await here.toy("F8:00:00:00:00:03", "Lock")]
            async with here.reach().radio() as radio:
                heard = await radio.listen(0.2)
                async with radio.stranger() as link:
                    await link.table()
            assert heard.others == 2
            assert len(bear.visitors) == 1
            assert [one.visitors for one in bystanders] == [[], []]

    within(20, test)


@pytest.mark.parametrize("called", ["Murmur Bear", "Murmur Bear B 1.0.19"])
def test_the_one_device_that_bears_the_name(called: str) -> None:
    async def test() -> None:
        async with bench() as here:
            bear = await here.toy(name=called)
            others = [
                await here.toy("C4:7C:8D:00:00:02", "Murmur Bears"),
                await here.toy("C4:7C:8D:00:00:03", "murmur bear"),
                await here.toy("C4:7C:8D:00:00:04", "My Murmur Bear"),
            ]
            async with here.reach("Murmur Bear").radio() as radio:
                async with radio.stranger() as link:
                    assert (await link.read(3)).came == "done"
                async with radio.stranger():
                    pass
            assert len(bear.visitors) == 2
            assert not any(one.visitors for one in others)

    within(20, test)


@pytest.mark.parametrize("forged", ["Murmur Bear", "Murmur Bear A 9.9.9"])
def test_two_that_bear_it_are_both_left_alone(forged: str) -> None:
    async def test() -> None:
        async with bench() as here:
            bear = await here.toy()
            other = await here.toy("7A:00:00:00:00:02", forged)
            reach = here.reach("Murmur Bear", times=5)
            async with reach.radio() as radio:
                for contact in (radio.listen(1.0), met(radio)):
                    with pytest.raises(NotSeen, match="Name it by its address") as refusal:
                        await contact
                    assert refusal.value.cause is Cause.CONTRADICTORY
            assert (bear.visitors, other.visitors) == ([], [])

    within(30, test)


def test_a_forged_name_does_not_take_the_place_of_an_address() -> None:
    async def test() -> None:
        async with bench() as here:
            forger = await here.toy("C4:7C:8D:00:00:99", BEAR)
            async with here.reach(limits=SHORT).radio() as radio:
                assert (await radio.listen(0.2)).adverts == 0
                with pytest.raises(NotSeen, match="was heard") as refusal:
                    await met(radio)
            assert refusal.value.cause is Cause.UNREACHABLE
            assert forger.visitors == []

    within(20, test)


def test_a_device_that_changes_its_address_is_still_the_one_of_its_name() -> None:
    async def test() -> None:
        async with bench() as here:
            bear = await here.toy(privacy=True)
            async with here.reach("Murmur Bear", times=3).radio() as radio:
                heard = await radio.listen(0.3)
                for _ in range(3):
                    async with radio.stranger() as link:
                        assert (await link.read(3)).came == "done"
            assert heard.address_kind == "resolvable"
            assert len(bear.visitors) == 3

    within(30, test)


def test_a_name_that_nobody_bears() -> None:
    async def test() -> None:
        async with bench() as here:
            await here.toy()
            async with here.reach("Other Bear").radio() as radio:
                with pytest.raises(NotSeen, match='called "Other Bear"') as refusal:
                    await radio.listen(0.1)
            assert refusal.value.cause is Cause.UNREACHABLE

    within(20, test)


def test_a_permission_for_another_radio_is_none() -> None:
    async def test() -> None:
        async with bench() as here:
            bear = await here.toy()
            for where, to in (
                (BEAR, "C4:7C:8D:00:00:02"),
                ("Murmur Bear", BEAR),
                (BEAR, "bluetooth:Murmur Bear"),
            ):
                reach = here.reach(where, to=to)
                assert not reach.radio_permits(Level.LOOK)
                with pytest.raises(NotSeen) as refusal:
                    await taken(reach)
                assert refusal.value.cause is Cause.NOT_PERMITTED
                assert reach.contacts == 0
                assert reach.tapes() == ()
            assert bear.visitors == []

    within(20, test)


@pytest.mark.parametrize(
    ("adapter", "words"),
    [
        ("", "This bench has no Bluetooth adapter"),
        ("tcp-client:127.0.0.1:1", "cannot be used: Connection refused"),
        ("unix:/nowhere/hci", "cannot be used: No such file"),
        ("serial:/dev/nowhere", "cannot be used"),
        ("usb:99", "cannot be used"),
        ("hci-socket:99", "cannot be used"),
    ],
)
def test_an_adapter_that_is_not_there(adapter: str, words: str) -> None:
    async def test() -> None:
        async with bench() as here:
            with pytest.raises(NotSeen, match=words) as refusal, fuse.looking() as stopped:
                await taken(here.reach(adapter=adapter))
            assert refusal.value.cause is Cause.TOOL_MISSING
            assert "shelfworthy adapters" in refusal.value.words
            assert stopped == []

    within(20, test)


def test_an_adapter_that_goes_away_is_not_a_device_that_is_silent() -> None:
    async def test() -> None:
        async with bench() as here:
            await here.toy()
            async with here.reach(limits=SHORT).radio() as radio, radio.stranger() as link:
                assert here.plug.wire is not None
                here.plug.wire.abort()
                with pytest.raises(NotSeen, match="adapter went away") as refusal:
                    await link.read(3)
            assert refusal.value.cause is Cause.TOOL_MISSING

    within(20, test)


def test_one_adapter_is_had_by_one_look_at_a_time() -> None:
    async def test() -> None:
        async with bench() as here:
            await here.toy()
            reach = here.reach()
            other = here.reach(limits=Limits(look=0.3))
            other._door.street = reach._door.street
            async with reach.radio():
                with pytest.raises(NotSeen, match="in use by other looks"):
                    await taken(other)
            async with here.reach().radio() as radio:
                assert (await radio.listen(0.1)).adverts

    within(20, test)


@pytest.mark.trips_fuse
def test_only_the_announced_adapter_is_connected_to() -> None:
    async def test() -> None:
        async with bench() as here:
            await here.toy()
            with fuse.looking() as stopped:
                async with here.reach().radio() as radio:
                    await radio.listen(0.1)
                    assert stopped == []
                    port = int(here.adapter.rpartition(":")[2])
                    with pytest.raises(FuseBlown):
                        await asyncio.open_connection("127.0.0.1", port)
                    with pytest.raises(FuseBlown):
                        await asyncio.open_unix_connection("/nowhere")
                assert len(stopped) == 2

    within(20, test)


def test_a_device_that_lets_nobody_in_was_heard() -> None:
    async def test() -> None:
        async with bench() as here:
            await here.toy()
            here.plug.loses = lambda packet: packet[1:2] == b"\x3e" and packet[3] == 0x01  # connected
            reach = here.reach(limits=SHORT)
            async with reach.radio() as radio:
                with pytest.raises(NoLink, match="did not take the connection") as refusal:
                    await met(radio)
                assert refusal.value.cause is Cause.SILENT
            assert "radio refused" in [entry.event for entry in reach.transcript().entries]

    within(30, test)
