"""The MongoDB servers are in the states they claim, in each version."""

import socket
import struct
from pathlib import Path

import pytest
from pymongo.errors import OperationFailure

from shelfworthy_lab import mongod
from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import Server

pytestmark = pytest.mark.lab


@pytest.fixture(params=mongod.VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    version: str = request.param
    return version


def _databases(server: Server, tls: bool = False) -> set[str]:
    with mongod.connect(server, tls=tls) as client:
        return {about["name"] for about in client.admin.command("listDatabases")["databases"]}


def test_open_lists_its_databases_to_a_stranger(tmp_path: Path, version: str) -> None:
    with mongod.start(tmp_path, version) as server:
        assert {"admin", "local"} <= _databases(
            server
        )  # still empty, yet open; `config` comes a little later
        with mongod.connect(server) as client:
            assert client.admin.command("buildInfo")["version"] == version


def test_auth_without_users_answers_ok_and_nothing(tmp_path: Path, version: str) -> None:
    with mongod.start(tmp_path, version, auth=True) as server:
        assert _databases(server) == set()


def test_auth_with_users_and_tls_refuses_strangers_and_clear_text(tmp_path: Path, version: str) -> None:
    identity = Authority(tmp_path).issue("db.example.test")
    with mongod.start(tmp_path, version, auth=True, users=True, tls=identity) as server:
        with pytest.raises(OperationFailure) as refused:
            _databases(server, tls=True)
        assert refused.value.code == 13
        with mongod.connect(server, tls=True, login=True) as client:
            assert "admin" in client.list_database_names()
        assert _answer_to_clear_text(server) == b""


def test_a_stopped_server_is_gone(tmp_path: Path) -> None:
    with mongod.start(tmp_path) as server:
        assert server.running()
    assert not server.running()
    with socket.socket() as probe:
        assert probe.connect_ex((server.host, server.port)) != 0


def test_an_own_mongod_that_does_not_start_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_MONGOD", str(tmp_path / "no-such-program"))
    with pytest.raises(CantRun, match="no-such-program"):
        mongod.start(tmp_path)


def test_a_version_the_lab_does_not_have_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"it has 5\.0\.4, 6\.0\.5, 6\.0\.27"):
        mongod.start(tmp_path, "2.6.0")


def _answer_to_clear_text(server: Server) -> bytes:
    """Send a ping in OP_MSG, unencrypted."""
    command = (
        b"\x00\x00\x00\x00\x00"
        b"\x1e\x00\x00\x00\x10ping\x00\x01\x00\x00\x00\x02$db\x00\x06\x00\x00\x00admin\x00\x00"
    )
    with socket.create_connection((server.host, server.port), 5) as line:
        line.sendall(struct.pack("<iiii", 16 + len(command), 1, 0, 2013) + command)
        try:
            return line.recv(16)
        except ConnectionResetError:
            return b""
