"""The air: who joins, leaves, joins again, talks nonsense; and how it ends."""

import asyncio
import json
import socket
from pathlib import Path

import pytest

from shelfworthy_lab import processes
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.radio.start import AIR, Guest, Started, start
from tests.lab.conftest import ADDRESS
from tests.lab.phones import call, heard, phone, run, visit

pytestmark = pytest.mark.lab

DOLL = "C4:7C:8D:00:00:07"


def _port(street: Started) -> int:
    return int(street.adapter.rpartition(":")[2])


def test_an_auditor_comes_and_goes_and_is_as_new_each_time(street: Started) -> None:
    async def story() -> None:
        for _ in range(10):
            async with phone(street.adapter) as device:
                assert not device.connections
                async with visit(device, ADDRESS["toy-2018"]) as here:
                    assert not here.connection.is_encrypted

    run(story())


def test_whoever_vanishes_in_the_middle_frees_the_toy(street: Started) -> None:
    async def story() -> None:
        for _ in range(3):
            async with phone(street.adapter) as device:
                await device.connect(device_address := ADDRESS["toy-2018"])
                assert device_address
            async with phone(street.adapter) as device:
                found = await heard(device)
                assert "Bear 0 B 1.0.19" in found
        whats = [json.loads(line)["what"] for line in street.logs["toy-2018"].read_text().splitlines()]
        assert whats.count("connected") == whats.count("disconnected")

    run(story())


def test_who_does_not_speak_hci_is_put_out_and_the_air_stays(street: Started) -> None:
    with socket.create_connection(("127.0.0.1", _port(street)), 5) as line:
        line.sendall(b"GET / HTTP/1.1\r\n\r\n")
        line.settimeout(5)
        assert line.recv(1) == b""

    async def story() -> None:
        async with phone(street.adapter) as device:
            assert await heard(device)

    run(story())


def test_a_toy_serves_one_at_a_time(street: Started) -> None:
    async def story() -> None:
        async with phone(street.adapter) as device:
            await device.connect(ADDRESS["toy-2018"])
            assert "Bear 0 B 1.0.19" not in await heard(device)

    run(story())


def test_all_of_its_processes_end(tmp_path: Path) -> None:
    with start([Guest("toy", "2018", "Bear", "C4:7C:8D:00:00:01")], tmp_path) as started:
        assert [pid_file.name for pid_file in started.pid_files] == ["air.pid", "toy-2018.pid"]
        pids = [int(pid_file.read_text().split()[0]) for pid_file in started.pid_files]
        assert len(set(pids)) == 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert not list((tmp_path / "pids").iterdir())
    assert all(log.read_text() == "" for log in (tmp_path / "logs").iterdir())


def test_a_toy_may_live_with_its_air(tmp_path: Path) -> None:
    guests = [
        Guest("toy", "2018", "Bear", "C4:7C:8D:00:00:01", AIR),
        Guest("doll", "open", "Dolly", DOLL, AIR),
    ]
    with start(guests, tmp_path) as started:
        (pid_file,) = started.pid_files
        pid = int(pid_file.read_text().split()[0])

        async def story() -> None:
            async with phone(started.adapter) as device:
                assert "Bear B 1.0.19" in await heard(device)
                async with visit(device, "C4:7C:8D:00:00:01") as here:
                    assert await here.pair() == 0
            async with phone(started.adapter, classic=True) as device:
                assert await call(device, DOLL)

        run(story())
        whats = [json.loads(line)["what"] for line in started.logs["toy-2018"].read_text().splitlines()]
        assert whats[:2] == ["connected", "paired: just works"]
        assert started.logs["doll-open"].read_text()
    assert not Path(f"/proc/{pid}").exists()


def test_one_that_does_not_exist_lets_no_air_begin(tmp_path: Path) -> None:
    with pytest.raises(CantRun, match="air did not start: see"):
        start([Guest("toy", "1999", "Bear", "C4:7C:8D:00:00:01", AIR)], tmp_path)
    assert not list((tmp_path / "pids").iterdir())
    assert "KeyError: '1999'" in (tmp_path / "logs" / "air.log").read_text()


def test_a_toy_ends_with_its_air(tmp_path: Path) -> None:
    with start([Guest("toy", "2018", "Bear", "C4:7C:8D:00:00:01")], tmp_path) as started:
        air, toy = started.pid_files
        processes.end(air)

        async def ended() -> None:
            while processes.alive(toy):
                await asyncio.sleep(0.01)

        run(ended())


def test_a_device_that_does_not_exist_leaves_nobody_behind(tmp_path: Path) -> None:
    with pytest.raises(CantRun, match="toy-1999 did not start: see"):
        start([Guest("toy", "1999", "Bear", "C4:7C:8D:00:00:01")], tmp_path)
    assert not list((tmp_path / "pids").iterdir())
    assert "KeyError: '1999'" in (tmp_path / "logs" / "toy-1999.log").read_text()
