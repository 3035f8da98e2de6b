"""Datagrams through the door: bounded, permitted, on the transcript; nobody else's are received."""

import asyncio
import socket
from collections.abc import Callable

import pytest

from shelfworthy.model import Cause, Endpoint, Level
from shelfworthy.reach import FellSilent, FuseBlown, Limits, NotSeen, PortRefused, Reach, fuse
from tests import clock
from tests.looking import QUICK, allow, bench, door, names, product
from tests.udp import Peer, answering, echo, silent


def reach_of(at: str, limits: Limits = QUICK, permitted: str = "") -> Reach:
    it = product([Endpoint(id="site", where=f"http://{at}/")], [allow(permitted or at.rpartition(":")[0])])
    both = names(toy=["127.0.0.5 127.0.0.6"])
    return door(it, bench(("127.0.0.0/8",)), limits, both).reach(it.surface[0])


def test_a_question_is_answered_and_both_are_on_the_transcript() -> None:
    async def run() -> None:
        async with answering(echo) as peer:
            reach = reach_of(peer.at)
            async with reach.udp(level=Level.LOOK) as line:
                assert line.to == peer.at
                assert await line.ask(b"hello") == b"hello"
            events = [(one.event, one.to, one.length, one.kept) for one in reach.transcript().entries]
            assert events == [("sent", peer.at, 5, b""), ("received", peer.at, 5, b"")]

    asyncio.run(run())


def test_bytes_are_kept_only_with_a_reason() -> None:
    async def run() -> None:
        async with answering(echo) as peer:
            reach = reach_of(peer.at)
            async with reach.udp(level=Level.LOOK) as line:
                await line.ask(b"hello", why="the header")
            kept = [(one.event, one.kept) for one in reach.transcript().entries]
            assert kept == [("sent", b""), ("received", b"hello")]

    asyncio.run(run())


def test_silence_is_told_in_time_and_may_be_asked_again() -> None:
    async def run() -> None:
        async with answering(silent) as peer:
            began = clock.now()
            async with reach_of(peer.at).udp(level=Level.LOOK) as line:
                for _ in range(2):
                    with pytest.raises(FellSilent, match="sent no answer") as gap:
                        await line.ask(b"?", within=0.1)
                    assert gap.value.cause is Cause.SILENT
            assert clock.now() - began < 1
            assert peer.contacts == 2

    asyncio.run(run())


def test_a_closed_port_is_a_refusal() -> None:
    async def run() -> None:
        async with answering(silent) as peer:
            at = peer.at
        async with reach_of(at).udp(level=Level.LOOK) as line:
            with pytest.raises(PortRefused, match="refused what we sent"):
                await line.ask(b"?")

    asyncio.run(run())


def test_a_refusal_at_one_of_two_addresses_is_no_answer() -> None:
    """Law 1: the other one was not asked."""

    async def run() -> None:
        async with answering(silent) as peer:
            port = peer.port
        async with reach_of(f"toy.test:{port}").udp(level=Level.LOOK) as line:
            with pytest.raises(NotSeen, match="1 more of its addresses were not asked") as gap:
                await line.ask(b"?")
            assert not isinstance(gap.value, PortRefused)
            assert gap.value.cause is Cause.NOBODY_LOOKED

    asyncio.run(run())


def test_a_stranger_s_datagram_is_not_received() -> None:
    """The socket is connected: what comes from elsewhere never arrives."""

    async def run() -> None:
        sent: list[bytes] = []

        def record(content: bytes) -> tuple[bytes, ...]:
            sent.append(content)
            return ()

        async with answering(record) as peer, answering(silent, "127.0.0.6") as stranger:
            async with reach_of(peer.at).udp(level=Level.LOOK) as line:
                await line.send(b"where am I")
                port = line._sock.getsockname()[1]
                stranger.transport.sendto(b"from elsewhere", (line._sock.getsockname()[0], port))
                with pytest.raises(FellSilent):
                    await line.receive(within=0.2)
            assert sent == [b"where am I"]

    asyncio.run(run())


def test_what_is_not_permitted_gets_no_datagram_although_it_would_answer() -> None:
    async def run() -> None:
        async with answering(echo) as peer:
            assert await asked(peer)
            before = peer.contacts
            with pytest.raises(NotSeen, match="does not permit any contact") as gap:
                async with reach_of(peer.at, permitted="127.0.0.6").udp(level=Level.LOOK) as line:
                    await line.ask(b"?")
            assert gap.value.cause is Cause.NOT_PERMITTED
            assert peer.contacts == before

    asyncio.run(run())


async def asked(peer: Peer) -> bool:
    async with reach_of(peer.at).udp(level=Level.LOOK) as line:
        return await line.ask(b"hello") == b"hello"


def test_what_a_peer_pours_out_is_bounded() -> None:
    async def run() -> None:
        async with answering(lambda _: [b"x" * 60_000] * 10) as peer:
            reach = reach_of(peer.at, Limits(silence=0.3, look=2.0, received=100_000))
            with pytest.raises(NotSeen, match="more than 100000 bytes"):
                await ask_for_ever(reach)

    asyncio.run(run())


def test_an_answer_in_single_bytes_ends_with_the_look() -> None:
    async def run() -> None:
        async with answering(lambda _: [b"x"]) as peer:
            reach = reach_of(peer.at, Limits(silence=0.2, look=0.5))
            with pytest.raises(NotSeen, match="took more than"):
                await ask_for_ever(reach)

    asyncio.run(run())


async def ask_for_ever(reach: Reach) -> None:
    async with reach.udp(level=Level.LOOK) as line:
        while True:
            await line.ask(b"?")
            await asyncio.sleep(0.01)


def test_a_look_spends_handshakes_on_datagrams() -> None:
    async def run() -> None:
        async with answering(echo) as peer:
            reach = reach_of(peer.at, Limits(handshakes=1))
            assert await asked_through(reach)
            with pytest.raises(NotSeen, match="More than 1 handshakes"):
                await asked_through(reach)

    asyncio.run(run())


async def asked_through(reach: Reach) -> bool:
    async with reach.udp(level=Level.LOOK) as line:
        return await line.ask(b"hello") == b"hello"


@pytest.mark.trips_fuse
@pytest.mark.parametrize("act", [lambda sock, to: sock.sendto(b"?", to), lambda sock, to: sock.connect(to)])
def test_the_fuse_stops_a_datagram_nobody_announced(act: Callable[..., object]) -> None:
    async def run() -> None:
        async with answering(echo) as peer:
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            with sock, fuse.looking(), pytest.raises(FuseBlown):
                act(sock, (peer.host, peer.port))
            assert peer.contacts == 0

    asyncio.run(run())
