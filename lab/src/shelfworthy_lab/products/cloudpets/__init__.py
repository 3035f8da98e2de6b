"""A talking bear and its cloud, in the shape of the story: as it was in 2018, and as it should have been."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from shelfworthy_lab import mongod, seaweedfs
from shelfworthy_lab.bench import Bench, Pages
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.products.cloudpets import (
    accounts,
    content,
    messages,
    names,
    papers,
    sessions,
    site,
    updates,
)
from shelfworthy_lab.radio import bear
from shelfworthy_lab.tls import KINDS, Kind

EDITIONS = ("2018", "fixed")
PARTS = (
    "records",
    "sessions",
    "recordings",
    "api",
    "parents",
    "www",
    "updates",
    "messages",
    "accounts",
    "names",
    "bear",
)
NETWORK = {"2018": "127.0.18", "fixed": "127.0.19"}
BUCKET = "recordings"

ENDPOINTS: dict[str, dict[str, Kind]] = {
    "2018": {
        "api": KINDS["sslv3"],
        "parents": replace(KINDS["expired"], plain="refuse"),
        "www": replace(KINDS["old-and-new"], plain="serve"),
    },
    "fixed": {
        "api": KINDS["good-rsa"],
        "parents": KINDS["good-ec"],
        "www": replace(KINDS["good-rsa"], plain="refuse"),
    },
}


def build(bench: Bench, edition: str) -> None:
    """Start every part of one edition on `bench`."""
    hosts = ("api", "db", "media", "www", "parents")
    address = {host: f"{NETWORK[edition]}.{n}" for n, host in enumerate(hosts, 1)}
    pages: dict[str, Pages] = {
        "api": lambda _: site.API,
        "parents": lambda _: site.PARENTS,
        "www": lambda origin: site.www(edition, origin, bench.folder),
    }
    origins = {
        part: bench.endpoint(part, about, f"{part}.murmurpal.test", address[part], pages[part])
        for part, about in ENDPOINTS[edition].items()
    }
    where = f"contact:{origins['www']}/"
    contact = {"id": "www-contact", "kind": "contact", "where": where, "owner": "maker", "ca": "ca.pem"}
    bench.declare(contact, "www", "www.murmurpal.test", address["www"])
    bench.declare(site.privacy(edition, origins["www"]), "www", "www.murmurpal.test", address["www"])
    papers.declare(bench, edition)
    updates.declare(bench, edition, f"{NETWORK[edition]}.23", origins["www"])
    bench.serve()
    database = _database(bench, edition, address["db"])
    bucket = _bucket(bench, edition, address["media"])
    broker = messages.declare(bench, edition, NETWORK[edition])
    known = names.declare(bench, edition, NETWORK[edition])
    customers = accounts.declare(bench, edition, NETWORK[edition])
    toy = bear.declare(bench, edition, "bear")
    cache = sessions.declare(bench, edition, NETWORK[edition])
    bench.run(
        {
            "records": database,
            "sessions": cache,
            "recordings": bucket,
            "messages": broker,
            "accounts": customers,
            "names": known,
            "bear": toy,
        }
    )
    bench.write(
        {
            "name": "MurmurPal Bear",
            "vendor": "Plumwhistle Toys",
            "model": {"2018": "MP-2018", "fixed": "MP-2019"}[edition],
            "gtin": "2000000000015",  # restricted circulation: nobody's
            "category": "toy",
            "for_children": True,
            "sold_from": date(2016, 10, 1),
        },
        {
            "id": "bear-1",
            "bought": "lab",
            "lot": "L1",
            "firmware": {"2018": "1.0.19", "fixed": "2.1.0"}[edition],
            "app": {"2018": "2.4.3", "fixed": "3.0.0"}[edition],
            "serial": "MP••••0042",
        },
    )


def _database(bench: Bench, edition: str, address: str) -> Callable[[], None]:
    """Declare the database; answers what starts and fills it."""
    host = "db.murmurpal.test"
    port = bench.port("records")
    surface = {"id": "records", "kind": "database", "where": f"mongodb://{host}:{port}", "owner": "maker"}
    bench.declare(surface | {"ca": "ca.pem"}, "records", host, address)
    fixed = edition == "fixed"

    def start() -> None:
        identity = bench.authority.issue(host) if fixed else None
        server = mongod.start(bench.folder, auth=fixed, users=fixed, tls=identity, host=address, port=port)
        with mongod.connect(server, tls=fixed, login=fixed) as client:
            content.fill(client, edition, bench.ransom)

    return start


def _bucket(bench: Bench, edition: str, address: str) -> Callable[[], None]:
    """Declare the bucket; answers what starts and fills it."""
    host = "media.murmurpal.test"
    port = bench.port("recordings")
    fixed = edition == "fixed"
    where = f"{'s3+https' if fixed else 's3+http'}://{host}:{port}/{BUCKET}"
    surface = {"id": "recordings", "kind": "bucket", "where": where, "owner": "maker"}
    # Who may not list cannot learn a key: one that is known to exist must be named.
    known = {"object": content.WELCOME, "ca": "ca.pem"} if fixed else {}
    bench.declare(surface | known, "recordings", host, address)

    def start() -> None:
        identity = bench.authority.issue(host) if fixed else None
        open_to_all = [] if fixed else [BUCKET]
        server = seaweedfs.start(bench.folder, open_to_all, address, port, tls=identity)
        try:
            seaweedfs.create(server, BUCKET, content.objects(), public=not fixed)
        except CantRun:
            server.stop()  # what can't run has a closed port
            raise

    return start
