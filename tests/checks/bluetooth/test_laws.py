"""The laws, over devices of any behaviour: less evidence clears nothing, more that is done excuses nothing.

Of each thing that can be tried there is one attempt in these worlds: where one attempt shows a hole and
another of the same thing does not, nobody can tell that the first was taken away.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, get_args

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from shelfworthy.model import Does, NotLooked, Outcome, Seen
from shelfworthy.seen.bluetooth import (
    Attempt,
    BluetoothAccess,
    BluetoothClassic,
    BluetoothOperations,
    BluetoothPairing,
    BluetoothReturn,
    BluetoothUpdate,
    Came,
    ClassicService,
    OperationSeen,
    PairingTry,
    Run,
    Visit,
)
from tests.checks.bluetooth import built
from tests.checks.bluetooth.built import said
from tests.specimen import STRICTEST_FIRST, outcome

FOUND = settings(phases=(Phase.generate,), max_examples=2000)  # the first will do
CAME: tuple[Came, ...] = get_args(Came)
came = st.sampled_from(CAME)
# Most that is tried is refused, else nothing ever passes and the laws hold of nothing.
REFUSED: Came = "refused"
DONE: Came = "done"
mostly = st.sampled_from((*[REFUSED] * 24, *CAME))
some = st.sampled_from((*[REFUSED] * 10, *[DONE] * 6, *CAME))


def comes_to(check: str, seen: Seen) -> Outcome:
    return outcome(said(check, seen))


def not_better(before: Outcome, after: Outcome) -> bool:
    return STRICTEST_FIRST.index(after) <= STRICTEST_FIRST.index(before)


def never_clears(check: str, seen: Seen, fewer: Iterator[Seen]) -> None:
    before = comes_to(check, seen)
    for one in fewer:
        after = comes_to(check, one)
        assert after is not Outcome.PASS or before is Outcome.PASS, (before, one)


# -- attributes --------------------------------------------------------------------------------------------


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    return built.visit(
        tuple(
            replace(one, came=draw(mostly), length=draw(st.sampled_from((0, 4))))
            for one in built.tried("refused", *built.TOY)
        ),
        whole=draw(st.sampled_from((True, True, False))),
    )


def fewer_attempts(visit: Visit) -> Iterator[Visit]:
    for at in range(len(visit.attempts)):
        yield replace(visit, attempts=visit.attempts[:at] + visit.attempts[at + 1 :])
    yield replace(visit, attempts=())
    yield replace(visit, whole=False)


def more_done(visit: Visit) -> Iterator[Visit]:
    for at, one in enumerate(visit.attempts):
        done = replace(one, came="done", length=4)
        yield replace(visit, attempts=(*visit.attempts[:at], done, *visit.attempts[at + 1 :]))
        yield replace(visit, attempts=(*visit.attempts, done))
    yield replace(visit, attempts=(*visit.attempts, Attempt(handle=999, asked="read", came="done", length=1)))


accesses = st.builds(
    BluetoothAccess,
    let_in=st.just(True),
    attributes=st.just(built.TOY),
    truncated=st.sampled_from((False, False, True)),
    changed=st.sampled_from((False, False, True)),
    stranger=visits(),
)
tries = st.builds(
    PairingTry,
    partner=st.just("weakest"),
    asked_person=st.just(False),
    came=mostly,
    method=st.sampled_from(("", "just works")),
)
returns = st.builds(
    BluetoothReturn,
    attributes=st.just(built.TOY),
    paired=st.sampled_from((built.OWNER, built.OWNER, replace(built.OWNER, bonding=False), built.NO)),
    owner=st.one_of(visits(), visits(), st.just(built.UNSEEN)),
    let_in=st.just(True),
    stranger=st.one_of(visits(), visits(), st.just(built.UNSEEN)),
    stranger_pairing=st.one_of(tries, tries, st.just(built.UNSEEN)),
)


@given(accesses)
def test_less_of_a_visit_clears_nothing(seen: BluetoothAccess) -> None:
    never_clears(
        "bluetooth-open-access", seen, (replace(seen, stranger=one) for one in fewer_attempts(seen.stranger))
    )


@given(accesses)
def test_more_that_was_done_excuses_nothing(seen: BluetoothAccess) -> None:
    before = comes_to("bluetooth-open-access", seen)
    for more in more_done(seen.stranger):
        assert not_better(before, comes_to("bluetooth-open-access", replace(seen, stranger=more)))


@given(returns)
def test_less_of_a_return_clears_nothing(seen: BluetoothReturn) -> None:
    def fewer() -> Iterator[Seen]:
        if isinstance(seen.stranger, Visit):
            yield from (replace(seen, stranger=one) for one in fewer_attempts(seen.stranger))
        for name in ("owner", "stranger", "stranger_pairing"):
            yield replace(seen, **{name: NotLooked()})
        yield replace(seen, stranger=NotLooked(), stranger_pairing=NotLooked())

    never_clears("bluetooth-reconnect", seen, fewer())


@given(returns)
def test_more_done_after_the_owner_excuses_nothing(seen: BluetoothReturn) -> None:
    before = comes_to("bluetooth-reconnect", seen)
    if isinstance(seen.stranger, Visit):
        for more in more_done(seen.stranger):
            assert not_better(before, comes_to("bluetooth-reconnect", replace(seen, stranger=more)))
    if isinstance(seen.owner, Visit) and seen.paired.came == "done":
        again = replace(seen, stranger_pairing=built.pairs("weakest", "done", "just works"))
        assert comes_to("bluetooth-reconnect", again) is Outcome.FAIL


collected = st.one_of(st.just(built.SECOND), st.just(built.HEADER_ONLY), st.just(built.UNSEEN))


# -- operations --------------------------------------------------------------------------------------------

DOES = {
    "bluetooth-remote-recording": Does.RECORD,
    "bluetooth-remote-playback": Does.PLAY,
    "bluetooth-replay": Does.REPLAY,
    "bluetooth-constant-key": Does.UNLOCK,
}


@st.composite
def operations(draw: st.DrawFn, does: Does) -> BluetoothOperations:
    keys = (True, False) if does is Does.UNLOCK else (False,)
    runs = tuple(
        Run(
            paired=paired,
            wrong_key=wrong,
            came=draw(mostly),
            collected=draw(collected),
        )
        for paired in (False, True)
        for wrong in keys
    )
    pairing = draw(some)
    kept = runs if pairing == "done" else runs[: len(keys)]
    of = (OperationSeen(id="one", does=does, says="do it", runs=kept),)
    return BluetoothOperations(operations=of, pairing=pairing, passive=draw(st.booleans()))


def with_runs(seen: BluetoothOperations, runs: tuple[Run, ...]) -> BluetoothOperations:
    return replace(seen, operations=(replace(seen.operations[0], runs=runs),))


@pytest.mark.parametrize(("check", "does"), DOES.items())
@given(data=st.data())
def test_fewer_runs_clear_nothing(check: str, does: Does, data: st.DataObject) -> None:
    seen = data.draw(operations(does))
    runs = seen.operations[0].runs

    def fewer() -> Iterator[Seen]:
        for at in range(len(runs)):
            yield with_runs(seen, runs[:at] + runs[at + 1 :])
        yield with_runs(seen, ())
        yield replace(seen, operations=())
        yield replace(seen, pairing="not tried")

    never_clears(check, seen, fewer())


@pytest.mark.parametrize(("check", "does"), DOES.items())
@given(data=st.data())
def test_more_runs_that_were_done_excuse_nothing(check: str, does: Does, data: st.DataObject) -> None:
    """Of a changed key that was taken one learns that nothing is locked, which is another question's."""
    seen = data.draw(operations(does))
    runs = seen.operations[0].runs
    before = comes_to(check, seen)
    for paired in (False, True):
        done = Run(paired=paired, wrong_key=False, came="done", collected=built.SECOND)
        after = comes_to(check, with_runs(seen, (*runs, done)))
        assert not_better(before, after) or after is Outcome.MOOT
        assert after is not Outcome.PASS


@pytest.mark.parametrize(("check", "does"), DOES.items())
@given(data=st.data())
def test_a_recording_of_operations_never_passes(check: str, does: Does, data: st.DataObject) -> None:
    seen = replace(data.draw(operations(does)), passive=True)
    assert comes_to(check, seen) in (Outcome.FAIL, Outcome.INCONCLUSIVE)


# -- pairing -----------------------------------------------------------------------------------------------

FIXED = ("000000", "123456", "111111")
METHODS = ("", "just works", "passkey", "numeric comparison", "out of band")


@st.composite
def pairings(draw: st.DrawFn) -> BluetoothPairing:
    """As a probe tries: when the owner was asked only if nothing came of it before, digits only if wanted."""

    def one(partner: str, came: Came, method: str = "just works", *, asked: bool) -> PairingTry:
        sc = draw(st.sampled_from((True, True, True, False)))
        key = draw(st.sampled_from((16, 16, 16, 16, 0, 7)))
        return built.pairs(partner, came, method, asked=asked, sc=sc, key=key)

    tries = []
    for asked in (False, True):
        tries.append(one("weakest", draw(mostly), asked=asked))
        strongest = one("strongest", draw(some), draw(st.sampled_from(METHODS)), asked=asked)
        tries.append(strongest)
        if strongest.method == "passkey":
            tries += [one(digits, draw(mostly), "passkey", asked=asked) for digits in FIXED]
        if strongest.came in ("done", "error"):
            break
    return built.pairing(*tries)


@given(pairings())
def test_fewer_tries_clear_nothing(seen: BluetoothPairing) -> None:
    never_clears(
        "bluetooth-pairing",
        seen,
        (replace(seen, tries=tuple(one for one in seen.tries if one is not gone)) for gone in seen.tries),
    )


@given(pairings())
def test_a_partner_that_must_be_refused_cannot_be_left_out(seen: BluetoothPairing) -> None:
    without = replace(seen, tries=tuple(one for one in seen.tries if one.partner != "weakest"))
    assert comes_to("bluetooth-pairing", without) is not Outcome.PASS


@given(pairings())
def test_more_that_pairs_excuses_nothing(seen: BluetoothPairing) -> None:
    before = comes_to("bluetooth-pairing", seen)
    for more in (
        built.pairs("weakest", "done", "just works"),
        built.pairs("weakest", "done", "just works", asked=True),
        built.pairs("123456", "done", "passkey"),
        built.pairs("strongest", "done", "passkey", sc=False),
    ):
        after = comes_to("bluetooth-pairing", replace(seen, tries=(*seen.tries, more)))
        assert after is not Outcome.PASS
        assert not_better(before, after)


@given(pairings())
def test_a_recording_of_pairing_never_passes(seen: BluetoothPairing) -> None:
    assert comes_to("bluetooth-pairing", replace(seen, passive=True)) in (Outcome.FAIL, Outcome.INCONCLUSIVE)


# -- updates -----------------------------------------------------------------------------------------------


@st.composite
def attempts(draw: st.DrawFn) -> tuple[Attempt, ...]:
    asked = ("read", "subscribe", "prepare write", "write")
    return tuple(
        Attempt(handle=0x30, asked=one, came=draw(mostly))  # type: ignore[arg-type]
        for one in asked
        if draw(st.sampled_from((True, True, False)))
    )


@st.composite
def updates(draw: st.DrawFn) -> BluetoothUpdate:
    """Of protocols that can be asked: there a prepared write speaks for nobody."""
    pairing = draw(some)
    paired = st.one_of(attempts(), st.just(built.UNSEEN)) if pairing == "done" else st.just(built.UNSEEN)
    services = tuple(
        built.service(draw(attempts()), draw(paired), protocol)
        for protocol in draw(st.sets(st.sampled_from(("TI OAD", "SMP", "Nordic secure DFU")), max_size=2))
    )
    ways = (False, True) if pairing == "done" else (False,)
    pushed = draw(st.sampled_from((None, (False,), ways)))
    return built.update(
        *services,
        whole=draw(st.sampled_from((True, True, False))),
        pairing=pairing,
        pushed=built.UNSEEN
        if pushed is None
        else tuple(built.sent(draw(mostly), paired=one) for one in pushed),
    )


@given(updates())
def test_fewer_attempts_to_update_clear_nothing(seen: BluetoothUpdate) -> None:
    def fewer() -> Iterator[Seen]:
        for at, one in enumerate(seen.services):
            for part in ("attempts", "paired"):
                tried = getattr(one, part)
                for number in range(0 if isinstance(tried, NotLooked) else len(tried)):
                    left = replace(one, **{part: tried[:number] + tried[number + 1 :]})
                    yield replace(seen, services=(*seen.services[:at], left, *seen.services[at + 1 :]))
            gone = replace(one, paired=NotLooked())
            yield replace(seen, services=(*seen.services[:at], gone, *seen.services[at + 1 :]))
        if not isinstance(seen.pushed, NotLooked):
            yield from (replace(seen, pushed=seen.pushed[:at]) for at in range(1, len(seen.pushed)))
        yield replace(seen, pairing="not tried")
        yield replace(seen, whole=False)

    never_clears("bluetooth-firmware-push", seen, fewer())


@given(updates())
def test_more_that_is_answered_excuses_nothing(seen: BluetoothUpdate) -> None:
    before = comes_to("bluetooth-firmware-push", seen)
    for at, one in enumerate(seen.services):
        done = replace(one, attempts=(*one.attempts, Attempt(handle=0x30, asked="write", came="done")))
        more = replace(seen, services=(*seen.services[:at], done, *seen.services[at + 1 :]))
        assert not_better(before, comes_to("bluetooth-firmware-push", more))
    taken = () if isinstance(seen.pushed, NotLooked) else seen.pushed
    more = replace(seen, pushed=(*taken, built.sent("done")))
    assert comes_to("bluetooth-firmware-push", more) is Outcome.FAIL


# -- Classic -----------------------------------------------------------------------------------------------

UUIDS = ("111e", "110b", "1200")
PINS = ("", "0000", "1234")


@st.composite
def classics(draw: st.DrawFn) -> BluetoothClassic:
    def offered() -> tuple[ClassicService, ...]:
        return tuple(built.offers(draw(mostly), uuid) for uuid in UUIDS if draw(st.sampled_from((1, 1, 0))))

    return built.classic(
        services=offered(),
        second=offered() if draw(st.sampled_from((True, True, False))) else NotLooked(),
        pairings=tuple(
            built.phone(draw(mostly), pin, asked=asked)
            for asked in (False, True)
            for pin in (PINS if not asked else PINS[:1])
            if draw(st.sampled_from((True, True, True, False)))
        ),
        second_let_in=draw(st.sampled_from((True, True, False))),
    )


def taken_out(things: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    for at in range(len(things)):
        yield (*things[:at], *things[at + 1 :])


@given(classics())
def test_fewer_phones_clear_nothing(seen: BluetoothClassic) -> None:
    before = outcome(said("bluetooth-classic-pairing", seen, button="press"))
    for pairings in (*taken_out(seen.pairings), ()):
        after = outcome(said("bluetooth-classic-pairing", replace(seen, pairings=pairings), button="press"))
        assert after is not Outcome.PASS or before is Outcome.PASS


@given(classics())
def test_fewer_services_clear_nothing(seen: BluetoothClassic) -> None:
    def fewer() -> Iterator[Seen]:
        yield replace(seen, second_let_in=False)
        yield replace(seen, second=NotLooked())
        if isinstance(seen.second, NotLooked):
            return
        names = {one.uuid for one in seen.services} & {one.uuid for one in seen.second}
        for second in taken_out(seen.second):  # what both phones were offered stays known by the other
            if {one.uuid for one in seen.second} - {one.uuid for one in second} <= names:
                yield replace(seen, second=second)
        for services in taken_out(seen.services):
            if {one.uuid for one in seen.services} - {one.uuid for one in services} <= names:
                yield replace(seen, services=services)

    never_clears("bluetooth-classic-takeover", seen, fewer())


def test_a_service_of_no_known_use_that_one_phone_alone_was_offered_is_a_gap() -> None:
    """As it is where the other was refused it: less that is known clears nothing."""
    untried = (built.offers("refused"), built.offers("not tried", "1200"))
    for services in ((built.offers("refused"), built.offers("refused", "1200")), untried[:1]):
        seen = built.classic(services=services, second=untried)
        assert comes_to("bluetooth-classic-takeover", seen) is Outcome.INCONCLUSIVE
    assert comes_to("bluetooth-classic-takeover", built.classic(untried, untried)) is Outcome.PASS


@given(classics())
def test_more_phones_that_are_served_excuse_nothing(seen: BluetoothClassic) -> None:
    before = comes_to("bluetooth-classic-pairing", seen)
    for more in (built.phone("done"), built.phone("done", "0000"), built.phone("done", asked=True)):
        after = comes_to("bluetooth-classic-pairing", replace(seen, pairings=(*seen.pairings, more)))
        assert not_better(before, after)
        assert after is not Outcome.PASS
    served = replace(seen, services=(*seen.services, built.offers("done")))
    assert comes_to("bluetooth-classic-takeover", served) is Outcome.FAIL


# -- these worlds have something to say ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "worlds"),
    [
        ("bluetooth-open-access", accesses),
        ("bluetooth-reconnect", returns),
        *((check, operations(does)) for check, does in DOES.items()),
        ("bluetooth-pairing", pairings()),
        ("bluetooth-firmware-push", updates()),
        ("bluetooth-classic-pairing", classics()),
        ("bluetooth-classic-takeover", classics()),
    ],
)
def test_worlds_come_to_each_answer(check: str, worlds: st.SearchStrategy[Any]) -> None:
    for wanted in (Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE):
        find(worlds, partial(answered, check, wanted), settings=FOUND)


def answered(check: str, wanted: Outcome, seen: Seen) -> bool:
    return comes_to(check, seen) is wanted


def test_a_service_of_no_known_use_that_was_tried_counts_for_both_phones() -> None:
    """Its first answer was a success; without that, the second's refusal shows nothing."""
    known, other = built.offers("refused"), built.offers("refused", "1200")
    seen = built.classic((known,), second=(known, other))
    assert comes_to("bluetooth-classic-takeover", seen) is Outcome.INCONCLUSIVE
