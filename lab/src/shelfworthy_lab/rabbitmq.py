"""A real AMQP broker (RabbitMQ), open to everybody's `guest` or closed, and a keeper who sends messages."""

import os
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from shelfworthy_lab.certificates import Identity
from shelfworthy_lab.debian import program
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import START_SECONDS, Server, end, free_port, spawn, wait_for_port

# Debian's own command changes to the user rabbitmq and to its folders; this is what it then starts.
BINARY = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
USER, PASSWORD = "keeper", "tansy-lantern-orchard-58"
OPEN = ("guest", "guest")  # what RabbitMQ comes with
GREETING = b"AMQP\0\0\x09\x01"
PAUSE = 0.1  # seconds between two messages of a keeper


@dataclass(frozen=True)
class Node(Server):
    """A running node. also: a second port for cleartext; tls: one for TLS alone, 0 for none.

    directory: the pid file of what lets nodes find each other, and was started for this one.
    """

    also: int
    tls: int
    directory: Path

    def stop(self) -> None:
        super().stop()
        end(self.directory)


def start(
    folder: Path,
    password: bool = False,
    tls: Identity | None = None,
    host: str = "127.0.0.1",
    port: int | None = None,
    name: str = "rabbitmq",
) -> Node:
    """Start RabbitMQ in `folder`. `password` lets in `USER` alone, otherwise `guest` may come from anywhere;
    `tls` opens a port for TLS beside those for cleartext. Raises `CantRun`.
    """
    if not BINARY.exists():
        raise CantRun("needs the Debian package rabbitmq-server")
    taken: set[int] = set()
    port = port or free_port(taken)
    also, names, nodes = free_port(taken), free_port(taken), free_port(taken)
    secret = free_port(taken) if tls else 0
    home = folder / name
    home.mkdir(parents=True, exist_ok=True)
    lines = [f"listeners.tcp.1 = {host}:{port}", f"listeners.tcp.2 = {host}:{also}", *_people(password)]
    lines += [*_secret(f"{host}:{secret}", tls)] if tls else []
    lines += ["log.console = true", "log.file = false"]
    (home / "rabbitmq.conf").write_text("\n".join(lines) + "\n")
    (home / "plugins").write_text("[].\n")
    # Nodes find each other through epmd: one of our own, on loopback, which ends with us.
    epmd = [str(program("epmd", "erlang-base")), "-port", str(names), "-address", host]
    directory = spawn(f"{name}-names", epmd, folder)
    try:
        wait_for_port(host, names, directory, folder / "logs" / f"{name}-names.log")
        around = _environment(home, host, port, names, nodes)
        pid_file = spawn(name, ["/bin/sh", str(BINARY)], folder, around)
        for listening in (port, also, secret or port):
            wait_for_port(host, listening, pid_file, folder / "logs" / f"{name}.log")
        _wait_for_greeting(host, port)
    except CantRun:
        end(directory)
        raise
    return Node(host, port, pid_file, also, secret, directory)


@contextmanager
def sending(
    server: Server, messages: Sequence[tuple[str, bytes]], login: tuple[str, str] = OPEN
) -> Iterator[None]:
    """Send these (routing key, body) to `amq.topic`, over and over until the end of the block."""
    over = threading.Event()
    keeper = Keeper(server, *login)

    def send() -> None:
        with closing(keeper), suppress(OSError):
            while not over.wait(PAUSE):
                for key, body in messages:
                    keeper.publish(key, body)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _wait_for_greeting(host: str, port: int) -> None:
    """It listens before it is ready, and hangs up on who comes then. Raises `CantRun`."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection((host, port), 10) as line:
            line.sendall(GREETING)
            if line.recv(1):
                return
        time.sleep(0.1)
    raise CantRun(f"rabbitmq does not greet on {host}:{port}")


class Keeper:
    """The keeper's own client: AMQP 0-9-1, as much as it takes to publish."""

    def __init__(self, server: Server, user: str, password: str) -> None:
        self._line = socket.create_connection((server.host, server.port), 10)
        try:
            self._log_in(user, password)
        except OSError:
            self._line.close()
            raise

    def _log_in(self, user: str, password: str) -> None:
        self._line.sendall(GREETING)
        self._read()
        response = f"\0{user}\0{password}".encode()
        login = struct.pack("!I", 0) + _short("PLAIN") + struct.pack("!I", len(response)) + response
        self._method(0, 10, 11, login + _short("en_US"))
        self._read()  # it hangs up on who may not come in
        self._method(0, 10, 31, struct.pack("!HIH", 1, 1 << 17, 0))
        self._method(0, 10, 40, _short("/") + b"\0\0")
        self._read()
        self._method(1, 20, 10, b"\0")
        self._read()

    def publish(self, key: str, body: bytes) -> None:
        """To `amq.topic`."""
        self._method(1, 60, 40, b"\0\0" + _short("amq.topic") + _short(key) + b"\0")
        self._frame(2, 1, struct.pack("!HHQH", 60, 0, len(body), 0))
        self._frame(3, 1, body)

    def close(self) -> None:
        self._line.close()

    def _method(self, channel: int, number: int, method: int, arguments: bytes) -> None:
        self._frame(1, channel, struct.pack("!HH", number, method) + arguments)

    def _frame(self, kind: int, channel: int, body: bytes) -> None:
        self._line.sendall(struct.pack("!BHI", kind, channel, len(body)) + body + b"\xce")

    def _read(self) -> bytes:
        """The next frame's body."""
        head = self._exactly(7)
        return self._exactly(int.from_bytes(head[3:7], "big") + 1)[:-1]

    def _exactly(self, length: int) -> bytes:
        content = b""
        while len(content) < length:
            if not (piece := self._line.recv(length - len(content))):
                raise OSError("the broker hung up on its keeper")
            content += piece
        return content


def _people(password: bool) -> list[str]:
    if password:
        return [f"default_user = {USER}", f"default_pass = {PASSWORD}"]
    return ["loopback_users = none"]


def _secret(listener: str, tls: Identity) -> Iterator[str]:
    yield f"listeners.ssl.1 = {listener}"
    yield f"ssl_options.certfile = {tls.certificate}"
    yield f"ssl_options.keyfile = {tls.key}"
    yield "ssl_options.verify = verify_none"


def _environment(home: Path, host: str, port: int, names: int, nodes: int) -> dict[str, str]:
    """Everything in `home`; and the broker in the process we start, not in a child of it."""
    interface = "{" + host.replace(".", ",") + "}"
    return {
        "HOME": str(home),
        "ERL_EPMD_PORT": str(names),
        "ERL_EPMD_ADDRESS": host,
        "RUNNING_UNDER_SYSTEMD": "true",
        "RABBITMQ_NODENAME": f"lab-{port}@localhost",
        "RABBITMQ_DIST_PORT": str(nodes),
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq"),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
            f"-start_epmd false -kernel inet_dist_use_interface {interface}"
        ),
    }


def _short(text: str) -> bytes:
    return bytes([len(text)]) + text.encode()
