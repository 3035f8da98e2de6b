"""Every state a name may be in, and what must be said of it, by a real name server and registries of our own.

Nobody packages an RDAP or WHOIS server: these answer in the shapes of RFC 9083 and of well-known registries.
"""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from msgspec import Struct

from shelfworthy.model import Outcome, Policy, Registry
from shelfworthy_lab import knot, rdap
from shelfworthy_lab.processes import Server
from shelfworthy_lab.rdap import Registration
from tests.looking import bench
from tests.name_servers import saying_json
from tests.servers import Behaviour, Reader, Writer, serving

PASS, FAIL, OPEN, MOOT = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.MOOT
CHECKS = ("domain-registered", "domain-expiry", "domain-expires-soon", "domain-dangling", "domain-parked")
Truth = tuple[Outcome, Outcome, Outcome, Outcome, Outcome]

GOOD: Truth = (PASS, PASS, PASS, PASS, PASS)
OWN = "@ NS ns1\nns1 A 127.0.0.9\n@ A 127.0.0.9\nwww A 127.0.0.9\n"
HELD = Registration(days=400)


class State(Struct, frozen=True):
    """host: what is looked at. records: of its domain's zone, "" for none. held: what the registry says of
    it; None: that it knows no such domain. more: further zones and registrations by domain."""

    host: str
    truth: Truth
    records: str = OWN
    held: Registration | None = HELD
    more: Mapping[str, tuple[str, Registration | None]] = {}

    @property
    def domain(self) -> str:
        return ".".join(self.host.split(".")[-2:])


STATES: dict[str, State] = {
    "registered": State("www.registered.test", GOOD),
    "signed": State("www.signed.test", GOOD, held=Registration(days=400, signed=True)),
    "for 60 days": State("for-60.test", (PASS, PASS, FAIL, PASS, PASS), held=Registration(days=60)),
    "for 12 days": State("for-12.test", (PASS, FAIL, FAIL, PASS, PASS), held=Registration(days=12)),
    "ended": State("ended.test", (PASS, FAIL, FAIL, PASS, PASS), held=Registration(days=-10)),
    "in redemption": State(
        "www.redemption.test",
        (FAIL, FAIL, FAIL, MOOT, MOOT),
        records="",
        held=Registration(days=-40, statuses=("redemption period",)),
    ),
    "in redemption, renewed by the registry": State(
        "www.renewed.test",
        (FAIL, FAIL, FAIL, MOOT, MOOT),
        records="",
        held=Registration(days=300, statuses=("redemption period",)),
    ),
    "in redemption, no date": State(
        "redemption-redacted.test",
        (FAIL, FAIL, FAIL, MOOT, MOOT),
        records="",
        held=Registration(days=None, statuses=("redemption period",)),
    ),
    "about to be deleted": State(
        "pending.test",
        (FAIL, FAIL, FAIL, MOOT, MOOT),
        records="",
        held=Registration(days=-70, statuses=("pending delete", "redemption period")),
    ),
    "nobody's": State("www.free.test", (FAIL, MOOT, MOOT, MOOT, MOOT), records="", held=None),
    "unknown to the registry, a name server that fails": State(
        "www.half-told.test", (OPEN, OPEN, OPEN, OPEN, OPEN), records="!", held=None
    ),
    "in the DNS, unknown to the registry": State("odd.test", (OPEN, OPEN, OPEN, PASS, PASS), held=None),
    "no date told": State("redacted.test", (PASS, OPEN, OPEN, PASS, PASS), held=Registration(days=None)),
    "of a registry we do not know": State("www.toy.nowhere", (OPEN, OPEN, OPEN, PASS, PASS)),
    "alias of a domain that is nobody's": State(
        "www.dangling.test",
        (PASS, PASS, PASS, FAIL, PASS),
        records=OWN.replace("www A 127.0.0.9", "www CNAME a.gone.test."),
    ),
    "alias of a domain that lapses": State(
        "www.lapsing.test",
        (PASS, PASS, PASS, FAIL, PASS),
        records=OWN.replace("www A 127.0.0.9", "www CNAME a.redemption.test."),
    ),
    "alias of a name a service gives away": State(
        "www.given-away.test",
        (PASS, PASS, PASS, FAIL, PASS),
        records=OWN.replace("www A 127.0.0.9", "www CNAME bear.azurewebsites.net."),
        more={"azurewebsites.net": ("@ NS ns.azurewebsites.net.\nns A 127.0.0.9", HELD)},
    ),
    "alias of a name that somebody else took away": State(
        "www.taken-away.test",
        (PASS, PASS, PASS, OPEN, PASS),
        records=OWN.replace("www A 127.0.0.9", "www CNAME old.registered.test."),
    ),
    "alias whose holder nobody knows": State(
        "www.unknown-holder.test",
        (PASS, PASS, PASS, OPEN, PASS),
        records=OWN.replace("www A 127.0.0.9", "www CNAME old.toys.elsewhere."),
    ),
    "alias of a name of its own that is gone": State(
        "www.own-gone.test", GOOD, records=OWN.replace("www A 127.0.0.9", "www CNAME old")
    ),
    "alias of a page that has to be seen": State(
        "www.paged.test",
        (PASS, PASS, PASS, OPEN, PASS),
        records=OWN.replace("www A 127.0.0.9", "www CNAME bear.github.io."),
        more={"github.io": ("@ NS ns\nns A 127.0.0.9\nbear A 127.0.0.9", HELD)},
    ),
    "alias of such a page behind its service's own aliases": State(
        "www.paged-twice.test",
        (PASS, PASS, PASS, OPEN, PASS),
        records=OWN.replace("www A 127.0.0.9", "www CNAME bear.s3.amazonaws.com."),
        more={"amazonaws.com": ("@ NS ns\nns A 127.0.0.9\nbear.s3 CNAME s3-1-w\ns3-1-w A 127.0.0.9", HELD)},
    ),
    "alias of a name that no registry could give out": State(
        "www.odd-alias.test",
        (PASS, PASS, PASS, OPEN, PASS),
        records=OWN.replace("www A 127.0.0.9", "www CNAME a.gone\\047path.test."),
    ),
    "name server of a domain that is nobody's": State(
        "www.lame.test", (PASS, PASS, PASS, FAIL, PASS), records=OWN + "@ NS ns2.gone.test."
    ),
    "mail to a domain that is nobody's": State(
        "www.mail.test", (PASS, PASS, PASS, FAIL, PASS), records=OWN + "@ MX 10 mx.gone.test."
    ),
    "mail to a host that cannot be asked about": State(
        "www.unasked-mail.test", (PASS, PASS, PASS, OPEN, PASS), records=OWN + "@ MX 10 mx.broken.test."
    ),
    "more hosts than are asked about": State(
        "www.many.test",
        (PASS, PASS, PASS, OPEN, PASS),
        records=OWN + "".join(f"@ MX {n} mx{n}\nmx{n} A 127.0.0.9\n" for n in range(30)),
    ),
    "takes no mail": State("www.null-mx.test", GOOD, records=OWN + "@ MX 0 ."),
    "takes mail": State("www.takes-mail.test", GOOD, records=OWN + "@ MX 10 www\n"),
    "aliases in a circle": State(
        "www.circle.test",
        (PASS, PASS, PASS, OPEN, PASS),
        records=OWN.replace("www A 127.0.0.9", "www CNAME a\na CNAME www"),
    ),
    "a name that is not there": State("old.registered.test", GOOD),
    "a name server that fails": State("www.broken.test", (PASS, PASS, PASS, OPEN, OPEN), records="!"),
    "parked": State(
        "www.parked.test",
        (PASS, PASS, PASS, PASS, FAIL),
        records="@ NS ns1.sedoparking.com.\nwww A 127.0.0.9",
        more={"sedoparking.com": ("@ NS ns1\nns1 A 127.0.0.9", HELD)},
    ),
    "parked by an alias": State(
        "www.parked-alias.test",
        (PASS, PASS, PASS, PASS, FAIL),
        records=OWN.replace("www A 127.0.0.9", "www CNAME traff-1.hugedomains.com."),
        more={"hugedomains.com": ("@ NS ns\nns A 127.0.0.9\ntraff-1 A 127.0.0.9", HELD)},
    ),
    "asked too often, then not": State("www.limited.test", GOOD),
    "asked too often, always": State("www.limited-always.test", (OPEN, OPEN, OPEN, PASS, PASS)),
    "no RDAP, WHOIS knows it": State("www.toy.example", GOOD),
    "no RDAP, WHOIS does not know it": State("www.free.example", (FAIL, MOOT, MOOT, MOOT, MOOT), records=""),
    "no RDAP, WHOIS says nothing of use": State("www.strange.example", (OPEN, OPEN, OPEN, PASS, PASS)),
}

WHOIS = {
    "toy.example": (
        "% Terms of use\n   Domain Name: TOY.EXAMPLE\n   Registry Expiry Date: 2099-01-01T00:00:00Z\n"
        "   Creation Date: 2014-01-01\n   Registrar: Plumregistrar Ltd.\n   Registrant Name: Wren Ashdown\n"
        "   Domain Status: clientTransferProhibited https://icann.org/epp#clientTransferProhibited\n"
        "   Name Server: NS1.TOY.EXAMPLE\n"
    ),
    "free.example": '% Terms of use\nNo match for domain "FREE.EXAMPLE".\n',
    "strange.example": "Thank you for your interest.\n",
}


@contextmanager
def name_server(folder: Path) -> Iterator[Server]:
    """A real one, which knows the zones of all states and that nothing else exists. Raises CantRun."""
    zones = {knot.ROOT: "@ NS ns.invalid."}
    for state in STATES.values():
        if state.records:
            zones.setdefault(state.domain, state.records)
        zones |= {domain: records for domain, (records, _) in state.more.items()}
    with knot.start(folder, zones, ("signed.test",)) as server:
        yield server


@asynccontextmanager
async def registries() -> AsyncIterator[dict[str, int]]:
    """RDAP for .test, .com, .net and .io, and WHOIS for .example: protocol → port on 127.0.0.5."""
    held = {state.domain: state.held for state in STATES.values()}
    held |= {domain: about for state in STATES.values() for domain, (_, about) in state.more.items()}
    async with serving(rdap_server(held)) as web, serving(whois_server) as text:
        yield {"rdap": web.port, "whois": text.port}


def policy(server: Server, ports: Mapping[str, int]) -> Policy:
    """Who may be asked."""
    it = bench(("127.0.0.1/32", "127.0.0.5/32", "127.0.0.9/32"))
    known = (
        Registry(to=f"http://127.0.0.5:{ports['rdap']}/", suffixes=("test", "com", "net", "io")),
        Registry(to=f"whois://127.0.0.5:{ports['whois']}", suffixes=("example",)),
    )
    return Policy(
        observer=it.observer,
        open=it.open,
        permit=it.permit,
        resolver=(f"{server.host}:{server.port}",),
        registry=known,
    )


def rdap_server(held: Mapping[str, Registration | None]) -> Behaviour:
    """Knows these domains; of one it says first, of another always, that it was asked too often."""
    often = {"limited.test": 1, "limited-always.test": 1000}
    later = saying_json(b"{}", 429, ["Retry-After: 1"])

    async def serve(reader: Reader, writer: Writer) -> None:
        line = await reader.readline()
        domain = line.split(b" ")[1].decode().rpartition("/")[2]
        if often.get(domain, 0):
            often[domain] -= 1
            await later(reader, writer)
            return
        about = held.get(domain)
        body = b"{}" if about is None else json.dumps(rdap.answer(domain, about)).encode()
        await saying_json(body, 404 if about is None else 200)(reader, writer)

    return serve


async def whois_server(reader: Reader, writer: Writer) -> None:
    domain = (await reader.readline()).strip().decode()
    writer.write(WHOIS.get(domain, "Not found.\n").encode())
