"""What would have been a false answer: silence, age, a lie or our own bounds made each of these pass."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import Account, Cause, Outcome, canonical
from shelfworthy.probes.account import ACCOUNT
from shelfworthy.probes.account.access import ids
from shelfworthy.probes.account.stranger import Own
from shelfworthy.reach import Limits
from shelfworthy.record.load import OBSERVATION
from shelfworthy.seen.account import AccountObjects, Stopped
from shelfworthy_lab import accounts
from shelfworthy_lab.accounts import Switches
from tests.looking import Left, allow, bench, door, looked, product
from tests.probes.account.fixtures import UNLOCKED, Wrong
from tests.probes.account.looking import ABOUT, CHECKS, outcomes
from tests.probes.account.peers import Answered, Asked, Liar, changed, on, says, truth_itself
from tests.probes.account.test_hostile import LIMITS
from tests.servers import serving
from tests.specimen import outcome

PATIENT = Limits(connect=0.5, silence=2.0, look=12.0)
Change = Callable[[dict[str, Any]], None]  # of the recipe


def same(recipe: dict[str, Any]) -> None:
    """The lab's recipe as it is."""


async def run(service: Liar, folder: Path, change: Change = same, limits: Limits = LIMITS) -> Left:
    async with serving(service.behaviour()) as server:
        declared = accounts.surface(f"http://{server.at}/", service.state.switches)
        change(declared["recipe"])
        surface = msgspec.convert(declared, Account)
        it = product([surface], [allow(server.at)])
        return await looked(it, door(it, bench(), limits), folder, (ACCOUNT,))


def found(service: Liar, folder: Path, change: Change = same, limits: Limits = LIMITS) -> dict[str, Outcome]:
    left = asyncio.run(run(service, folder, change, limits))
    files = sorted((folder / "evidence" / "observations").glob("*.json"))
    observations = [OBSERVATION.decode(path.read_bytes()) for path in files]
    assert observations, left.gaps
    return dict(zip(CHECKS, outcomes(observations, left.gaps), strict=True))


def test_numbers_in_the_form_of_random_uuids_are_no_random_names(tmp_path: Path) -> None:
    recipe = msgspec.convert(accounts.surface("http://bears.test/", Switches()), Account).recipe
    assert recipe is not None
    names = [f"00000000-0000-4000-8000-{number:012x}" for number in range(41, 45)]
    shape = ids(names, Own(1, recipe), 1e9)
    seen = AccountObjects(reading=Stopped(Cause.NOBODY_LOOKED, ""), ids=shape)
    assert shape.uuid == 4
    assert outcome(list(BY_ID["object-ids-guessable"].judge(seen, ABOUT))) is Outcome.FAIL


def test_a_session_that_was_over_by_its_own_time_was_not_ended_by_a_log_out(tmp_path: Path) -> None:
    """The answer to the log-out takes longer than the session lasts, and ends nothing."""

    def slowly(asked: Asked, truth: Answered) -> Answered:
        return Answered(200, size=12, drip=0.1)

    service = Liar(on("DELETE", "/v1/sessions/mine", slowly), switches=Switches(log_out=False))
    answers = found(service, tmp_path, limits=Limits(connect=0.5, silence=2.0, look=3.0))
    assert answers["token-replay"] is Outcome.INCONCLUSIVE


@pytest.fixture(scope="module")
def deleting(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The paths of a look that are read or deleted, in their order."""
    truth = Liar(truth_itself)
    answers = found(truth, tmp_path_factory.mktemp("truth"), limits=PATIENT)
    assert answers["data-deletion"] is Outcome.PASS
    return [one.path for one in truth.asked if one.method in ("GET", "DELETE")]


@pytest.mark.parametrize("what", ["/v1/recordings/", "/v1/users/me"])
def test_a_session_that_ran_out_beside_us_is_no_refusal(
    what: str, deleting: list[str], tmp_path: Path
) -> None:
    """The last such request before the account is gone takes longer than the session lasts."""
    last = sum(path.startswith(what) for path in deleting[: deleting.index("/v1/users/me") + 1])
    asked_for = 0

    def late(asked: Asked) -> Answered | None:
        nonlocal asked_for
        asked_for += asked.method in ("GET", "DELETE") and asked.path.startswith(what)
        if asked_for != last or asked.method == "POST":
            return None
        asked_for += 1
        return Answered(401, {"error": "log in first"}, drip=0.05)

    service = Liar(truth_itself, instead=late)
    assert found(service, tmp_path, limits=PATIENT)["data-deletion"] is Outcome.PASS
    assert asked_for > last


@pytest.mark.parametrize("lasts", [1, 3600])
def test_what_a_session_that_is_over_is_refused_is_not_known_to_be_gone(lasts: int, tmp_path: Path) -> None:
    """A deletion that ends log-ins and keeps what was there; its answer takes longer than a short session."""

    def lie(asked: Asked) -> Answered | None:
        if (asked.method, asked.path) == ("DELETE", "/v1/users/me"):
            session = service.state.sessions[asked.token]
            del service.state.passwords[session.email]
            time.sleep(1.1)
            return Answered(204)
        return None

    service = Liar(truth_itself, instead=lie, switches=Switches(lifetime=lasts))
    answers = found(service, tmp_path, limits=PATIENT)
    assert answers["data-deletion"] is (Outcome.INCONCLUSIVE if lasts == 1 else Outcome.FAIL)


def test_an_account_that_may_read_nothing_at_all_shows_nothing_of_others(tmp_path: Path) -> None:
    """Objects are for every account, and the second one's session is over without a word."""

    def lie(asked: Asked, truth: Answered) -> Answered:
        accounts = [email for email in service.state.passwords if "shelfworthy" in email]
        whose = service.state.sessions.get(asked.token)
        gone = whose is not None and whose.email in accounts[1:] and asked.path.startswith("/v1/recordings")
        return Answered(401, {"error": "log in first"}) if gone else truth

    service = Liar(lie, switches=Switches(readable="accounts"))
    assert found(service, tmp_path)["object-access"] is Outcome.INCONCLUSIVE


def test_a_file_that_only_reading_names_is_asked_for_as_well(tmp_path: Path) -> None:
    def told_by_read(recipe: dict[str, Any]) -> None:
        recipe["create"]["capture"] = {"id": "/id"}
        recipe["read"]["capture"] = {"media": "/media"}

    service = Liar(truth_itself, switches=Switches(readable="anyone", keeps_media=True))
    assert found(service, tmp_path, told_by_read)["data-deletion"] is Outcome.FAIL


def test_the_header_of_an_object_is_sent_for_its_file_too(tmp_path: Path) -> None:
    """`read` may need what `create` captured; files are for their owner."""

    def with_key(recipe: dict[str, Any]) -> None:
        recipe["create"]["capture"]["key"] = "/id"
        recipe["read"] |= {"headers": recipe["read"]["headers"] | {"X-Key": "{key}"}}

    service = Liar(truth_itself)
    assert found(service, tmp_path, with_key)["data-deletion"] is Outcome.PASS
    files = [one for one in service.asked if one.path.startswith("/media/") and one.token]
    assert files
    assert all(one.headers["x-key"] for one in files)


def test_of_a_files_host_that_holds_our_session_nobody_is_asked(tmp_path: Path) -> None:
    def lie(asked: Asked, truth: Answered) -> Answered:
        return changed(media=f"http://{asked.token}.elsewhere.test/7")(asked, truth)

    service = Liar(on("POST", "/v1/recordings", lie))
    left = asyncio.run(run(service, tmp_path))
    kept = left.bytes + b"".join(canonical(script) for script in left.transcripts)
    tokens = {one.token for one in service.asked if len(one.token) > 8}
    assert tokens
    assert not [token for token in tokens if token.encode() in kept]


def test_a_reset_that_lies_costs_no_more_than_twenty_wrong_log_ins(tmp_path: Path) -> None:
    """It says yes to every new password and keeps only the last one; nothing is ever slowed."""

    def reset(asked: Asked) -> Answered | None:
        if asked.method != "PUT":
            return None
        if not str(asked.body["new"]).isascii():
            service.state.passwords[service.state.sessions[asked.token].email] = asked.body["new"]
        return Answered(200, {})

    service = Liar(truth_itself, reset, Switches(passwords="any", locks_at=0, lifetime=0))
    found(service, tmp_path)
    wrong = Counter(
        asked.body["email"]
        for asked, answer in zip(service.asked, service.answered, strict=True)
        if asked.path == "/v1/sessions" and asked.method == "POST" and answer.status == 401
    )
    assert max(wrong.values()) == 20 + 1  # the one with the right password behind the deletion


def test_a_session_that_was_over_before_its_log_out_is_tried_once_more(tmp_path: Path) -> None:
    """A busy machine is slow now and then, and a session that lasts a second is over."""
    slow: list[Asked] = []

    def late(asked: Asked) -> Answered | None:
        if asked.method == "DELETE" and asked.path.startswith("/v1/sessions") and not slow:
            slow.append(asked)
            time.sleep(1.2)  # all of it is one process
        return None

    assert found(Liar(truth_itself, late, Switches()), tmp_path)["token-replay"] is Outcome.PASS
    assert slow


def test_a_service_out_of_order_does_not_slow_down_guessing(tmp_path: Path) -> None:
    broken = Wrong(3, says(503, {"error": "maintenance"}, "Retry-After: 60"))
    assert found(Liar(broken, switches=UNLOCKED), tmp_path)["password-guessing"] is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("stop_at", [20, 45])
def test_what_could_not_be_deleted_is_told_when_the_look_is_stopped(stop_at: int, tmp_path: Path) -> None:
    async def go() -> None:
        stop = asyncio.Event()

        def undeleted(asked: Asked) -> Answered | None:
            if len(service.asked) == stop_at:
                stop.set()
            return Answered(403) if (asked.method, asked.path) == ("DELETE", "/v1/users/me") else None

        service = Liar(truth_itself, undeleted, Switches(lifetime=0))
        looking = asyncio.create_task(run(service, tmp_path))
        await stop.wait()
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
        kept = b"".join(path.read_bytes() for path in (tmp_path / "evidence" / "gaps").glob("*.json"))
        stays = [email for email in service.state.passwords if email.startswith("shelfworthy+")]
        assert stays
        for email in stays:
            assert email.partition("+")[2].partition("@")[0].encode() in kept

    asyncio.run(go())
