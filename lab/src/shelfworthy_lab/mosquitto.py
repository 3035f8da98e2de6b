"""A real MQTT broker (mosquitto), in every state a stranger may meet one in, and a keeper who fills it."""

import base64
import hashlib
import os
import socket
import ssl
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from shelfworthy_lab.certificates import Identity
from shelfworthy_lab.debian import program
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import Server, free_port, spawn, wait_for_port

USER, PASSWORD = "keeper", "tansy-lantern-orchard-58"
ROUNDS = 101  # mosquitto's own number


def start(
    folder: Path,
    password: bool = False,
    rules: bool = False,
    tls: Identity | None = None,
    host: str = "127.0.0.1",
    port: int | None = None,
    name: str = "mosquitto",
    client_certificates: bool = False,
) -> Server:
    """Start mosquitto in `folder`. `password` lets in `USER` alone; `rules` lets everybody in, and none but
    `USER` read or write anything; `tls` makes TLS the only way in, `client_certificates` only for those who
    show one. Raises `CantRun`.
    """
    binary = program("mosquitto", "mosquitto")
    port = port or free_port()
    folder.mkdir(parents=True, exist_ok=True)
    people, allowed, config = (folder / f"{name}.{kind}" for kind in ("passwd", "acl", "conf"))
    people.write_text(f"{USER}:{_hashed(PASSWORD)}\n")
    allowed.write_text(f"user {USER}\ntopic readwrite #\ntopic readwrite $SYS/#\n")
    lines = ["user root", "persistence false", f"listener {port} {host}", f"password_file {people}"]
    lines += [f"allow_anonymous {'false' if password else 'true'}"]
    lines += [f"acl_file {allowed}"] if rules else []
    if tls:
        lines += [f"certfile {tls.certificate}", f"keyfile {tls.key}", f"cafile {tls.authority}"]
        lines += ["require_certificate true"] if client_certificates else []
    config.write_text("\n".join(lines) + "\n")
    pid_file = spawn(name, [str(binary), "-c", str(config)], folder)
    wait_for_port(host, port, pid_file, folder / "logs" / f"{name}.log")
    return Server(host, port, pid_file)


def publish(
    server: Server, messages: Iterable[tuple[str, bytes]], tls: bool = False, retain: bool = True
) -> None:
    """Send messages as the keeper, and return when the broker has them (MQTT 3.1.1). Raises `CantRun`."""
    try:
        _publish(server, messages, tls, retain)
    except OSError as error:
        raise CantRun(f"mosquitto broke off: {error}") from error


def _publish(server: Server, messages: Iterable[tuple[str, bytes]], tls: bool, retain: bool) -> None:
    with closing(_line(server, tls)) as line:
        fields = b"".join(map(_text, (f"keeper-{os.urandom(4).hex()}", USER, PASSWORD)))
        line.sendall(_packet(0x10, _text("MQTT") + b"\x04\xc2\x00\x3c" + fields))
        if line.recv(4) != b"\x20\x02\0\0":
            raise OSError("the broker does not let its keeper in")
        for topic, payload in messages:
            line.sendall(_packet(0x30 | retain, _text(topic) + payload))
        line.sendall(b"\xc0\0")  # a ping, answered after all that came before
        if line.recv(2) != b"\xd0\0":
            raise OSError("the broker did not take the messages")


def _line(server: Server, tls: bool) -> socket.socket:
    line = socket.create_connection((server.host, server.port), 10)
    if not tls:
        return line
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(line)


def _hashed(password: str) -> str:
    """As mosquitto_passwd writes it: PBKDF2 with SHA-512."""
    salt = os.urandom(12)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"$7${ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"


def _packet(first: int, body: bytes) -> bytes:
    length, left = bytearray(), len(body)
    while left > 0x7F:
        length.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([first, *length, left]) + body


def _text(text: str) -> bytes:
    return len(text.encode()).to_bytes(2, "big") + text.encode()
