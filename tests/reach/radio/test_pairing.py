"""Each way to pair, told by what the device said; and what a device that lies about it comes to."""

import asyncio
from typing import Any

import pytest
from bumble.pairing import PairingDelegate as Has

from shelfworthy.reach import Paired
from tests.reach.radio.bench import SHORT, Bench, Toy, bench, within

SC = {"sc": True, "mitm": False, "bonding": True}
MITM = {"sc": True, "mitm": True, "bonding": True}
LEGACY = {"sc": False, "mitm": False, "bonding": False}
LEGACY_PASSKEY = {"sc": False, "mitm": True, "bonding": True}
BOTH = Has.DISPLAY_OUTPUT_AND_YES_NO_INPUT


class Noughts(int):
    """The toy's 000000, which bumble takes for none at all."""

    def __bool__(self) -> bool:
        return True


async def paired(here: Bench, partner: Any) -> tuple[Paired, bool, bool]:
    async with here.reach().radio() as radio, radio.stranger() as link:
        told = await link.pair(partner)
        return told, link.encrypted, link.authenticated


# what: (the toy, the partner, what is told, whether protected afterwards)
WAYS: dict[str, tuple[dict[str, Any], str, Paired, bool]] = {
    "just works": (
        {"pairing": SC},
        "weakest",
        Paired(came="done", io=3, secure_connections=True, bonding=True, method="just works", key_size=16),
        False,
    ),
    "legacy": (
        {"pairing": LEGACY},
        "strongest",
        Paired(came="done", io=3, method="just works", key_size=16),
        False,
    ),
    "numeric comparison": (
        {"pairing": MITM, "io": BOTH},
        "strongest",
        Paired(
            came="done",
            io=1,
            mitm=True,
            secure_connections=True,
            bonding=True,
            method="numeric comparison",
            key_size=16,
        ),
        True,
    ),
    "a passkey we know": (
        {"pairing": LEGACY_PASSKEY, "io": Has.DISPLAY_OUTPUT_ONLY},
        "123456",
        Paired(came="done", io=0, mitm=True, bonding=True, method="passkey", key_size=16),
        True,
    ),
    "a passkey of nothing but noughts": (
        {"pairing": MITM, "io": Has.DISPLAY_OUTPUT_ONLY, "passkey": Noughts(0)},
        "000000",
        Paired(
            came="done", io=0, mitm=True, secure_connections=True, bonding=True, method="passkey", key_size=16
        ),
        True,
    ),
    "another passkey": (
        {"pairing": LEGACY_PASSKEY, "io": Has.DISPLAY_OUTPUT_ONLY},
        "111111",
        Paired(came="refused", code=4, io=0, mitm=True, bonding=True, method="passkey", key_size=16),
        False,
    ),
    "a passkey nobody told us": (
        {"pairing": LEGACY_PASSKEY, "io": Has.DISPLAY_OUTPUT_ONLY},
        "strongest",
        Paired(came="error", io=0, mitm=True, bonding=True, method="passkey", key_size=16),
        False,
    ),
    "no": ({"says": False}, "weakest", Paired(came="refused", code=5), False),
}


@pytest.mark.parametrize("what", WAYS)
def test_each_way_is_told_right(what: str) -> None:
    toy, partner, told, protected = WAYS[what]

    async def test() -> None:
        async with bench() as here:
            await here.toy(**toy)
            came, encrypted, authenticated = await paired(here, partner)
            assert came == told
            assert encrypted is (told.came == "done")
            assert authenticated is protected

    within(30, test)


def test_a_device_that_asks_for_it_is_heard_and_not_obeyed() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()
            async with here.reach().radio() as radio, radio.stranger() as link:
                await link.read(3)
                assert not link.device_asks
                toy.send_smp(b"\x0b\x0d")
                toy.send_smp(b"\x01\x03\x00\x01\x10\x00\x00")  # a Pairing Request, which is ours to send
                await asyncio.sleep(0.05)
                assert link.device_asks
                assert not link.encrypted
                assert (await link.read(3)).came == "done"
            assert toy.pairings == 0

    within(20, test)


def smp_of(toy: Toy, *units: bytes) -> None:
    """Answer a Pairing Request with these, whatever follows."""
    from bumble import smp

    def heard(handle: int, unit: bytes) -> None:
        if unit[0] == 1:
            for one in units:
                toy.send_smp(one)

    toy.device.l2cap_channel_manager.register_fixed_channel(smp.SMP_CID, heard)


RESPONSE = b"\x02\x03\x00\x09\x10\x00\x00"
LIES: dict[str, tuple[tuple[bytes, ...], Paired]] = {
    "silence": ((), Paired(came="silent")),
    "a reason there is not": ((b"\x05\xee",), Paired(came="refused", code=0xEE)),
    "no reason at all": ((b"\x05",), Paired(came="refused")),
    "half a response": ((RESPONSE[:3],), Paired(came="silent")),
    "a response to itself": (
        (b"\x02\xff\xff\xff\xff\xff\xff",),
        Paired(came="error", io=-1, mitm=True, secure_connections=True, bonding=True, key_size=0),
    ),
    "keys before there is a key": (
        (RESPONSE, b"\x06" + bytes(16), b"\x08" + bytes(16)),
        Paired(came="error", io=3, secure_connections=True, bonding=True, method="just works", key_size=16),
    ),
    "a public key of nothing": (
        (RESPONSE, b"\x0c" + bytes(64)),
        Paired(came="silent", io=3, secure_connections=True, bonding=True, method="just works", key_size=16),
    ),
    "two minds": (
        (RESPONSE, b"\x02\x00\x00\x00\x07\x00\x00", b"\x05\x03"),
        Paired(
            came="refused",
            code=3,
            io=3,
            secure_connections=True,
            bonding=True,
            method="just works",
            key_size=16,
        ),
    ),
}


@pytest.mark.parametrize("what", LIES)
def test_a_device_that_lies_about_pairing(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    units, told = LIES[what]
    monkeypatch.setattr("shelfworthy.reach.radio.link.PAIRING", 0.5)

    async def test() -> None:
        async with bench() as here:
            smp_of(await here.toy(), *units)
            async with here.reach(limits=SHORT).radio() as radio:
                async with radio.stranger() as link:
                    came = await link.pair("weakest")
                    assert (came.came, came.code) == (told.came, told.code)
                    if what != "a response to itself":
                        assert came == told
                    assert not link.encrypted
                    assert (await link.pair("strongest")).came == told.came
                async with radio.stranger() as link:
                    assert (await link.read(3)).came == "done"

    within(20, test)


def test_a_device_that_hangs_up_in_the_middle() -> None:
    async def test() -> None:
        async with bench() as here:
            toy = await here.toy()

            from bumble import smp

            def heard(handle: int, unit: bytes) -> None:
                toy.leave()

            toy.device.l2cap_channel_manager.register_fixed_channel(smp.SMP_CID, heard)
            async with here.reach().radio() as radio, radio.stranger() as link:
                assert (await link.pair("weakest")).came == "gone"
                assert (await link.pair("weakest")).came == "gone"

    within(20, test)
