"""A maker's site on loopback, and one look at its policy, straight through the probe."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from shelfworthy.model import Level, PrivacyPolicy, Seen
from shelfworthy.probes.policy import POLICY
from shelfworthy.reach import Limits, Transcript, fuse
from shelfworthy.seen.policy import PolicyPage, PolicySeen
from tests.looking import allow, bench, door, product
from tests.servers import Reader, Server, Writer, page, serving

HOST = "127.0.0.5"
TYPES = {
    "js": "text/javascript",
    "css": "text/css",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "svg": "image/svg+xml",
}


class Site:
    """A running site. asked: paths in order."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.asked: list[str] = []


@asynccontextmanager
async def site(pages: Mapping[str, str | bytes], host: str = HOST) -> AsyncIterator[Site]:
    """Serve these pages, by path, whose ending says of what type they are; a body `-> URL` redirects."""

    async def behave(reader: Reader, writer: Writer) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split()[1].decode()
        it.asked.append(path)
        body = pages.get(path)
        if body is None:
            writer.write(page(b"Not found.", "404 Not Found", ("Content-Type: text/plain",)))
        elif isinstance(body, str) and body.startswith("-> "):
            writer.write(page(b"", "302 Found", (f"Location: {body[3:]}",)))
        else:
            kind = TYPES.get(path.rpartition(".")[2], "text/html; charset=utf-8")
            content = body if isinstance(body, bytes) else body.replace("{at}", server.at).encode()
            writer.write(page(content, "200 OK", (f"Content-Type: {kind}",)))

    async with serving(behave, host) as server:
        it = Site(server)
        yield it


class Looked:
    """What a look left."""

    def __init__(self, seen: list[Seen], transcript: Transcript) -> None:
        first, *others = seen
        assert isinstance(first, PolicySeen)
        self.policy = first
        self.pages = [one for one in others if isinstance(one, PolicyPage)]
        assert len(self.pages) == len(others)
        self.transcript = transcript


async def look(at: Site, path: str = "/", limits: Limits | None = None) -> Looked:
    """Look at the policy of a site that is permitted; no other is. Raises NotSeen."""
    surface = PrivacyPolicy(id="policy", where=f"policy:http://{at.server.at}{path}")
    through = door(product([surface], [allow(HOST, Level.LOOK)]), bench((f"{HOST}/32",)), limits or Limits())
    reach = through.reach(surface, POLICY.times)
    with fuse.looking() as stopped:
        seen = [one async for one in POLICY.observe(surface, reach)]
    assert stopped == []
    return Looked(seen, reach.transcript())
