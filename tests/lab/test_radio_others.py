"""The doll and the dinosaur, to phones that are not the probe's."""

import asyncio

import pytest
from bumble import avdtp, core, hci, hfp, l2cap, rfcomm
from bumble.device import Connection

from shelfworthy_lab.radio import dino_commands as dino
from shelfworthy_lab.radio.finger import PATIENCE
from shelfworthy_lab.radio.start import Started
from tests.lab.conftest import ADDRESS
from tests.lab.phones import STRONGEST, Visit, call, phone, run, visit

pytestmark = pytest.mark.lab


async def said(here: Visit, command: bytes) -> bytes | None:
    """What the dinosaur answers a command with, if anything."""
    answers: asyncio.Queue[bytes] = asyncio.Queue()
    assert await here.subscribe(dino.ANSWER, answers.put_nowait) == 0
    assert await here.write(dino.COMMAND, command) == 0
    try:
        return await asyncio.wait_for(answers.get(), 0.3)
    except TimeoutError:
        return None


def test_what_was_recorded_works_again_with_the_dinosaur_of_2017(street: Started) -> None:
    async def story() -> None:
        async with phone(street.adapter) as device:
            for _ in range(2):
                async with visit(device, ADDRESS["dino-2017"]) as here:
                    assert await said(here, dino.block(dino.SAY + b"7")) == dino.WORD
                    assert await said(here, bytes(16)) is None
                    assert await here.value(dino.CHILD) == dino.NAME_OF_CHILD

    run(story())


def test_the_fixed_dinosaur_wants_this_connections_nonce_from_somebody_who_paired(street: Started) -> None:
    async def story() -> None:
        async with phone(street.adapter, STRONGEST) as owner:
            recorded = b""
            for _ in range(2):
                async with visit(owner, ADDRESS["dino-fixed"]) as here:
                    assert await here.read(dino.NONCE) == await here.write(dino.COMMAND, b"") == 0x05
                    assert await here.pair() == 0
                    assert recorded == b"" or await said(here, recorded) is None
                    recorded = dino.block(dino.SAY + await here.value(dino.NONCE))
                    assert await said(here, recorded) == dino.WORD
        async with phone(street.adapter) as stranger, visit(stranger, ADDRESS["dino-fixed"]) as here:
            assert await here.pair() == 0x03

    run(story())


async def talk(connection: Connection) -> bytes:
    """What the doll answers an AT command with."""
    record = await hfp.find_hf_sdp_record(connection)
    assert record
    mux = await rfcomm.Client(connection).start()
    channel = await mux.open_dlc(record[0])
    answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    channel.sink = answer.set_result
    channel.write(b"AT+BRSF=0\r")
    return await asyncio.wait_for(answer, 5)


def test_any_phone_talks_through_the_open_doll(street: Started) -> None:
    async def story() -> None:
        for _ in range(2):
            async with phone(street.adapter, classic=True) as device:
                connection = await call(device, ADDRESS["doll-open"])
                assert await talk(connection) == b"\r\nOK\r\n"
                mouth = await avdtp.Protocol.connect(connection)
                assert len(list(await mouth.discover_remote_endpoints())) == 1
                assert not connection.is_encrypted
                await connection.authenticate()
                await connection.encrypt()
                assert connection.is_encrypted
                assert connection.pairing_peer_io_capability == hci.IoCapability.NO_INPUT_NO_OUTPUT

    run(story())


def test_the_fixed_doll_serves_only_who_paired_after_its_button_was_pressed(street: Started) -> None:
    async def story() -> None:
        refused = 0
        async with phone(street.adapter, classic=True) as owner:
            for _ in range(PATIENCE + 1):
                connection = await call(owner, ADDRESS["doll-fixed"])
                with pytest.raises(l2cap.L2capError):
                    await talk(connection)
                try:
                    await connection.authenticate()
                except hci.HCI_Error as error:
                    refused += error.error_code == hci.HCI_ErrorCode.PAIRING_NOT_ALLOWED_ERROR
                else:
                    assert await talk(connection) == b"\r\nOK\r\n"
                await connection.disconnect()
        assert refused == PATIENCE
        async with phone(street.adapter, classic=True) as second:
            connection = await call(second, ADDRESS["doll-fixed"])
            with pytest.raises(l2cap.L2capError):
                await talk(connection)
            with pytest.raises(core.ProtocolError):
                await connection.authenticate()

    run(story())
