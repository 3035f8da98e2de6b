"""What checks of a broker make of several attempts with different ends."""

import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Broker, Cause, NotLooked, Outcome
from shelfworthy.seen.broker import Asked, BrokerSeen, Came, Received, Try
from tests.specimen import outcome

ABOUT = About(surface=Broker(id="messages", where="mqtt://messages.bears.test"))
FAIL, PASS, OPEN = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE

NOBODY = NotLooked(Cause.REFUSED)


def one(came: Came, code: str = "", version: str = "3.1.1", name: str = "", over_tls: bool = False) -> Try:
    return Try(over_tls=over_tls, version=version, name=name, came=came, code=code)


def broker(*tries: Try, received: Received | NotLooked = NOBODY, protocol: str = "mqtt") -> BrokerSeen:
    return BrokerSeen(protocol=protocol, product="", mechanisms=(), tries=tries, received=received)


def heard(*asked: tuple[str, bool | None], messages: int = 0, system: int = 0) -> Received:
    return Received(
        asked=tuple(Asked(what=what, granted=granted, code="0") for what, granted in asked),
        messages=messages,
        topics=messages,
        size=messages,
        system=system,
        offered=0,
        shapes=(),
        truncated=False,
    )


def says(check: str, seen: BrokerSeen) -> Outcome:
    return outcome(tuple(BY_ID[check].judge(seen, ABOUT)))


REFUSED = one("refused", "5")


@pytest.mark.parametrize(
    ("tries", "expected"),
    [
        ((REFUSED, one("answered", "0x84", "5")), PASS),  # the other version is not spoken
        ((REFUSED, one("answered", "0x01", "5")), PASS),  # says so as one that only knows 3.1.1
        ((one("answered", "1"), one("refused", "0x87", "5")), PASS),
        ((REFUSED, one("hung up", version="5")), PASS),
        ((REFUSED, one("answered", "0x89", "5")), OPEN),  # too busy to say
        ((one("answered", "3"), one("hung up", version="5")), OPEN),
        ((REFUSED, one("let in", "0x00", "5")), FAIL),  # one version asks, the other does not
        ((one("hung up"), one("hung up", over_tls=True)), OPEN),
        ((one("hung up"), one("silent", over_tls=True)), OPEN),
    ],
)
def test_who_is_let_in(tries: tuple[Try, ...], expected: Outcome) -> None:
    assert says("broker-anonymous", broker(*tries)) is expected
    assert says("broker-readable", broker(*tries)) is (PASS if expected is PASS else OPEN)


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (heard(("#", True), ("$SYS/#", True), messages=1), FAIL),
        (heard(("#", True), ("$SYS/#", True)), OPEN),  # a granted subscription proves nothing
        (heard(("#", None), ("$SYS/#", None)), OPEN),
        (heard(("#", True), ("$SYS/#", True), system=40), OPEN),  # about the broker itself only
        (heard(("#", False), ("$SYS/#", True), ("+/#", False), system=40), PASS),
        (heard(("#", False), ("$SYS/#", False), ("+/#", True)), OPEN),
        (heard(("#", False), ("$SYS/#", False), ("+/#", None)), OPEN),
        (heard(), OPEN),
        (NotLooked(Cause.NOT_PERMITTED), OPEN),
    ],
)
def test_what_is_received(received: Received | NotLooked, expected: Outcome) -> None:
    assert says("broker-readable", broker(one("let in", "0"), received=received)) is expected


@pytest.mark.parametrize(
    ("tries", "expected"),
    [
        ((REFUSED,), FAIL),  # a password would go the same way
        ((one("hung up"), one("refused", "5", over_tls=True), one("hung up")), PASS),
        ((one("hung up"), one("refused", "5", over_tls=True), one("refused", "5")), FAIL),
        ((one("hung up"), one("refused", "5", over_tls=True), one("silent")), OPEN),
        ((one("silent"), one("let in", "0", over_tls=True), one("silent")), OPEN),
        ((one("silent"), one("handshake", over_tls=True), one("silent")), PASS),
        ((one("silent"), one("handshake", over_tls=True), one("let in", "2.05")), FAIL),
        ((one("hung up"), one("hung up", over_tls=True)), OPEN),
    ],
)
def test_how_it_is_spoken_to(tries: tuple[Try, ...], expected: Outcome) -> None:
    assert says("broker-cleartext", broker(*tries)) is expected


@pytest.mark.parametrize(
    ("tries", "expected"),
    [
        ((one("refused", version="0-9-1"),), OPEN),  # its published password was not tried
        ((one("refused", version="0-9-1"), one("refused", "403", "0-9-1", "guest")), PASS),
        ((one("refused", version="0-9-1"), one("let in", "", "0-9-1", "guest")), FAIL),
        ((one("refused", version="0-9-1"), one("hung up", "", "0-9-1", "guest")), OPEN),  # or tired of us
        ((one("refused", version="0-9-1"), one("no tls", "", "0-9-1", "guest")), OPEN),
        ((one("refused", version="0-9-1"), one("silent", "", "0-9-1", "guest")), OPEN),
    ],
)
def test_a_published_password_is_none(tries: tuple[Try, ...], expected: Outcome) -> None:
    assert says("broker-anonymous", broker(*tries, protocol="amqp")) is expected
