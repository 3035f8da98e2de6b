"""Real MongoDB servers, in every state a stranger may meet them in."""

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shelfworthy_lab import parts
from shelfworthy_lab.certificates import Identity
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import START_SECONDS, Server, free_port, spawn, wait_for_port

VERSIONS = ("5.0.4", "6.0.5", "6.0.27")
USER, PASSWORD = "keeper", "sorrel-kettle-harbour-91"

if TYPE_CHECKING:
    from pymongo import MongoClient

    Client = MongoClient[dict[str, object]]


def start(
    folder: Path,
    version: str = "6.0.5",
    auth: bool = False,
    users: bool = False,
    tls: Identity | None = None,
    host: str = "127.0.0.1",
    port: int | None = None,
    name: str = "mongod",
    client_certificates: bool = False,
    also_cleartext: bool = False,
    replica_set: str = "",
    test_commands: bool = False,
) -> Server:
    """Start mongod in `folder`. `users` creates `USER` with `PASSWORD`; `tls` makes TLS the only way in (but
    for `also_cleartext`), and `client_certificates` then lets nobody in who does not show one.
    `test_commands` lets `configureFailPoint` make it answer a command with an error.

    `auth=True, users=False` is the trap: it answers a stranger's listDatabases with ok and nothing in it.
    Raises `CantRun`.
    """
    binary, environment = _binary(version)
    port = port or free_port()
    data = folder / f"{name}-data"
    data.mkdir(parents=True, exist_ok=True)
    command = [str(binary), "--dbpath", str(data), "--bind_ip", host, "--port", str(port), "--nounixsocket"]
    command += ["--wiredTigerCacheSizeGB", "0.25", "--setParameter", "diagnosticDataCollectionEnabled=false"]
    if replica_set:  # and do not wait a quarter of a minute for the others when told to stop
        command += ["--replSet", replica_set, "--setParameter", "shutdownTimeoutMillisForSignaledShutdown=0"]
    command += ["--setParameter", "enableTestCommands=1"] if test_commands else []
    if auth:
        command += ["--auth"]
    if tls:
        command += [
            "--tlsMode",
            "preferTLS" if also_cleartext else "requireTLS",
            "--tlsCertificateKeyFile",
            str(tls.both),
        ]
        # 6.0.27 refuses to start without an authority; clients need no certificate all the same.
        command += ["--tlsCAFile", str(tls.authority)]
        command += [] if client_certificates else ["--tlsAllowConnectionsWithoutCertificates"]
    pid_file = spawn(name, command, folder, environment)
    wait_for_port(host, port, pid_file, folder / "logs" / f"{name}.log")
    server = Server(host, port, pid_file)
    if users:
        with connect(server, tls=tls is not None) as client:
            client.admin.command("createUser", USER, pwd=PASSWORD, roles=["root"])
    return server


def connect(server: Server, tls: bool = False, login: bool = False) -> "Client":
    """The keeper's own client, to fill the databases."""
    from pymongo import MongoClient  # half a second, which `list` and `status` need not wait for

    who: dict[str, Any] = {"username": USER, "password": PASSWORD} if login else {}
    if tls:
        who |= {"tls": True, "tlsAllowInvalidCertificates": True}
    return MongoClient(server.host, server.port, directConnection=True, **who)


def _binary(version: str) -> tuple[Path, dict[str, str]]:
    """The program and what its environment needs; checked to start at all."""
    if version not in VERSIONS:
        raise ValueError(f"mongod {version} is not in the lab; it has {', '.join(VERSIONS)}")
    environment: dict[str, str] = {}
    own = os.environ.get("LAB_MONGOD")
    if own and version == "6.0.5":
        binary = Path(own)
    else:
        part = "mongod-" + version.replace(".", "_")
        binary = parts.fetch(part) / "mongod"
        if libraries := parts.lock()[part].get("libraries"):
            environment["LD_LIBRARY_PATH"] = str(parts.fetch(libraries))
    try:
        command, around = [str(binary), "--version"], os.environ | environment
        done = subprocess.run(
            command, capture_output=True, text=True, env=around, timeout=START_SECONDS, check=False
        )
    except OSError as error:
        raise CantRun(f"mongod {version} does not start here: {error}") from error
    if done.returncode:
        why = done.stderr.strip().rpartition("error while loading shared libraries: ")[2]
        raise CantRun(f"mongod {version} does not start here: {why} (it wants libcurl4 and libldap-2.5-0)")
    return binary, environment
