"""Real TLS servers of other makes: nginx, gnutls-serv, openssl s_server. Each ends with its block."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.processes import free_port
from tests.needs import missing

HOST = "127.0.0.1"
NAME = "api.plumwhistle.test"


def program(name: str, package: str) -> str:
    """Where a system program is; skips the test that needs it, and names it. In CI it has to be there."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    if found is None:
        missing(f"the Debian package {package}")
    return found


def said_by(name: str, option: str) -> str:
    """A program with its version, as it says itself: `nginx 1.22.1`."""
    done = subprocess.run([program(name, name), option], capture_output=True, text=True, check=True)
    found = re.search(r"\d[\w.+~-]*", done.stdout + done.stderr)
    assert found, done
    return f"{name} {found[0]}"


@contextmanager
def running(command: Sequence[str], port: int, folder: Path, cwd: Path | None = None) -> Iterator[int]:
    """Run a server until the end of the block. Yields its port. cwd: where it runs, if not in its folder."""
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=cwd or folder)
        try:
            wait(port, server, folder / "log")
            yield port
        finally:
            server.terminate()
            server.communicate(timeout=60)


def wait(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return once somebody listens there."""
    for _ in range(3000):  # a minute, of a machine in use
        with socket.socket() as line:
            if line.connect_ex((HOST, port)) == 0:
                return
        assert server.poll() is None, log.read_text(errors="replace")
        time.sleep(0.02)
    raise AssertionError(f"nobody listens on {port}: {log.read_text(errors='replace')}")


@contextmanager
def openssl(folder: Path, *options: str) -> Iterator[int]:
    """`openssl s_server` as a web server."""
    identity = Authority(folder).issue(NAME)
    port = free_port()
    command = [program("openssl", "openssl"), "s_server", "-accept", f"{HOST}:{port}", "-www", "-quiet"]
    shown = ["-cert", str(identity.certificate), "-key", str(identity.key)]
    with running([*command, *shown, *options], port, folder) as listening:
        yield listening


@contextmanager
def gnutls(folder: Path, priority: str, *options: str) -> Iterator[int]:
    """`gnutls-serv` as a web server."""
    identity = Authority(folder).issue(NAME)
    port = free_port()
    command = [program("gnutls-serv", "gnutls-bin"), "--http", f"--port={port}", f"--priority={priority}"]
    shown = [f"--x509certfile={identity.certificate}", f"--x509keyfile={identity.key}"]
    with running([*command, *shown, *options], port, folder) as listening:
        yield listening


@contextmanager
def nginx(
    folder: Path,
    *directives: str,
    shown: tuple[Path, Path] | None = None,
    plain: tuple[int, str] = (0, ""),
    pages: str = 'location / { return 200 "here"; }',
) -> Iterator[int]:
    """nginx with one TLS server. shown: certificate and key. plain: a port in cleartext and what is on it.

    pages: what the TLS server has.
    """
    identity = Authority(folder).issue(NAME)
    certificate, key = shown or (identity.certificate, identity.key)
    port = free_port()
    other = f"server {{ listen {HOST}:{plain[0]}; {plain[1]} }}" if plain[0] else ""
    (folder / "nginx.conf").write_text(f"""
        daemon off; master_process off; pid {folder}/pid; error_log {folder}/error;
        events {{ worker_connections 512; }}
        http {{
            access_log off;
            client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
            uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
            server {{
                listen {HOST}:{port} ssl;
                ssl_certificate {certificate}; ssl_certificate_key {key};
                {" ".join(f"{directive};" for directive in directives)}
                {pages}
            }}
            {other}
        }}
    """)
    command = [program("nginx", "nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with running([*command, "-e", str(folder / "error")], port, folder) as listening:
        yield listening
