"""One street for many audits: paces are shared, forgotten when they are as new, and looks wait their turn."""

import asyncio
from ipaddress import ip_address

from shelfworthy.model import Kind
from shelfworthy.product.address import parse_where
from shelfworthy.reach import Limits, Street
from shelfworthy.reach import street as module

ONE, OTHER = (parse_where(Kind.ENDPOINT, f"https://{name}.test/") for name in ("one", "other"))
HERE = ip_address("127.0.0.5")


def test_who_asks_for_the_same_address_gets_the_same_pace() -> None:
    street = Street()
    assert street.pace(HERE, 443) is street.pace(HERE, 443)
    assert street.pace(HERE, 443) is not street.pace(HERE, 80)


def test_only_paces_that_are_as_new_are_forgotten() -> None:
    async def run() -> None:
        street = Street(Limits(rate=1, burst=2, together=1))
        used, held = street.pace(HERE, 1), street.pace(HERE, 2)
        async with held.turn(1):
            async with used.turn(1):
                pass
            fill(street)
            assert street.pace(HERE, 1) is used  # it has not earned back what was spent
            assert street.pace(HERE, 2) is held
            await asyncio.sleep(1.2)
            fill(street)
            assert street.pace(HERE, 2) is held
            assert street.pace(HERE, 1) is not used
        assert len(street._paces) <= 2 * module.CROWD

    asyncio.run(run())


def fill(street: Street) -> None:
    """Ask for as many other addresses as make it forget."""
    for number in range(2 * module.CROWD):
        street.pace(ip_address(0x0A000000 + number), 443)


def test_looks_at_one_host_wait_for_each_other_and_not_for_those_elsewhere() -> None:
    async def run() -> None:
        street = Street(Limits(together=2))
        begun = under_way = most = 0

        async def look() -> None:
            nonlocal begun, under_way, most
            async with street.look(ONE):
                begun += 1
                under_way += 1
                most = max(most, under_way)
                await asyncio.sleep(0.02)
                under_way -= 1

        crowd = asyncio.gather(*(look() for _ in range(10)))
        await asyncio.sleep(0)
        async with street.look(OTHER):
            assert begun == 2  # nobody has made room yet
        await crowd
        assert most == 2
        assert not street._lanes

    asyncio.run(run())


def test_no_more_looks_than_the_bound_are_under_way_wherever_they_are() -> None:
    async def run() -> None:
        street = Street(looks=3)
        under_way = most = 0

        async def look(number: int) -> None:
            nonlocal under_way, most
            async with street.look(parse_where(Kind.ENDPOINT, f"https://n{number}.test/")):
                under_way += 1
                most = max(most, under_way)
                await asyncio.sleep(0.01)
                under_way -= 1

        await asyncio.gather(*(look(number) for number in range(12)))
        assert most == 3

    asyncio.run(run())


def test_a_share_of_politeness_never_adds_up_to_more() -> None:
    whole = Limits()
    for by in range(1, 5):
        part = whole.shared(by)
        assert part.together * by <= whole.together
        assert part.rate * by <= whole.rate * 1.000001
        assert part.burst * by <= whole.burst
    assert whole.shared(50).together == 2  # a look may need a second one while it holds the first
