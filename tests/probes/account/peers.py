"""Services that lie. Each is the lab's well kept one, or nothing at all, with one thing wrong with it."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from shelfworthy_lab.accounts import State, Switches, route
from tests.servers import Behaviour, Reader, Writer

SOMEBODY = "mia.marsh@plumpost.test"  # whose address and things are none of our business
THEIRS = "Good night, Mia, says the plum tree"


class Asked(Struct, frozen=True):
    """One request as it came. body: of JSON, {} without one."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")


class Answered(Struct, frozen=True):
    """What is answered. size: pad the body to so many bytes. drip: seconds between its bytes."""

    status: int
    said: Any = None
    headers: tuple[str, ...] = ()
    size: int = 0
    drip: float = 0.0


Lie = Callable[[Asked, Answered], Answered | None]  # None: hang up
Instead = Callable[[Asked], Answered | None]  # None: the truth is done and answered


class Liar:
    """A service that does what a well kept one does, and answers what `lie` makes of that.

    instead: what is answered to some requests in place of doing anything.
    """

    def __init__(self, lie: Lie, instead: Instead | None = None, switches: Switches | None = None) -> None:
        self.state = State(switches or Switches(), "Murmurpal")
        self.state.passwords[SOMEBODY] = "a password of hers"
        self.theirs = self.state.add(SOMEBODY, THEIRS)
        self.asked: list[Asked] = []
        self.answered: list[Answered] = []
        self._lie = lie
        self._instead = instead or (lambda asked: None)

    def behaviour(self) -> Behaviour:
        async def behave(reader: Reader, writer: Writer) -> None:
            asked = await heard(reader)
            self.asked.append(asked)
            if (answer := self._instead(asked)) is not None:
                self.answered.append(answer)
                await speak(writer, answer)
                return
            content = json.dumps(asked.body).encode() if asked.body else b""
            try:
                status, said = route(self.state, asked.method, asked.path, asked.token, content)
            except (KeyError, TypeError, ValueError):
                status, said = 400, {"error": "not understood"}
            headers = ("Retry-After: 1",) if status == 429 else ()
            answer = self._lie(asked, Answered(status, said, headers))
            if answer is not None:
                self.answered.append(answer)
                await speak(writer, answer)

        return behave


async def heard(reader: Reader) -> Asked:
    """One whole request."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
    content = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, json.loads(content) if content else {})


async def speak(writer: Writer, answer: Answered) -> None:
    body = b"" if answer.said is None else json.dumps(answer.said).encode()
    body += b" " * max(0, answer.size - len(body))
    head = [f"HTTP/1.1 {answer.status} Said", f"Content-Length: {len(body)}", *answer.headers]
    writer.write("\r\n".join(head).encode() + b"\r\n\r\n")
    if not answer.drip:
        writer.write(body)
        return
    for byte in body:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(answer.drip)


def on(method: str, path: str, lie: Callable[[Asked, Answered], Answered | None]) -> Lie:
    """This lie at requests whose path begins so, the truth at all others."""

    def lies(asked: Asked, truth: Answered) -> Answered | None:
        return lie(asked, truth) if asked.method == method and asked.path.startswith(path) else truth

    return lies


def says(status: int, said: Any = None, *headers: str) -> Callable[[Asked, Answered], Answered]:
    return lambda asked, truth: Answered(status, said, headers)


def changed(**words: Any) -> Callable[[Asked, Answered], Answered]:
    """The truth with some of its words replaced, where it says yes."""
    return lambda asked, truth: Answered(truth.status, truth.said | words) if truth.status < 300 else truth


def after(count: int, lie: Callable[[Asked, Answered], Answered | None]) -> Lie:
    """The truth for so many requests, then this."""
    seen = 0

    def lies(asked: Asked, truth: Answered) -> Answered | None:
        nonlocal seen
        seen += 1
        return truth if seen <= count else lie(asked, truth)

    return lies


def hang_up(asked: Asked, truth: Answered) -> None:
    """Say nothing."""


EVERYTHING = {"token": "plum", "account": 7, "id": 7, "media": "/media/7", "expires_in": 1, "text": "plum"}
NESTED: Any = "plum"
for _ in range(300):
    NESTED = [NESTED]


def changed_wrong(asked: Asked, truth: Answered) -> Answered:
    return Answered(200, {"error": "wrong"}) if truth.status == 401 else truth


def padded(asked: Asked, truth: Answered) -> Answered:
    return Answered(truth.status, truth.said, truth.headers, size=10 << 20)


def dripped(asked: Asked, truth: Answered) -> Answered:
    return Answered(truth.status, truth.said, truth.headers, size=200, drip=0.05)


class Unlocked:
    """Lets any password in once the address has an account."""

    def __init__(self) -> None:
        self.known: set[str] = set()

    def __call__(self, asked: Asked, truth: Answered) -> Answered:
        email = asked.body.get("email", "")
        if asked.path == "/v1/users" and truth.status == 201:
            self.known.add(email)
        wrong = asked.path == "/v1/sessions" and truth.status != 200 and email in self.known
        return Answered(200, {"token": "plumplum", "expires_in": 1}) if wrong else truth


def truth_itself(asked: Asked, truth: Answered) -> Answered:
    return truth


def undeleted(status: int) -> Instead:
    """Answer a deletion with this, and delete nothing."""

    def instead(asked: Asked) -> Answered | None:
        return Answered(status) if (asked.method, asked.path) == ("DELETE", "/v1/users/me") else None

    return instead


Make = Callable[[str], Lie]  # of the address of a server that must not be touched

LIARS: dict[str, Make] = {
    "says yes to everything": lambda _: says(200, EVERYTHING),
    "says yes and nothing else": lambda _: says(200, {}),
    "200 to every wrong log-in": lambda _: on("POST", "/v1/sessions", changed_wrong),
    "lets every password in, where there is an account": lambda _: Unlocked(),
    "says no to everything": lambda _: says(403, {"error": "no"}),
    "says it is broken": lambda _: says(500, {"error": "broken"}),
    "breaks once accounts are there": lambda _: after(6, says(500, {"error": "broken"})),
    "hangs up once accounts are there": lambda _: after(6, hang_up),
    "slows down everybody": lambda _: says(429, {"error": "slow"}, "Retry-After: 900"),
    "slows down once accounts are there": lambda _: after(
        6, says(429, {"error": "slow"}, "Retry-After: 900")
    ),
    "redirects elsewhere": lambda victim: says(302, {}, f"Location: http://{victim}/v1/users"),
    "keeps what it is told and redirects": lambda victim: after(
        6, says(307, {}, f"Location: http://{victim}/v1/users")
    ),
    "redirects to itself": lambda _: says(301, {}, "Location: /v1/sessions"),
    "ten megabytes in each answer": lambda _: padded,
    "ten megabytes once accounts are there": lambda _: after(6, padded),
    "slow bodies": lambda _: dripped,
    "slow bodies once accounts are there": lambda _: after(6, dripped),
    "lists for texts": lambda _: on("POST", "/v1/sessions", changed(token=["plum"])),
    "a number too large": lambda _: on("POST", "/v1/recordings", changed(id=10**30)),
    "nested deeply": lambda _: on("POST", "/v1/sessions", changed(token=NESTED)),
    "line breaks in a token": lambda _: on("POST", "/v1/sessions", changed(token="plum\r\nX-Plum: 1")),
    "a path for an identifier": lambda _: on("POST", "/v1/recordings", changed(id="../users/me?x=#")),
    "a step up for an identifier": lambda _: on("POST", "/v1/recordings", changed(id="..")),
    "an endless token": lambda _: on("POST", "/v1/sessions", changed(token="plum" * 100_000)),
    "a negative lifetime": lambda _: on("POST", "/v1/sessions", changed(expires_in=-5)),
    "a lifetime of words": lambda _: on("POST", "/v1/sessions", changed(expires_in="for ever")),
    "somebody else's address": lambda _: on("POST", "/v1/recordings", changed(id=SOMEBODY)),
    "somebody else's address in disguise": lambda _: on(
        "POST", "/v1/recordings", changed(id=SOMEBODY.replace("@", "%40"))
    ),
    "a file elsewhere": lambda victim: on(
        "POST", "/v1/recordings", changed(media=f"http://{victim}/media/7")
    ),
    "the same identifier each time": lambda _: on("POST", "/v1/recordings", changed(id=7)),
    "signs up and says no": lambda _: on("POST", "/v1/users", says(422, {"error": "no"})),
    "signs up and says perhaps": lambda _: on("POST", "/v1/users", says(500, {"error": "perhaps"})),
    "signs up and hangs up": lambda _: on("POST", "/v1/users", hang_up),
    "needs a confirmation by mail": lambda _: on("POST", "/v1/sessions", says(401, {"error": "confirm"})),
}
INSTEAD: dict[str, Instead] = {
    "refuses deletion": undeleted(403),
    "breaks over deletion": undeleted(500),
    "lies about deletion": undeleted(204),
}


def liar(name: str, victim: str) -> Liar:
    """A service of this name. victim: `host:port` of a server that must not be touched."""
    return Liar(LIARS[name](victim)) if name in LIARS else Liar(truth_itself, INSTEAD[name])
