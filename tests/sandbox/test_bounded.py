"""Work on what strangers sent ends at its limits, and stops nothing else."""

import errno
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shelfworthy.sandbox import bounded
from shelfworthy.sandbox.bounded import AT_ONCE, Beyond, Bounds, Nursery
from shelfworthy.sandbox.limits import MIB

BOUNDS = Bounds(memory=700 * MIB, time=1.0, output=MIB)
HANGS = b"a" * 64 + b"!"


def work(item: bytes) -> bytes:
    """What the child does here."""
    word, _, rest = item.partition(b" ")
    match word:
        case b"match":
            return b"yes" if re.match(rb"(a+)+$", rest) else b"no"
        case b"grow":
            return b"%d" % len(bytes(int(rest)).replace(b"\0", b"x"))
        case b"pid":
            return b"%d" % os.getpid()
        case b"say":
            return b"x" * int(rest)
        case b"fail":
            raise ValueError(rest)
        case b"keep":
            KEPT.append(bytes(int(rest)))
            return b"kept"
        case b"once":
            if Path(os.fsdecode(rest)).exists():
                return b"lived"
            Path(os.fsdecode(rest)).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        case b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"ask":
            with socket.create_connection(("127.0.0.1", int(rest)), timeout=0.5) as line:
                return line.recv(10)
    return item[::-1]


def cannot_fork_once() -> None:
    """Warm a child whose first fork fails, as without memory or processes."""
    fork = os.fork

    def fails() -> int:
        os.fork = fork
        Path(os.environ["NURSERY_MARKER"]).write_text(str(os.getpid()))
        raise BlockingIOError(errno.EAGAIN, "no process is left")

    os.fork = fails


KEPT: list[bytes] = []


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    made = Nursery(f"{__name__}:work")
    yield made
    made.close()


def told(answer: bytes | Beyond) -> str:
    assert isinstance(answer, Beyond)
    return answer.words


def test_many_are_answered_in_their_order(nursery: Nursery) -> None:
    items = [b"plum %d" % number for number in range(5 * AT_ONCE + 3)]
    assert nursery.each(items, BOUNDS) == [item[::-1] for item in items]
    assert nursery.each([], BOUNDS) == []


def test_what_hangs_is_ended_and_the_others_are_answered(nursery: Nursery) -> None:
    assert nursery.each([b"match " + HANGS[:10]], BOUNDS) == [b"yes"]  # it answers what does not hang
    items = [
        b"plum",
        b"match " + HANGS,
        b"pear",
        b"match " + HANGS,
        *[b"fig %d" % number for number in range(60)],
    ]
    began = time.process_time()
    answers = nursery.each(items, BOUNDS)
    computed = time.process_time() - began
    assert [told(answers[number]) for number in (1, 3)] == ["took longer than 1 s"] * 2
    assert [answers[0], answers[2], *answers[4:]] == [item[::-1] for item in items if item[:5] != b"match"]
    assert computed < 0.5  # matched here, it would have kept every thread waiting


def test_what_eats_memory_is_ended(nursery: Nursery) -> None:
    assert nursery.each([b"grow 1000"], BOUNDS) == [b"1000"]
    big, after = nursery.each([b"grow %d" % (1 << 30), b"plum"], BOUNDS)
    assert told(big) == "took more than 700 MiB of memory"
    assert after == b"mulp"


def test_an_answer_that_is_too_long_is_not_heard(nursery: Nursery) -> None:
    assert nursery.each([b"say %d" % MIB], BOUNDS) == [b"x" * MIB]
    assert told(nursery.each([b"say %d" % (MIB + 1)], BOUNDS)[0]) == "has an answer of more than 1 MiB"


def test_a_crash_is_told_from_a_limit_and_does_not_quote(nursery: Nursery) -> None:
    (failed,) = nursery.each([b"fail secret"], BOUNDS)
    assert isinstance(failed, Beyond)
    assert not failed.limit
    assert "ValueError in test_bounded.py" in failed.words
    assert "secret" not in failed.words
    dead, after = nursery.each([b"die", b"plum"], BOUNDS)
    assert told(dead) == "ended before there was an answer"
    assert after == b"mulp"


def test_a_nursery_that_was_ended_is_started_again(nursery: Nursery) -> None:
    nursery.each([b"plum"], BOUNDS)
    assert nursery._child is not None
    nursery._child.kill()
    nursery._child.wait()
    assert nursery.each([b"plum"], BOUNDS) == [b"mulp"]


def test_a_fork_waits_for_more_and_one_that_has_ended_is_not_asked(nursery: Nursery) -> None:
    (first,) = nursery.each([b"pid"], BOUNDS)
    assert nursery.each([b"pid"], BOUNDS) == [first]
    other = Bounds(memory=BOUNDS.memory, time=2.0, output=MIB)
    (second,) = nursery.each([b"pid"], other)  # limits are a fork's own
    (first,) = nursery.each([b"pid"], BOUNDS)
    assert first != second
    assert isinstance(first, bytes)
    os.kill(int(first), signal.SIGKILL)
    while Path(f"/proc/{int(first)}").exists():
        time.sleep(0.01)
    assert isinstance(nursery.each([b"pid"], BOUNDS)[0], bytes)


def test_the_work_contacts_nobody(nursery: Nursery) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def answer() -> None:
            with server.accept()[0] as line:
                line.sendall(b"hello")

        answerer = threading.Thread(target=answer)
        answerer.start()
        assert isinstance(nursery.each([b"ask %d" % port], BOUNDS)[0], Beyond)
        assert work(b"ask %d" % port) == b"hello"  # it would have answered
        answerer.join()


def test_what_one_piece_left_behind_is_not_held_against_the_next(nursery: Nursery) -> None:
    most, patient = 200 * MIB, Bounds(memory=BOUNDS.memory, time=20.0, output=MIB)
    assert nursery.each([b"grow %d" % most], patient) == [b"%d" % most]  # alone, it fits
    items = [b"keep %d" % (150 * MIB), b"keep %d" % (20 * MIB), b"grow %d" % most, b"plum"]
    assert nursery.each(items, patient) == [b"kept", b"kept", b"%d" % most, b"mulp"]


def test_a_fork_that_has_grown_is_not_asked_again(nursery: Nursery) -> None:
    first, kept, second, third = nursery.each([b"pid", b"keep %d" % (210 * MIB), b"pid", b"pid"], BOUNDS)
    assert kept == b"kept"
    assert first != second == third


def test_a_busy_fork_gets_old(nursery: Nursery, monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = nursery.each([b"pid"], BOUNDS)
    assert nursery.each([b"pid"], BOUNDS) == [first]
    monkeypatch.setattr(bounded, "FRESH", 0.3)
    time.sleep(0.2)
    assert nursery.each([b"pid"], BOUNDS) == [first]
    time.sleep(0.2)  # it was asked just now, and is too old for all that
    assert nursery.each([b"pid"], BOUNDS) != [first]


def test_who_was_killed_is_asked_once_more(nursery: Nursery, tmp_path: Path) -> None:
    assert nursery.each([b"once " + bytes(tmp_path / "died")], BOUNDS) == [b"lived"]
    assert (tmp_path / "died").exists()


def test_it_ends_with_its_socket_and_not_by_a_signal_to_all(nursery: Nursery) -> None:
    (pid,) = nursery.each([b"pid"], BOUNDS)
    assert isinstance(pid, bytes)
    assert nursery._child is not None
    for number in (nursery._child.pid, int(pid)):
        os.kill(number, signal.SIGTERM)
    assert nursery.each([b"pid"], BOUNDS) == [pid]
    assert nursery._child.poll() is None


def test_a_nursery_that_dies_is_started_once_for_all_who_wait(nursery: Nursery) -> None:
    nursery.each([b"plum"], BOUNDS)
    for _ in range(5):
        assert nursery._child is not None
        os.kill(nursery._child.pid, signal.SIGSTOP)  # all wait
        with ThreadPoolExecutor(12) as pool:
            several = [pool.submit(nursery.each, [b"plum"], BOUNDS) for _ in range(12)]
            time.sleep(0.1)
            nursery._child.kill()
            assert [one.result() for one in several] == [[b"mulp"]] * 12


def test_a_nursery_that_cannot_fork_goes_on(tmp_path: Path) -> None:
    marker = tmp_path / "forbidden"
    os.environ["NURSERY_MARKER"] = str(marker)
    nursery = Nursery(f"{__name__}:work", f"{__name__}:cannot_fork_once")
    try:
        assert nursery.each([b"plum"], BOUNDS) == [b"mulp"]
        assert nursery._child is not None
        assert marker.read_text() == str(nursery._child.pid)  # the same still: it did not die of it
    finally:
        nursery.close()
        del os.environ["NURSERY_MARKER"]
