"""The door by itself: counting, pacing, addresses, TLS names, and nothing left open behind it."""

import asyncio
import gc
import os
import socket
import ssl
import struct
import time
import warnings
from asyncio import sslproto
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from shelfworthy.model import Cause, Endpoint, Level
from shelfworthy.reach import Limits, NoTls, NotSeen, PortRefused, Reach, request, system_resolver
from shelfworthy.reach.limits import Pace
from tests import clock
from tests.hostile.servers import ANY, nothing
from tests.looking import QUICK, allow, bench, door, names, product
from tests.servers import Reader, Server, Writer, page, saying, self_signed, serving


def reach_of(at: str, limits: Limits = QUICK, **given: list[str]) -> Reach:
    """A look at an endpoint with every permission."""
    host = at.rpartition(":")[0]
    it = product([Endpoint(id="site", where=f"http://{at}/")], [allow(host)])
    policy = bench(opened=("127.0.0.0/8", "::1/128"))
    return door(it, policy, limits, names(**given)).reach(it.surface[0])


async def refusing_port(host: str) -> int:
    """A port nobody listens at."""
    async with serving(nothing, host) as server:
        return server.port


def test_it_speaks_ipv6() -> None:
    async def run() -> None:
        async with serving(saying(page(b"hello")), "::1") as server:
            reach = reach_of(server.at)
            reply = await request(reach, reach.address, level=Level.LOOK)
            assert reply.body == b"hello"
            assert reach.transcript().entries[0].to == server.at

    asyncio.run(run())


def test_a_look_has_so_many_handshakes_and_pages_whatever_the_probe() -> None:
    async def run() -> None:
        async with serving(saying(page())) as server:
            it = product([Endpoint(id="site", where=f"http://{server.at}/")], [allow(server.at)])
            through = door(it, bench(), Limits(handshakes=2, pages=3, connections=9))
            for _ in range(2):
                async with through.reach(it.surface[0]).tcp(level=Level.LOOK):
                    pass
            reach = through.reach(it.surface[0])
            with pytest.raises(
                NotSeen, match="More than 2 handshakes at site would be impolite at level look"
            ):
                async with reach.tcp(level=Level.LOOK):
                    pass
            for _ in range(3):
                await request(reach, reach.address, level=Level.LOOK)
            with pytest.raises(NotSeen, match="More than 3 pages"):
                await request(reach, reach.address, level=Level.LOOK)
            for _ in range(4):  # beyond `look`, connections count
                await request(reach, reach.address, level=Level.KNOCK)
            with pytest.raises(NotSeen, match="More than 9 connections at site would be impolite") as refused:
                await request(reach, reach.address, level=Level.KNOCK)
            assert refused.value.cause is Cause.NOT_PERMITTED
            assert server.contacts == 9

    asyncio.run(run())


def test_a_probe_that_holds_all_connections_and_wants_one_more_is_told_so() -> None:
    """No deadlock: the look's own time ends the wait."""

    async def run() -> None:
        async with serving(nothing) as server:
            reach = reach_of(server.at, Limits(together=2, look=0.3))
            async with AsyncExitStack() as stack:
                for _ in range(2):
                    await stack.enter_async_context(reach.tcp(level=Level.LOOK))
                with pytest.raises(NotSeen, match="More than 2 connections at once") as refused:
                    await stack.enter_async_context(reach.tcp(level=Level.LOOK))
            assert refused.value.cause is Cause.NOBODY_LOOKED
            assert server.contacts == 2
            again = reach_of(server.at, Limits(together=2, look=0.3))
            async with again.tcp(level=Level.LOOK):
                pass

    asyncio.run(run())


def test_the_pace_is_kept_and_what_gave_up_waiting_frees_its_place() -> None:
    async def run() -> None:
        pace = Pace(Limits(rate=50, burst=2, together=3))
        began = time.monotonic()
        for _ in range(6):  # two at once, four at 50 a second
            async with pace.turn(1):
                pass
        assert time.monotonic() - began >= 4 / 50 - 0.005
        slow = Pace(Limits(rate=0.1, burst=1, together=1))
        async with slow.turn(1):
            pass
        for _ in range(3):
            with pytest.raises(NotSeen):
                async with slow.turn(0.01):
                    pass
        assert not slow._open.locked()

    asyncio.run(run())


def test_the_time_of_a_look_bounds_all_of_it() -> None:
    """Also when every single wait is within its own bound."""

    async def run() -> None:
        async with serving(ANY["bytes now and then"]) as server:
            reach = reach_of(server.at, Limits(silence=5, look=0.4))
            began = clock.now()
            async with reach.tcp(level=Level.LOOK) as line:
                await line.send(b"hello")
                with pytest.raises(NotSeen, match=r"took more than 0\.4 s") as ended:
                    await line.receive(1000)
            assert 0.35 < clock.now() - began < 2
            assert ended.value.cause is Cause.SILENT
            assert reach.seconds_left <= 0
            with pytest.raises(NotSeen, match=r"took more than 0\.4 s"):
                async with reach.tcp(level=Level.LOOK):
                    pass
            assert server.contacts == 1

    asyncio.run(run())


def test_a_look_receives_only_so_many_bytes() -> None:
    async def run() -> None:
        async with serving(ANY["noise without end"]) as server:
            reach = reach_of(server.at, Limits(received=100_000))
            async with reach.tcp(level=Level.LOOK) as line:
                with pytest.raises(NotSeen, match="It sent more than 100000 bytes") as ended:
                    await line.receive(200_000)
            assert ended.value.cause is Cause.NOT_UNDERSTOOD

    asyncio.run(run())


def test_a_refusal_counts_only_if_no_other_address_is_left_open() -> None:
    """Law 1: of two addresses one refuses and the other is silent. The name has not refused."""

    async def run() -> None:
        port = await refusing_port("127.0.0.5")
        both = reach_of(f"toy.test:{port}", toy=["127.0.0.5 127.0.0.6"])
        with pytest.raises(PortRefused):
            async with both.tcp(level=Level.LOOK):
                pass
        with full_backlog("127.0.0.6", port):
            half = reach_of(f"toy.test:{port}", toy=["127.0.0.5 127.0.0.6"])
            with pytest.raises(NotSeen) as silent:
                async with half.tcp(level=Level.LOOK):
                    pass
            assert not isinstance(silent.value, PortRefused)
            assert silent.value.cause is Cause.UNREACHABLE
        third = reach_of(f"toy.test:{port}", toy=["127.0.0.5 127.0.0.6 127.0.0.7"])
        with pytest.raises(NotSeen) as untried:  # what the third would have said, nobody knows
            async with third.tcp(level=Level.LOOK):
                pass
        assert not isinstance(untried.value, PortRefused)

    asyncio.run(run())


class full_backlog:  # noqa: N801 - reads as what it is
    """A port that answers no connection attempt: its queue is full and nobody accepts."""

    def __init__(self, host: str, port: int) -> None:
        self._at = (host, port)
        self._open: list[socket.socket] = []

    def __enter__(self) -> None:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(self._at)
        listening.listen(0)
        self._open.append(listening)
        for _ in range(4):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(self._at)
            self._open.append(waiting)

    def __exit__(self, *of: object) -> None:
        for sock in self._open:
            sock.close()


def test_what_answered_before_is_asked_first() -> None:
    """So that a refusal on another port is about the address that was seen to answer."""

    async def run() -> None:
        async with serving(nothing, "127.0.0.6") as server:
            reach = reach_of(f"toy.test:{server.port}", toy=["127.0.0.5 127.0.0.6"])
            for _ in range(2):
                async with reach.tcp(level=Level.LOOK) as line:
                    assert line.to == server.at
            tried = [entry.to for entry in reach.transcript().entries if entry.event != "resolve"]
            assert tried == [f"127.0.0.5:{server.port}", server.at, server.at]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("host", "name", "expected"),
    [
        ("toy.test", "", "toy.test"),
        ("toy.test", "other.test", "other.test"),
        ("127.0.0.5", "", None),
        ("127.0.0.5", "toy.test", "toy.test"),
    ],
)
def test_sni_names_what_was_asked_for_and_no_address(host: str, name: str, expected: str | None) -> None:
    async def run() -> None:
        asked: list[str | None] = []
        context = fresh_tls()
        context.sni_callback = lambda sock, server, _: asked.append(server)
        async with serving(nothing, tls=context) as server:
            reach = reach_of(f"{host}:{server.port}", toy=["127.0.0.5"])
            async with reach.tls(level=Level.LOOK, name=name) as line:
                assert line.handshake is not None
                assert line.handshake.version == "TLSv1.3"
                (leaf,) = line.handshake.chain
                assert x509.load_der_x509_certificate(leaf)
            assert asked == [expected]
            shown = [entry for entry in reach.transcript().entries if entry.event == "tls"]
            assert [entry.length for entry in shown] == [len(leaf)]

    asyncio.run(run())


def fresh_tls() -> ssl.SSLContext:
    """A context of its own, to hang callbacks on."""
    self_signed.cache_clear()
    context = self_signed()
    self_signed.cache_clear()
    return context


def test_a_plain_server_is_no_tls() -> None:
    async def run() -> None:
        async with serving(saying(page())) as server:
            reach = reach_of(server.at)
            with pytest.raises(NoTls):
                async with reach.tls(level=Level.LOOK):
                    pass
            assert [entry.event for entry in reach.transcript().entries] == ["connected", "no tls"]

    asyncio.run(run())


async def visits(server: Server, tls: bool) -> AsyncIterator[str]:
    """Ends of connections: in peace, by an exception, by cancellation in the midst of a wait."""
    reach = reach_of(server.at, Limits(look=30, silence=30))
    opened = reach.tls if tls else reach.tcp
    async with opened(level=Level.KNOCK):
        yield "peace"
    with pytest.raises(ZeroDivisionError):
        async with opened(level=Level.KNOCK):
            raise ZeroDivisionError
    yield "exception"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1), opened(level=Level.KNOCK) as line:
            await line.receive(1)
    yield "cancelled"


@pytest.mark.parametrize("tls", [False, True], ids=["tcp", "tls"])
def test_no_connection_is_left_open(tls: bool) -> None:
    async def run() -> None:
        async with serving(nothing, tls=self_signed() if tls else None) as server:
            before = sockets()
            async for _ in visits(server, tls):
                pass
            mute = reach_of(server.at, Limits(silence=0.1))
            if not tls:  # and one that gives up during the handshake
                with pytest.raises(NotSeen):
                    async with mute.tls(level=Level.KNOCK):
                        pass
            await server.stop()
            await asyncio.sleep(0.05)
            assert sockets() == before

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(run())
        gc.collect()


def sockets() -> int:
    folder = Path("/proc/self/fd")
    return sum(os.readlink(entry).startswith("socket:") for entry in folder.iterdir() if entry.is_symlink())


def test_nothing_is_left_of_who_was_stopped_when_the_handshake_was_complete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The loop would take the next socket of that number for the one before, and refuse it."""
    complete = sslproto.SSLProtocol._wakeup_waiter
    asking: list[asyncio.Task[None]] = []

    def stopped(self: Any, exc: BaseException | None = None) -> None:
        complete(self, exc)
        if not self._server_side:
            assert exc is None
            asking[0].cancel()

    monkeypatch.setattr(sslproto.SSLProtocol, "_wakeup_waiter", stopped)

    async def ask(reach: Reach) -> None:
        async with reach.tls(level=Level.LOOK):
            raise AssertionError

    async def run() -> None:
        async with serving(nothing, tls=self_signed()) as server:
            asking.append(asyncio.create_task(ask(reach_of(server.at))))
            done, _ = await asyncio.wait(asking)
            assert done.pop().cancelled()
            here = [socket.socketpair() for _ in range(20)]
            for one in (one for pair in here for one in pair):
                one.setblocking(False)
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(asyncio.get_running_loop().sock_recv(one, 1), 0.001)
            for one in (one for pair in here for one in pair):
                one.close()

    asyncio.run(run())


def test_the_system_resolver_asks_only_for_the_name() -> None:
    assert ip_address("127.0.0.1") in asyncio.run(system_resolver("localhost"))
    with pytest.raises(UnicodeError):  # no name at all, so nobody was asked
        asyncio.run(system_resolver(f"{'a' * 64}.test"))


def test_a_resolver_without_an_answer_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the look nor the end of the audit waits for a resolver that hangs."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: time.sleep(3))
    it = product([Endpoint(id="site", where="http://toy.test/")], [allow("toy.test")])

    async def run() -> None:
        reach = door(it, bench(), Limits(connect=0.2), system_resolver).reach(it.surface[0])
        with pytest.raises(NotSeen, match=r"The name toy\.test does not resolve"):
            async with reach.tcp(level=Level.LOOK):
                pass

    began = clock.now()
    asyncio.run(run())
    assert clock.now() - began < 2


def test_what_was_said_before_the_line_broke_is_read() -> None:
    """A server that says what it is and resets the connection, since it does not want to hear us."""

    async def behave(reader: Reader, writer: Writer) -> None:
        await reader.read(4)
        writer.write(b"SSH-2.0-plum\r\n")
        await writer.drain()
        linger = struct.pack("ii", 1, 0)  # close by a reset
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    async def run() -> bytes:
        async with serving(behave) as server, reach_of(server.at).tcp(level=Level.LOOK) as line:
            await line.send(b"GET / HTTP/1.1\r\n\r\n")
            await asyncio.sleep(0.1)
            return await line.receive(100)

    assert asyncio.run(run()) == b"SSH-2.0-plum\r\n"
