"""Each measure that confines a child holds by itself, where the machine has it."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from shelfworthy.sandbox.box import import_path
from tests.needs import missing

BEGIN = """
import ctypes, os, socket, sys
sys.path[:] = sys.argv[1].split("\\n")
from shelfworthy.sandbox import confine
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(confine.SET_NO_NEW_PRIVS, 1, 0, 0, 0)
"""


def child(measure: str, act: str, told: str) -> str:
    """What a child says that takes one measure, or none, and then acts. told: sys.argv[2]."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"{BEGIN}\n{measure}\n{act}", "\n".join(import_path()), told],
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.stdout.strip() or done.stderr.strip().rpartition("\n")[2]


def test_without_a_network_nobody_is_there_to_connect_to() -> None:
    act = "socket.create_connection(('127.0.0.1', int(sys.argv[2])), 2); print('connected')"
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        assert child("", act, port) == "connected"
        said = child("print('held' if confine.no_network(libc) else 'not held', end=' ')", act, port)
    if said.startswith("not held"):
        missing("a kernel that gives people network namespaces")
    assert "connected" not in said


@pytest.mark.parametrize(
    "act",
    [
        "open(sys.argv[2]).read(); print('done')",
        "open(sys.argv[2] + '-new', 'w'); print('done')",
        "os.listdir('/'); print('done')",
        "os.mkdir(sys.argv[2] + '-folder'); print('done')",
        "os.execv('/bin/echo', ['echo', 'done'])",
    ],
)
def test_landlock_leaves_no_file_of_any_name(act: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert child("", act, str(file)) == "done"
    for made in tmp_path.glob("file-*"):
        made.rmdir() if made.is_dir() else made.unlink()
    said = child("sys.exit('not held') if not confine.landlock(libc) else None", act, str(file))
    if said == "not held":
        missing("a kernel with Landlock")
    assert "PermissionError" in said
    assert list(tmp_path.iterdir()) == [file]


def test_nobody_owns_nothing(tmp_path: Path) -> None:
    act = "print(os.getuid(), os.geteuid(), os.getgroups())"
    if child("", act, "").startswith("0 0"):
        assert child("confine.become_nobody()", act, "") == "65534 65534 []"
        assert "PermissionError" in child("confine.become_nobody()", "os.setuid(0)", "")
    else:
        assert "PermissionError" in child("", "os.setuid(0)", "")


@pytest.mark.parametrize("act", ["SOCKET(2, 2, 0)", "OPEN(b'/dev/null', 0)", "DUP(1)"])
def test_without_descriptors_nothing_takes_the_place_of_a_closed_one(act: str) -> None:
    """By the C library, for the limits are what is left where a machine has no other measure."""
    names = "SOCKET, OPEN, DUP, CLOSE = libc.socket, libc.open, libc.dup, libc.close"
    acts = f"CLOSE(0); print('opened' if {act} >= 0 else 'none')"
    limits = "from shelfworthy.sandbox.limits import Limits; confine.limit(Limits())"
    assert child(names, acts, "") == "opened"
    assert child(f"{names}; {limits}", acts, "") == "none"
