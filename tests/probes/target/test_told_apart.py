"""Every manner of a device: what the checks say of it, what was sent to it, and what it was left with."""

import asyncio
import time
from hashlib import sha256
from pathlib import Path

import pytest

from shelfworthy.audit.findings import answers
from shelfworthy.checks import BY_ID
from shelfworthy.model import About, AnySurface, Cause, Level, Outcome, Permit
from shelfworthy.probes.target import TARGET
from shelfworthy.reach import Limits
from shelfworthy.record import load_evidence
from shelfworthy.seen.target import TargetSeen
from shelfworthy_lab import device
from tests.looking import Left, allow, bench, door, looked, product
from tests.probes.target.states import HOST, IMAGE, OLDER, STATES, images, real, surface
from tests.specimen import outcome

CHECKS = ("update-accepts-tampered", "update-accepts-older")
LIMITS = Limits(connect=0.5, silence=0.3, look=2.0)  # times 30: for all four images


async def look(
    at: AnySurface,
    folder: Path,
    files: dict[str, bytes],
    given: Level = Level.RISK,
    permit: Level = Level.RISK,
) -> Left:
    it = product([at], [allow(HOST, given)])
    policy = bench((f"{HOST}/32",), (Permit(to="*", level=permit),))
    return await looked(it, door(it, policy, LIMITS, supplied=files), folder, probes=[TARGET])


def said(folder: Path, check: str, at: AnySurface) -> Outcome:
    (one,) = load_evidence(folder).observations
    return outcome(list(answers(BY_ID[check], one, About(surface=at))))


@pytest.mark.parametrize("state", [name for name, it in STATES.items() if it[2] is not None])
def test_each_manner_is_told_from_the_others(state: str, tmp_path: Path) -> None:
    signed, manner, *expected = STATES[state]
    files = images(signed=signed)
    began = time.monotonic()
    with real(tmp_path / "device", state) as (server, log):
        at = surface(server.port)
        left = asyncio.run(look(at, tmp_path / "a.audit", files))
        pushed = device.pushed(log)
    assert [said(tmp_path / "a.audit", check, at) for check in CHECKS] == expected
    assert time.monotonic() - began < 30
    own = sha256(files[IMAGE]).hexdigest()
    assert pushed[0]["sha256"] != own, "the changed copy comes first"
    if manner != "gone":
        assert pushed[-1]["sha256"] == own, "and its own image last"
    (seen,) = [one.seen for one in load_evidence(tmp_path / "a.audit").observations]
    assert isinstance(seen, TargetSeen)
    assert seen.restored == (manner in ("", "yes"))
    words = [gap.words for gap in left.gaps]
    assert any("start it anew" in one for one in words) == (not seen.restored)
    assert all(look.complete == seen.restored for look in left.looks)


def test_what_an_honest_device_was_sent_and_what_it_runs_then(tmp_path: Path) -> None:
    files = images(signed=False)
    with real(tmp_path / "device", "takes what has a right sum") as (server, log):
        asyncio.run(look(surface(server.port), tmp_path / "a.audit", files))
        pushed = device.pushed(log)
    own, older = (sha256(files[name]).hexdigest() for name in (IMAGE, OLDER))
    assert [one["sha256"] for one in pushed][1:] == [own, older, own]
    assert [one["runs"] for one in pushed] == ["PlumOS 10", "PlumOS 19", "PlumOS 17", "PlumOS 19"]


def test_nothing_is_sent_to_a_device_whose_word_means_nothing(tmp_path: Path) -> None:
    with real(tmp_path / "device", "names another version each time") as (server, log):
        left = asyncio.run(look(surface(server.port), tmp_path / "a.audit", images(signed=True)))
        assert not device.pushed(log)
    assert not left.observations
    assert {gap.cause for gap in left.gaps} == {Cause.CONTRADICTORY}


LEVELS = [(Level.USE, Level.RISK), (Level.RISK, Level.USE), (Level.LOOK, Level.LOOK)]


@pytest.mark.parametrize(("given", "permit"), LEVELS)
def test_without_risk_a_device_that_would_take_it_is_not_touched(
    given: Level, permit: Level, tmp_path: Path
) -> None:
    with real(tmp_path / "device", "takes what has a right sum") as (server, log):
        at = surface(server.port)
        left = asyncio.run(look(at, tmp_path / "a.audit", images(signed=False), given, permit))
        assert not device.pushed(log)
        assert "GET" not in (tmp_path / "device" / "logs" / "device.log").read_text()
        assert {gap.cause for gap in left.gaps} == {Cause.NOT_PERMITTED}
        asyncio.run(look(at, tmp_path / "b.audit", images(signed=False)))
        assert device.pushed(log), "it would have taken it"


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"recovery": " "}, Cause.NEEDS_A_PERSON),
        ({"recipe": None}, Cause.NOT_SUPPLIED),
        ({"image": ""}, Cause.NOT_SUPPLIED),
        ({"image": "not-there.bin"}, Cause.NOT_SUPPLIED),
    ],
)
def test_without_a_way_back_nothing_is_sent(changed: dict[str, object], cause: Cause, tmp_path: Path) -> None:
    with real(tmp_path / "device", "takes what has a right sum") as (server, log):
        at = surface(server.port, **changed)
        left = asyncio.run(look(at, tmp_path / "a.audit", images(signed=False)))
        assert not device.pushed(log)
    assert {gap.cause for gap in left.gaps} == {cause}
    assert not left.observations


def test_what_only_stands_for_an_image_that_was_not_kept_is_not_sent(tmp_path: Path) -> None:
    with real(tmp_path / "device", "takes what has a right sum") as (server, log):
        files = {**images(signed=False), IMAGE: b"not kept: 2048 bytes, SHA-256 " + b"0" * 64 + b"\n"}
        left = asyncio.run(look(surface(server.port), tmp_path / "a.audit", files))
        assert not device.pushed(log)
    assert "did not stay with the evidence" in left.gaps[0].words


def test_without_an_older_image_only_the_changed_copy_is_tried(tmp_path: Path) -> None:
    with real(tmp_path / "device", "verifies and counts") as (server, log):
        at = surface(server.port, older="")
        asyncio.run(look(at, tmp_path / "a.audit", images(signed=True)))
        assert len(device.pushed(log)) == 2
    assert [said(tmp_path / "a.audit", check, at) for check in CHECKS] == [Outcome.PASS, Outcome.INCONCLUSIVE]


def test_the_evidence_holds_no_byte_of_an_image(tmp_path: Path) -> None:
    """Law 8: of what was sent, lengths and hashes; of what was supplied, too."""
    files = images(signed=True)
    with real(tmp_path / "device", "verifies and counts") as (server, _):
        asyncio.run(look(surface(server.port), tmp_path / "a.audit", files))
    kept = [path for path in (tmp_path / "a.audit").rglob("*") if path.is_file()]
    assert any("attachments" in path.parts for path in kept)
    for path in kept:
        content = path.read_bytes()
        for image in files.values():
            assert image[100:132] not in content, path
            assert image[100:132].hex().encode() not in content, path


def test_a_look_that_is_stopped_brings_the_device_back(tmp_path: Path) -> None:
    files = images(signed=False)

    async def stopped(at: AnySurface, log: Path) -> None:
        looking = asyncio.create_task(look(at, tmp_path / "a.audit", files))
        while not device.pushed(log):
            await asyncio.sleep(0.01)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking

    with real(tmp_path / "device", "takes what has a right sum") as (server, log):
        asyncio.run(stopped(surface(server.port), log))
        pushed = device.pushed(log)
    assert pushed[-1]["sha256"] == sha256(files[IMAGE]).hexdigest()


def test_the_transcript_tells_how_much_was_sent(tmp_path: Path) -> None:
    files = images(signed=True)
    with real(tmp_path / "device", "verifies and counts") as (server, _):
        left = asyncio.run(look(surface(server.port), tmp_path / "a.audit", files))
    sent = [one for one in left.transcripts[0].entries if one.event == "sent"]
    assert len([one for one in sent if one.length > len(files[IMAGE])]) == 4
    assert not any(one.kept for one in sent)
