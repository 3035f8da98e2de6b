"""Sites served by the lab's web server, and one look at one of them, straight through the probe."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from shelfworthy.model import Contact, Level
from shelfworthy.probes.contact import CONTACT
from shelfworthy.reach import Limits
from shelfworthy.seen.contact import ContactSeen
from shelfworthy_lab import listeners
from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.listeners import Listener
from shelfworthy_lab.processes import end, free_port
from tests.looking import allow, bench, door, product
from tests.probes.contact.sites import Site

HOST = "127.0.0.5"


@contextmanager
def served(sites: Mapping[str, Site], folder: Path) -> Iterator[dict[str, int]]:
    """Every site on a port of its own: name → port. Raises CantRun."""
    identity = Authority(folder).issue("localhost")
    taken: set[int] = set()
    ports = {name: free_port(taken) for name in sites}
    wanted = [
        Listener(
            name,
            HOST,
            ports[name],
            "tls",
            certificate=str(identity.certificate),
            key=str(identity.key),
            pages=site.pages(f"https://{HOST}:{ports[name]}"),
        )
        for name, site in sites.items()
    ]
    pid_file, outcome = listeners.start(wanted, folder, "sites")
    try:
        assert set(outcome.values()) == {listeners.RUNNING}
        yield ports
    finally:
        end(pid_file)


async def look(
    where: str, host: str = HOST, limits: Limits | None = None, level: Level = Level.LOOK
) -> ContactSeen:
    """What the probe sees. Raises NotSeen."""
    surface = Contact(id="maker", where=where)
    reach = door(product([surface], [allow(host, level)]), bench((f"{host}/32",)), limits or Limits()).reach(
        surface
    )
    (seen,) = [one async for one in CONTACT.observe(surface, reach)]
    assert isinstance(seen, ContactSeen)
    assert msgspec.json.decode(msgspec.json.encode(seen), type=ContactSeen) == seen
    return seen
