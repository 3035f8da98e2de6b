"""The names of the bear's cloud: a name server that knows all there is, and a registry.

2018: the tutorial's domain lapsed and was parked, and the pictures' host is an alias into a domain that
nobody has any more. Fixed: both are renewed, and the bear's own domain takes mail.
"""

from collections.abc import Callable

from shelfworthy_lab import knot, listeners, rdap
from shelfworthy_lab.bench import Bench
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.listeners import RUNNING, Listener
from shelfworthy_lab.rdap import Registration

PART = "names"
OWN, TOUR, CLIPS = "murmurpal.test", "murmurpal-tour.test", "plumclips.test"
PARKED = "sedoparking.com"
SURFACES = {"site-domain": f"www.{OWN}", "tour-domain": TOUR, "assets-domain": f"assets.{OWN}"}
BOOTSTRAP = "dns.json"


def declare(bench: Bench, edition: str, network: str) -> Callable[[], None]:
    """Declare the names, say in the policy whom to ask about them; answers what starts them."""
    for name, host in SURFACES.items():
        surface = {"id": name, "kind": "domain", "where": f"domain:{host}", "owner": "maker"}
        bench.declare_name(surface, PART)
    resolver, registry = f"{network}.10", f"{network}.11"
    port, registry_port = bench.port(PART), bench.port(f"{PART}-registry")
    base = f"http://{registry}:{registry_port}/"
    (bench.folder / BOOTSTRAP).write_text(rdap.bootstrap(["test", "com"], base))
    bench.asking = {"resolver": [f"{resolver}:{port}"], "bootstrap": BOOTSTRAP}

    def start() -> None:
        server = knot.start(
            bench.folder, zones(edition, network), (OWN,) if edition == "fixed" else (), resolver, port
        )
        pages = rdap.pages(registrations(edition))
        listener = Listener("registry", registry, registry_port, "plain", pages=pages)
        try:
            _, outcome = listeners.start([listener], bench.folder, "registry")
        except CantRun:
            server.stop()
            raise
        if outcome["registry"] != RUNNING:
            server.stop()
            raise CantRun(outcome["registry"].removeprefix("can't run: "))

    return start


def zones(edition: str, network: str) -> dict[str, str]:
    """Records by zone."""
    hosts = {"api": 1, "db": 2, "media": 3, "www": 4, "parents": 5, "mail": 6}
    own = [
        "@ NS ns1",
        f"ns1 A {network}.10",
        '@ CAA 0 issue "letsencrypt.org"',
        "assets CNAME www.plumclips.test.",
    ]
    own += [f"{host} A {network}.{number}" for host, number in hosts.items()]
    found = {knot.ROOT: "@ NS ns.invalid."}
    if edition == "2018":
        tour = [f"@ NS ns{n}.{PARKED}." for n in (1, 2)] + [f"@ A {network}.12"]
        found[PARKED] = "\n".join(["@ NS ns1", f"ns1 A {network}.12", f"ns2 A {network}.12"])
    else:
        own.append("@ MX 10 mail")
        tour = [f"@ NS ns1.{OWN}.", f"@ A {network}.4"]
        found[CLIPS] = "\n".join([f"@ NS ns1.{OWN}.", f"www A {network}.13"])
    return found | {OWN: "\n".join(own), TOUR: "\n".join(tour)}


def registrations(edition: str) -> dict[str, Registration]:
    """What the registry says, by domain; it knows no other."""
    if edition == "2018":
        return {
            OWN: Registration(days=400, servers=(f"ns1.{OWN}",)),
            TOUR: Registration(
                days=-40, statuses=("redemption period",), servers=(f"ns1.{PARKED}", f"ns2.{PARKED}")
            ),
            PARKED: Registration(days=2000, servers=(f"ns1.{PARKED}",)),
        }
    return {
        OWN: Registration(days=800, servers=(f"ns1.{OWN}",), signed=True),
        TOUR: Registration(days=700, servers=(f"ns1.{OWN}",)),
        CLIPS: Registration(days=600, servers=(f"ns1.{OWN}",)),
    }
