"""Each prohibition is tested against a place that the same scope with one more word would have permitted."""

import timeit
from collections.abc import Callable
from datetime import date
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, structs

from shelfworthy.model import Basis, Identity, Level, Permission, Permit, Policy, Product
from shelfworthy.product.address import WrongAddress
from shelfworthy.product.scope import Scope

TODAY = date(2026, 11, 21)
OUT = "8.8.8.8"


def allow(
    to: str,
    level: Level = Level.KNOCK,
    basis: Basis = Basis.OWN,
    until: date | None = TODAY,
    resolve: str = "",
) -> Permission:
    return Permission(to=to, level=level, basis=basis, person="Ada", until=until, resolve=resolve)


class World(Struct, frozen=True):
    """Who is to be contacted, and what both files say."""

    host: str = "api.example"
    address: str = OUT
    port: int = 443
    permissions: tuple[Permission, ...] = (allow("api.example"),)
    opens: tuple[str, ...] = ()
    permits: tuple[Permit, ...] = (Permit(to="*", level=Level.KNOCK),)

    def scope(self) -> Scope:
        product = Product(product=Identity(name="Bear", vendor="Tests"), permission=self.permissions)
        return Scope(product, Policy(open=self.opens, permit=self.permits), TODAY)

    def level(self) -> Level | None:
        return self.scope().level_at(self.host, ip_address(self.address), self.port)

    def why_not(self, level: Level = Level.KNOCK) -> str:
        return self.scope().why_not(self.host, ip_address(self.address), self.port, level)


def but(**one_word: object) -> Callable[[World], World]:
    return lambda world: structs.replace(world, **one_word)


LAB = (allow("db.lab", resolve="127.0.0.2"),)
HOME = World(
    host="toy.lab", address="192.168.1.9", permissions=(allow("toy.lab"),), opens=("192.168.1.0/24",)
)

# what: (not permitted, the one word that permits it, what people are told)
PROHIBITIONS: dict[str, tuple[World, Callable[[World], World], str]] = {
    "nothing permitted": (
        World(permissions=()),
        but(permissions=(allow("api.example"),)),
        'to = "api.example:443"',
    ),
    "another host": (World(host="b.example"), but(host="api.example"), "does not permit any contact"),
    "a subdomain": (World(host="x.api.example"), but(host="api.example"), "does not permit any contact"),
    "another port": (
        World(permissions=(allow("api.example:443"),), port=80),
        but(port=443),
        "does not permit any contact with api.example:80",
    ),
    "another address of a permitted one": (
        World(host="9.9.9.9", address="9.9.9.9", permissions=(allow("9.9.9.8"),)),
        but(permissions=(allow("9.9.9.9"),)),
        "does not permit any contact",
    ),
    "outside a permitted network": (
        World(address="9.9.10.1", permissions=(allow("9.9.9.0/24"),)),
        but(address="9.9.9.1"),
        "does not permit any contact",
    ),
    "the address on another port": (
        World(permissions=(allow(f"{OUT}:80"),)),
        but(port=80),
        "does not permit any contact",
    ),
    "ended yesterday": (
        World(permissions=(allow("api.example", until=date(2026, 11, 20)),)),
        but(permissions=(allow("api.example", until=TODAY),)),
        "ended on 2026-11-20",
    ),
    "public, and more than look": (
        World(permissions=(allow("api.example", basis=Basis.PUBLIC),)),
        but(permissions=(allow("api.example", basis=Basis.WRITTEN),)),
        "covers only `look`",
    ),
    "a level too low": (
        World(permissions=(allow("api.example", Level.LOOK),)),
        but(permissions=(allow("api.example", Level.KNOCK),)),
        "permits only `look`",
    ),
    "a policy with a level too low": (
        World(permits=(Permit(to="*", level=Level.LOOK),)),
        but(permits=(Permit(to="*", level=Level.KNOCK),)),
        "The operator's policy permits only `look`",
    ),
    "a policy without a word": (
        World(permits=()),
        but(permits=(Permit(to="api.example:443", level=Level.KNOCK),)),
        "The operator's policy does not permit any contact",
    ),
    "a policy for another host": (
        World(permits=(Permit(to="b.example", level=Level.KNOCK),)),
        but(permits=(Permit(to="8.8.8.0/24", level=Level.KNOCK),)),
        "The operator's policy does not permit any contact",
    ),
    "a radio permission": (
        World(permissions=(allow("AA:BB:CC:DD:EE:FF"),)),
        but(permissions=(allow("api.example"),)),
        "does not permit any contact",
    ),
    "a pinned name elsewhere": (
        World(host="db.lab", permissions=LAB, opens=("127.0.0.0/8",)),
        but(address="127.0.0.2"),
        "says that db.lab is 127.0.0.2",
    ),
    "a pinned name elsewhere, though that network is permitted": (
        World(host="db.lab", permissions=(*LAB, allow(OUT)), opens=("127.0.0.0/8",)),
        but(permissions=(allow(OUT),)),
        "says that db.lab is 127.0.0.2",
    ),
    "a pinned name whose permission ended": (
        World(
            host="db.lab",
            permissions=(allow("db.lab", until=date(2026, 1, 1), resolve="127.0.0.2"), allow("db.lab")),
        ),
        but(permissions=(allow("db.lab"),)),
        "says that db.lab is 127.0.0.2",
    ),
    "an address that is not the one dialled": (
        World(host="9.9.9.9", permissions=(allow(OUT), allow("9.9.9.9"))),
        but(host=OUT),
        "Nothing can permit that",
    ),
    "a private network": (structs.replace(HOME, opens=()), but(opens=HOME.opens), 'open = ["192.168.1.9"]'),
    "a private network beside the opened one": (
        structs.replace(HOME, address="192.168.2.9"),
        but(address="192.168.1.9"),
        "a private network and closed by default",
    ),
}
for disguise in ("134744072", "0x08080808", "010.010.010.010", "8.525320", "８.8.8.8", "8.8.8.8."):
    PROHIBITIONS[f"{OUT} as {disguise}"] = (
        World(host=disguise, permissions=(allow(OUT), allow("8.0.0.0/8"))),
        but(host=OUT),
        "in disguise",
    )
for closed, opener in {
    "127.0.0.1": "127.0.0.1",
    "::1": "::1/128",
    "10.0.0.1": "10.0.0.0/8",
    "172.16.0.1": "172.16.0.0/12",
    "169.254.1.1": "169.254.0.0/16",
    "169.254.169.254": "169.254.169.254/32",
    "168.63.129.16": "168.63.129.16",
    "fd00:ec2::254": "fd00::/8",
    "fe80::1": "fe80::/10",
    "fe80::1%eth0": "fe80::/10",
    "0.0.0.0": "0.0.0.0/8",
    "::": "::/128",
    "100.64.0.1": "100.64.0.0/10",
    "224.0.0.1": "224.0.0.0/4",
    "255.255.255.255": "240.0.0.0/4",
    "ff02::1": "ff00::/8",
    "::ffff:127.0.0.1": "127.0.0.0/8",
    "::ffff:7f00:1": "127.0.0.0/8",
    "64:ff9b::127.0.0.1": "127.0.0.0/8",
    "2a00:1:2:3:0:5efe:10.0.0.1": "10.0.0.0/8",
    "::127.0.0.1": "::/96",
}.items():
    PROHIBITIONS[f"a name that means {closed}"] = (
        World(address=closed),
        but(opens=(opener,)),
        "closed by default",
    )
for tunnel, one, both in (
    ("2002:7f00:1::1", "2002::/16", ("2002::/16", "127.0.0.0/8")),
    ("2002:7f00:1::1", "127.0.0.0/8", ("2002::/16", "127.0.0.0/8")),
    ("64:ff9b:1::10.0.0.1", "64:ff9b:1::/48", ("64:ff9b:1::/48", "10.0.0.0/8")),
    ("2001:0:808:808:8000:63bf:80ff:fffe", "2001::/32", ("2001::/32", "127.0.0.1")),
):
    PROHIBITIONS[f"a tunnel, {tunnel}, with only {one} open"] = (
        World(address=tunnel, opens=(one,)),
        but(opens=both),
        "closed by default",
    )


@pytest.mark.parametrize("what", PROHIBITIONS)
def test_not_permitted_and_one_word_would_have_done(what: str) -> None:
    world, one_word, says = PROHIBITIONS[what]
    level = world.level()
    assert level is None or not level.covers(Level.KNOCK)
    assert says in world.why_not()
    permitted = one_word(world)
    assert permitted.level() is Level.KNOCK
    assert permitted.why_not() == ""


def test_public_still_covers_look() -> None:
    world = World(permissions=(allow("api.example", basis=Basis.PUBLIC),))
    assert world.level() is Level.LOOK
    assert world.why_not(Level.LOOK) == ""


def test_the_lower_of_the_two_files_counts_and_within_one_the_higher() -> None:
    both = (allow("api.example", Level.LOOK), allow("8.8.8.0/24", Level.USE))
    assert World(permissions=both, permits=(Permit(to="*", level=Level.RISK),)).level() is Level.USE
    permits = (Permit(to="*", level=Level.LOOK), Permit(to="api.example", level=Level.USE))
    assert World(permits=permits).level() is Level.KNOCK


def test_a_network_permits_whatever_name_led_there() -> None:
    assert World(host="anything.example", permissions=(allow("8.8.8.0/24"),)).level() is Level.KNOCK


def test_case_dots_and_mapped_addresses_make_no_difference() -> None:
    assert World(host="API.Example.").level() is Level.KNOCK
    assert World(address="::ffff:8.8.8.8").level() is Level.KNOCK
    assert World(permissions=(allow("::ffff:8.8.8.8"),)).level() is Level.KNOCK


def test_a_pinned_name_says_its_address() -> None:
    scope = World(permissions=LAB).scope()
    assert scope.pinned("DB.lab") == ip_address("127.0.0.2")
    assert scope.pinned("api.example") is None
    assert scope.pinned("127.1") is None


def test_everything_that_is_missing_is_said_at_once() -> None:
    words = World(address="127.0.0.1", permissions=(), permits=()).why_not()
    assert [words.count(file) for file in ("The product file", "The operator's policy", "open = [")] == [
        1,
        1,
        1,
    ]


def test_a_permission_that_reading_would_have_refused_is_no_scope() -> None:
    with pytest.raises(WrongAddress):
        World(permissions=(allow("127.1"),)).scope()


hosts = st.sampled_from(["api.example", "b.example", "8.8.8.8", "127.0.0.1", "2130706433", "::1"])
addresses = st.one_of(
    st.sampled_from([OUT, "127.0.0.1", "::1", "::ffff:8.8.8.8"]), st.ip_addresses().map(str)
)
targets = st.sampled_from(
    ["api.example", "api.example:443", OUT, "8.0.0.0/8", "127.0.0.0/8", "::1", "b.example:80"]
)
permissions = st.lists(
    st.builds(
        allow,
        targets,
        st.sampled_from(Level),
        st.sampled_from(Basis),
        st.sampled_from([None, TODAY, date(2026, 1, 1)]),
    ),
    max_size=4,
)
worlds = st.builds(
    World,
    host=hosts,
    address=addresses,
    port=st.sampled_from([80, 443]),
    permissions=permissions.map(tuple),
    opens=st.lists(st.sampled_from(["127.0.0.0/8", "::1", "::/0"]), max_size=2).map(tuple),
    permits=st.lists(
        st.builds(Permit, to=st.one_of(targets, st.just("*")), level=st.sampled_from(Level)), max_size=3
    ).map(tuple),
)


@given(worlds, st.sampled_from(Level))
def test_there_is_a_reason_exactly_when_it_is_not_permitted(world: World, wanted: Level) -> None:
    level = world.level()
    assert (world.why_not(wanted) == "") is (level is not None and level.covers(wanted))


@given(worlds)
def test_taking_words_away_never_permits_more(world: World) -> None:
    def rank(it: World) -> int:
        level = it.level()
        return -1 if level is None else level.rank

    for field in ("permissions", "opens", "permits"):
        for place in range(len(getattr(world, field))):
            left = getattr(world, field)[:place] + getattr(world, field)[place + 1 :]
            assert rank(structs.replace(world, **{field: left})) <= rank(world)


def test_asked_for_each_connection_it_is_quick() -> None:
    world = World(permissions=(*(allow(f"host{n}.example") for n in range(500)), allow("api.example")))
    scope, address = world.scope(), ip_address(OUT)
    assert scope.level_at("api.example", address, 443)
    assert timeit.timeit(lambda: scope.level_at("api.example", address, 443), number=200) / 200 < 0.001


@pytest.mark.parametrize("what", PROHIBITIONS)
def test_before_a_name_is_resolved_only_what_can_never_be_is_refused(what: str) -> None:
    """What is permitted at some address is not refused before; an address is refused as it would be later."""
    forbidden, one_word, _ = PROHIBITIONS[what]
    for world in (forbidden, one_word(forbidden)):
        scope, at = world.scope(), ip_address(world.address)
        refused = scope.refuses(world.host, world.port, Level.KNOCK)
        if not scope.why_not(world.host, at, world.port, Level.KNOCK):
            assert refused == ""
        if world.host == world.address:
            assert refused == scope.why_not(world.host, at, world.port, Level.KNOCK)


@pytest.mark.parametrize(
    ("world", "words"),
    [
        (World(permissions=()), "The product file does not permit any contact with api.example:443,"),
        (World(permissions=(allow("10.0.0.0/8"),)), ""),  # the name may lead there
        (World(permissions=(allow("10.0.0.0/8"),), permits=()), "policy does not permit any contact"),
        (World(host="db.lab", permissions=LAB), "127.0.0.2 is this machine and closed"),  # it is known where
        (World(host="0x7f.1"), "disguise"),
        (World(permissions=(allow("api.example", Level.LOOK),)), "permits only `look`"),
    ],
)
def test_what_is_refused_before_a_name_is_resolved(world: World, words: str) -> None:
    said = world.scope().refuses(world.host, world.port, Level.KNOCK)
    assert words in said
    assert bool(said) == bool(words)
