"""Readers that mean no good. Each does one forbidden thing, and says in what it sees that it could.

The native ones have the C library in hand before the child is confined, so Python's audit hook sees nothing
of what they do: what stops them is the kernel.
"""

import ctypes
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import BinaryIO

from shelfworthy.model import Cause, NotSeen, Seen
from shelfworthy.seen.correspondence import CorrespondenceSeen
from shelfworthy.seen.incident import IncidentSeen

_LIBC = ctypes.CDLL(None, use_errno=True)
OPEN, UNLINK, SOCKET, CONNECT = _LIBC.open, _LIBC.unlink, _LIBC.socket, _LIBC.connect
FORK, KILL, SETRLIMIT, DUP = _LIBC.fork, _LIBC.kill, _LIBC.setrlimit, _LIBC.dup


def could(what: str) -> IncidentSeen:
    """Says that something forbidden was possible."""
    return IncidentSeen(incidents=(), searches=(), sha256=what)


def told(file: BinaryIO) -> str:
    """Where to do it: the content of the file."""
    return file.read(4096).decode()


def seen(file: BinaryIO, name: str) -> Iterator[Seen]:
    """Nothing forbidden."""
    yield could(f"{name}: {told(file)}")


def nothing(file: BinaryIO, name: str) -> Iterator[Seen]:
    return
    yield


def writes(file: BinaryIO, name: str) -> Iterator[Seen]:
    with open(told(file), "w") as other:
        other.write("mine")
    yield could("written")


def writes_natively(file: BinaryIO, name: str) -> Iterator[Seen]:
    made = OPEN(told(file).encode(), os.O_CREAT | os.O_WRONLY, 0o600)
    if made >= 0:
        yield could("written")


def removes_natively(file: BinaryIO, name: str) -> Iterator[Seen]:
    if UNLINK(told(file).encode()) == 0:
        yield could("removed")


def reads_natively(file: BinaryIO, name: str) -> Iterator[Seen]:
    if OPEN(told(file).encode(), os.O_RDONLY) >= 0:
        yield could("opened")


def lists(file: BinaryIO, name: str) -> Iterator[Seen]:
    yield could(",".join(os.listdir(told(file))))


def connects(file: BinaryIO, name: str) -> Iterator[Seen]:
    with socket.socket() as line:
        line.connect(("127.0.0.1", int(told(file))))
        line.sendall(b"x")
    yield could("connected")


def connects_natively(file: BinaryIO, name: str) -> Iterator[Seen]:
    """A socket by the C library; where that is let through, what its own descriptor can do."""
    made = SOCKET(socket.AF_INET, socket.SOCK_STREAM, 0)
    port = int(told(file)).to_bytes(2, "big")
    address = socket.AF_INET.to_bytes(2, "little") + port + bytes([127, 0, 0, 1]) + bytes(8)
    if made >= 0 and CONNECT(made, address, len(address)) == 0:
        yield could("connected")


def forks(file: BinaryIO, name: str) -> Iterator[Seen]:
    if child := os.fork():
        os.waitpid(child, 0)
        yield could("forked")
    else:
        os._exit(0)


def forks_natively(file: BinaryIO, name: str) -> Iterator[Seen]:
    child = FORK()
    if child == 0:
        os._exit(0)
    if child > 0:
        yield could("forked")


def starts_a_program(file: BinaryIO, name: str) -> Iterator[Seen]:
    if os.system(f"touch {told(file)}") == 0:
        yield could("started")


def kills(file: BinaryIO, name: str) -> Iterator[Seen]:
    """The signal that does nothing, to somebody else."""
    if KILL(int(told(file)), 0) == 0:
        yield could("signalled")


def swallows(file: BinaryIO, name: str) -> Iterator[Seen]:
    """Wants past its bounds and says nothing of it."""
    with suppress(Exception):
        os.listdir("/")
    yield could("well-behaved")


TWO_NUMBERS = ctypes.c_uint64 * 2


def raises_its_limit(file: BinaryIO, name: str) -> Iterator[Seen]:
    """Allows itself descriptors again (RLIMIT_NOFILE is 7 on Linux), and makes one."""
    limits = TWO_NUMBERS(64, 64)
    if SETRLIMIT(7, ctypes.byref(limits)) == 0 and DUP(0) >= 0:
        yield could("raised")


def allocates(file: BinaryIO, name: str) -> Iterator[Seen]:
    yield could(str(len(bytearray(1 << 30))))


def computes(file: BinaryIO, name: str) -> Iterator[Seen]:
    while True:
        pass


def hangs(file: BinaryIO, name: str) -> Iterator[Seen]:
    yield could("before")
    threading.Event().wait()  # since Python 3.13 sleeping is an audit event, and forbidden


def floods(file: BinaryIO, name: str) -> Iterator[Seen]:
    while True:
        yield could("x" * 10_000)


def crashes(file: BinaryIO, name: str) -> Iterator[Seen]:
    yield could("before")
    raise ZeroDivisionError("the words of the file")


def gives_up(file: BinaryIO, name: str) -> Iterator[Seen]:
    raise NotSeen(Cause.NOT_UNDERSTOOD, f"{name}: this is no list.")
    yield


def dies(file: BinaryIO, name: str) -> Iterator[Seen]:
    yield could("before")
    os.abort()


def says_another_type(file: BinaryIO, name: str) -> Iterator[Seen]:
    yield CorrespondenceSeen(
        looked_until=date(2026, 1, 1),
        stated_days=0,
        stated_source="",
        reports=(),
        replies=(),
        flaws=(),
        sha256="",
    )


def forges_an_end(file: BinaryIO, name: str) -> Iterator[Seen]:
    os.write(1, b'{"frame":"ended","how":"whole"}\n')
    yield could("after its end")


def forges_a_beginning(file: BinaryIO, name: str) -> Iterator[Seen]:
    os.write(1, b'{"frame":"began","held":["everything"]}\n')
    yield could("held by nothing")


def babbles(file: BinaryIO, name: str) -> Iterator[Seen]:
    os.write(1, b"\xff\x00[[[[" * 1000 + b"\n")
    yield could("anything")
