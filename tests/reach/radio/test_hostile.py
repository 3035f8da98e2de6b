"""A device that lies about everything: bounded time, bounded memory, and an answer that says so."""

import asyncio
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.reach import Limits
from shelfworthy.reach.radio.queue import LARGEST, MOST, Arrivals
from tests import clock
from tests.reach.radio.bench import SHORT, bench, within

NOT_FOUND = b"\x0a"


def error(unit: bytes, code: bytes = NOT_FOUND) -> bytes:
    return b"\x01" + unit[:3] + code


def endless(unit: bytes) -> bytes | None:
    """65,535 attributes, one service each: as many answers as anybody asks for."""
    start = int.from_bytes(unit[1:3], "little")
    two = unit[1:3]
    match unit[0]:
        case 0x02:
            return b"\x03\x17\x00"
        case 0x10:
            return b"\x11\x06" + two + two + b"\x00\x18"
        case 0x08:
            return b"\x09\x07" + two + b"\x1a" + min(start + 1, 0xFFFF).to_bytes(2, "little") + b"\x00\x2a"
        case 0x04:
            return b"\x05\x01" + two + b"\x02\x29"
    return error(unit)


def backwards(unit: bytes) -> bytes | None:
    """Every answer leads back to the start."""
    match unit[0]:
        case 0x10:
            return b"\x11\x06\x01\x00\x05\x00\x00\x18"
        case 0x08:
            return b"\x09\x07\x02\x00\x1a\x03\x00\x00\x2a"
        case 0x04:
            return b"\x05\x01\x01\x00\x01\x29"
    return error(unit)


LIARS: dict[str, Callable[[bytes], bytes | None]] = {
    "endless": endless,
    "backwards": backwards,
    "nothing in it": lambda unit: bytes([unit[0] + 1]),
    "no length": lambda unit: bytes([unit[0] + 1, 0]),
    "too long a length": lambda unit: bytes([unit[0] + 1, 255, 1, 2, 3]),
    "half an error": lambda unit: b"\x01" + unit[:1],
    "another's error": lambda unit: b"\x01\x7f\x00\x00\x05",
    "another's answer": lambda unit: b"\x13",
    "every error": lambda unit: error(unit, b"\xff"),
    "a service from end to start": lambda unit: b"\x11\x06\x05\x00\x01\x00\x00\x18",
    "silence": lambda unit: None,
    "its own question": lambda unit: unit,
    "an empty unit": lambda unit: b"",
}


@pytest.mark.parametrize("what", LIARS)
def test_a_listing_comes_to_its_end(what: str) -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            toy.answers(LIARS[what])
            async with here.reach(limits=SHORT).radio() as radio, radio.stranger() as link:
                began = clock.now()
                table = await link.table(most=300)
                assert table.truncated
                assert len(table.attributes) <= 300
                assert len(table.services) <= 256
                await link.read(3)
                assert clock.now() - began < 20

    within(40, test)


@pytest.mark.parametrize("step", range(8))
def test_hanging_up_at_every_step(step: int) -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            left = [step]

            def answer(unit: bytes) -> bytes | None:
                left[0] -= 1
                if left[0] < 0:
                    toy.leave()
                    return None
                return endless(unit) if unit[0] != 0x10 or unit[1] < 3 else error(unit)

            toy.answers(answer)
            async with here.reach(limits=SHORT).radio() as radio, radio.stranger() as link:
                table = await link.table(most=50)
                assert table.truncated
                assert (await link.read(3)).came == "gone"

    within(20, test)


def test_a_late_answer_is_not_that_to_the_next_question() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            loop = asyncio.get_running_loop()

            def answer(unit: bytes) -> bytes | None:
                told = b"\x0b" + unit[1:3]  # the value is the handle that was asked for
                if unit[1] == 7:
                    handle = next(iter(toy.device.connections))
                    loop.call_later(0.4, toy.send, handle, told)
                    return None
                return told

            toy.answers(answer)
            async with here.reach(limits=SHORT).radio() as radio, radio.stranger() as link:
                assert (await link.read(7)).came == "silent"
                assert (await link.read(9)).value == b"\x09\x00"

    within(20, test)


def test_who_never_answers_is_asked_twice_and_no_more() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            asked = []
            toy.answers(lambda unit: asked.append(unit))
            async with here.reach(limits=SHORT).radio() as radio, radio.stranger() as link:
                began = clock.now()
                assert {(await link.read(handle)).came for handle in range(1, 200)} == {"silent"}
                assert clock.now() - began < 2
            assert len(asked) == 1

    within(20, test)


def test_a_flood_of_notifications_is_counted_and_not_kept() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            async with here.reach(limits=SHORT).radio() as radio, radio.stranger() as link:
                await link.read(3)
                handle = next(iter(toy.device.connections))
                for place in range(6000):
                    toy.send(handle, b"\x1b\x07\x00" + bytes(18))
                    if place % 50 == 0:
                        await asyncio.sleep(0)
                        toy.send(handle, b"\x1d\x09\x00" + bytes(4))  # indications want an answer each
                        toy.send(handle, b"\x0a\x03\x00")  # and so do questions
                        toy.send(handle, b"\x1b")
                assert (await link.read(3)).came in ("done", "silent")
                while link.arrived(7)[0] < 6000:
                    await asyncio.sleep(0.05)
                taken = 0
                while await link.next(7, 0) is not None:
                    taken += 1
                assert taken <= MOST
                assert link.arrived(7) == (6000, 108000)

    within(60, test)


def test_what_waits_is_bounded_in_bytes_too() -> None:
    arrivals = Arrivals()
    tracemalloc.start()
    for _ in range(200_000):
        arrivals.add(7, bytes(500))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert arrivals.so_far(7) == (200_000, 100_000_000)
    assert peak < 3 * LARGEST


def test_the_looks_time_ends_whatever_a_device_does() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()

            def slowly(unit: bytes) -> None:
                handle = next(iter(toy.device.connections))
                told = endless(unit)
                assert told is not None
                asyncio.get_running_loop().call_later(0.2, toy.send, handle, told)

            toy.answers(slowly)
            limits = Limits(look=3.0, silence=0.5)
            began = clock.now()
            async with here.reach(limits=limits).radio() as radio, radio.stranger() as link:
                assert (await link.table()).truncated
            assert clock.now() - began < 4

    within(20, test)


def test_garbage_on_the_air_is_no_device_of_ours() -> None:
    async def test() -> None:
        async with bench() as here:
            for place in range(12):
                junk = bytes((place * 37 + at) % 256 for at in range(31))
                await here.toy(f"C4:7C:8D:00:01:{place:02X}", f"junk {place}", data=junk)
            await here.toy("C4:7C:8D:00:02:00", "zero", data=bytes(31))
            await here.toy("C4:7C:8D:00:02:01", "half", data=b"\x1e\x09Murmur Bear")
            bear = await here.toy()
            async with here.reach("Murmur Bear").radio() as radio:
                heard = await radio.listen(0.4)
                assert heard.others == 14
                async with radio.stranger() as link:
                    assert (await link.read(3)).came == "done"
            assert len(bear.visitors) == 1

    within(30, test)


def test_units_that_are_no_protocol_at_all() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            async with here.reach(limits=SHORT).radio() as radio, radio.stranger() as link:
                await link.read(3)
                handle = next(iter(toy.device.connections))
                for channel in (0, 1, 4, 5, 6, 7, 0x40, 0xFFFF):
                    for unit in (b"", b"\x00", b"\xff" * 40, bytes(range(64))):
                        toy.device.send_l2cap_pdu(handle, channel, unit)
                await asyncio.sleep(0.1)
                assert (await link.read(3)).came == "done"
                assert not link.encrypted

    within(20, test)


@settings(max_examples=25)
@given(st.lists(st.binary(max_size=60), min_size=1, max_size=12))
def test_whatever_it_answers_each_question_has_one_of_our_words(answers: list[bytes]) -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            told = iter(answers * 1000)
            toy.answers(lambda unit: next(told))
            limits = Limits(silence=0.05, look=10.0)
            async with here.reach(limits=limits).radio() as radio, radio.stranger() as link:
                await link.table(most=20)
                assert (await link.read(3)).came in ("done", "refused", "closed", "error", "silent", "gone")

    within(20, test)
