"""Ask for the files of an update as a device does: every redirect kept, every certificate shown kept once."""

import hashlib

from msgspec import Struct

from shelfworthy.model import Level, Update
from shelfworthy.probes.web import media_type, url_of
from shelfworthy.reach import Address, Missing, Reach, Reply, attempt, destination
from shelfworthy.seen.update import Asked, Shown

REDIRECTS = frozenset({301, 302, 303, 307, 308})
HOPS = 5
LONGEST_CHAIN = 16
LONGEST_URL = 500
BEGINNING = (("Range", "bytes=0-1023"),)  # enough to see what a file is


class Got(Struct, frozen=True):
    """Every request until the answer, and the answer itself if one came. first, final: the places asked."""

    asked: tuple[Asked, ...]
    reply: Reply | None
    first: Address
    final: Address

    @property
    def last(self) -> Asked:
        return self.asked[-1]

    @property
    def content(self) -> bytes | None:
        """The whole body of an answer 200, else None."""
        good = self.reply is not None and self.reply.status == 200 and self.reply.whole
        return self.reply.body if good and self.reply is not None else None


class Client:
    """One look's requests to the update server, and the certificates met on the way."""

    def __init__(self, reach: Reach, update: Update) -> None:
        self.reach = reach
        self.certificates: dict[str, Shown] = {}
        self._host = reach.address.host
        self._name = update.name

    async def ask(self, at: Address, headers: tuple[tuple[str, str], ...] = ()) -> tuple[Asked, Reply | None]:
        """One request."""
        name = self._name if at.host == self._host else ""
        came = await attempt(self.reach, at, level=Level.LOOK, headers=headers, name=name)
        if isinstance(came, Missing):
            return Asked(url=shown(at), cause=came.cause, words=came.words), None
        if at.scheme == "https":
            self._note(at, name or at.host, came.chain)
        to = destination(at, came.header("location")) if came.status in REDIRECTS else None
        return (
            Asked(
                url=shown(at),
                status=came.status,
                media=media_type(came)[0][:60],
                length=len(came.body),
                sha256=hashlib.sha256(came.body).hexdigest() if came.whole else "",
                whole=came.whole,
                location=shown(to) if to else "",
            ),
            came,
        )

    async def follow(self, at: Address, headers: tuple[tuple[str, str], ...] = ()) -> Got:
        """Ask, and follow redirects to where the permission allows."""
        asked: list[Asked] = []
        first = at
        while True:
            one, reply = await self.ask(at, headers)
            asked.append(one)
            to = destination(at, reply.header("location")) if reply and one.location else None
            if to is None or len(asked) > HOPS:
                return Got(tuple(asked), reply, first, at)
            at = to

    def _note(self, at: Address, name: str, chain: tuple[bytes, ...]) -> None:
        origin = f"https://{at.authority}"
        self.certificates.setdefault(origin, Shown(origin, name, chain[:LONGEST_CHAIN], len(chain)))


def shown(at: Address) -> str:
    """The address for the record: its query may hold a key and is left out."""
    url = url_of(at)
    return (url.partition("?")[0] + "?…" if "?" in url else url)[:LONGEST_URL]


def beside(at: Address, suffix: str) -> Address:
    """The address of a file that is called the same with something behind."""
    path, mark, query = at.path.partition("?")
    return Address(scheme=at.scheme, host=at.host, port=at.port, path=f"{path}{suffix}{mark}{query}")
