"""A probe that goes past the door gets nowhere, and the audit says whose fault it is."""

import asyncio
import http.client
import os
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from shelfworthy.model import AnySurface, Cause, Endpoint, Level
from shelfworthy.reach import FuseBlown, Reach, fuse, request
from tests.looking import allow, bench, door, looked, product
from tests.scope.followers import Followed, probe
from tests.servers import Server, answers, page, saying, serving

Bypass = Callable[[str, int], Awaitable[object]]


async def own_socket(host: str, port: int) -> None:
    socket.create_connection((host, port), 2).close()


async def own_socket_that_returns_errors(host: str, port: int) -> None:
    with socket.socket() as sock:
        sock.connect_ex((host, port))


async def datagram(host: str, port: int) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.sendto(b"hello", (host, port))


async def datagram_message(host: str, port: int) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.sendmsg([b"hello"], [], 0, (host, port))


async def streams(host: str, port: int) -> None:
    _, writer = await asyncio.open_connection(host, port)
    writer.close()
    await writer.wait_closed()


async def loop_in_its_own_hands(host: str, port: int) -> None:
    with socket.socket() as sock:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, (host, port))


async def urllib_here(host: str, port: int) -> None:
    urllib.request.urlopen(f"http://{host}:{port}/", timeout=2).close()


async def urllib_in_a_thread_with_context(host: str, port: int) -> None:
    (await asyncio.to_thread(urllib.request.urlopen, f"http://{host}:{port}/", None, 2)).close()


async def http_client_in_the_executor(host: str, port: int) -> None:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    await asyncio.get_running_loop().run_in_executor(None, partial(connection.request, "GET", "/"))
    connection.close()


async def thread_of_its_own(host: str, port: int) -> None:
    def go() -> None:
        with suppress(FuseBlown):
            socket.create_connection((host, port), 2).close()

    thread = threading.Thread(target=go)
    thread.start()
    while thread.is_alive():
        await asyncio.sleep(0.01)


async def swallowed(host: str, port: int) -> None:
    with suppress(Exception):
        socket.create_connection((host, port), 2).close()


async def look_up(host: str, port: int) -> None:
    socket.getaddrinfo("victim.test", port)


async def look_up_by_the_loop(host: str, port: int) -> None:
    await asyncio.get_running_loop().getaddrinfo("victim.test", port)


async def look_up_the_old_way(host: str, port: int) -> None:
    socket.gethostbyname("victim.test")


async def look_up_backwards(host: str, port: int) -> None:
    socket.gethostbyaddr(host)


async def unix_socket(host: str, port: int) -> None:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect("/run/nobody-listens-here.sock")


async def program(host: str, port: int) -> None:
    subprocess.run(
        [sys.executable, "-c", f"import socket; socket.create_connection(({host!r}, {port}))"], check=True
    )


async def program_of_the_loop(host: str, port: int) -> None:
    await (await asyncio.create_subprocess_exec(sys.executable, "-c", "pass")).wait()


async def shell(host: str, port: int) -> None:
    os.system(f"bash -c 'exec 3<>/dev/tcp/{host}/{port}'")


BYPASSES: dict[str, Bypass] = {
    bypass.__name__: bypass
    for bypass in (
        own_socket,
        own_socket_that_returns_errors,
        datagram,
        datagram_message,
        streams,
        loop_in_its_own_hands,
        urllib_here,
        urllib_in_a_thread_with_context,
        http_client_in_the_executor,
        thread_of_its_own,
        swallowed,
        look_up,
        look_up_by_the_loop,
        look_up_the_old_way,
        look_up_backwards,
        unix_socket,
        program,
        program_of_the_loop,
        shell,
    )
}


async def bypassed(bypass: Bypass, folder: Path, name: str) -> None:
    async with serving(saying(page())) as victim:
        assert await answers(victim)

        async def observe(surface: AnySurface, reach: Reach) -> AsyncIterator[Followed]:
            await request(reach, reach.address, level=Level.LOOK)
            await bypass(victim.host, victim.port)
            yield Followed(answered=())

        it = product([Endpoint(id="site", where=f"http://{victim.at}/")], [allow(victim.at)])
        left = await looked(it, door(it, bench()), folder, (probe(observe),))
        assert victim.contacts == 2  # this test's, and the one through the door: permission is not the point
        assert [gap.cause for gap in left.gaps] == [Cause.OUR_FAULT], name
        assert "wanted past the door" in left.said[0]
        assert not left.looks[0].complete


@pytest.mark.trips_fuse
@pytest.mark.parametrize("name", BYPASSES)
def test_a_probe_that_goes_past_the_door_gets_nowhere(name: str, tmp_path: Path) -> None:
    asyncio.run(bypassed(BYPASSES[name], tmp_path, name))


async def arrive(bypass: Bypass, victim: Server) -> None:
    await asyncio.wait_for(bypass(victim.host, victim.port), 10)


@pytest.mark.parametrize(
    "name", [name for name in BYPASSES if not name.startswith(("look_up", "unix", "datagram"))]
)
def test_without_a_look_the_same_code_arrives(name: str) -> None:
    """The control: it is the fuse that stops it, not the code that does not work."""

    async def run() -> None:
        async with serving(saying(page())) as victim:
            # The victim runs in this loop; who blocks must do so elsewhere.
            await asyncio.to_thread(asyncio.run, arrive(BYPASSES[name], victim))
            await asyncio.sleep(0.05)
            assert victim.contacts == (0 if name == "program_of_the_loop" else 1)

    asyncio.run(run())


@pytest.mark.trips_fuse
def test_outside_of_looks_tests_reach_this_machine_only() -> None:
    for contact in (("192.0.2.1", 9), ("2001:db8::1", 9)):
        family = socket.AF_INET6 if ":" in contact[0] else socket.AF_INET
        with socket.socket(family) as sock, pytest.raises(FuseBlown):
            sock.connect(contact)
    with pytest.raises(FuseBlown):
        socket.getaddrinfo("example.com", 443)
    assert socket.getaddrinfo("127.0.0.1", 443)


@pytest.mark.trips_fuse
def test_an_announcement_is_for_one_address_one_port_and_its_own_time() -> None:
    with fuse.looking() as stopped, fuse.contact("127.0.0.5", 9):
        for other in (("127.0.0.6", 9), ("127.0.0.5", 10), ("localhost", 9)):
            with socket.socket() as sock, pytest.raises(FuseBlown):
                sock.connect(other)
        with socket.socket() as sock, suppress(ConnectionRefusedError):
            sock.connect(("127.0.0.5", 9))
    assert len(stopped) == 3


@pytest.mark.trips_fuse
def test_production_is_closed_before_between_and_after_looks() -> None:
    """In a process of its own, where no test tolerates anything."""
    program = """
import socket
from shelfworthy.reach import FuseBlown, fuse
with fuse.looking():
    pass
try:
    socket.create_connection(("127.0.0.1", 9), 1)
except FuseBlown:
    print("stopped")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "stopped\n"
    with fuse.looking(), pytest.raises(FuseBlown):
        socket.create_connection(("127.0.0.1", 9), 1)
