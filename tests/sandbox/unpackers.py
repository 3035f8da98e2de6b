"""Readers with a work folder that mean no good, or start programs that do not."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from shelfworthy.model import Seen
from tests.sandbox.hostile import could, told

PYTHON = "/usr/bin/python3"  # the one that runs the tests may lie where nobody may go


def works(file: BinaryIO, name: str) -> Iterator[Seen]:
    """Nothing forbidden: what an unpacker needs."""
    Path("made").write_bytes(file.read())
    done = subprocess.run(["cat", "made"], capture_output=True, check=True)
    yield could(done.stdout.decode())


def writes_outside(file: BinaryIO, name: str) -> Iterator[Seen]:
    where = told(file)
    if subprocess.run(["sh", "-c", f"echo changed > {where}"], check=False).returncode == 0:
        yield could("written")


def reads_outside(file: BinaryIO, name: str) -> Iterator[Seen]:
    done = subprocess.run(["cat", told(file)], capture_output=True, check=False)
    if done.returncode == 0:
        yield could("read")


def connects(file: BinaryIO, name: str) -> Iterator[Seen]:
    code = f"import socket; socket.create_connection(('127.0.0.1', {told(file)}), 2)"
    if subprocess.run([PYTHON, "-I", "-c", code], check=False).returncode == 0:
        yield could("connected")


def fork_bombs(file: BinaryIO, name: str) -> Iterator[Seen]:
    count = 0
    with suppress(OSError):
        while count < 500:
            if os.fork() == 0:
                time.sleep(30)
                os._exit(0)
            count += 1
    yield could(str(count))


def fills(file: BinaryIO, name: str) -> Iterator[Seen]:
    total = 0
    with suppress(OSError):
        for number in range(1000):
            Path(str(number)).write_bytes(bytes(1 << 20))
            total += 1
    yield could(str(total))


def makes_files(file: BinaryIO, name: str) -> Iterator[Seen]:
    count = 0
    with suppress(OSError):
        for number in range(20_000):
            Path(f"n{number}").touch()
            count += 1
    yield could(str(count))


def leaves_its_session(file: BinaryIO, name: str) -> Iterator[Seen]:
    subprocess.Popen(["setsid", "sleep", told(file)])
    yield could("started")


def leaves_and_hangs(file: BinaryIO, name: str) -> Iterator[Seen]:
    subprocess.Popen(["setsid", "sleep", told(file)])
    time.sleep(60)
    yield could("slept")


def prints(file: BinaryIO, name: str) -> Iterator[Seen]:
    subprocess.run(["sh", "-c", """echo '{"frame":"ended","how":"whole"}'"""], check=True)
    yield could("printed")


def executes_what_it_unpacked(file: BinaryIO, name: str) -> Iterator[Seen]:
    Path("program").write_bytes(Path("/bin/true").read_bytes())
    Path("program").chmod(0o755)
    with suppress(OSError):
        subprocess.run(["./program"], check=True)
        yield could("executed")


def makes_a_device(file: BinaryIO, name: str) -> Iterator[Seen]:
    with suppress(OSError):
        os.mknod("device", 0o020666, os.makedev(1, 1))
        yield could("made")


def allocates(file: BinaryIO, name: str) -> Iterator[Seen]:
    code = "print(len(bytes(1 << 30)))"
    if subprocess.run([PYTHON, "-I", "-c", code], check=False).returncode == 0:
        yield could("allocated")


def listens(file: BinaryIO, name: str) -> Iterator[Seen]:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as made:
        made.bind("here")
        yield could("listened")
