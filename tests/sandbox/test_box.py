"""What a child that reads a hostile file cannot do, each shown against the same act where it works."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from shelfworthy.model import Cause
from shelfworthy.sandbox.box import Heard, import_path, look_into
from shelfworthy.sandbox.limits import MIB, Limits
from shelfworthy.seen.incident import IncidentSeen
from tests.sandbox import hostile

FREE = (
    "import sys; sys.path[:] = sys.argv[1].split('\\n'); from tests.sandbox import hostile; "
    "print([one.sha256 for one in getattr(hostile, sys.argv[2])(sys.stdin.buffer, 'x')])"
)
QUICK = Limits(time=10)


def confined(act: str, told: str, folder: Path, limits: Limits = QUICK, patience: float = 60) -> Heard:
    """What a reader could do in the sandbox. told: what it reads."""
    file = folder / "told"
    file.write_text(told)
    read = f"tests.sandbox.hostile:{act}"
    return asyncio.run(look_into(read, "told", file, (IncidentSeen,), limits, patience=patience))


def free(act: str, told: str) -> str:
    """What the same reader could do in a child that is not confined."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", FREE, "\n".join(import_path()), act],
        input=told.encode(),
        capture_output=True,
        timeout=30,
        check=True,
    )
    return done.stdout.decode().strip()


def said(heard: Heard) -> list[str]:
    return [one.sha256 for one in heard.seen if isinstance(one, IncidentSeen)]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        made.listen()
        made.settimeout(0.2)
        yield made


def came(listener: socket.socket) -> bool:
    """Whether somebody connected since last asked."""
    try:
        listener.accept()[0].close()
    except TimeoutError:
        return False
    return True


def test_a_reader_reads_its_file_and_the_evidence_says_what_held_it(tmp_path: Path) -> None:
    heard = confined("seen", "content", tmp_path)
    assert said(heard) == ["told: content"]
    assert heard.trouble is None
    assert heard.held.endswith("limits, hook")


def test_a_child_is_cheap(tmp_path: Path) -> None:
    began = time.process_time() + children()
    for _ in range(5):
        confined("seen", "", tmp_path)
    assert (time.process_time() + children() - began) / 5 < 0.2


def children() -> float:
    """Processor seconds of all children that have ended."""
    times = os.times()
    return times.children_user + times.children_system


@pytest.mark.parametrize("act", ["writes", "writes_natively", "starts_a_program"])
def test_it_writes_no_file(act: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    target = tmp_path / "made"
    assert "[]" not in free(act, str(target))
    assert target.exists()
    target.unlink()
    assert said(confined(act, str(target), tmp_path)) == []
    assert not target.exists()


def test_it_removes_no_file(tmp_path: Path) -> None:
    target = tmp_path / "kept"
    target.touch()
    assert free("removes_natively", str(target)) == "['removed']"
    target.touch()
    tmp_path.chmod(0o777)
    assert said(confined("removes_natively", str(target), tmp_path)) == []
    assert target.exists()


@pytest.mark.parametrize("act", ["reads_natively", "lists"])
def test_it_opens_no_other_file_and_no_folder(act: str, tmp_path: Path) -> None:
    there = "/" if act == "lists" else "/etc/passwd"
    assert free(act, there) not in ("[]", "")
    assert said(confined(act, there, tmp_path)) == []


@pytest.mark.parametrize("act", ["connects", "connects_natively"])
def test_it_connects_to_nobody(act: str, tmp_path: Path, listener: socket.socket) -> None:
    port = str(listener.getsockname()[1])
    assert free(act, port) == "['connected']"
    assert came(listener)
    assert said(confined(act, port, tmp_path)) == []
    assert not came(listener)


@pytest.mark.parametrize("act", ["forks", "forks_natively"])
def test_it_starts_no_process(act: str, tmp_path: Path) -> None:
    assert free(act, "") == "['forked']"
    assert said(confined(act, "", tmp_path)) == []


def test_it_signals_nobody(tmp_path: Path) -> None:
    me = str(os.getpid())
    assert free("kills", me) == "['signalled']"
    assert said(confined("kills", me, tmp_path)) == []


def test_it_cannot_give_itself_more(tmp_path: Path) -> None:
    assert free("raises_its_limit", "") == "['raised']"
    assert said(confined("raises_its_limit", "", tmp_path)) == []


@pytest.mark.parametrize("act", ["writes", "lists", "connects", "forks", "starts_a_program", "swallows"])
def test_what_it_wanted_is_told_also_where_it_swallows_it(act: str, tmp_path: Path) -> None:
    heard = confined(act, "9", tmp_path)
    assert heard.trouble is not None
    assert heard.trouble.cause is Cause.OUR_FAULT
    assert "went beyond reading" in heard.trouble.words


NATIVE = [
    "writes_natively",
    "removes_natively",
    "reads_natively",
    "connects_natively",
    "forks_natively",
    "kills",
    "raises_its_limit",
]


@pytest.mark.parametrize("act", NATIVE)
def test_what_compiled_code_does_the_kernel_stops_and_not_the_hook(act: str, tmp_path: Path) -> None:
    """Else the tests above would not show what stops it: the hook never hears of these."""
    heard = confined(act, str(os.getpid()) if act == "kills" else "1", tmp_path)
    assert heard.trouble is None
    assert said(heard) == []


def test_memory_is_bounded(tmp_path: Path) -> None:
    assert free("allocates", "") == f"['{1 << 30}']"
    heard = confined("allocates", "", tmp_path)
    assert said(heard) == []
    assert heard.trouble is not None
    assert heard.trouble.cause is Cause.NOT_UNDERSTOOD
    assert heard.trouble.words == "Reading told took more than 512 MiB of memory."


def test_computing_is_bounded(tmp_path: Path) -> None:
    heard = confined("computes", "", tmp_path, Limits(computing=1, time=20))
    assert heard.trouble is not None
    assert heard.trouble.cause is Cause.NOT_UNDERSTOOD
    assert heard.trouble.words == "Reading told took more than 1 s of computing."


def test_hanging_ends(tmp_path: Path) -> None:
    began = time.monotonic()
    heard = confined("hangs", "", tmp_path, Limits(time=1))
    assert time.monotonic() - began < 5
    assert heard.trouble is not None
    assert heard.trouble.cause is Cause.NOT_UNDERSTOOD
    assert heard.trouble.words == "Reading told took more than 1 s and was ended."
    assert said(heard) == []


def test_hanging_beyond_the_audits_own_time_is_no_fault_of_the_file(tmp_path: Path) -> None:
    heard = confined("hangs", "", tmp_path, Limits(time=10), patience=1)
    assert heard.trouble is not None
    assert heard.trouble.cause is Cause.NOBODY_LOOKED


def test_what_it_says_is_bounded(tmp_path: Path) -> None:
    heard = confined("floods", "", tmp_path, Limits(output=MIB, time=20))
    assert said(heard) == []
    assert heard.trouble is not None
    assert heard.trouble.words == "What was seen in told is more than 1 MiB; the child was ended."


def test_a_crash_keeps_what_was_seen_before_and_not_the_words_of_the_file(tmp_path: Path) -> None:
    heard = confined("crashes", "", tmp_path)
    assert said(heard) == ["before"]
    assert heard.trouble is not None
    assert heard.trouble.cause is Cause.OUR_FAULT
    assert "ZeroDivisionError in hostile.py, line" in heard.trouble.words
    assert "the words of the file" not in heard.trouble.words


def test_a_child_that_dies_says_nothing_whole(tmp_path: Path) -> None:
    heard = confined("dies", "", tmp_path)
    assert heard.trouble is not None
    assert heard.trouble.cause is Cause.OUR_FAULT
    assert heard.trouble.words == (
        f"The child that read told died (signal {signal.SIGABRT.value}) before it came to an end."
    )


def test_what_a_reader_cannot_understand_it_says_itself(tmp_path: Path) -> None:
    heard = confined("gives_up", "", tmp_path)
    assert heard.trouble is not None
    assert (heard.trouble.cause, heard.trouble.words) == (Cause.NOT_UNDERSTOOD, "told: this is no list.")


@pytest.mark.parametrize("act", ["says_another_type", "forges_an_end", "forges_a_beginning", "babbles"])
def test_a_child_that_lies_is_not_believed(act: str, tmp_path: Path) -> None:
    heard = confined(act, "", tmp_path)
    assert said(heard) == []
    assert heard.trouble is not None
    assert heard.trouble.cause is Cause.OUR_FAULT
    assert "none of it is believed" in heard.trouble.words


def test_a_reader_that_is_not_there_is_our_fault(tmp_path: Path) -> None:
    heard = confined("no_such_reader", "", tmp_path)
    assert heard.trouble is not None
    assert heard.trouble.cause is Cause.OUR_FAULT
    assert not hasattr(hostile, "no_such_reader")


def test_when_the_audit_is_stopped_the_child_ends(tmp_path: Path) -> None:
    (tmp_path / "told").write_text("")
    mark = f"told-{tmp_path}"
    read = look_into(
        "tests.sandbox.hostile:hangs", mark, tmp_path / "told", (IncidentSeen,), QUICK, patience=60
    )

    async def stopped() -> None:
        task = asyncio.create_task(read)
        while not processes(mark):
            await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    began = time.monotonic()
    asyncio.run(stopped())
    assert time.monotonic() - began < 8
    assert not processes(mark)


def processes(mark: str) -> list[Path]:
    """The processes that have this in their arguments."""
    found = []
    for arguments in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if mark.encode() in arguments.read_bytes():
                found.append(arguments)
    return found


AUDITOR = """
import asyncio, sys
from pathlib import Path
from shelfworthy.sandbox.box import look_into
from shelfworthy.sandbox.limits import Limits
from shelfworthy.seen.incident import IncidentSeen
file = Path(sys.argv[1])
read = look_into("tests.sandbox.hostile:hangs", sys.argv[2], file, (IncidentSeen,), Limits(), patience=60)
asyncio.run(read)
"""


def test_when_the_auditor_is_killed_the_child_ends_too(tmp_path: Path) -> None:
    (tmp_path / "told").write_text("")
    mark = f"told-{tmp_path}"
    path = {"PYTHONPATH": os.pathsep.join(import_path())}
    arguments = [sys.executable, "-c", AUDITOR, str(tmp_path / "told"), mark]
    with subprocess.Popen(arguments, env={**os.environ, **path}) as auditor:
        try:
            await_that(lambda: len(processes(mark)) == 2)
        finally:
            auditor.kill()
    await_that(lambda: not processes(mark))


def await_that(holds: Callable[[], bool], seconds: float = 10) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.05)
