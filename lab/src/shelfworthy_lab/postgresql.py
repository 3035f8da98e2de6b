"""Real PostgreSQL servers, in every state a stranger may meet them in."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from shelfworthy_lab.certificates import Identity
from shelfworthy_lab.debian import program
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import START_SECONDS, Server, free_port, spawn, wait_for_port

USER, PASSWORD = "postgres", "sorrel-kettle-harbour-91"
# PostgreSQL does not run as root. In a user namespace it is somebody else, whose files are still ours.
SOMEBODY = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


def start(
    folder: Path,
    login: str = "trust",
    tls: Identity | None = None,
    tls_only: bool = True,
    host: str = "127.0.0.1",
    port: int | None = None,
    name: str = "postgresql",
    user: str = USER,
) -> Server:
    """Start PostgreSQL in `folder`. login: what it asks everyone for, a method of pg_hba.conf: `trust` is
    nothing, `scram-sha-256` the `PASSWORD`, `reject` turns everybody away. user: the first account.
    `tls_only` refuses whoever comes without it. Raises `CantRun`.
    """
    port = port or free_port()
    data = _made(folder, name, user)
    (data / "pg_hba.conf").write_text(f"{'hostssl' if tls and tls_only else 'host'} all all all {login}\n")
    settings = {"listen_addresses": host, "port": str(port), "unix_socket_directories": "", "fsync": "off"}
    if tls:
        for source, target in ((tls.certificate, "server.crt"), (tls.key, "server.key")):
            shutil.copy(source, data / target)
            (data / target).chmod(0o600)
        settings |= {"ssl": "on"}
    command = [*_somebody(), str(_program("postgres")), "-D", str(data)]
    command += [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    pid_file = spawn(name, command, folder)
    wait_for_port(host, port, pid_file, folder / "logs" / f"{name}.log")
    server = Server(host, port, pid_file)
    if not _ready(server):
        server.stop()
        raise CantRun(f"{name} listens and does not come up")
    return server


def fill(server: Server, sql: str, base: str = "postgres", user: str = USER) -> None:
    """Carry out SQL as the keeper. Raises `CantRun` if it is not carried out."""
    where = ["-h", server.host, "-p", str(server.port), "-U", user, "-d", base]
    _run([str(_program("psql")), "-qX", "-v", "ON_ERROR_STOP=1", *where, "-c", sql])


def _ready(server: Server) -> bool:
    """Whether it takes clients; it listens before it does."""
    command = [str(_program("pg_isready")), "-q", "-h", server.host, "-p", str(server.port)]
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run(command, capture_output=True, check=False).returncode:
        if time.monotonic() > deadline or not server.running():
            return False
        time.sleep(0.02)
    return True


def _made(folder: Path, name: str, user: str) -> Path:
    """A data folder: a copy of the one made first."""
    blank, data = folder / f"postgresql-blank-{user}", folder / f"{name}-data"
    if not blank.exists():
        folder.mkdir(parents=True, exist_ok=True)
        secret = folder / "postgresql-password"
        secret.write_text(PASSWORD)
        making = ["-D", str(blank), "-U", user, "--pwfile", str(secret), "--no-sync", "-E", "UTF8"]
        _run([*_somebody(), str(_program("initdb")), *making, "--no-locale", "-A", "scram-sha-256"])
    shutil.copytree(blank, data)
    data.chmod(0o700)
    return data


def _program(name: str) -> Path:
    """The newest of the installed ones; Debian keeps the servers' programs beside each other."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda it: int(it.parts[4]))
    if not found:
        raise CantRun("needs the Debian package postgresql")
    return found[-1]


def _somebody() -> list[str]:
    """What makes a command run as somebody who is not root."""
    if os.geteuid():
        return []
    tool = str(program(SOMEBODY[0], "util-linux"))
    if subprocess.run([*SOMEBODY, "true"], capture_output=True, check=False).returncode:
        raise CantRun("PostgreSQL does not run as root, and no user namespace can be made here")
    return [tool, *SOMEBODY[1:]]


def _run(command: list[str]) -> None:
    environment = os.environ | {"PGPASSWORD": PASSWORD, "PGSSLMODE": "prefer"}
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=START_SECONDS, check=False
    )
    if done.returncode:
        raise CantRun(f"{Path(command[0]).name}: {done.stderr.strip()[-400:]}")
