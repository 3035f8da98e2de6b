"""Every state a stranger may meet a store of each kind in: those of the truth matrix, and more.

`running(kind, …)` starts them; what must be said of the matrix' states stands in `tests/truth_matrix.toml`,
of the others in `MORE`.
"""

import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from shelfworthy.model import Outcome
from shelfworthy_lab import elasticsearch, mariadb, mongod, mysql, postgresql, pouchdb, redis, tls
from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.processes import Server, free_port, spawn, wait_for_port
from tests.probes.broker.states import own_address
from tests.probes.database import http_stores as fixtures
from tests.probes.database.peers import hangs
from tests.probes.endpoint.real import nginx
from tests.servers import Behaviour, saying, self_signed, serving
from tests.servers import page as html

CHECKS = ("database-open", "database-cleartext", "database-ransom-traces", "database-production-copy")
FAIL, PASS, OPEN, MOOT = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE, Outcome.MOOT
Truth = tuple[Outcome, Outcome, Outcome, Outcome]  # of CHECKS, in their order
UNKNOWN: Truth = (OPEN, OPEN, OPEN, OPEN)

MORE: dict[str, dict[str, Truth]] = {
    "Redis": {
        "empty": (FAIL, FAIL, PASS, MOOT),
        "TLS only, open": (FAIL, PASS, PASS, MOOT),
        "TLS only, client certificate": UNKNOWN,
        "protected mode": (PASS, FAIL, OPEN, MOOT),
        "may only be pinged": (PASS, FAIL, OPEN, MOOT),
        "one node of a cluster": (FAIL, FAIL, OPEN, MOOT),
    },
    "PostgreSQL": {
        "TLS if asked for": (FAIL, FAIL, PASS, MOOT),
        "TLS only, open": (FAIL, PASS, PASS, MOOT),
        "TLS if asked for, password": (PASS, FAIL, OPEN, OPEN),
        "password in cleartext": (PASS, FAIL, OPEN, OPEN),
        "lets nobody in": (PASS, FAIL, OPEN, OPEN),
        "TLS only, lets nobody in": (PASS, OPEN, OPEN, OPEN),
        "open, without the usual account": (OPEN, FAIL, OPEN, OPEN),
    },
    "MariaDB": {
        "TLS if asked for": (FAIL, FAIL, PASS, MOOT),
        "TLS if asked for, password": (PASS, OPEN, OPEN, OPEN),
        "TLS only, open": (FAIL, PASS, PASS, MOOT),
        "root of the machine only": (PASS, FAIL, OPEN, OPEN),
        "greets nobody from here": UNKNOWN,
    },
    "MySQL": {
        "TLS if asked for": (FAIL, FAIL, PASS, MOOT),
        "TLS if asked for, password": (PASS, OPEN, OPEN, OPEN),
        "TLS only, open": (FAIL, PASS, PASS, MOOT),
        "SHA-256, open": (FAIL, FAIL, PASS, MOOT),
        "SHA-256, password": (PASS, FAIL, OPEN, OPEN),
        "greets nobody from here": UNKNOWN,
    },
    "Elasticsearch": {
        "version 7, open (fixture)": (FAIL, FAIL, PASS, MOOT),
        "OpenSearch, open (fixture)": (FAIL, FAIL, PASS, MOOT),
        "OpenSearch, password (fixture)": (PASS, FAIL, OPEN, OPEN),
        "TLS by nginx, open": (FAIL, PASS, PASS, MOOT),
        "a login of nginx in front": UNKNOWN,
        "a page for everybody (fixture)": UNKNOWN,
    },
    "CouchDB": {
        "for valid users (fixture)": (PASS, FAIL, OPEN, OPEN),
        "CouchDB 3, open (fixture)": (FAIL, FAIL, PASS, MOOT),
        # It names its databases to everybody, whoever may look into them.
        "accounts, closed databases": (FAIL, FAIL, PASS, MOOT),
        "a login of nginx in front": UNKNOWN,
        "TLS by nginx, open": (FAIL, PASS, PASS, MOOT),
        "a page for everybody (fixture)": UNKNOWN,
    },
    "Firebase": {
        "empty (fixture)": (FAIL, FAIL, PASS, MOOT),
        "TLS only, open (fixture)": (FAIL, PASS, PASS, MOOT),
        "an API that says other things (fixture)": UNKNOWN,
        "a page for everybody (fixture)": UNKNOWN,
    },
}
ROOT = Path(__file__).parents[3]
SQL = "create database bears"
TABLES = "create table users (id int); insert into users select generate_series(1, 600)"
BEARS = "create database bears\ncreate table bears.users (id int)\n"
ROWS = "insert into bears.users values (1), (2), (3), (4), (5)"
KEYS = [("SET", f"session:{number}", "plum") for number in range(40)]
PEOPLE = [{"email": f"m{number}@plumpost.test"} for number in range(600)]
HELD = {"bears": PEOPLE[:60], "toys": PEOPLE[:4]}


@asynccontextmanager
async def running(kind: str, folder: Path, more: bool = False) -> AsyncIterator[dict[str, str]]:
    """All states of one kind at once: state → `where` of a surface. more: MORE's, too. Raises CantRun."""
    folder.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        starts = STARTS[kind](stack, folder)
        places = await starts.usual() | (await starts.more() if more else {})
        yield places | await starts.none()


MARK = " (fixture)"  # at the end of a state that is one


class Starts:
    """Starts the states of one kind on a stack. secure_scheme: of addresses that say TLS, where some do."""

    scheme = ""
    secure_scheme = ""

    def __init__(self, stack: AsyncExitStack, folder: Path) -> None:
        self.stack = stack
        self.folder = folder
        self.identity = Authority(folder).issue("localhost")

    async def usual(self) -> dict[str, str]:
        """open, password, TLS only, other port."""
        raise NotImplementedError

    async def more(self) -> dict[str, str]:
        return {}

    async def none(self) -> dict[str, str]:
        """The states in which there is no such store."""
        web = self.stack.enter_context(tls.start("plain-http", self.folder))
        silent = await self.stack.enter_async_context(serving(hangs, "127.0.0.1"))
        ports = {"other protocol": web.port, "silent": silent.port, "closed": free_port()}
        return {state: f"{self.scheme}://127.0.0.1:{port}" for state, port in ports.items()}

    def at(self, server: Server) -> str:
        self.stack.enter_context(server)
        return f"{self.scheme}://{server.host}:{server.port}"


class MongoDb(Starts):
    scheme = "mongodb"

    async def usual(self) -> dict[str, str]:
        host, on = own_address(), self.identity
        opened = mongod.start(self.folder, host=host, port=27017, name="open")
        other = mongod.start(self.folder, name="other")
        places = {
            "open": self.at(opened).removesuffix(":27017"),
            "password": self.at(mongod.start(self.folder, auth=True, users=True, name="password")),
            "TLS only": self.at(mongod.start(self.folder, auth=True, users=True, tls=on, name="tls")),
            "other port": self.at(other),
        }
        for server in (opened, other):
            with mongod.connect(server) as client:
                client["bears"]["users"].insert_many([dict(one) for one in PEOPLE])
        return places


class Redis(Starts):
    scheme = "redis"

    async def usual(self) -> dict[str, str]:
        opened = redis.start(self.folder, host=own_address(), port=6379, name="open")
        other = redis.start(self.folder, name="other")
        on, password = self.identity, redis.PASSWORD
        places = {
            "open": self.at(opened).removesuffix(":6379"),
            "password": self.at(redis.start(self.folder, password, name="password")),
            "TLS only": self.at(redis.start(self.folder, password, on, name="tls")),
            "other port": self.at(other),
        }
        for server in (opened, other):
            redis.fill(server, KEYS)
        return places

    async def more(self) -> dict[str, str]:
        on = self.identity
        ping_only = redis.start(self.folder, name="ping")
        protected = redis.start(self.folder, protected=True, name="protected")
        asks = redis.start(self.folder, tls=on, client_certificates=True, name="asks")
        places = {
            "empty": self.at(redis.start(self.folder, name="empty")),
            "TLS only, open": self.at(redis.start(self.folder, tls=on, name="tls-open")),
            "TLS only, client certificate": self.at(asks),
            "may only be pinged": self.at(ping_only),
            "one node of a cluster": self.at(redis.start(self.folder, cluster=True, name="node")),
        }
        redis.fill(ping_only, [("ACL", "SETUSER", "default", "-@all", "+ping", "+acl|setuser")])
        self.stack.enter_context(protected)
        return places | {"protected mode": self.at(elsewhere(protected, self.folder))}


class PostgreSql(Starts):
    scheme = "postgresql"

    def start(self, name: str, login: str = "trust", *, tls: bool = False, only: bool = True) -> Server:
        on = self.identity if tls else None
        return postgresql.start(self.folder, login, on, only, name=name)

    def filled(self, server: Server) -> str:
        where = self.at(server)
        postgresql.fill(server, SQL)
        postgresql.fill(server, TABLES, "bears")
        return where

    async def usual(self) -> dict[str, str]:
        opened = postgresql.start(self.folder, host=own_address(), port=5432, name="open")
        return {
            "open": self.filled(opened).removesuffix(":5432"),
            "password": self.at(self.start("password", "scram-sha-256")),
            "TLS only": self.at(self.start("tls", "scram-sha-256", tls=True)),
            "other port": self.filled(self.start("other")),
        }

    async def more(self) -> dict[str, str]:
        keeper = postgresql.start(self.folder, name="keeper", user="keeper")
        return {
            "TLS if asked for": self.filled(self.start("asked", tls=True, only=False)),
            "TLS only, open": self.filled(self.start("tls-open", tls=True)),
            "TLS if asked for, password": self.at(self.start("asked-p", "md5", tls=True, only=False)),
            "password in cleartext": self.at(self.start("cleartext", "password")),
            "lets nobody in": self.at(self.start("nobody", "reject")),
            "TLS only, lets nobody in": self.at(self.start("tls-nobody", "reject", tls=True)),
            "open, without the usual account": self.at(keeper),
        }


class MariaDb(Starts):
    scheme = "mysql"

    def start(self, name: str, login: str = "none", *, tls: bool = False, only: bool = True) -> Server:
        on = self.identity if tls else None
        return mariadb.start(self.folder, login, on, only, name=name, sql=BEARS + ROWS)

    async def usual(self) -> dict[str, str]:
        opened = mariadb.start(self.folder, host=own_address(), port=3306, name="open", sql=BEARS + ROWS)
        return {
            "open": self.at(opened).removesuffix(":3306"),
            "password": self.at(self.start("password", "password")),
            "TLS only": self.at(self.start("tls", "password", tls=True)),
            "other port": self.at(self.start("other")),
        }

    async def more(self) -> dict[str, str]:
        blocked = self.start("blocked", "nowhere")
        return {
            "TLS if asked for": self.at(self.start("asked", tls=True, only=False)),
            "TLS if asked for, password": self.at(self.start("asked-p", "password", tls=True, only=False)),
            "TLS only, open": self.at(self.start("tls-open", tls=True)),
            "root of the machine only": self.at(self.start("socket", "socket")),
            "greets nobody from here": self.at(blocked),
        }


class MySql(Starts):
    scheme = "mysql"

    def start(self, name: str, login: str = "none", *, tls: bool = False, only: bool = True) -> Server:
        on = self.identity if tls else None
        return mysql.start(self.folder, login, on, only, name=name, sql=BEARS + ROWS)

    async def usual(self) -> dict[str, str]:
        opened = mysql.start(self.folder, host=own_address(), port=3306, name="open", sql=BEARS + ROWS)
        return {
            "open": self.at(opened).removesuffix(":3306"),
            "password": self.at(self.start("password", "password")),
            "TLS only": self.at(self.start("tls", "password", tls=True)),
            "other port": self.at(self.start("other")),
        }

    async def more(self) -> dict[str, str]:
        return {
            "TLS if asked for": self.at(self.start("asked", tls=True, only=False)),
            "TLS if asked for, password": self.at(self.start("asked-p", "password", tls=True, only=False)),
            "TLS only, open": self.at(self.start("tls-open", tls=True)),
            "SHA-256, open": self.at(self.start("sha", "sha256-none")),
            "SHA-256, password": self.at(self.start("sha-p", "sha256")),
            "greets nobody from here": self.at(self.start("blocked", "nowhere")),
        }


class OverHttp(Starts):
    """The stores whose states are fixtures, all or some."""

    usual_port = 0
    open_store: fixtures.Store
    closed_store: fixtures.Store

    async def serve(self, behaviour: Behaviour, *, secret: bool = False, usual: bool = False) -> str:
        host, port = (own_address(), self.usual_port) if usual else ("127.0.0.1", 0)
        context: ssl.SSLContext | None = self_signed() if secret else None
        server = await self.stack.enter_async_context(serving(behaviour, host, port, context))
        where = f"{self.secure_scheme if secret else self.scheme}://{server.host}:{server.port}"
        return where.removesuffix(f":{self.usual_port}") if usual and self.usual_port else where

    async def opened(self) -> dict[str, str]:
        """open, other port."""
        store = fixtures.serve(self.open_store)
        return {"open": await self.serve(store, usual=True), "other port": await self.serve(store)}

    async def usual(self) -> dict[str, str]:
        closed = fixtures.serve(self.closed_store)
        asking = {"password": await self.serve(closed), "TLS only": await self.serve(closed, secret=True)}
        return await self.opened() | asking

    async def more(self) -> dict[str, str]:
        return {"a page for everybody (fixture)": await self.serve(saying(html()))}

    async def none(self) -> dict[str, str]:
        """A web server would be no other protocol."""
        other = redis.start(self.folder, name="other-protocol")
        return await super().none() | {"other protocol": self.at(other)}


class Elasticsearch(OverHttp):
    scheme, secure_scheme, usual_port = "elasticsearch+http", "elasticsearch+https", 9200
    closed_store = staticmethod(fixtures.elasticsearch_secured)
    real: Server

    async def opened(self) -> dict[str, str]:
        """One server, which takes seconds to start; at the other port a relay to it."""
        self.real = elasticsearch.start(self.folder, own_address(), self.usual_port, "open")
        where = self.at(self.real).removesuffix(f":{self.usual_port}")
        elasticsearch.fill(self.real, HELD)
        return {"open": where, "other port": self.at(elsewhere(self.real, self.folder))}

    async def more(self) -> dict[str, str]:
        secret, gate = in_front(self.stack, self.folder / "nginx", self.real)
        return await super().more() | {
            "TLS by nginx, open": f"{self.secure_scheme}://127.0.0.1:{secret}",
            "a login of nginx in front": f"{self.scheme}://127.0.0.1:{gate}",
            "version 7, open (fixture)": await self.serve(fixtures.serve(fixtures.elasticsearch())),
            "OpenSearch, open (fixture)": await self.serve(fixtures.serve(fixtures.opensearch)),
            "OpenSearch, password (fixture)": await self.serve(fixtures.serve(fixtures.opensearch_secured)),
        }


class CouchDb(OverHttp):
    scheme, secure_scheme, usual_port = "couchdb+http", "couchdb+https", 5984
    closed_store = staticmethod(fixtures.couchdb(listed=False))
    real: Server

    async def opened(self) -> dict[str, str]:
        self.real = pouchdb.start(self.folder, host=own_address(), port=self.usual_port, name="open")
        other = pouchdb.start(self.folder, name="other")
        places = {
            "open": self.at(self.real).removesuffix(f":{self.usual_port}"),
            "other port": self.at(other),
        }
        for server in (self.real, other):
            pouchdb.fill(server, HELD)
        return places

    async def more(self) -> dict[str, str]:
        closed = pouchdb.start(self.folder, accounts=True, name="accounts")
        where = self.at(closed)
        pouchdb.fill(closed, HELD, closed=True)
        secret, gate = in_front(self.stack, self.folder / "nginx", self.real)
        return await super().more() | {
            "accounts, closed databases": where,
            "TLS by nginx, open": f"{self.secure_scheme}://127.0.0.1:{secret}",
            "a login of nginx in front": f"{self.scheme}://127.0.0.1:{gate}",
            "CouchDB 3, open (fixture)": await self.serve(fixtures.serve(fixtures.couchdb())),
            "for valid users (fixture)": await self.serve(fixtures.serve(fixtures.couchdb_valid_users)),
        }


class Firebase(OverHttp):
    """Its usual ports are the web's, which only root may open: it is met at others alone."""

    scheme, secure_scheme = "firebase+http", "firebase+https"
    open_store = staticmethod(fixtures.firebase())
    closed_store = staticmethod(fixtures.firebase(refused=True))

    async def more(self) -> dict[str, str]:
        api = fixtures.silly(200, {"Content-Type": "application/json"}, {"status": "ok"})
        return await super().more() | {
            "empty (fixture)": await self.serve(fixtures.serve(fixtures.firebase([]))),
            "TLS only, open (fixture)": await self.serve(fixtures.serve(self.open_store), secret=True),
            "an API that says other things (fixture)": await self.serve(fixtures.serve(api)),
        }


STARTS: dict[str, type[Starts]] = {
    "MongoDB": MongoDb,
    "Redis": Redis,
    "PostgreSQL": PostgreSql,
    "MariaDB": MariaDb,
    "MySQL": MySql,
    "Elasticsearch": Elasticsearch,
    "CouchDB": CouchDb,
    "Firebase": Firebase,
}


def in_front(stack: AsyncExitStack, folder: Path, server: Server) -> tuple[int, int]:
    """A real nginx in front of a server: the port where it speaks TLS, and one where it asks for a login."""
    folder.mkdir()
    there = f"proxy_pass http://{server.host}:{server.port};"
    gate = free_port()
    asks = "auth_basic plum; auth_basic_user_file /dev/null;"
    plain = (gate, f"location / {{ {asks} {there} }}")
    return stack.enter_context(nginx(folder, pages=f"location / {{ {there} }}", plain=plain)), gate


def elsewhere(server: Server, folder: Path) -> Server:
    """A relay, in a process of its own, that comes to a server from another address than 127.0.0.1."""
    port, log = free_port(), folder / "logs" / "relay.log"
    command = [sys.executable, "-m", "tests.probes.endpoint.relay", server.host, str(port), str(server.port)]
    pid_file = spawn("relay", [*command, "99", "0", own_address()], folder, {"PYTHONPATH": str(ROOT)})
    wait_for_port(server.host, port, pid_file, log)
    return Server(server.host, port, pid_file)
