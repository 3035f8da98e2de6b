"""Real Redis servers, in every state a stranger may meet them in."""

import socket
import ssl
from collections.abc import Iterable
from pathlib import Path

from shelfworthy_lab.certificates import Identity
from shelfworthy_lab.debian import program
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import Server, free_port, spawn, wait_for_port

PASSWORD = "sorrel-kettle-harbour-91"


def start(
    folder: Path,
    password: str = "",
    tls: Identity | None = None,
    host: str = "127.0.0.1",
    port: int | None = None,
    name: str = "redis",
    protected: bool = False,
    client_certificates: bool = False,
    cluster: bool = False,
) -> Server:
    """Start redis-server in `folder`; it keeps nothing on disk. `tls` makes TLS the only way in, and
    `client_certificates` then lets nobody in who does not show one. `protected` is Redis' own default:
    whoever does not come from 127.0.0.1 itself is refused. Raises `CantRun`.
    """
    binary = program("redis-server", "redis-server")
    port = port or free_port()
    data = folder / f"{name}-data"
    data.mkdir(parents=True, exist_ok=True)
    command = [str(binary), "--bind", host, "--dir", str(data), "--save", "", "--appendonly", "no"]
    command += ["--protected-mode", "yes" if protected else "no", "--daemonize", "no"]
    if password:
        command += ["--requirepass", password]
    if cluster:
        command += ["--cluster-enabled", "yes"]
    if tls:
        command += ["--port", "0", "--tls-port", str(port), "--tls-ca-cert-file", str(tls.authority)]
        command += ["--tls-cert-file", str(tls.certificate), "--tls-key-file", str(tls.key)]
        command += ["--tls-auth-clients", "yes" if client_certificates else "no"]
    else:
        command += ["--port", str(port)]
    pid_file = spawn(name, command, folder)
    wait_for_port(host, port, pid_file, folder / "logs" / f"{name}.log")
    return Server(host, port, pid_file)


def fill(server: Server, commands: Iterable[tuple[str, ...]], password: str = "", tls: bool = False) -> None:
    """Carry out commands as the keeper. Raises `CantRun` if one is not carried out."""
    with socket.create_connection((server.host, server.port), timeout=10) as sock:
        line = _insecure().wrap_socket(sock) if tls else sock
        with line, line.makefile("rb") as answers:
            login = [("AUTH", password)] if password else []
            for words in (*login, *commands):
                parts = [f"${len(word.encode())}\r\n{word}\r\n" for word in words]
                line.sendall(f"*{len(words)}\r\n{''.join(parts)}".encode())
                if (answer := answers.readline()).startswith(b"-"):
                    raise CantRun(f"redis: {answer.decode().strip()}")


def _insecure() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
