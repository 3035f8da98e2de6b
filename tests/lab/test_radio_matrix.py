"""The peripheral's states: each has an answer for every check, and meets a stranger as its name says."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy_lab.radio import finger, matrix, oad, shape
from shelfworthy_lab.radio.start import Started, start
from tests.lab.phones import STRONGEST, WEAKEST, heard, phone, run, visit
from tests.lab.test_expected import CHECKS

TRUTH = tomllib.loads((Path(__file__).parents[1] / "radio_matrix.toml").read_text())
GUESTS = matrix.guests()

# What a stranger's read is answered with; what pairing as the weakest and as the strongest partner is (who
# enters a wrong passkey); and the same read after those that went well.
FIRST: dict[str, tuple[int, int, int, int | None]] = {
    "open": (0, 0, 0, 0),
    "legacy just works": (0x0F, 0, 0, 0),
    "just works": (0x0F, 0, 0, 0),
    "just works in a window": (0x0F, 5, 5, None),
    "numeric comparison": (0x05, 3, 0, 0),
    "passkey": (0x05, 3, 4, None),
    "fixed passkey": (0x05, 3, 4, None),
    "legacy passkey": (0x05, 3, 4, None),
    "out of band": (0x05, 2, 2, None),
    "authorisation": (0x08, 0, 0, 0x08),
    "key size": (0x0C, 0, 0, 0),
    "encrypted but unauthenticated": (0x05, 0, 0, 0),
    "bonding ignored": (0, 3, 0, 0),
    "open once set up": (0x05, 3, 0, 0),
    "subscription open": (0x05, 3, 0, 0),
    "notifications before pairing": (0x05, 3, 0, 0),
    "lying properties": (0x05, 3, 0, 0),
    "short key": (0x05, 3, 0, 0),
    "refuses pairing": (0x05, 5, 5, None),
    "telling name": (0x05, 3, 0, 0),
    "constant key": (0, 0, 0, 0),
}


@pytest.fixture(scope="module")
def boxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    with start(list(GUESTS.values()), tmp_path_factory.mktemp("boxes")) as started:
        yield started


def test_every_state_has_an_answer_for_every_check() -> None:
    assert list(TRUTH) == [*matrix.LE, *matrix.CLASSIC]
    for state, answers in TRUTH.items():
        assert tuple(answers) == CHECKS["bluetooth"], state
        assert set(answers.values()) <= {"pass", "fail", "inconclusive", "moot"}


def test_every_check_has_each_of_its_answers_somewhere() -> None:
    for check in CHECKS["bluetooth"]:
        given = {answers[check] for answers in TRUTH.values()}
        assert (
            given == {"moot", "inconclusive"} if check == "bluetooth-tracking" else {"pass", "fail"} <= given
        )


@pytest.mark.lab
@pytest.mark.parametrize("state", matrix.LE)
def test_a_stranger_meets_what_the_name_says(boxes: Started, state: str) -> None:
    unpaired, weakest, strongest, afterwards = FIRST[state]
    address = GUESTS[state].address

    async def story() -> None:
        after: list[int] = []
        for io, reason in ((WEAKEST, weakest), (STRONGEST, strongest)):
            async with phone(boxes.adapter, io, passkey=7) as device, visit(device, address) as here:
                if not after or state not in ("open once set up", "bonding ignored"):
                    assert await here.read(shape.CONFIG) == unpaired
                assert await here.pair() == reason
                if reason == 0:
                    after.append(await here.read(shape.CONFIG))
        assert set(after) == (set() if afterwards is None else {afterwards})

    run(story())


@pytest.mark.lab
def test_the_fixed_passkey_pairs(boxes: Started) -> None:
    async def story() -> None:
        for state, passkey in (("fixed passkey", 123456), ("legacy passkey", 111111)):
            address = GUESTS[state].address
            async with phone(boxes.adapter, STRONGEST, passkey) as device, visit(device, address) as here:
                assert await here.pair() == 0
                assert await here.read(shape.CONFIG) == 0

    run(story())


@pytest.mark.lab
def test_a_window_opens_for_whoever_keeps_trying_and_closes_behind_him(boxes: Started) -> None:
    async def story() -> None:
        address = GUESTS["just works in a window"].address
        async with phone(boxes.adapter) as device:
            reasons: list[int] = []
            while 0 not in reasons and len(reasons) < 2 * finger.PATIENCE:
                async with visit(device, address) as here:
                    reasons.append(await here.pair())
            assert reasons[-1] == 0
            assert set(reasons[:-1]) == {5}
            async with visit(device, address) as here:
                assert await here.pair() == 5

    run(story())


@pytest.mark.lab
def test_subscriptions_are_open_where_the_name_says_and_data_comes_only_in_one(boxes: Started) -> None:
    async def story() -> None:
        for state, error, came in (
            ("subscription open", 0, 0),
            ("notifications before pairing", 0, 1),
            ("numeric comparison", 5, 0),
        ):
            values: list[bytes] = []
            async with phone(boxes.adapter) as device, visit(device, GUESTS[state].address) as here:
                assert await here.subscribe(shape.STATE, values.append) == error
                assert await here.subscribe(oad.IDENTIFY.lower()) == 5
                assert await here.read(shape.STATE) == 5
            assert len(values) == came

    run(story())


@pytest.mark.lab
def test_one_attribute_lies_to_strangers_and_owners_alike(boxes: Started) -> None:
    async def story() -> None:
        lying = shape.BASE.format(9)
        address = GUESTS["lying properties"].address
        async with phone(boxes.adapter, STRONGEST) as device, visit(device, address) as here:
            assert (await here.read(lying), await here.write(lying, b"")) == (2, 3)
            assert await here.pair() == 0
            assert (await here.read(lying), await here.write(lying, b"")) == (2, 3)

    run(story())


@pytest.mark.lab
def test_one_advertises_more_than_its_name(boxes: Started) -> None:
    async def story() -> None:
        async with phone(boxes.adapter) as device:
            assert {"Plum Box", "Plum 1.4.2"} == set(await heard(device))

    run(story())
