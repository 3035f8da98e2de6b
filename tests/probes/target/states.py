"""The lab's device in each of its manners, with a toy's small images, and what both checks must say of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from shelfworthy.model import Outcome, Pushing, Target
from shelfworthy_lab import device, firmware, mcuboot
from shelfworthy_lab.processes import Server, free_port
from shelfworthy_lab.radio import oad

HOST = "127.0.0.5"
IMAGE, OLDER = "firmware.bin", "older.bin"
RUNS, BEFORE = 19, 17
PASS, FAIL, OPEN = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE
# State → whether it verifies, its manner, what update-accepts-tampered and -older must say; None: not sent.
STATES: dict[str, tuple[bool, str, Outcome | None, Outcome | None]] = {
    "takes what has a right sum": (False, "", FAIL, FAIL),
    "verifies and counts": (True, "", PASS, PASS),
    "says yes and changes nothing": (True, "yes", OPEN, OPEN),
    "never answers": (False, "mute", OPEN, OPEN),
    "is not heard of again": (True, "gone", OPEN, OPEN),
    "says no and runs it": (False, "liar", FAIL, OPEN),
    "names another version each time": (True, "talker", None, None),
}
RECIPE = {
    "settle_ms": 50,
    "restart_s": 1,
    "answer_s": 1,
    "version": {"path": "/api/version", "pointer": "/version"},
    "push": {"path": "/api/update", "field": "firmware", "success": [200], "refusal": [422]},
}


def images(*, signed: bool) -> dict[str, bytes]:
    """The files beside the product file."""
    return {IMAGE: firmware.toy(RUNS, signed=signed), OLDER: firmware.toy(BEFORE, signed=signed)}


def surface(port: int, **changed: object) -> Target:
    return msgspec.structs.replace(
        Target(
            id="device",
            where=f"target:http://{HOST}:{port}/",
            image=IMAGE,
            older=OLDER,
            recovery="start it anew",
            recipe=msgspec.convert(RECIPE, Pushing),
        ),
        **changed,
    )


@contextmanager
def real(at: Path, state: str) -> Iterator[tuple[Server, Path]]:
    """A device in a state, and the file in which it notes what was pushed to it."""
    signed, manner, *_ = STATES[state]
    at.mkdir(parents=True, exist_ok=True)
    (at / IMAGE).write_bytes(images(signed=signed)[IMAGE])
    key = ""
    if signed:
        (at / "key.pem").write_bytes(mcuboot.pem(oad.MAKER.public_key()))
        key = str(at / "key.pem")
    log = at / "pushed.jsonl"
    config = device.Config(HOST, free_port(), str(at / IMAGE), key, str(log), 0.1, manner)
    with device.start(at, "device", config) as server:
        yield server, log
