"""Each endpoint has its fault, seen with a hand-made ClientHello and with a visitor's client."""

import os
import socket
import ssl
import struct
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy_lab import Instance, down, tls, up
from shelfworthy_lab.tls import Endpoint

pytestmark = pytest.mark.lab
RSA_3DES, RSA_RC4, RSA_NULL, RSA_AES, ANON_AES = 0x000A, 0x0005, 0x0002, 0x002F, 0x0034
SUITES = (RSA_AES, RSA_RC4, RSA_3DES, RSA_NULL, ANON_AES, 0xC02F, 0xC02B)


def hello(server: Endpoint, version: int, suites: tuple[int, ...] = SUITES) -> int | None:
    """The suite an endpoint picks for a ClientHello of SSLv3 to TLS 1.2; None if it refuses."""
    groups_and_signatures = b"\x00\x0a\x00\x04\x00\x02\x00\x17" + b"\x00\x0d\x00\x06\x00\x04\x04\x01\x04\x03"
    extensions = (
        struct.pack("!H", len(groups_and_signatures)) + groups_and_signatures if version > 0x300 else b""
    )
    body = struct.pack("!H", version) + os.urandom(32) + b"\0" + struct.pack("!H", 2 * len(suites))
    body += struct.pack(f"!{len(suites)}H", *suites) + b"\x01\x00" + extensions
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    with socket.create_connection((server.host, server.port), 5) as line, line.makefile("rb") as answer:
        line.sendall(struct.pack("!BHH", 22, min(version, 0x301), len(message)) + message)
        try:
            head = answer.read(5)
            said = answer.read(struct.unpack("!H", head[3:5])[0]) if len(head) == 5 else b""
        except ConnectionResetError:
            return None
    if head[:1] != b"\x16" or said[:1] != b"\x02" or struct.unpack("!H", said[4:6])[0] != version:
        return None
    after_session = 39 + said[38]
    return int.from_bytes(said[after_session : after_session + 2], "big")


def visit(server: Endpoint) -> str:
    """What a careful visitor's client meets: the protocol version it got a page over, or its complaint."""
    context = ssl.create_default_context(cafile=server.ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # as every browser; Debian's Python would take less
    try:
        with (
            socket.create_connection((server.host, server.port), 5) as raw,
            context.wrap_socket(raw, server_hostname=server.name) as line,
        ):
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return f"{line.version()} {line.recv(12).decode()}"
    except OSError as error:  # ssl.SSLError is one
        return str(error)


def plain(server: Endpoint) -> str:
    """What the plain port answers; a complaint if it does not."""
    try:
        with socket.create_connection((server.host, server.plain_port), 5) as line:
            line.settimeout(1)
            line.sendall(b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return line.recv(4096).decode()
    except OSError as error:
        return type(error).__name__


@pytest.fixture(scope="module")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    place = tmp_path_factory.mktemp("endpoints")
    yield up("endpoints", "all", place)
    down("endpoints", "all", place)


@pytest.fixture
def endpoint(request: pytest.FixtureRequest, endpoints: Instance) -> Endpoint:
    kind: str = request.param
    declared = tomllib.loads(endpoints.product.read_text())["permission"]
    name = f"{kind}.plumwhistle.test"
    host = next(one["resolve"] for one in declared if one["to"] == name)
    port = endpoints.ports[kind]
    plain_port = endpoints.ports.get(f"{kind}-plain", port)
    pid_file = endpoints.folder / "pids" / "web.pid"
    return Endpoint(host, port, pid_file, name, plain_port, endpoints.folder / "ca.pem")


@pytest.mark.parametrize(
    ("endpoint", "complaint"),
    [
        ("good-rsa", "TLSv1.3 HTTP/1.1 200"),
        ("good-ec", "TLSv1.3 HTTP/1.1 200"),
        ("tls13-only", "TLSv1.3 HTTP/1.1 200"),
        ("old-and-new", "TLSv1.2 HTTP/1.1 200"),
        ("expired", "certificate has expired"),
        ("wrong-name", "Hostname mismatch"),
        ("self-signed", "self-signed certificate"),
        ("rsa-1024", "key too weak"),
        ("tls10-only", "alert protocol version"),
        ("plain-http", "wrong version number"),
    ],
    indirect=["endpoint"],
)
def test_what_a_visitor_meets(endpoint: Endpoint, complaint: str) -> None:
    assert complaint in visit(endpoint)


@pytest.mark.parametrize("endpoint", ["client-certificate"], indirect=True)
def test_without_a_certificate_of_their_own_visitors_get_no_page(endpoint: Endpoint) -> None:
    assert hello(endpoint, 0x303) == 0xC02F
    assert "HTTP" not in visit(endpoint)


@pytest.mark.parametrize(
    ("endpoint", "picks"),
    [
        ("sslv3", {0x300: RSA_3DES, 0x301: RSA_3DES, 0x302: RSA_3DES, 0x303: None}),
        ("tls10-only", {0x300: None, 0x301: RSA_AES, 0x302: None, 0x303: None}),
        ("old-and-new", {0x300: None, 0x301: RSA_AES, 0x302: RSA_AES, 0x303: 0xC02F}),
        ("null-only", {0x301: RSA_NULL, 0x303: RSA_NULL}),
        ("anonymous-only", {0x301: ANON_AES, 0x303: ANON_AES}),
        ("good-rsa", {0x300: None, 0x301: None, 0x302: None, 0x303: 0xC02F}),
        ("good-ec", {0x302: None, 0x303: 0xC02B}),
        ("tls13-only", {0x302: None, 0x303: None}),
        ("plain-http", {0x301: None, 0x303: None}),
    ],
    indirect=["endpoint"],
)
def test_which_suite_each_version_gets(endpoint: Endpoint, picks: dict[int, int | None]) -> None:
    assert {version: hello(endpoint, version) for version in picks} == picks


@pytest.mark.parametrize("endpoint", ["sslv3"], indirect=True)
def test_sslv3_takes_rc4_too(endpoint: Endpoint) -> None:
    assert hello(endpoint, 0x300, (RSA_RC4,)) == RSA_RC4


@pytest.mark.parametrize(
    ("endpoint", "answer"),
    [
        ("good-rsa", "Location: https://good-rsa.plumwhistle.test:"),
        ("good-ec", "ConnectionRefusedError"),
        ("sslv3", "HTTP/1.1 404"),
        ("expired", "Set-Cookie: "),
        ("wrong-name", "TimeoutError"),
        ("plain-http", "HTTP/1.1 404"),
    ],
    indirect=["endpoint"],
)
def test_what_the_plain_port_does(endpoint: Endpoint, answer: str) -> None:
    assert answer in plain(endpoint)


def test_all_of_them_run(endpoints: Instance) -> None:
    assert endpoints.parts == dict.fromkeys(tls.KINDS, "running")


def test_one_can_be_started_alone(tmp_path: Path) -> None:
    with tls.start("expired", tmp_path, name="api.example.test") as server:
        assert "certificate has expired" in visit(server)
    assert not server.running()


def test_every_kind_is_tried_here() -> None:
    tried = {"null-only", "anonymous-only", "sslv3", "client-certificate"}  # who get no page, or no TLS
    marks = [mark for mark in test_what_a_visitor_meets.pytestmark if mark.name == "parametrize"]  # type: ignore[attr-defined]
    assert tried | {kind for kind, _ in marks[0].args[1]} == set(tls.KINDS)
