"""What operations come to: recording, playing, keys, what was recorded."""

import pytest

from shelfworthy.checks.bluetooth._operations import MOST
from shelfworthy.model import Cause, Confidence, Does, Severity
from shelfworthy.report.sentences import filled
from shelfworthy.seen.bluetooth import BluetoothOperations, BluetoothRecorded, Repeated
from tests.checks.bluetooth.built import HEADER_ONLY, NO_RATE, SECOND, ids, operations, run, said

RECORD, PLAY = "bluetooth-remote-recording", "bluetooth-remote-playback"
REPLAY, KEY = "bluetooth-replay", "bluetooth-constant-key"
NOTHING = BluetoothOperations(operations=(), pairing="refused")


def both(does: Does, first: str, second: str, **of: bool) -> BluetoothOperations:
    """Tried without pairing, and after it."""
    return operations(does, run(first), run(second, paired=True), pairing="done", **of)  # type: ignore[arg-type]


RECORDINGS = {
    "recorded": (operations(Does.RECORD, run("done", got=SECOND)), "fail recorded"),
    "of unknown length": (operations(Does.RECORD, run("done", got=NO_RATE)), "fail recorded-bytes"),
    "after pairing": (
        operations(Does.RECORD, run("refused"), run("done", paired=True, got=SECOND), pairing="done"),
        "fail recorded",
    ),
    "refused": (operations(Does.RECORD, run("refused")), "pass refused"),
    "refused both times": (both(Does.RECORD, "refused", "refused"), "pass refused"),
    "only a header": (operations(Does.RECORD, run("done", got=HEADER_ONLY)), "inconclusive no-sound"),
    "no sound": (operations(Does.RECORD, run("done")), "inconclusive no-sound"),
    "accepted": (operations(Does.RECORD, run("accepted")), "inconclusive left-open"),
    "closed": (operations(Does.RECORD, run("closed")), "inconclusive left-open"),
    "silent": (operations(Does.RECORD, run("silent")), "inconclusive left-open"),
    "not tried": (operations(Does.RECORD, run("not tried")), "inconclusive left-open"),
    "no run": (operations(Does.RECORD), "inconclusive left-open"),
    "not after pairing": (operations(Does.RECORD, run("refused"), pairing="done"), "inconclusive left-open"),
    "pairing not answered": (
        operations(Does.RECORD, run("refused"), pairing="silent"),
        "inconclusive left-open",
    ),
    "pairing not tried": (
        operations(Does.RECORD, run("refused"), pairing="not tried"),
        "inconclusive left-open",
    ),
    "passive refusal": (operations(Does.RECORD, run("refused"), passive=True), "inconclusive left-open"),
    "no such operation": (operations(Does.PLAY, run("done")), "inconclusive not-told"),
    "no profile": (NOTHING, "inconclusive not-told"),
}


@pytest.mark.parametrize(("seen", "expected"), RECORDINGS.values(), ids=RECORDINGS)
def test_recording(seen: BluetoothOperations, expected: str) -> None:
    assert ids(said(RECORD, seen)) == [expected]


PLAIN = {
    "done": (lambda does: operations(does, run("done")), "fail"),
    "done after pairing": (lambda does: both(does, "refused", "done"), "fail"),
    "refused": (lambda does: operations(does, run("refused")), "pass"),
    "refused twice": (lambda does: both(does, "refused", "refused"), "pass"),
    "accepted": (lambda does: operations(does, run("accepted")), "inconclusive"),
    "accepted after pairing": (lambda does: both(does, "refused", "accepted"), "inconclusive"),
    "gone": (lambda does: operations(does, run("gone")), "inconclusive"),
    "passive": (lambda does: operations(does, run("refused"), passive=True), "inconclusive"),
    "none": (lambda does: NOTHING, "inconclusive"),
}


@pytest.mark.parametrize(("check", "does"), [(PLAY, Does.PLAY), (REPLAY, Does.REPLAY)])
@pytest.mark.parametrize(("make", "expected"), PLAIN.values(), ids=PLAIN)
def test_playing_and_replaying(check: str, does: Does, make: object, expected: str) -> None:
    (answer,) = said(check, make(does))  # type: ignore[operator]
    assert answer.outcome == expected


def lock(right: str, wrong: str, *paired: str, pairing: str = "refused") -> BluetoothOperations:
    runs = [run(wrong, wrong=True), run(right)]  # type: ignore[arg-type]
    if paired:
        pairing = "done"
        runs += [run(paired[1], wrong=True, paired=True), run(paired[0], paired=True)]  # type: ignore[arg-type]
    return operations(Does.UNLOCK, *runs, pairing=pairing)  # type: ignore[arg-type]


LOCKS = {
    "constant": (lock("done", "refused"), "fail constant"),
    "says nothing to wrong ones": (lock("done", "silent"), "fail constant"),
    "constant after pairing": (lock("refused", "refused", "done", "refused"), "fail constant"),
    "constant before, nothing locked after": (lock("done", "refused", "done", "done"), "fail constant"),
    "locks nothing": (lock("done", "done"), "moot locks-nothing"),
    "locks nothing after pairing": (lock("refused", "refused", "done", "done"), "moot locks-nothing"),
    "refused": (lock("refused", "refused"), "pass refused"),
    "refused after pairing": (lock("refused", "refused", "refused", "refused"), "pass refused"),
    "wrong key not tried": (operations(Does.UNLOCK, run("done")), "inconclusive left-open"),
    "refused, wrong key not tried": (operations(Does.UNLOCK, run("refused")), "inconclusive left-open"),
    "wrong key broke something": (lock("done", "error"), "inconclusive left-open"),
    "right refused, wrong done": (lock("refused", "done"), "inconclusive left-open"),
    "accepted": (lock("accepted", "refused"), "inconclusive left-open"),
    "not tried after pairing": (lock("refused", "refused", pairing="done"), "inconclusive left-open"),
    "no such operation": (NOTHING, "inconclusive not-told"),
}


@pytest.mark.parametrize(("seen", "expected"), LOCKS.values(), ids=LOCKS)
def test_constant_keys(seen: BluetoothOperations, expected: str) -> None:
    assert ids(said(KEY, seen)) == [expected]


def test_how_sure_we_are_of_a_lock_that_says_nothing() -> None:
    assert said(KEY, lock("done", "refused"))[0].confidence is Confidence.CERTAIN
    assert said(KEY, lock("done", "accepted"))[0].confidence is Confidence.PROBABLE


def recorded(*repeated: tuple[int, int, int]) -> BluetoothRecorded:
    return BluetoothRecorded(
        format="btsnoop",
        packets=400,
        others=3,
        connections=4,
        encrypted=0,
        repeated=tuple(
            Repeated(handle=n, uuid=f"aadd{n}", length=length, sha256="00", connections=times, of=of)
            for n, (length, times, of) in enumerate(repeated)
        ),
    )


RECORDED = {
    "in every connection": (recorded((16, 4, 4)), ["fail repeated"]),
    "in two of two": (recorded((8, 2, 2)), ["fail repeated"]),
    "not in every one": (recorded((16, 3, 4)), ["inconclusive nothing-repeated"]),
    "too short": (recorded((7, 4, 4)), ["inconclusive nothing-repeated"]),
    "one connection": (recorded((16, 1, 1)), ["inconclusive nothing-repeated"]),
    "nothing": (recorded(), ["inconclusive nothing-repeated"]),
    "two of them": (recorded((16, 4, 4), (3, 4, 4), (20, 4, 4)), ["fail repeated", "fail repeated"]),
}


@pytest.mark.parametrize(("seen", "expected"), RECORDED.values(), ids=RECORDED)
def test_recorded_keys(seen: BluetoothRecorded, expected: list[str]) -> None:
    assert ids(said(KEY, seen)) == expected
    assert all(answer.confidence is Confidence.PROBABLE for answer in said(KEY, seen) if answer.severity)


def test_a_shopper_understands_it() -> None:
    from shelfworthy.checks import BY_ID

    (answer,) = said(RECORD, operations(Does.RECORD, run("done", got=SECOND)))
    words = filled(BY_ID[RECORD].says[answer.says], answer.facts)
    assert words == "A stranger recorded 1.0 seconds from the microphone without pairing."
    assert answer.severity is Severity.CRITICAL
    (answer,) = said(PLAY, operations(Does.PLAY, run("done")))
    assert answer.severity is Severity.HIGH


def test_without_pairing_comes_first() -> None:
    runs = run("done", paired=True, got=SECOND), run("done", got=SECOND)
    (answer,) = said(RECORD, operations(Does.RECORD, *runs, pairing="done"))
    assert answer.facts["how"] == "without pairing"
    assert answer.place is not None
    assert answer.place.path == "operations.0.runs.1"


@pytest.mark.parametrize(
    ("check", "does"), [(RECORD, "record"), (PLAY, "play"), (REPLAY, "replay"), (KEY, "unlock")]
)
@pytest.mark.parametrize("count", [MOST + 1, 500])
def test_many_operations_give_few_answers(check: str, does: str, count: int) -> None:
    runs = run("refused"), run("refused", wrong=True)
    answers = said(check, operations(Does(does), *runs, count=count))
    assert len(answers) == MOST + 1
    assert answers[-1].says == "more"


def test_nobody_was_there_to_be_recorded() -> None:
    from msgspec.structs import replace

    untried = replace(run("not tried"), why=Cause.NEEDS_A_PERSON)
    assert said(RECORD, operations(Does.RECORD, untried))[0].cause is Cause.NEEDS_A_PERSON
