"""Who was heard at an address of its own is called there at once; everybody else is listened for first."""

import asyncio

import pytest

from shelfworthy.model import Cause
from shelfworthy.reach import NotSeen, Reach
from shelfworthy.reach.radio import radio as radio_of
from shelfworthy.reach.radio.tape import HEAD
from tests import clock
from tests.reach.radio.bench import BEAR, Bench, bench, within
from tests.reach.radio.test_tape import packets

SCANS = b"\x01\x42\x20"  # LE Set Extended Scan Enable, H4
CALLS = {b"\x01\x43\x20": 7, b"\x01\x0d\x20": 10}  # LE (Extended) Create Connection: where its address stands
OTHER = "C4:7C:8D:00:00:02"


def told(reach: Reach) -> tuple[int, list[str]]:
    """How often the adapter was told to listen, and whom it was told to call, by the recording."""
    (tape,) = reach.tapes()
    assert tape.startswith(HEAD)
    kept = [one for one, _, _ in packets(tape)]
    called = [one[at : at + 6][::-1].hex(":").upper() for one in kept if (at := CALLS.get(one[:3]))]
    return sum(one[:3] == SCANS and one[4] == 1 for one in kept), called


async def visits(here: Bench, where: str, number: int = 2, listens: float = 0.6) -> Reach:
    reach = here.reach(where)
    async with reach.radio() as radio:
        if listens:
            await radio.listen(listens)
        for _ in range(number):
            async with radio.stranger():
                pass
    return reach


def test_who_was_heard_at_its_address_is_called_without_listening_again() -> None:
    async def test() -> None:
        async with bench() as here:
            toy, band = await here.toy(), await here.toy(OTHER, "Band")
            reach = await visits(here, BEAR)
            assert told(reach) == (1, [BEAR, BEAR])
            assert len(toy.visitors) == 2
            assert band.visitors == []  # which would have let us in: it is heard, and connectable

    within(20, test)


def test_who_was_not_heard_yet_is_listened_for_first() -> None:
    async def test() -> None:
        async with bench() as here:
            await here.toy()
            reach = await visits(here, BEAR, number=1, listens=0)
            assert told(reach) == (1, [BEAR])

    within(20, test)


def test_a_name_is_listened_for_each_time() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            reach = await visits(here, "Murmur Bear")
            assert told(reach) == (3, [BEAR, BEAR])
            assert len(toy.visitors) == 2

    within(20, test)


def test_who_does_not_come_when_called_is_listened_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(radio_of, "CALL", 0.2)

    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            reach = here.reach()
            async with reach.radio() as radio:
                await radio.listen(0.3)
                await toy.device.stop_advertising()
                asyncio.get_running_loop().call_later(1.6, lambda: asyncio.ensure_future(toy.again()))
                async with radio.stranger():
                    pass
            assert told(reach) == (2, [BEAR, BEAR])
            assert len(toy.visitors) == 1
            assert "radio refused" in [entry.event for entry in reach.transcript().entries]

    within(20, test)


def test_who_left_for_good_is_not_there_and_not_one_that_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(radio_of, "CALL", 0.2)
    monkeypatch.setattr(radio_of, "HEAR", 0.4)

    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            reach = here.reach()
            async with reach.radio() as radio:
                await radio.listen(0.3)
                await toy.device.stop_advertising()
                began = clock.now()
                with pytest.raises(NotSeen) as raised:
                    async with radio.stranger():
                        pass
            assert raised.value.cause is Cause.UNREACHABLE
            assert clock.now() - began < 5
            assert toy.visitors == []

    within(20, test)
