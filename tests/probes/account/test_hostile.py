"""Whatever a service says: our bounds hold, by its own count and by our transcript, and nothing is kept.

The bounds: two addresses that are signed up, none of them again once it was accepted; no address that we did
not make; 20 wrong log-ins at one address; nobody else contacted; a bounded number of requests.
"""

import asyncio
import re
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from shelfworthy.model import Account, Cause, Outcome
from shelfworthy.probes.account import ACCOUNT
from shelfworthy.reach import Limits
from shelfworthy.record.load import OBSERVATION
from shelfworthy.seen.account import AccountDeletion
from shelfworthy_lab import accounts
from shelfworthy_lab.accounts import Switches
from tests import clock
from tests.looking import Left, allow, bench, door, looked, product
from tests.probes.account.looking import CHECKS, outcomes, said
from tests.probes.account.peers import INSTEAD, LIARS, SOMEBODY, THEIRS, Answered, Asked, Liar, liar
from tests.probes.account.states import PRODUCT
from tests.probes.account.test_told_apart import notes_of
from tests.servers import answers, page, saying, serving

LIMITS = Limits(connect=0.5, silence=0.3, look=2.0)
IN_TIME = 20.0
MOST_REQUESTS = 150
OURS = re.compile(r"shelfworthy\+[0-9a-f]{16}@bench\.shelfworthy\.test")
ADDRESS = re.compile(r"[^\s\"'<>/@]+(?:@|%40)[^\s\"'<>/@]+")
FAIL, PASS, OPEN = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE
ALL_OPEN = (OPEN,) * 7
# What may be said in spite of the lie: strength, guessing, enumeration, access, ids, replay, deletion.
WITHOUT_OBJECTS = (PASS, PASS, PASS, OPEN, OPEN, OPEN, OPEN)
SAID: dict[str, tuple[Outcome, ...]] = {
    "a number too large": WITHOUT_OBJECTS,
    "a path for an identifier": (PASS, PASS, PASS, OPEN, OPEN, PASS, OPEN),
    "a step up for an identifier": (PASS, PASS, PASS, OPEN, OPEN, PASS, OPEN),
    "somebody else's address": WITHOUT_OBJECTS,
    "somebody else's address in disguise": WITHOUT_OBJECTS,
    "the same identifier each time": (PASS, PASS, PASS, OPEN, OPEN, PASS, OPEN),
    "a negative lifetime": (PASS, PASS, PASS, PASS, PASS, OPEN, PASS),
    "a file elsewhere": (PASS, PASS, PASS, PASS, PASS, PASS, OPEN),
    "refuses deletion": (PASS, PASS, PASS, PASS, PASS, PASS, OPEN),
    "breaks over deletion": (PASS, PASS, PASS, PASS, PASS, PASS, OPEN),
    "lies about deletion": (PASS, PASS, PASS, PASS, PASS, PASS, FAIL),
}
TOLD_NO = (
    "says no to everything",
    "signs up and says no",
)  # who is told no takes it that there is no account


async def run(service: Liar, folder: Path) -> tuple[Left, int]:
    """One look, and how often it was contacted."""
    async with serving(service.behaviour()) as server:
        where = f"http://{server.at}/"
        surface = msgspec.convert(accounts.surface(where, service.state.switches), Account)
        it = product([surface], [allow(server.at)])
        left = await looked(it, door(it, bench(), LIMITS), folder, (ACCOUNT,))
        return left, server.contacts


@pytest.mark.parametrize("name", [*LIARS, *INSTEAD])
def test_bounds_hold_and_what_is_open_says_why(name: str, tmp_path: Path) -> None:
    async def go() -> tuple[Liar, Left, int]:
        async with serving(saying(page(b'{"token": "plum"}'))) as victim:
            assert await answers(victim)
            service = liar(name, victim.at)
            left, contacts = await run(service, tmp_path)
            assert victim.contacts == 1, "somebody else was contacted"
            return service, left, contacts

    began = clock.now()
    service, left, contacts = asyncio.run(go())
    assert clock.now() - began < IN_TIME
    assert not [gap.words for gap in left.gaps if gap.cause is Cause.OUR_FAULT]
    bounded(service.asked)
    counted_alike(service.asked, left, contacts)
    nothing_kept(service, left)
    files = sorted((tmp_path / "evidence" / "observations").glob("*.json"))
    observations = [OBSERVATION.decode(path.read_bytes()) for path in files]
    found = outcomes(observations, left.gaps)
    for check in CHECKS:
        for answer in said(check, observations):
            assert answer.says != "our-fault"
            assert answer.facts.get("why", "says why") != ""
    print(name, dict(zip(CHECKS, found, strict=True)))
    assert found == SAID.get(name, ALL_OPEN)
    stays = {email for email in service.state.passwords if email != SOMEBODY}
    listed = {
        one.handle
        for seen in observations
        if isinstance(seen.seen, AccountDeletion)
        for one in seen.seen.left
    }
    if name not in TOLD_NO:
        assert {email for email in stays if not any(handle in email for handle in listed)} == set()


def bounded(asked: list[Asked]) -> None:
    """By what came to the service."""
    assert len(asked) < MOST_REQUESTS
    for one in asked:
        text = f"{one.path} {msgspec.json.encode(one.body).decode()} {one.headers}"
        assert {found for found in ADDRESS.findall(text) if not OURS.search(found)} == set()
        assert one.path.startswith(("/v1/", "/media/"))
        assert ".." not in one.path
        assert "x-plum" not in one.headers
    signed_up = [one.body["email"] for one in asked if one.path == "/v1/users"]
    assert len(set(signed_up)) <= 2
    wrong = Counter(one.body["email"] for one in asked if one.path == "/v1/sessions")
    assert all(count <= 20 + 40 for count in wrong.values())


def counted_alike(asked: list[Asked], left: Left, contacts: int) -> None:
    """By our own transcript, which names every request by its step."""
    notes = notes_of(left)
    assert sum(notes.values()) == contacts
    assert contacts - len(asked) in (0, 1)
    per_address = Counter[str]()
    for note, count in notes.items():
        if "with a wrong password" in note:
            per_address[note] += count
    assert all(count <= 20 for count in per_address.values())
    assert not any("{" not in note and "email" in note for note in notes)
    assert {note.partition(" for ")[0] for note in notes} <= {
        "sign_up",
        "log_in",
        "create",
        "read",
        "reset",
        "log_out",
        "delete",
        "media",
    }


def nothing_kept(service: Liar, left: Left) -> None:
    """No password, token, address, identifier or content, neither ours nor anybody's."""
    secrets = {SOMEBODY, THEIRS, service.theirs}
    for one in service.asked:
        secrets |= {str(value) for value in one.body.values() if len(str(value)) > 12}
        secrets |= {one.token} if len(one.token) > 8 else set()
    for answer in service.answered:
        if isinstance(answer.said, dict):
            secrets |= {
                str(value) for key, value in answer.said.items() if key != "error" and len(str(value)) > 8
            }
    kept = b"".join(entry.kept for script in left.transcripts for entry in script.entries)
    for secret in secrets - {PRODUCT.lower()}:
        assert secret.encode() not in left.bytes + kept, secret


def test_the_truth_itself_passes_here(tmp_path: Path) -> None:
    """The control: without a lie everything is answered."""
    service = Liar(lambda asked, truth: truth)
    left, _ = asyncio.run(run(service, tmp_path))
    files = sorted((tmp_path / "evidence" / "observations").glob("*.json"))
    observations = [OBSERVATION.decode(path.read_bytes()) for path in files]
    assert outcomes(observations, left.gaps) == (PASS,) * 7
    assert set(service.state.passwords) == {SOMEBODY}
    assert len(service.asked) > 40


def test_of_somebody_elses_object_nothing_is_kept_or_counted(tmp_path: Path) -> None:
    """The service names an object of another customer's in place of ours, and shows it to anyone."""

    def lie(asked: Asked, truth: Answered) -> Answered:
        made = asked.path == "/v1/recordings" and truth.status == 201
        return Answered(201, {"id": service.theirs, "media": "/media/none"}) if made else truth

    service = Liar(lie, switches=Switches(readable="anyone"))
    left, _ = asyncio.run(run(service, tmp_path))
    assert any(one.path.endswith(service.theirs) for one in service.asked)
    nothing_kept(service, left)
    files = sorted((tmp_path / "evidence" / "observations").glob("*.json"))
    observations = [OBSERVATION.decode(path.read_bytes()) for path in files]
    found = dict(zip(CHECKS, outcomes(observations, left.gaps), strict=True))
    assert found["object-access"] is found["data-deletion"] is OPEN


def test_what_is_still_there_is_deleted_when_the_look_is_stopped(tmp_path: Path) -> None:
    """Ctrl-C, or the end of the audit's time, at every fifth request."""

    async def go(stop_at: int) -> bool:
        stop = asyncio.Event()

        def lie(asked: Asked, truth: Answered) -> Answered:
            if len(service.asked) == stop_at:
                stop.set()
            return truth

        service = Liar(lie, switches=Switches(lifetime=0))  # which nobody has to wait for
        looking = asyncio.create_task(run(service, tmp_path / str(stop_at)))
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait({looking, waiting}, return_when=asyncio.FIRST_COMPLETED)
        stopped = looking.cancel()
        waiting.cancel()
        if stopped:
            with pytest.raises(asyncio.CancelledError):
                await looking
        assert set(service.state.passwords) == {SOMEBODY}, stop_at
        bounded(service.asked)
        return stopped

    reached = [stop_at for stop_at in range(2, 100, 5) if asyncio.run(go(stop_at))]
    assert len(reached) > 9
