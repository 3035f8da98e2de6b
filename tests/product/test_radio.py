"""A radio's address and name, the permission for it, and the operator's adapter."""

from collections.abc import Callable
from datetime import date

import pytest
from msgspec import structs

from shelfworthy.model import Basis, Identity, Kind, Level, Permission, Permit, Policy, Product
from shelfworthy.product.adapter import parse_adapter
from shelfworthy.product.address import RadioTarget, WrongAddress, is_contacted, parse_target, parse_where
from shelfworthy.product.scope import Scope
from shelfworthy.product.typed import from_things

TODAY = date(2026, 11, 28)
BEAR = "C4:7C:8D:00:00:01"


@pytest.mark.parametrize(
    ("where", "radio", "to"),
    [
        ("bluetooth:c4:7c:8d:00:00:01", BEAR, BEAR),
        ("bluetooth:Murmur Bear", "Murmur Bear", "bluetooth:Murmur Bear"),
        ("bluetooth:Bärli’s 2", "Bärli’s 2", "bluetooth:Bärli’s 2"),
    ],
)
def test_where_a_radio_is_and_how_a_permission_names_it(where: str, radio: str, to: str) -> None:
    at = parse_where(Kind.BLUETOOTH, where)
    assert (at.path, at.authority) == (radio, to)
    assert parse_target(to) == RadioTarget(radio=radio)
    assert is_contacted(Kind.BLUETOOTH)


@pytest.mark.parametrize(
    "where",
    [
        "bluetooth:",
        "bluetooth: ",
        "bluetooth:Bear\n",
        "bluetooth:Bear\u202e",
        "bluetooth:Bear*",
        "bluetooth:C4-7C-8D-00-00-01",
        "bluetooth:" + "x" * 249,
        BEAR,
    ],
)
def test_what_is_no_radio(where: str) -> None:
    with pytest.raises(WrongAddress):
        parse_where(Kind.BLUETOOTH, where)


def scope(
    to: str = BEAR,
    level: Level = Level.USE,
    basis: Basis = Basis.OWN,
    until: date = TODAY,
    permit: str = "*",
    permitted: Level = Level.RISK,
) -> Scope:
    one = Permission(to=to, level=level, basis=basis, person="Ada", until=until)
    product = Product(product=Identity(name="Bear", vendor="Tests"), permission=(one,))
    return Scope(product, Policy(permit=(Permit(to=permit, level=permitted),)), TODAY)


# what: (not permitted at `use`, permitted but for one word, what people are told)
PROHIBITIONS: dict[str, tuple[Callable[[], Scope], Callable[[], Scope], str]] = {
    "another radio": (lambda: scope(to="C4:7C:8D:00:00:02"), scope, f'to = "{BEAR}", level = "use"'),
    "its name, and not its address": (lambda: scope(to="bluetooth:Murmur Bear"), scope, f'to = "{BEAR}"'),
    "less": (lambda: scope(level=Level.KNOCK), scope, "permits only `knock`"),
    "public": (lambda: scope(basis=Basis.PUBLIC), scope, 'the basis "public"'),
    "yesterday": (lambda: scope(until=date(2026, 11, 27)), scope, "ended on 2026-11-27"),
    "the policy: less": (lambda: scope(permitted=Level.LOOK), scope, "[[permit]]"),
    "the policy: another": (
        lambda: scope(permit="C4:7C:8D:00:00:02"),
        lambda: scope(permit=BEAR.lower()),
        f'[[permit]] to = "{BEAR}", level = "use"',
    ),
    "the policy: networks": (lambda: scope(permit="0.0.0.0/0"), scope, "[[permit]]"),
}


@pytest.mark.parametrize("what", PROHIBITIONS)
def test_not_permitted_and_one_word_would_have_done(what: str) -> None:
    refused, granted, words = PROHIBITIONS[what]
    assert words in refused().why_not_radio(BEAR, Level.USE)
    level = refused().radio_level(BEAR)
    assert level is None or not level.covers(Level.USE)
    assert granted().why_not_radio(BEAR, Level.USE) == ""
    assert granted().radio_level(BEAR) is Level.USE


def test_a_radio_is_permitted_by_the_name_that_the_product_file_gives_it() -> None:
    by_name = scope(to="bluetooth:Murmur Bear")
    assert by_name.radio_level("Murmur Bear") is Level.USE
    assert by_name.radio_level("Murmur") is None
    assert by_name.radio_level("murmur bear") is None
    assert 'to = "bluetooth:Murmur"' in by_name.why_not_radio("Murmur", Level.LOOK)


def test_a_radio_is_no_host() -> None:
    with pytest.raises(WrongAddress):
        scope(to="bluetooth:")
    assert scope(to="bluetooth:db.example").refuses("db.example", 443, Level.LOOK)


def test_a_radio_that_was_typed() -> None:
    product, policy = from_things(
        [f"bluetooth:{BEAR}", "bluetooth:Murmur Bear"],
        [BEAR, "bluetooth:Murmur Bear"],
        today=TODAY,
        level=Level.KNOCK,
        basis=Basis.OWN,
    )
    assert [one.kind for one in product.surface] == [Kind.BLUETOOTH] * 2
    assert product.product.name == BEAR
    assert Scope(product, policy, TODAY).radio_level("Murmur Bear") is Level.KNOCK
    assert policy.open == ()


@pytest.mark.parametrize("permit", ["10.0.0.0/8", "db.example", "C4:7C:8D:00:00:02", "bluetooth:Bear"])
def test_a_typed_radio_needs_its_own_permit(permit: str) -> None:
    with pytest.raises(Exception, match=r"nothing permits to contact it.*--permit C4:7C:8D:00:00:01"):
        from_things([f"bluetooth:{BEAR}"], [permit], today=TODAY)


@pytest.mark.parametrize(
    "spec",
    [
        "usb:0",
        "usb:0A12:0001",
        "hci-socket:0",
        "serial:/dev/ttyUSB0,1000000",
        "tcp-client:127.0.0.1:7300",
        "tcp-client:[::1]:7300",
        "unix:/run/hci",
    ],
)
def test_an_adapter(spec: str) -> None:
    assert parse_adapter(spec).spec == spec


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "usb",
        "usb:",
        "usb:[driver=rtk]0",
        "hci0",
        "serial:ttyUSB0",
        "tcp-client:adapter.example:7300",
        "tcp-client:localhost:7300",
        "tcp-client:10.0.0.0/8:1",
        "tcp-client:127.0.0.1",
        "tcp-server:127.0.0.1:1",
        "file:/etc/passwd",
        "unix:relative",
    ],
)
def test_what_is_no_adapter(spec: str) -> None:
    with pytest.raises(WrongAddress):
        parse_adapter(spec)


def test_the_adapter_is_the_policys() -> None:
    policy = Policy(adapter="usb:0")
    product = Product(product=Identity(name="Bear", vendor="Tests"))
    assert Scope(product, policy, TODAY).adapter == "usb:0"
    assert Scope(product, structs.replace(policy, adapter=""), TODAY).adapter == ""
