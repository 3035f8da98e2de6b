"""The brokers are in the states they claim, and end with what they started."""

import socket
from pathlib import Path

import pytest

from shelfworthy_lab import coap, debian, mosquitto, rabbitmq
from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import Server, alive
from tests.needs import missing

pytestmark = pytest.mark.lab

STRANGER = bytes.fromhex("10 11 0004 4d515454 04 02 000a 0005") + b"audit"


def said(server: Server, content: bytes) -> bytes:
    with socket.create_connection((server.host, server.port), 5) as line:
        line.sendall(content)
        try:
            return line.recv(16)
        except ConnectionResetError:
            return b""


def test_mosquitto_lets_in_whom_it_should(tmp_path: Path) -> None:
    identity = Authority(tmp_path).issue("mqtt.example.test")
    try:
        with (
            mosquitto.start(tmp_path, name="open") as opened,
            mosquitto.start(tmp_path, password=True, name="password") as closed,
            mosquitto.start(tmp_path, tls=identity, name="tls") as secret,
        ):
            assert said(opened, STRANGER) == b"\x20\x02\0\0"
            assert said(closed, STRANGER) == b"\x20\x02\0\x05"
            assert said(secret, STRANGER) == b""
            mosquitto.publish(closed, [("toys", b"plum")])
            mosquitto.publish(secret, [("toys", b"plum")], tls=True)
            running = closed
    except CantRun as why:
        missing(str(why))
    assert not running.running()
    with pytest.raises(CantRun, match="broke off"):
        mosquitto.publish(running, [("toys", b"plum")])


def test_rabbitmq_ends_with_what_it_started(tmp_path: Path) -> None:
    try:
        server = rabbitmq.start(tmp_path, password=True)
    except CantRun as why:
        missing(str(why))
    with server:
        assert said(server, rabbitmq.GREETING)[:1] == b"\x01"
        rabbitmq.Keeper(server, rabbitmq.USER, rabbitmq.PASSWORD).close()
        with pytest.raises(OSError, match=r"hung up|reset"):
            rabbitmq.Keeper(server, *rabbitmq.OPEN)
        assert alive(server.directory)
        directory = server.directory
    assert not server.running()
    assert not alive(directory)


def test_coap_answers_and_with_a_key_dtls_beside_it(tmp_path: Path) -> None:
    try:
        with coap.start(tmp_path, key="plum") as server, socket.socket(type=socket.SOCK_DGRAM) as line:
            line.settimeout(5)
            line.sendto(coap.PING, (server.host, server.port))
            assert line.recv(64) == coap.RESET
            with pytest.raises(OSError, match="in use"), socket.socket(type=socket.SOCK_DGRAM) as other:
                other.bind((server.host, server.port + 1))  # somebody listens there
    except CantRun as why:
        missing(str(why))


def test_a_package_that_is_not_there_is_named() -> None:
    with pytest.raises(CantRun, match="needs the Debian package plum-utils"):
        debian.program("plum-whistle", "plum-utils")
