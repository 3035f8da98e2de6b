"""Real MariaDB servers, which speak MySQL's protocol, in every state a stranger may meet them in."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from shelfworthy_lab.certificates import Identity
from shelfworthy_lab.debian import program
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import START_SECONDS, Server, free_port, spawn, wait_for_port

PASSWORD = "sorrel-kettle-harbour-91"
PACKAGE = "mariadb-server"
ACCOUNTS = {
    "none": "create or replace user root@'%' identified by ''",
    "nowhere": "drop user if exists root@'127.0.0.1', root@'%', ''@'%'",  # nobody may come from anywhere
    "password": f"create or replace user root@'%' identified by '{PASSWORD}'",
    # What Debian sets up: whoever is root on the machine, through its socket.
    "socket": "create or replace user root@'%' identified via unix_socket",
}


def start(
    folder: Path,
    login: str = "none",
    tls: Identity | None = None,
    tls_only: bool = True,
    host: str = "127.0.0.1",
    port: int | None = None,
    name: str = "mariadb",
    sql: str = "",
) -> Server:
    """Start mariadbd in `folder`. login: what root needs (`ACCOUNTS`). sql: carried out before anybody may
    come, one statement a line. `tls_only` refuses whoever comes without TLS. Raises `CantRun`.
    """
    binary = program("mariadbd", PACKAGE)
    port = port or free_port()
    data = _made(folder, name)
    first = data / "first.sql"
    lines = [*sql.splitlines(), ACCOUNTS[login]]
    lines += [] if login == "nowhere" else ["grant all on *.* to root@'%' with grant option"]
    first.write_text("".join(f"{line.rstrip(';')};\n" for line in lines))
    command = [str(binary), "--no-defaults", f"--datadir={data}", f"--bind-address={host}", f"--port={port}"]
    command += [f"--socket={data / 's'}", f"--pid-file={data / 'pid'}", f"--init-file={first}"]
    command += ["--skip-name-resolve", "--innodb-log-file-size=4M", "--innodb-buffer-pool-size=16M"]
    command += [f"--user={user()}", "--plugin-load-add=auth_socket"]
    if tls:
        command += [f"--ssl-cert={tls.certificate}", f"--ssl-key={tls.key}", f"--ssl-ca={tls.authority}"]
        command += ["--require-secure-transport=ON"] if tls_only else []
    pid_file = spawn(name, command, folder)
    wait_for_port(host, port, pid_file, folder / "logs" / f"{name}.log")
    return Server(host, port, pid_file)


def _made(folder: Path, name: str) -> Path:
    """A data folder: a copy of the one made first."""
    blank, data = folder / "mariadb-blank", folder / f"{name}-data"
    if not blank.exists():
        making = str(program("mariadb-install-db", PACKAGE))
        folder.mkdir(parents=True, exist_ok=True)
        command = [making, "--no-defaults", f"--datadir={blank}", f"--user={user()}", "--skip-test-db"]
        command += ["--skip-name-resolve", "--innodb-log-file-size=4M"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=START_SECONDS, check=False)
        if done.returncode:
            raise CantRun(f"mariadb-install-db: {(done.stderr or done.stdout).strip()[-400:]}")
    shutil.copytree(blank, data)
    return data


def user() -> str:
    """Who we are, which root has to say."""
    return pwd.getpwuid(os.geteuid()).pw_name
