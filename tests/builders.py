"""Small records for tests that need a product, evidence, or a look without a server."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from pathlib import Path

from shelfworthy.model import (
    AnySurface,
    Basis,
    Database,
    Identity,
    Kind,
    Level,
    Looked,
    Observation,
    Permission,
    Permit,
    Policy,
    Product,
    Seen,
)
from shelfworthy.probes import Probe
from shelfworthy.product.scope import Scope
from shelfworthy.product.write import product_toml
from shelfworthy.reach import Door, Limits, Reach
from shelfworthy.record import Recorder, sealed
from shelfworthy.seen.database import (
    CollectionSeen,
    DatabaseListing,
    DatabaseSeen,
    FieldSeen,
    Listing,
    Refused,
)

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
BENCH = Policy(
    observer="a test",
    open=("127.0.0.0/8", "::1/128"),
    permit=(Permit(to="*", level=Level.USE),),
    resolver=("127.0.0.1:1",),  # no name of a test is asked about outside of this machine
)


def database(port: int = 27017, host: str = "127.0.0.1", name: str = "records") -> Database:
    """A database surface."""
    return Database(id=name, where=f"mongodb://{host}:{port}")


def product(*surfaces: AnySurface, to: str = "127.0.0.0/8", level: Level = Level.USE) -> Product:
    """A product with these surfaces, permitted at loopback."""
    allowed = Permission(to=to, level=level, basis=Basis.OWN, person="a test", until=date(2099, 12, 31))
    return Product(
        product=Identity(name="Test Bear", vendor="Tests", category="toy"),
        surface=surfaces,
        permission=(allowed,),
    )


def door(of: Product, limits: Limits | None = None, policy: Policy = BENCH) -> Door:
    """The door a test audit goes through."""
    return Door(Scope(of, policy, DAY), limits)


def open_listing(records: int = 5000) -> DatabaseListing:
    """What an open database shows."""
    fields = (FieldSeen(name="email", types=("string",), records=1000, email_like=1000),)
    users = CollectionSeen(name="users", count=records, fields=fields)
    base = DatabaseSeen(name="bears", collections=(users,), truncated=False)
    return DatabaseListing(over_tls=False, answer=Listing(total=1, databases=(base,), truncated=False))


def refused_listing() -> DatabaseListing:
    """What a database with access control shows."""
    return DatabaseListing(
        over_tls=False, answer=Refused(code=13, name="Unauthorized", words="not authorized")
    )


def observed(seen: Seen, surface: str = "records", at: datetime = NOON) -> Observation[Seen]:
    """The envelope around something seen."""
    return sealed(
        Observation[Seen](
            id="", surface=surface, unit="", observer="a test", at=at, by="test/1", tools={}, seen=seen
        )
    )


def looked(*observations: Observation[Seen], complete: bool = True, by: str = "test/1") -> Looked:
    """The closing record of a look that left these observations."""
    first = observations[0]
    return sealed(
        Looked(
            id="",
            surface=first.surface,
            unit="",
            observer="a test",
            began=first.at,
            ended=first.at,
            by=by,
            sees=tuple(dict.fromkeys(observation.seen.tag() for observation in observations)),
            observations=tuple(observation.id for observation in observations),
            attachments=(),
            complete=complete,
        )
    )


def kept(folder: Path, of: Product, *seen: Seen, supplied: dict[str, bytes] | None = None) -> Path:
    """An audit on disk with one complete look for each thing seen. supplied: files of the product file."""
    recorder = Recorder(folder, product_toml(of).encode(), supplied or {})
    for one in seen:
        observation = observed(one)
        recorder.observation(observation)
        recorder.looked(looked(observation))
    recorder.attachment(b"a transcript")
    recorder.close()
    return folder


def probe(observe: Callable[[AnySurface, Reach], AsyncIterator[Seen]], name: str = "database-test") -> Probe:
    """A probe for databases that does what the test wants."""
    return Probe(
        name=name, version=1, kind=Kind.DATABASE, level=Level.LOOK, sees=(DatabaseListing,), observe=observe
    )
