"""A real CoAP server: the example server of libcoap, without and with DTLS."""

import socket
import time
from pathlib import Path

from shelfworthy_lab.debian import program
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import START_SECONDS, Server, alive, free_port, spawn

PACKAGE = "libcoap3-bin"
PING, RESET = b"\x40\0\0\x07", b"\x70\0\0\x07"  # RFC 7252, section 4.3


def start(
    folder: Path, key: str = "", host: str = "127.0.0.1", port: int | None = None, name: str = "coap"
) -> Server:
    """Start it in `folder`; with a `key` it speaks DTLS on the next port, too. Raises `CantRun`."""
    folder.mkdir(parents=True, exist_ok=True)
    binary = program("coap-server-openssl" if key else "coap-server-notls", PACKAGE)
    port = port or free_port()
    command = [str(binary), "-A", host, "-p", str(port)]
    pid_file = spawn(name, command + (["-k", key] if key else []), folder)
    server = Server(host, port, pid_file)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and alive(pid_file):
        if _answers(server):
            return server
        time.sleep(0.02)
    server.stop()
    raise CantRun(f"{name} does not answer on {host}:{port}")


def _answers(server: Server) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(0.5)
        try:
            line.connect((server.host, server.port))
            line.send(PING)
            return line.recv(64) == RESET
        except OSError:
            return False
