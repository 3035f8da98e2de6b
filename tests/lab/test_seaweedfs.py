"""The buckets are open or closed as they claim, and nothing of it leaves loopback."""

import os
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from shelfworthy_lab import processes, s3, seaweedfs
from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.seaweedfs import Store

pytestmark = pytest.mark.lab
OBJECTS = {"voice/1.mur": b"tone one", "voice/2.mur": b"tone two"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with seaweedfs.start(tmp_path_factory.mktemp("s3"), public=["open"], host="127.0.21.3") as server:
        seaweedfs.create(server, "open", OBJECTS, public=True)
        seaweedfs.create(server, "private", OBJECTS)
        yield server


def _ask(server: Store, method: str, target: str, body: bytes | None = None) -> tuple[int, bytes]:
    line = s3.line(server.host, server.port, server.authority)
    try:
        line.request(method, target, body)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def test_strangers_list_and_read_the_open_bucket_but_do_not_write(server: Store) -> None:
    status, listing = _ask(server, "GET", "/open?list-type=2")
    assert status == 200
    assert all(key.encode() in listing for key in OBJECTS)
    assert _ask(server, "GET", "/open/voice/1.mur") == (200, b"tone one")
    assert _ask(server, "HEAD", "/open/voice/none.mur")[0] == 404
    assert _ask(server, "PUT", "/open/mine", b"x")[0] == 403


def test_strangers_see_acl_and_missing_policy_of_the_open_bucket(server: Store) -> None:
    status, acl = _ask(server, "GET", "/open?acl")
    assert status == 200
    grants = re.findall(rb"AllUsers</URI></Grantee><Permission>(\w+)", acl)
    assert grants == [b"READ"]
    status, policy = _ask(server, "GET", "/open?policy")
    assert (status, b"NoSuchBucketPolicy" in policy) == (404, True)


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/private?list-type=2"),
        ("GET", "/private/voice/1.mur"),
        ("HEAD", "/private/voice/1.mur"),
        ("GET", "/private?acl"),
        ("GET", "/private?policy"),
        ("PUT", "/private/mine"),
    ],
)
def test_strangers_are_refused_everything_at_the_private_bucket(
    server: Store, method: str, target: str
) -> None:
    assert _ask(server, method, target, b"x" if method == "PUT" else None)[0] == 403


def test_it_listens_on_loopback_only_and_reports_to_nobody(server: Store) -> None:
    process = Path("/proc") / server.pid_file.read_text().split()[0]
    assert b"-master.telemetry=false" in (process / "cmdline").read_bytes().split(b"\0")
    inodes = _sockets(process)
    lines = [
        line.split()
        for table in ("tcp", "tcp6", "udp", "udp6")
        for line in (process / "net" / table).read_text().splitlines()[1:]
    ]
    mine = [line[1] for line in lines if line[9] in inodes]
    assert len(mine) > 5
    # Addresses stand there in hexadecimal, lowest byte first: 7F at the end is 127.
    assert all(local.partition(":")[0].endswith("7F") for local in mine)


def test_it_leaves_nothing_in_tmp(tmp_path: Path) -> None:
    with seaweedfs.start(tmp_path, host="127.0.21.4") as server:
        left = [Path(line) for line in server.pid_file.read_text().splitlines()[1:]]
        made = set(Path("/tmp").glob(f"seaweedfs-s3-{server.port}.sock"))
        assert made
        assert made <= set(left)
    assert not any(path.exists() for path in left)


def test_a_start_that_breaks_off_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready, attempts = seaweedfs._when_ready, []

    def crashing(ask: Callable[[], object]) -> None:
        attempts.append(ask)
        if len(attempts) == 1:
            processes.end(tmp_path / "pids" / "seaweedfs.pid")
        ready(ask)

    monkeypatch.setattr(seaweedfs, "_when_ready", crashing)
    with seaweedfs.start(tmp_path, host="127.0.21.6") as server:
        assert len(attempts) == 2
        assert _ask(server, "GET", "/nothing")[0] == 403


def test_a_server_that_is_gone_cannot_be_filled(tmp_path: Path) -> None:
    server = seaweedfs.start(tmp_path, host="127.0.21.7")
    server.stop()
    with pytest.raises(CantRun, match="seaweedfs broke off"):
        seaweedfs.create(server, "voices", OBJECTS)


@pytest.mark.parametrize("public", [True, False])
def test_with_a_certificate_tls_is_the_only_way_in(tmp_path: Path, public: bool) -> None:
    identity = Authority(tmp_path).issue("media.example.test")
    names = ["voices"] if public else []
    with seaweedfs.start(tmp_path, names, host="127.0.21.5", tls=identity) as server:
        seaweedfs.create(server, "voices", OBJECTS, public=public)
        assert _ask(server, "GET", "/voices/voice/1.mur")[0] == (200 if public else 403)
        plain = replace(server, authority=None)
        assert b"HTTP request to an HTTPS server" in _ask(plain, "GET", "/voices/voice/1.mur")[1]
        other = Authority(tmp_path / "other").pem
        with pytest.raises(ssl.SSLCertVerificationError):
            _ask(replace(server, authority=other), "GET", "/voices/voice/1.mur")


def _sockets(process: Path) -> set[str]:
    """The inodes of a process's sockets; files it closes while we look are none of ours."""
    found = set()
    for fd in (process / "fd").iterdir():
        with suppress(FileNotFoundError):
            if match := re.match(r"socket:\[(\d+)\]", os.readlink(fd)):
                found.add(match[1])
    return found
