"""`shelfworthy adapters`: what people read of each adapter, and what they are told to do."""

import asyncio
from pathlib import Path

import pytest

from shelfworthy.cli.adapters import said
from shelfworthy.reach.radio.adapters import Machine, Tried, try_adapters
from shelfworthy.reach.radio.opening import BUSY, MUTE, NOT_ALLOWED
from tests.cli.command import run
from tests.reach.radio.bench import bench, within
from tests.snapshots import same_as

HERE = Path(__file__).parent / "adapters"
GOOD = Tried(spec="usb:0", works=True, ids="0a12:0001", version=10, maker=10)

MACHINES: dict[str, tuple[Machine, str]] = {
    "works": (Machine(tried=(GOOD,), sockets=True), ""),
    "works-and-is-the-policys": (Machine(tried=(GOOD,), sockets=False), "usb:0"),
    "nothing": (Machine(tried=(), sockets=False, usb="LIBUSB_ERROR_OTHER [-99]"), ""),
    "nothing-works": (
        Machine(
            tried=(
                Tried(spec="serial:/dev/ttyUSB0", works=False, why=MUTE),
                Tried(spec="usb:0", works=False, why=NOT_ALLOWED, ids="0a12:0001"),
                Tried(spec="usb:1", works=False, why=BUSY, ids="0bda:8771"),
                Tried(spec="hci-socket:0", works=False, why=NOT_ALLOWED),
                Tried(spec="unix:/run/hci", works=False, why="No such file or directory"),
            ),
            sockets=True,
        ),
        "serial:/dev/ttyUSB0",
    ),
}


@pytest.mark.parametrize("name", MACHINES)
def test_what_is_said(name: str) -> None:
    same_as(HERE / f"{name}.txt", said(*MACHINES[name]))


@pytest.fixture
def no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The adapters of the machine that runs the tests are left alone."""
    monkeypatch.setattr("shelfworthy.reach.radio.adapters._usb", lambda: iter(()))
    monkeypatch.setattr("shelfworthy.reach.radio.adapters._kernels", list)


@pytest.mark.usefixtures("no_others")
def test_the_policys_adapter_is_tried_and_nobody_on_the_air_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        async with bench() as here:
            bear = await here.toy()
            sent: list[bytes] = []
            heard = here.plug.data_received

            def hear(data: bytes) -> None:
                sent.append(data)
                heard(data)

            monkeypatch.setattr(here.plug, "data_received", hear)
            machine = await try_adapters(here.adapter)
            assert next(one for one in machine.tried if one.spec == here.adapter).works
            assert b"".join(sent) == b"\x01\x03\x0c\x00" + b"\x01\x01\x10\x00"  # reset, read version
            assert bear.visitors == []

    within(30, test)


@pytest.mark.usefixtures("no_others")
def test_an_adapter_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shelfworthy.reach.radio.adapters.PATIENCE", 0.3)

    async def test() -> None:
        async with bench() as here:
            here.plug.loses = lambda packet: True
            machine = await try_adapters(here.adapter)
            assert next(one for one in machine.tried if one.spec == here.adapter).why == MUTE
            await asyncio.sleep(0)

    within(30, test)


def test_the_command_tells_a_wrong_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bench.toml").write_text('adapter = "hci0"\n')
    came = run(capsys, monkeypatch, tmp_path, "adapters", "--policy", "bench.toml")
    assert came.code == 2
    assert '"hci0" names no adapter' in came.err


def test_an_audit_with_no_adapter_that_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ("audit", "bluetooth:C4:7C:8D:00:00:01", "--permit", "C4:7C:8D:00:00:01")
    came = run(capsys, monkeypatch, tmp_path, *where, "--adapter", "bear")
    assert came.code == 2
    assert came.err.startswith('shelfworthy: --adapter: "bear" names no adapter. Expected "usb:0"')
    assert not list(tmp_path.glob("*.audit"))
