"""A Classic device as a stranger's phone finds it; the virtual link has no encryption and no PIN there."""

from typing import Any

import pytest
from bumble import a2dp, avdtp, hci, hfp, rfcomm
from bumble.controller import Controller
from bumble.device import Device, DeviceConfiguration
from bumble.host import Host
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport.common import AsyncPipeSink

from shelfworthy.model import Cause, Level
from shelfworthy.reach import NoLink, NotSeen
from tests.reach.radio.bench import SHORT, Bench, bench, within

DOLL = "00:1B:10:00:00:AA"


class Doll:
    """A hands-free set that asks nobody. heard: what came over its channel. answers: whether it says so."""

    def __init__(self, here: Bench, *, answers: bool = True) -> None:
        self.heard: list[bytes] = []
        self.visitors: list[str] = []
        controller = Controller("doll", link=here.air, public_address=DOLL)
        config = DeviceConfiguration(
            name="Anna's doll",
            address=hci.Address(DOLL),
            le_enabled=False,
            classic_enabled=True,
            class_of_device=0x240404,
            classic_sc_enabled=False,
        )
        self.device = Device(config=config)
        self.device.host = Host(controller, AsyncPipeSink(controller))
        delegate = PairingDelegate(PairingDelegate.NO_OUTPUT_NO_INPUT)
        self.device.pairing_config_factory = lambda _: PairingConfig(mitm=False, delegate=delegate)
        self.device.on("connection", lambda one: self.visitors.append(one.peer_address.to_string(False)))

        def opened(dlc: Any) -> None:
            def sink(data: bytes) -> None:
                self.heard.append(bytes(data))
                if answers:
                    dlc.write(b"OK\r\n")

            dlc.sink = sink

        channel = rfcomm.Server(self.device).listen(opened)
        hands_free = hfp.HfConfiguration(
            supported_hf_features=[hfp.HfFeature.REMOTE_VOLUME_CONTROL],
            supported_hf_indicators=[],
            supported_audio_codecs=[hfp.AudioCodec.CVSD],
        )
        self.device.sdp_service_records = {
            1: hfp.make_hf_sdp_records(1, channel, hands_free),
            2: a2dp.make_audio_sink_service_sdp_records(2),  # type: ignore[no-untyped-call]
        }
        avdtp.Listener.for_device(self.device)

    async def on(self) -> "Doll":
        await self.device.power_on()
        return self


def test_what_a_doll_offers_and_lets_everybody_use() -> None:
    async def test() -> None:
        async with bench() as here:
            doll = await Doll(here).on()
            reach = here.reach(DOLL)
            async with reach.radio() as radio:
                async with radio.classic() as link:
                    assert link.name == "•'s doll"
                    assert not link.encrypted
                    offered = {one.uuid: one for one in await link.services()}
                    assert set(offered) == {"111e", "110b"}
                    assert offered["111e"].channel > 0
                    assert offered["110b"].psm == 0x19
                    assert (await link.use(offered["111e"])).came == "done"
                    assert (await link.use(offered["110b"])).came == "done"
                    paired = await link.pair()
                    assert (paired.came, paired.io, paired.mitm) == ("done", 3, False)
                async with radio.classic() as link:
                    assert (await link.use(offered["111e"])).came == "done"
            assert doll.heard == [b"AT+BRSF=0\r"] * 2
            assert len(doll.visitors) == 2
            events = [one.event for one in reach.transcript().entries]
            assert events.count("radio connected") == 2
            assert b"OK\r\n" not in reach.tapes()[0]
            assert b"Anna" not in reach.tapes()[0]

    within(40, test)


def test_a_doll_that_never_answers() -> None:
    async def test() -> None:
        async with bench() as here:
            await Doll(here, answers=False).on()
            async with here.reach(DOLL, limits=SHORT).radio() as radio, radio.classic() as link:
                offered = {one.uuid: one for one in await link.services()}
                assert (await link.use(offered["111e"])).came == "silent"

    within(40, test)


def test_a_classic_radio_is_used_at_use_and_found_by_address() -> None:
    async def test() -> None:
        async with bench() as here:
            doll = await Doll(here).on()
            async with here.reach(DOLL, level=Level.KNOCK).radio() as radio, radio.classic() as link:
                offered = await link.services()
                for act in (link.use(offered[0]), link.pair()):
                    with pytest.raises(NotSeen, match="`use` is needed"):
                        await act
            assert doll.heard == []
            async with here.reach("Doll").radio() as radio:
                with pytest.raises(NotSeen, match="found by its address only") as refusal:
                    async with radio.classic():
                        pass
                assert refusal.value.cause is Cause.NOT_SUPPLIED

    within(40, test)


def test_nobody_at_the_address() -> None:
    async def test() -> None:
        async with bench() as here, here.reach(DOLL, limits=SHORT).radio() as radio:
            with pytest.raises(NoLink, match="No Classic device answered") as refusal:
                async with radio.classic():
                    pass
            assert refusal.value.cause is Cause.UNREACHABLE

    within(40, test)


def test_a_phone_for_le_comes_after_one_for_classic() -> None:
    async def test() -> None:
        async with bench() as here:
            await Doll(here).on()
            await here.toy(DOLL, "Doll", public="00:1B:10:00:00:AB")
            async with here.reach(DOLL).radio() as radio:
                async with radio.classic() as link:
                    assert await link.services()
                async with radio.stranger() as other:
                    assert (await other.read(3)).came == "done"

    within(40, test)
