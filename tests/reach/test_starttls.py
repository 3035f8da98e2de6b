"""TLS after a conversation in cleartext: it completes, or we say why not, and nothing is left open."""

import asyncio
import gc
import warnings
from collections.abc import Awaitable, Callable

import pytest

from shelfworthy.model import Cause, Level
from shelfworthy.reach import Line, NoTls, NotSeen, Reach
from tests.reach.test_door import reach_of
from tests.servers import Reader, Writer, self_signed, self_signed_der, serving

Talk = Callable[[Reach], Awaitable[None]]
BOUND = 5.0  # seconds for one conversation


async def agrees(reader: Reader, writer: Writer) -> None:
    """Says yes to the wish for TLS, completes a handshake, and says back what it then hears."""
    assert await reader.readexactly(4) == b"TLS?"
    writer.write(b"S")
    await writer.start_tls(self_signed())
    writer.write(b"heard " + await reader.read(100))
    await writer.drain()


async def no_handshake(reader: Reader, writer: Writer) -> None:
    await reader.readexactly(4)
    writer.write(b"S")
    await reader.read(1)
    writer.write(b"plum whistle, no handshake")
    await reader.read()


async def goes_on(reader: Reader, writer: Writer) -> None:
    """What it says here would be read as if it had been said over TLS."""
    await reader.readexactly(4)
    writer.write(b"Splum")
    await writer.start_tls(self_signed())
    await reader.read()


async def says_no(reader: Reader, writer: Writer) -> None:
    await reader.readexactly(4)
    writer.write(b"N")
    await reader.read()


async def silent_then(reader: Reader, writer: Writer) -> None:
    await reader.readexactly(4)
    writer.write(b"S")
    await reader.read(1)
    await asyncio.sleep(60)


async def ask(line: Line) -> None:
    await line.send(b"TLS?")
    if await line.receive(1) != b"S":
        raise NotSeen(Cause.NOT_UNDERSTOOD, "It does not want TLS.")


def talk(behaviour: Callable[[Reader, Writer], Awaitable[None]]) -> tuple[bytes, Reach]:
    """What is heard over TLS after a wish for it. Whatever is left open fails the test."""

    async def run() -> tuple[bytes, Reach]:
        async with serving(behaviour) as server, asyncio.timeout(BOUND):
            reach = reach_of(server.at)
            async with reach.tls(level=Level.LOOK, after=ask) as line:
                assert line.handshake is not None
                assert line.handshake.chain == (self_signed_der(),)
                await line.send(b"plum")
                return await line.receive(100), reach

    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        try:
            return asyncio.run(run())
        finally:
            gc.collect()


def test_it_goes_on_over_tls() -> None:
    heard, reach = talk(agrees)
    assert heard == b"heard plum"
    events = [entry.event for entry in reach.transcript().entries]
    assert events[:5] == ["connected", "sent", "received", "tls", "sent"]


def test_a_peer_that_agrees_and_does_not_keep_its_word() -> None:
    with pytest.raises(NoTls) as told:
        talk(no_handshake)
    assert "no TLS handshake" in told.value.words
    assert "plum" not in told.value.words


def test_what_came_before_the_handshake_does_not_pass_for_said_over_tls() -> None:
    with pytest.raises(NoTls) as told:
        talk(goes_on)
    assert told.value.words.endswith("went on in cleartext when it had agreed to TLS.")


def test_a_peer_that_declines_is_told_in_the_probes_words() -> None:
    with pytest.raises(NotSeen) as told:
        talk(says_no)
    assert told.value.words == "It does not want TLS."


def test_a_peer_that_falls_silent_in_the_handshake() -> None:
    with pytest.raises(NotSeen) as told:
        talk(silent_then)
    assert told.value.cause is Cause.SILENT
