"""The Redis protocol (RESP 2), as much of it as a stranger needs: https://redis.io/docs/reference/protocol-spec.

Our own because clients resolve names, open sockets and try again by themselves.
"""

from shelfworthy.model import Cause
from shelfworthy.reach import Line, NotSeen

LONGEST_LINE = 4096  # bytes of a simple string, an error or a length; Redis' longest error is 400
LONGEST_BULK = 1 << 20  # bytes of one string; INFO has a few thousand
TLS_ALERT = b"\x15\x03"


class RespError(str):
    """An error the server answered with: its text."""

    __slots__ = ()

    @property
    def code(self) -> str:
        """Its first word, in capitals by convention: `NOAUTH`, `ERR`."""
        return self.partition(" ")[0]


Answer = str | int | RespError | None


def command(*words: str) -> bytes:
    """A command as an array of strings."""
    parts = [f"*{len(words)}\r\n".encode()]
    parts += [f"${len(word.encode())}\r\n{word}\r\n".encode() for word in words]
    return b"".join(parts)


class Resp:
    """Answers read from a line, one after the other."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._rest = bytearray()

    async def ask(self, *words: str) -> Answer:
        """The answer to a command, an error among them. Raises NotSeen, EOFError where it hung up instead."""
        await self._line.send(command(*words))
        return await self.answer()

    async def answer(self) -> Answer:
        """The next answer. No command of ours is answered by an array. Raises NotSeen, EOFError."""
        first = await self._until_newline()
        sign, text = first[:1], first[1:]
        if sign == b"+":
            return text.decode("utf-8", "replace")
        if sign == b"-":
            return RespError(text.decode("utf-8", "replace"))
        if sign == b":":
            return self._number(text)
        if sign == b"$":
            length = self._number(text)
            if length == -1:
                return None
            if not 0 <= length <= LONGEST_BULK:
                raise self._not_redis("a string of an impossible length")
            content = await self._exactly(length + 2)
            if not content.endswith(b"\r\n"):
                raise self._not_redis("a string that does not end where it should")
            return content[:-2].decode("utf-8", "replace")
        raise self._not_redis("something else")

    async def _until_newline(self) -> bytes:
        while (end := self._rest.find(b"\r\n")) < 0:
            if len(self._rest) > LONGEST_LINE or (self._rest and self._rest[:1] not in b"+-:$"):
                if bytes(self._rest).startswith(TLS_ALERT):
                    raise EOFError  # how a TLS server hangs up on cleartext
                raise self._not_redis("something else")
            await self._more()
        found = bytes(self._rest[:end])
        del self._rest[: end + 2]
        return found

    async def _exactly(self, length: int) -> bytes:
        while len(self._rest) < length:
            await self._more()
        found = bytes(self._rest[:length])
        del self._rest[:length]
        return found

    async def _more(self) -> None:
        piece = await self._line.receive_some()
        if not piece:
            if self._rest:
                raise self._not_redis("an answer cut short")
            raise EOFError
        self._rest += piece

    def _number(self, text: bytes) -> int:
        digits = text.removeprefix(b"-")
        if not digits.isdigit() or len(digits) > 18:
            raise self._not_redis("a number that is none")
        return int(text)

    def _not_redis(self, what: str) -> NotSeen:
        return NotSeen(Cause.NOT_UNDERSTOOD, f"{self._line.to} answered a Redis command with {what}.")
