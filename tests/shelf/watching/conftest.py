"""A product that the shelf may look at: a name, at a name server and a registry of the lab."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import pytest

from shelfworthy.product.meaning import Files
from shelfworthy.product.read import parse_product
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Listing, Product
from shelfworthy_lab import knot, listeners, rdap
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.listeners import RUNNING, Listener
from shelfworthy_lab.processes import end, free_port
from shelfworthy_lab.rdap import Registration
from tests.needs import missing

NAME = "murmurpal-tour.test"
FILE = f"""\
[product]
name = "MurmurPal bear"
vendor = "Plum Toys"
for_children = true

[[surface]]
id = "tour-domain"
kind = "domain"
where = "domain:{NAME}"
owner = "maker"
"""


def product(text: str = FILE, sku: str = "BEAR-1") -> Product:
    """A product with this file of the shop's own, and a listing."""
    identity = parse_product(text, "a test", Files(None, trusted=True)).product
    made, _ = Product.objects.get_or_create(
        key=identity.key,
        defaults={"name": identity.name, "vendor": identity.vendor, "text": text, "changed_at": now()},
    )
    Listing.objects.create(
        sku=sku, title=identity.name, product=made, for_children=True, created_at=now(), changed_at=now()
    )
    return made


@dataclass
class Names:
    """A name server and a registry, which are up, down, or say something else."""

    folder: Path
    policy: Path
    resolver: int = field(default_factory=free_port)
    count: int = 0
    served: bool = False
    registry: ExitStack = field(default_factory=ExitStack)
    server: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> "Names":
        self.policy.write_text(
            f'resolver = ["127.0.0.1:{self.resolver}"]\nbootstrap = "dns.json"\nopen = ["127.0.0.0/8"]\n'
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, it: BaseException | None, at: TracebackType | None
    ) -> None:
        self.down()
        self.blocked()

    def up(self, days: int, *statuses: str) -> None:
        """The registry says that the name is registered for so many days, and both are up."""
        self.down()
        about = Registration(days=days, statuses=statuses or rdap.ACTIVE, servers=("ns1.plum.test",))
        self.count += 1
        port = free_port()  # another each time: the system keeps the one before for a minute
        bootstrap = rdap.bootstrap(["test"], f"http://127.0.0.5:{port}/")
        (self.policy.parent / "dns.json").write_text(bootstrap)
        web = Listener("registry", "127.0.0.5", port, "plain", pages=rdap.pages({NAME: about}))
        started, outcome = listeners.start([web], self.folder / str(self.count), "registry")
        self.registry.callback(end, started)
        if outcome["registry"] != RUNNING:
            missing(outcome["registry"])
        if not self.served:
            self.server.enter_context(
                knot.start(
                    self.folder / f"knot-{self.count}",
                    {NAME: "@ NS ns1\nns1 A 127.0.0.66\n@ A 127.0.0.66"},
                    port=self.resolver,
                )
            )
            self.served = True

    def down(self) -> None:
        """The registry is down."""
        self.registry.close()

    def blocked(self) -> None:
        """Nobody answers us any more."""
        self.down()
        self.server.close()
        self.served = False


@pytest.fixture
def names(tmp_path: Path, shelf: Path) -> Iterator[Names]:
    try:
        with Names(tmp_path, shelf / "policy.toml") as made:
            yield made
    except CantRun as why:
        missing(str(why))


@pytest.fixture
def shelf(tmp_path: Path, settings: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shelf's own folder."""
    place = tmp_path / "shelf"
    place.mkdir()
    settings.SHELF = place  # type: ignore[attr-defined] # pytest-django's
    monkeypatch.setenv("SHELFWORTHY_SHELF", str(place))
    monkeypatch.delenv("SHELFWORTHY_POLICY", raising=False)
    return place


@pytest.fixture
def fresh(postgres: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The DATABASE_URL of an empty database of the real PostgreSQL."""
    import psycopg

    name = f"watch_{abs(hash(request.node.nodeid)) % 10**12}"
    with psycopg.connect(postgres, autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name}".encode())
    yield f"{postgres.rpartition('/')[0]}/{name}"
    with psycopg.connect(postgres, autocommit=True) as line:
        line.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
