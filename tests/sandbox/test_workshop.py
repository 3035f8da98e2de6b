"""What a child that unpacks cannot do, each shown against the same act where it works."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shelfworthy.sandbox.box import Heard, import_path, look_into
from shelfworthy.sandbox.limits import MIB, Limits
from shelfworthy.seen.incident import IncidentSeen
from tests.sandbox.test_box import came, listener, processes, said

__all__ = ["listener"]  # a fixture
ROOM = Limits(time=20, disk=16 * MIB, inodes=2000, processes=24)
FREE = (
    "import sys; sys.path[:] = sys.argv[1].split('\\n'); from tests.sandbox import unpackers; "
    "print([one.sha256 for one in getattr(unpackers, sys.argv[2])(sys.stdin.buffer, 'x')])"
)


def confined(act: str, told: str, folder: Path, limits: Limits = ROOM) -> Heard:
    file = folder / "told"
    file.write_text(told)
    read = f"tests.sandbox.unpackers:{act}"
    return asyncio.run(look_into(read, "told", file, (IncidentSeen,), limits, patience=60))


def free(act: str, told: str, folder: Path) -> str:
    """What the same reader could do in a child that is not confined."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", FREE, "\n".join(import_path()), act],
        input=told.encode(),
        capture_output=True,
        timeout=60,
        check=True,
        cwd=folder,
    )
    return done.stdout.decode().strip().splitlines()[-1]


def test_it_has_files_and_programs_and_the_evidence_says_what_held_it(tmp_path: Path) -> None:
    heard = confined("works", "content", tmp_path)
    assert heard.trouble is None, heard.trouble
    assert said(heard) == ["content"]
    for what in (
        "no network",
        "own processes",
        "work folder of 16 MiB and 2000 inodes",
        "landlock",
        "limits",
    ):
        assert what in heard.held


def test_it_changes_no_file_outside(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    canary = tmp_path / "canary"
    canary.write_text("whole\n")
    canary.chmod(0o666)
    assert said(confined("writes_outside", str(canary), tmp_path)) == []
    assert canary.read_text() == "whole\n"
    assert free("writes_outside", str(canary), tmp_path) == "['written']"
    assert canary.read_text() == "changed\n"


@pytest.mark.parametrize("where", ["/etc/passwd", "/proc/1/cmdline", "canary"])
def test_it_reads_no_file_outside(where: str, tmp_path: Path) -> None:
    (tmp_path / "canary").write_text("secret")
    place = str(tmp_path / where)
    assert free("reads_outside", place, tmp_path) == "['read']"
    assert said(confined("reads_outside", place, tmp_path)) == []


def test_its_programs_connect_to_nobody(tmp_path: Path, listener: socket.socket) -> None:
    port = str(listener.getsockname()[1])
    assert free("connects", port, tmp_path) == "['connected']"
    assert came(listener)
    heard = confined("connects", port, tmp_path)
    assert (said(heard), heard.trouble) == ([], None)
    assert not came(listener)


def test_processes_are_bounded(tmp_path: Path) -> None:
    (count,) = said(confined("fork_bombs", "", tmp_path))
    assert 10 < int(count) <= 24


def test_the_work_folder_is_bounded_in_bytes(tmp_path: Path) -> None:
    (count,) = said(confined("fills", "", tmp_path))
    assert 10 < int(count) <= 16


def test_the_work_folder_is_bounded_in_inodes(tmp_path: Path) -> None:
    (count,) = said(confined("makes_files", "", tmp_path))
    assert 1900 < int(count) <= 2000


@pytest.mark.parametrize("act", ["leaves_its_session", "leaves_and_hangs"])
def test_what_left_its_session_ends_with_it(act: str, tmp_path: Path) -> None:
    seconds = f"77{time.time_ns() % 10**9}"
    heard = confined(act, seconds, tmp_path, Limits(time=3, disk=MIB, inodes=100, processes=24))
    assert (said(heard) == ["started"]) is (act == "leaves_its_session")
    assert not wait_for_none(seconds)


def wait_for_none(mark: str) -> list[Path]:
    """What has this in its arguments after two seconds at most."""
    for _ in range(20):
        if not (left := processes(mark)):
            return []
        time.sleep(0.1)
    return left


def test_what_programs_print_is_no_word_of_the_child(tmp_path: Path) -> None:
    heard = confined("prints", "", tmp_path)
    assert (said(heard), heard.trouble) == (["printed"], None)


@pytest.mark.parametrize("act", ["executes_what_it_unpacked", "makes_a_device"])
def test_what_was_unpacked_does_nothing(act: str, tmp_path: Path) -> None:
    if act == "executes_what_it_unpacked":
        assert free(act, "", tmp_path) == "['executed']"
    heard = confined(act, "", tmp_path)
    assert (said(heard), heard.trouble) == ([], None)


def test_memory_of_programs_is_bounded(tmp_path: Path) -> None:
    assert free("allocates", "", tmp_path) == "['allocated']"
    assert said(confined("allocates", "", tmp_path)) == []


def test_nothing_of_the_work_folder_is_left(tmp_path: Path) -> None:
    before = set(Path("/dev/shm").iterdir())
    confined("fills", "", tmp_path)
    assert not {one for one in set(Path("/dev/shm").iterdir()) - before if one.name.isdigit()}


AUDITOR = """
import asyncio, sys
from pathlib import Path
from shelfworthy.sandbox.box import look_into
from shelfworthy.sandbox.limits import Limits
from shelfworthy.seen.incident import IncidentSeen
file, room = Path(sys.argv[1]), Limits(time=60, disk=1 << 20, inodes=100, processes=24)
read = look_into("tests.sandbox.unpackers:leaves_and_hangs", "told", file, (IncidentSeen,), room, patience=90)
asyncio.run(read)
"""


def test_when_the_audit_is_killed_nothing_of_it_goes_on(tmp_path: Path) -> None:
    seconds = f"77{time.time_ns() % 10**9}"
    (tmp_path / "told").write_text(seconds)
    path = os.pathsep.join(import_path())
    auditor = subprocess.Popen(
        [sys.executable, "-c", AUDITOR, tmp_path / "told"], env={**os.environ, "PYTHONPATH": path}
    )
    try:
        for _ in range(100):
            if processes(seconds):
                break
            time.sleep(0.1)
        assert processes(seconds)
    finally:
        auditor.kill()
        auditor.wait()
    assert not wait_for_none(seconds)
