"""Take the specimens of the domain checks: DNS from a real knot, registries and front pages from fixtures.

python -m tests.probes.domain.take
"""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import cast

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Domain, Outcome, Permission, Policy
from shelfworthy.probes import Probe
from shelfworthy.probes.domain import NAMES, REGISTRATION, names
from shelfworthy.reach import Limits
from shelfworthy.reference import shipped
from shelfworthy.seen import AnySeen
from shelfworthy_lab import knot
from shelfworthy_lab.processes import Server
from tests.harvest import write_specimen
from tests.hostile.servers import hangs_up
from tests.looking import allow, door, product
from tests.name_servers import saying_json
from tests.probes.domain.states import CHECKS, FAIL, OPEN, PASS, STATES, name_server, policy, registries
from tests.servers import Behaviour, serving

REGISTERED, EXPIRY, SOON, DANGLING, PARKED = CHECKS
BY_DNS = (DANGLING, PARKED)
# state → name of the specimens, and the checks that get one
TAKEN: dict[str, tuple[str, tuple[str, ...]]] = {
    "registered": ("registered", CHECKS),
    "for 60 days": ("for-60-days", (SOON, EXPIRY)),
    "for 12 days": ("for-12-days", (SOON, EXPIRY)),
    "ended": ("ended", (REGISTERED, EXPIRY, SOON)),
    "in redemption": ("in-redemption", CHECKS),
    "in redemption, no date": ("in-redemption-no-date", (EXPIRY, SOON)),
    "about to be deleted": ("pending-delete", (REGISTERED,)),
    "nobody's": ("nobodys", (REGISTERED, EXPIRY, SOON)),
    "in the DNS, unknown to the registry": ("unknown-to-the-registry", (REGISTERED, EXPIRY, SOON)),
    "no date told": ("no-date", (EXPIRY, SOON)),
    "alias of a domain that is nobody's": ("alias-free-domain", (DANGLING,)),
    "alias of a domain that lapses": ("alias-lapsing-domain", (DANGLING,)),
    "alias of a name a service gives away": ("alias-free-name", (DANGLING,)),
    "alias of a name that somebody else took away": ("alias-not-there", (DANGLING,)),
    "alias whose holder nobody knows": ("alias-holder-unseen", (DANGLING,)),
    "alias of a name of its own that is gone": ("alias-own", (DANGLING,)),
    "alias of a page that has to be seen": ("alias-page-unseen", (DANGLING,)),
    "name server of a domain that is nobody's": ("name-server-free-domain", (DANGLING,)),
    "mail to a domain that is nobody's": ("mail-free-domain", (DANGLING,)),
    "aliases in a circle": ("alias-circle", (DANGLING,)),
    "a name server that fails": ("server-failure", BY_DNS),
    "mail to a host that cannot be asked about": ("host-unseen", (DANGLING,)),
    "more hosts than are asked about": ("many-name-servers", (DANGLING,)),
    "parked": ("parked", BY_DNS),
    "parked by an alias": ("parked-alias", (PARKED,)),
    "no RDAP, WHOIS knows it": ("whois", (REGISTERED, EXPIRY)),
    "no RDAP, WHOIS does not know it": ("whois-nobodys", (REGISTERED,)),
}
# of the page that answers under an alias to GitHub Pages
FRONTS: dict[str, tuple[Outcome, Behaviour]] = {
    "alias-free-page": (FAIL, saying_json(b"<p>There isn't a GitHub Pages site here.</p>", 404)),
    "alias-page-taken": (PASS, saying_json(b"<h1>MurmurPal</h1>")),
    "alias-page-broken": (OPEN, hangs_up),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as place, name_server(Path(place)) as server:
        asyncio.run(take(server))


async def take(server: Server) -> None:
    today = date.today().isoformat()
    async with registries() as ports:
        allowed = policy(server, ports)
        for state, (name, checks) in TAKEN.items():
            about = STATES[state]
            for check in checks:
                probe = NAMES if check in BY_DNS else REGISTRATION
                seen = await look(probe, about.host, allowed)
                source = (
                    f"{knot.version()}, zones of the state “{state}”; registries are fixtures, {today}"
                    if check in BY_DNS
                    else f"fixture: a registry, for the state “{state}”, {today}"
                )
                keep(check, name, source, seen, about.truth[CHECKS.index(check)])
        for name, (expected, page) in FRONTS.items():
            seen = await look_at_front(page, allowed)
            source = f"{knot.version()}; the front page is a fixture, {today}"
            keep(DANGLING, name, source, seen, expected)


async def look(probe: Probe, host: str, allowed: Policy, *permissions: Permission) -> AnySeen:
    """The one thing a probe sees of a name."""
    surface = Domain(id="name", where=f"domain:{host}")
    reach = door(product([surface], permissions), allowed, Limits(silence=1.0)).reach(surface)
    return cast(AnySeen, await anext(probe.observe(surface, reach)))


async def look_at_front(page: Behaviour, allowed: Policy) -> AnySeen:
    """The name, where its front page may be asked for."""
    host = STATES["alias of a page that has to be seen"].host
    async with serving(page) as front:
        with patched(front.port):
            return await look(NAMES, host, allowed, allow(f"{host}:{front.port}", resolve=front.host))


@contextmanager
def patched(port: int) -> Iterator[None]:
    """Front pages are asked for at this port: only root may serve at 80."""
    usual = names.HTTP
    names.HTTP = port
    try:
        yield
    finally:
        names.HTTP = usual


def keep(check: str, name: str, source: str, seen: AnySeen, expected: Outcome) -> None:
    """Write what the check says; ValueError if it is not what was expected."""
    references = {one: shipped()[one][1] for one in BY_ID[check].needs}
    about = About(surface=Domain(id="name", where="domain:www.toy.test"), references=references)
    print(write_specimen(check, seen, about, source, name, expected).name)


if __name__ == "__main__":
    main()
