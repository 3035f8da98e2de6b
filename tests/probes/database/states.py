"""Every state a stranger may meet a MongoDB server in, and what must be said of it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from shelfworthy.model import Outcome
from shelfworthy_lab import mongod, tls
from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.processes import Server, free_port
from tests.probes.database.peers import closes, hangs, old_closed, old_open, op_query_only, redis_like
from tests.servers import serving

FAIL, PASS, OPEN = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE
Truth = tuple[Outcome, Outcome]  # of database-open, database-cleartext

REAL: dict[str, Truth] = {
    "open": (FAIL, FAIL),
    "open, still empty": (FAIL, FAIL),
    "--auth with users": (PASS, FAIL),
    "--auth without any user": (PASS, FAIL),
    "TLS only, open": (FAIL, PASS),
    "TLS only, --auth with users": (PASS, PASS),
    "TLS only, client certificate": (OPEN, OPEN),
}
OTHERS: dict[str, Truth] = {
    "no MongoDB: web server": (OPEN, OPEN),
    "no MongoDB: TLS web server": (OPEN, OPEN),
    "no MongoDB: like Redis": (OPEN, OPEN),
    "hangs": (OPEN, OPEN),
    "closes": (OPEN, OPEN),
    "nobody listens": (OPEN, OPEN),
    "fixture 2.4, open": (FAIL, FAIL),
    "fixture 2.4, with access control": (PASS, FAIL),
}
PEOPLE = [{"_id": n, "email": f"m{n}@plumpost.test", "birthday": "2009-05-17"} for n in range(600)]


@contextmanager
def real(version: str, folder: Path) -> Iterator[dict[str, int]]:
    """One real server per state, each on a port of its own: name → port on 127.0.0.1. Raises CantRun."""
    identity = Authority(folder).issue("localhost")
    with ExitStack() as stack:

        def start(
            name: str, auth: bool = False, users: bool = False, tls: bool = False, ask: bool = False
        ) -> int:
            on = identity if tls else None
            server = mongod.start(folder, version, auth, users, on, name=name, client_certificates=ask)
            return stack.enter_context(server).port

        ports = [
            start("open"),
            start("empty"),
            start("users", auth=True, users=True),
            start("nobody", auth=True),
            start("tls", tls=True),
            start("tls-users", auth=True, users=True, tls=True),
            start("tls-asks", tls=True, ask=True),
        ]
        found = dict(zip(REAL, ports, strict=True))
        for name, encrypted in (("open", False), ("TLS only, open", True)):
            where = Server("127.0.0.1", found[name], folder)
            with mongod.connect(where, tls=encrypted) as client:
                client["bears"]["users"].insert_many([dict(one) for one in PEOPLE])
        yield found


@asynccontextmanager
async def others(folder: Path) -> AsyncIterator[dict[str, int]]:
    """The other peers: name → port on 127.0.0.1."""
    async with AsyncExitStack() as stack:
        web = stack.enter_context(tls.start("plain-http", folder))
        secure = stack.enter_context(tls.start("good-ec", folder))
        behaviours = (redis_like, hangs, closes)
        peers = [await stack.enter_async_context(serving(one, "127.0.0.1")) for one in behaviours]
        old = [
            await stack.enter_async_context(serving(op_query_only(one), "127.0.0.1"))
            for one in (old_open, old_closed)
        ]
        ports = [
            web.port,
            secure.port,
            *(one.port for one in peers),
            free_port(),
            *(o.port for o in old),
        ]
        yield dict(zip(OTHERS, ports, strict=True))
