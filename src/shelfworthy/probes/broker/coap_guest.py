"""Ask a CoAP server for its list of resources, and each of them for its first sixteen bytes.

1. `.well-known/core` in cleartext, without credentials.
2. A GET for each of those, which changes nothing (RFC 7252, section 5.8.1): was it answered, how long is it.
3. If (1) stays unanswered: one hello of DTLS. If that is answered, (1) once more.
"""

import secrets
import time

from shelfworthy.model import Broker, Cause, Level, NotLooked
from shelfworthy.probes.broker import coap, dtls
from shelfworthy.probes.broker.coap import Message
from shelfworthy.probes.broker.topics import Tally, topic_shape
from shelfworthy.probes.broker.ways import Garbled
from shelfworthy.reach import Datagrams, FellSilent, PortRefused, Reach
from shelfworthy.seen.broker import Asked, BrokerSeen, Came, Received, Try

LIST, LISTED = "/.well-known/core", "2.05"
WAITS = (0.8, 1.2, 1.6)  # seconds for an answer, before a datagram counts as lost and is sent again
FEW_WAITS = (0.8, 1.2)
MOST_BLOCKS, MOST_RESOURCES, MOST_OTHERS = 16, 20, 20
RESERVE = 5.0  # seconds of a look that are left for its end


class Client:
    """Asks one question after the other."""

    def __init__(self, line: Datagrams) -> None:
        self._line = line
        self._number = secrets.randbelow(1 << 15)

    async def ask(
        self, path: str, block: tuple[int, int] | None = None, waits: tuple[float, ...] = WAITS
    ) -> Message:
        """The answer to a GET. Raises NotSeen, FellSilent, Garbled, PortRefused."""
        self._number += 1
        token = secrets.token_bytes(4)
        question = coap.get(path, self._number, token, block)
        for turn, wait in enumerate(waits, 1):
            await self._line.send(question)
            try:
                return await self._answer(token, wait)
            except FellSilent:
                if turn == len(waits):
                    raise
        raise AssertionError("there is a last turn")

    async def _answer(self, token: bytes, wait: float) -> Message:
        """What comes with this token. What else comes (acknowledgements, answers too late) is passed over."""
        ends = time.monotonic() + wait
        for _ in range(MOST_OTHERS):
            try:
                message = coap.read(await self._line.receive(within=max(0.0, ends - time.monotonic())))
            except ValueError as error:
                words = f"{self._line.to} (UDP) answered a CoAP request with something else."
                raise Garbled(Cause.NOT_UNDERSTOOD, words) from error
            if message.type == coap.CONFIRMABLE:
                await self._line.send(coap.acknowledge(message.number))
            reset = message.type == coap.RESET and message.number == self._number
            if reset or (message.code[:1] in coap.RESPONSES and message.token == token):
                return message
        raise Garbled(Cause.NOT_UNDERSTOOD, f"{self._line.to} (UDP) sent answers nobody had asked for.")


NO_ANSWER = (FellSilent, Garbled, PortRefused)  # to one question: what others were answered with stands


async def asking(broker: Broker, reach: Reach) -> BrokerSeen:
    """What came of it. Raises NotSeen, also if nothing answered at all."""
    try:
        async with reach.udp(level=Level.KNOCK) as line:
            one, received = await _resources(Client(line), reach)
            return _seen((one,), received)
    except FellSilent:
        if not await _speaks_dtls(reach):
            raise
    silent = Try(over_tls=False, version="1", name="", came="silent", code="")
    shaken = Try(over_tls=True, version="1", name="", came="handshake", code="")
    try:
        async with reach.udp(level=Level.KNOCK) as line:
            one, received = await _resources(Client(line), reach)
            return _seen((silent, shaken, one), received)
    except FellSilent:
        return _seen((silent, shaken, silent), NotLooked(Cause.TOOL_MISSING))


def _seen(tries: tuple[Try, ...], received: Received | NotLooked) -> BrokerSeen:
    return BrokerSeen(protocol="coap", product="", mechanisms=(), tries=tries, received=received)


async def _resources(client: Client, reach: Reach) -> tuple[Try, Received | NotLooked]:
    """What became of a stranger's questions. Raises FellSilent if the first stays unanswered."""
    first = await client.ask(LIST)
    offered, whole = await _offered(client, first) if first.code == LISTED else ((), True)
    asked: dict[str, Asked] = {}
    tally = Tally()
    for number, path in enumerate(offered):
        if number == MOST_RESOURCES or reach.seconds_left < RESERVE:
            whole = False
            break
        _merge(asked, await _resource(client, path, tally))
    tally.asked = asked
    tally.truncated = not whole
    granted = {one.granted for one in asked.values()}
    came: Came = "answered"
    code = first.code or "reset"
    if True in granted:
        came, code = "let in", next(one.code for one in asked.values() if one.granted)
    elif first.code in coap.NEEDS_LOGIN or (whole and granted == {False}):  # one not asked may be open
        came, code = "refused", next((one.code for one in asked.values()), first.code)
    received = tally.received(offered=len(offered)) if first.code == LISTED else NotLooked(Cause.REFUSED)
    return Try(over_tls=False, version="1", name="", came=came, code=code), received


async def _offered(client: Client, first: Message) -> tuple[tuple[str, ...], bool]:
    """The server's own resources out of its list, block by block, and whether that is all of the list."""
    content, message = bytearray(first.payload), first
    for number in range(1, MOST_BLOCKS):
        if message.block is None or not message.block[1]:
            break
        try:
            following = await client.ask(LIST, (number, message.block[2]), FEW_WAITS)
        except NO_ANSWER:
            break  # what came before is a list, too
        if following.code != LISTED or following.block is None or following.block[0] != number:
            break
        message = following
        content += message.payload
    found = coap.links(content.decode(errors="replace"))
    paths = dict.fromkeys(path for path in found if path.startswith("/") and path != LIST)
    return tuple(paths), message.block is None or not message.block[1]


async def _resource(client: Client, path: str, tally: Tally) -> Asked:
    """Whether a stranger is handed it, and how long it is."""
    what = topic_shape(path.removeprefix("/"))
    try:
        answer = await client.ask(path, (0, coap.SIXTEEN_BYTES), FEW_WAITS)
        if answer.code == coap.BAD_OPTION:  # knows no blocks
            answer = await client.ask(path, None, FEW_WAITS)
    except NO_ANSWER:
        return Asked(what=what, granted=None, code="")
    if answer.code.startswith("2."):
        if answer.payload:
            tally.message(path.removeprefix("/"), max(answer.whole, len(answer.payload)))
        return Asked(what=what, granted=True, code=answer.code)
    return Asked(what=what, granted=False if answer.code in coap.NEEDS_LOGIN else None, code=answer.code)


def _merge(asked: dict[str, Asked], one: Asked) -> None:
    """Keep one answer per shape: the most open one, and a refusal only if there is no other."""
    order = (True, None, False)
    before = asked.get(one.what)
    if before is None or order.index(one.granted) < order.index(before.granted):
        asked[one.what] = one


async def _speaks_dtls(reach: Reach) -> bool:
    """Whether the port answers a hello of DTLS."""
    hello = dtls.client_hello(secrets.token_bytes(dtls.RANDOM))
    async with reach.udp(level=Level.KNOCK) as line:
        for wait in FEW_WAITS:
            try:
                return dtls.answers(await line.ask(hello, within=wait))
            except FellSilent:
                continue
    return False
