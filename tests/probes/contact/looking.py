"""Sites served by the lab's web server, and one look at one of them, straight through the probe."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from shelfworthy.model import Contact, Level
from shelfworthy.probes.contact import CONTACT
from shelfworthy.reach import Limits, Reach
from shelfworthy.seen.contact import ContactHistory, ContactMail, ContactSeen
from shelfworthy_lab import listeners
from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.listeners import Listener, Page
from shelfworthy_lab.processes import end, free_port
from tests.looking import allow, bench, door, product

HOST = "127.0.0.5"


class Paged(Protocol):
    """A site: its pages, made for the origin they will have."""

    @property
    def pages(self) -> Callable[[str], dict[str, Page]]: ...


@contextmanager
def served(sites: Mapping[str, "Paged"], folder: Path) -> Iterator[dict[str, int]]:
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
    return await first_seen(surface, reach)


async def first_seen(surface: Contact, reach: Reach) -> ContactSeen:
    """What the site itself shows; what it leads to besides is seen afterwards."""
    seen, mail, history = [one async for one in CONTACT.observe(surface, reach)]
    assert isinstance(seen, ContactSeen)
    assert isinstance(mail, ContactMail)
    assert isinstance(history, ContactHistory)
    for one in (seen, mail, history):
        assert msgspec.json.decode(msgspec.json.encode(one), type=type(one)) == one
    return seen
