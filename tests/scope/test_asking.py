"""Who is asked about names: the resolvers and registries of the policy, and no others that would answer."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from shelfworthy.model import (
    AnySurface,
    Cause,
    Domain,
    Endpoint,
    Level,
    Permission,
    Policy,
    Product,
    Registry,
)
from shelfworthy.probes.domain import NAMES, REGISTRATION
from shelfworthy.reach import NotSeen, Reach, ask_registry, look_up, names
from shelfworthy_lab import rdap
from tests.looking import NOBODY, allow, door, looked, product
from tests.name_servers import registry, saying_json, zone
from tests.servers import serving
from tests.udp import answering

SURFACE = Domain(id="name", where="domain:toy.test")
OPEN = ("127.0.0.5/32", "127.0.0.6/32")
TOY = zone({"toy.test": ["A 127.0.0.5", "NS toy.test."]})
SAID = registry(rdap.answer("toy.test", rdap.Registration(days=400)))


def reach_to(policy: Policy, permissions: Sequence[Permission] = (), surface: AnySurface = SURFACE) -> Reach:
    it: Product = product([surface], permissions)
    return door(it, policy).reach(surface)


def known(at: str, opened: tuple[str, ...] = OPEN) -> Policy:
    return Policy(
        open=opened, resolver=(NOBODY,), registry=(Registry(to=f"http://{at}/", suffixes=("test",)),)
    )


def test_a_resolver_is_asked_that_the_policy_names_though_the_product_file_permits_nothing() -> None:
    """The control of all that follow."""

    async def run() -> None:
        async with answering(TOY) as resolver, serving(SAID) as web:
            reach = reach_to(Policy(open=OPEN, resolver=(resolver.at,)))
            assert (await look_up(reach, "toy.test", "A")).records == ("127.0.0.5",)
            assert (await ask_registry(reach_to(known(web.at)), "toy.test")).found
            assert resolver.contacts == web.contacts == 1

    asyncio.run(run())


def test_a_resolver_in_a_closed_range_is_not_asked_although_it_would_answer() -> None:
    async def run() -> None:
        async with answering(TOY) as resolver:
            reach = reach_to(Policy(resolver=(resolver.at,)), [allow("127.0.0.5")])
            with pytest.raises(NotSeen, match="closed by default") as gap:
                await look_up(reach, "toy.test", "A")
            assert gap.value.cause is Cause.NOT_PERMITTED
            assert 'open = ["127.0.0.5"]' in gap.value.words
            assert resolver.contacts == 0

    asyncio.run(run())


def test_this_machine_s_own_resolver_is_asked_unless_it_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What any visitor's client uses; where a policy names one, only that."""
    file = tmp_path / "resolv.conf"
    file.write_text("# ours\nnameserver 127.0.0.5\nnameserver fe80::1%eth0\noptions edns0\nnameserver x\n")
    found = names.system_nameservers(file)
    assert [(at.host, at.port) for at in found] == [("127.0.0.5", 53), ("fe80::1", 53)]
    assert names.system_nameservers(tmp_path / "nothing") == ()
    monkeypatch.setattr("shelfworthy.reach.door.system_nameservers", lambda: found)

    async def run() -> None:
        with pytest.raises(NotSeen, match="this machine and closed by default"):
            await look_up(reach_to(Policy()), "toy.test", "A")
        async with answering(TOY, "127.0.0.6") as resolver:
            reach = reach_to(Policy(open=OPEN, resolver=(resolver.at,)))
            assert reach.resolvers != found
            assert (await look_up(reach, "toy.test", "A")).records

    asyncio.run(run())


def test_a_machine_without_a_resolver_says_what_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shelfworthy.reach.door.system_nameservers", lambda: ())
    with pytest.raises(NotSeen, match='resolver = \\["address"\\]') as gap:
        asyncio.run(look_up(reach_to(Policy()), "toy.test", "A"))
    assert gap.value.cause is Cause.DATA_MISSING


def test_a_registry_that_only_the_product_file_permits_is_not_asked_although_it_would_answer() -> None:
    """By redirect: the policy's registry sends us to one that the product file permits at every level."""

    async def run() -> None:
        async with serving(SAID, "127.0.0.6") as other:
            to = [f"Location: http://{other.at}/domain/toy.test"]
            async with serving(saying_json(b"", 302, to)) as first:
                reach = reach_to(known(first.at), [allow("127.0.0.6")])
                with pytest.raises(NotSeen, match="no resolver or registry of the operator's policy"):
                    await ask_registry(reach, "toy.test")
                assert first.contacts == 1
                assert other.contacts == 0

    asyncio.run(run())


def test_another_port_of_a_registry_is_not_asked() -> None:
    async def run() -> None:
        async with serving(SAID) as other:
            to = [f"Location: http://{other.at}/domain/toy.test"]
            async with serving(saying_json(b"", 302, to)) as first:
                with pytest.raises(NotSeen, match="no resolver or registry"):
                    await ask_registry(reach_to(known(first.at), [allow("127.0.0.5")]), "toy.test")
                assert other.contacts == 0

    asyncio.run(run())


def test_a_registry_in_a_closed_range_is_not_asked_although_it_would_answer() -> None:
    async def run() -> None:
        async with serving(SAID) as web:
            with pytest.raises(NotSeen, match="closed by default"):
                await ask_registry(reach_to(known(web.at, opened=())), "toy.test")
            assert web.contacts == 0

    asyncio.run(run())


def test_a_product_file_does_not_say_where_a_registry_is() -> None:
    """Its `resolve` pins the registry's name to a server that would vouch for everything."""

    async def run() -> None:
        async with serving(SAID) as liar:
            policy = known(f"rdap.nic.test:{liar.port}")
            reach = reach_to(policy, [allow("rdap.nic.test", resolve="127.0.0.5")])
            with pytest.raises(NotSeen, match=r"rdap\.nic\.test does not resolve"):
                await ask_registry(reach, "toy.test")
            assert liar.contacts == 0

    asyncio.run(run())


def test_that_somebody_may_be_asked_permits_no_other_contact_with_them() -> None:
    """A resolver or registry is no surface: looking at it needs the product file as everywhere else."""

    async def run() -> None:
        async with serving(SAID) as web:
            surface = Endpoint(id="site", where=f"http://{web.at}/")
            reach = reach_to(known(web.at), surface=surface)
            with pytest.raises(NotSeen, match="does not permit any contact"):
                async with reach.tcp(level=Level.LOOK):
                    pass
            assert web.contacts == 0

    asyncio.run(run())


def test_a_look_at_a_name_contacts_nobody_else(tmp_path: Path) -> None:
    """The whole look: the name's own address would have answered, and is not asked."""

    async def run() -> None:
        async with serving(SAID) as web, serving(SAID, "127.0.0.6") as own:
            it = product([SURFACE], [allow("127.0.0.6")])
            left = await looked(it, door(it, known(web.at)), tmp_path, (NAMES, REGISTRATION))
            assert left.dialled <= {web.at, NOBODY}
            assert web.contacts == 1
            assert own.contacts == 0

    asyncio.run(run())
