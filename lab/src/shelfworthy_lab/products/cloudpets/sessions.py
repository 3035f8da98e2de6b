"""Who is logged in: a cache that the story's cloud leaves open, and the fixed one does not."""

from collections.abc import Callable, Iterator

from shelfworthy_lab import redis
from shelfworthy_lab.bench import Bench
from shelfworthy_lab.home import CantRun

PART = "sessions"
HOST = "cache.murmurpal.test"
LAST = "21"  # of the edition's network
DAY = "86400"  # seconds a session lasts
# Each names a parent, as session keys in such caches do.
PARENTS = tuple(f"parent{number}@plumpost.test" for number in range(40))


def declare(bench: Bench, edition: str, network: str) -> Callable[[], None]:
    """Declare the cache; answers what starts and fills it."""
    address, port, fixed = f"{network}.{LAST}", bench.port(PART), edition == "fixed"
    surface = {"id": PART, "kind": "database", "where": f"redis://{HOST}:{port}", "owner": "maker"}
    bench.declare(surface | {"ca": "ca.pem"}, PART, HOST, address)

    def start() -> None:
        identity = bench.authority.issue(HOST) if fixed else None
        password = redis.PASSWORD if fixed else ""
        server = redis.start(bench.folder, password, identity, address, port, name=PART)
        try:
            redis.fill(server, sessions(), password, tls=fixed)
        except CantRun:
            server.stop()  # what can't run has a closed port
            raise

    return start


def sessions() -> Iterator[tuple[str, ...]]:
    """The commands that put them there: in the first database sessions, in the second counters."""
    for number, parent in enumerate(PARENTS):
        yield "SET", f"session:{parent}", f"plum-{number:04}-token", "EX", DAY
    yield "SELECT", "1"
    for number, parent in enumerate(PARENTS[:12]):
        yield "SET", f"log-ins:{parent}", str(number)
