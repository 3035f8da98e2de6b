"""Sites that name mailboxes and publish advisories, a real name server, and what must be said of them."""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from shelfworthy.model import Contact, Level
from shelfworthy.probes.contact import CONTACT
from shelfworthy.reach import Limits
from shelfworthy.seen.contact import ContactHistory, ContactMail, ContactSeen
from shelfworthy_lab import knot
from shelfworthy_lab.listeners import Page
from shelfworthy_lab.products.cloudpets import advisories
from tests.looking import allow, bench, door, product
from tests.probes.contact.looking import HOST
from tests.probes.contact.sites import PLAIN, REPORT, TXT, home, txt

TRUTH = ("contact-reachable", "contact-history")
ZONES = {
    knot.ROOT: "@ NS ns.invalid.",
    "bears.test": """@ NS ns
ns A 127.0.0.5
@ MX 10 mail
mail A 127.0.0.5
only A 127.0.0.5
empty TXT none
dead MX 10 gone
half MX 10 gone
half MX 20 mail
lame MX 10 mx.broken.test.
three MX 10 gone
three MX 20 gone2
three MX 30 mail
silent MX 0 .
alias CNAME only
round CNAME round2
round2 CNAME round""",
    "broken.test": "!",
}
JSON = "application/json"
CSV = "text/csv"
PROVIDER = "/.well-known/csaf/provider-metadata.json"
NONE = "absent"


class Deep(Struct, frozen=True):
    """pages: made for the origin they will have. says: the first sentence of each check of TRUTH."""

    pages: Callable[[str], dict[str, Page]]
    says: tuple[str, str]


def mailbox(domain: str, more: Mapping[str, Page] | None = None) -> Callable[[str], dict[str, Page]]:
    """A site whose page for reports names a mailbox there."""
    report = Page(REPORT.format(f"security@{domain}"))
    return lambda origin: {"/": home(), "/security": report} | dict(more or {})


def pages(**more: Page) -> Callable[[str], dict[str, Page]]:
    return lambda origin: {"/": home()} | {f"/{path.replace('_', '/')}": page for path, page in more.items()}


def csaf(
    change: Callable[[dict[str, Page], str], dict[str, Page]] = lambda it, _: it,
) -> Callable[..., dict[str, Page]]:
    return lambda origin: {"/": home()} | change(advisories.pages(origin), origin)


def only_machines(given: dict[str, Page], origin: str) -> dict[str, Page]:
    return {path: page for path, page in given.items() if path != "/security/advisories"}


def listing(body: str) -> Callable[[dict[str, Page], str], dict[str, Page]]:
    def change(given: dict[str, Page], origin: str) -> dict[str, Page]:
        changes = "/.well-known/csaf/white/changes.csv"
        return only_machines(given, origin) | {changes: Page(body, CSV)}

    return change


def feed(origin: str) -> dict[str, Page]:
    distribution = {"rolie": {"feeds": [{"url": f"{origin}/feed.json"}]}}
    metadata = json.dumps({"publisher": {}, "distributions": [distribution]})
    entries = [{"published": "2024-03-01T00:00:00Z"}, {"updated": "2024-05-01T00:00:00Z"}]
    listed = json.dumps({"feed": {"entry": entries}})
    return {"/": home(), PROVIDER: Page(metadata, JSON), "/feed.json": Page(listed, JSON)}


MANY = "".join(f"<p>Report a vulnerability: security@d{n}.bears.test" for n in range(7))
SITES: Mapping[str, Deep] = {
    "bare": Deep(pages(), ("none-named", NONE)),
    "mx": Deep(mailbox("bears.test"), ("mx", NONE)),
    "mx in security.txt": Deep(lambda _: {"/": home(), TXT: Page(txt(), PLAIN)}, ("mx", NONE)),
    "address": Deep(mailbox("only.bears.test"), ("address", NONE)),
    "address by alias": Deep(mailbox("alias.bears.test"), ("address", NONE)),
    "null mx": Deep(mailbox("silent.bears.test"), ("null-mx", NONE)),
    "nothing": Deep(mailbox("empty.bears.test"), ("nowhere", NONE)),
    "no such name": Deep(mailbox("lapsed.test"), ("no-name", NONE)),
    "dead host": Deep(mailbox("dead.bears.test"), ("dead-host", NONE)),
    "one of two hosts": Deep(mailbox("half.bears.test"), ("mx", NONE)),
    "a host of which nobody knows": Deep(mailbox("lame.bears.test"), ("unseen", NONE)),
    "a third host that nobody asked about": Deep(mailbox("three.bears.test"), ("unseen", NONE)),
    "aliases in a circle": Deep(mailbox("round.bears.test"), ("not-told", NONE)),
    "written out": Deep(
        pages(security=Page("<html lang=en><p>Report a vulnerability: security [at] lapsed.test</html>")),
        ("no-name", NONE),
    ),
    "seven domains": Deep(pages(security=Page(f"<html lang=en>{MANY}</html>")), ("no-name", NONE)),
    "a page in Greek": Deep(
        pages(security=Page("<html lang=el><p>Αρκούδες και παιχνίδια για όλα τα παιδιά του κόσμου.</html>")),
        ("unread", NONE),
    ),
    "csaf": Deep(csaf(), ("none-named", "csaf")),
    "csaf for machines only": Deep(csaf(only_machines), ("none-named", "csaf")),
    "csaf feed": Deep(feed, ("none-named", "csaf")),
    "csaf without advisories": Deep(csaf(listing("")), ("none-named", "empty")),
    "csaf without days": Deep(csaf(listing('"2019/mur-1.json"\n')), ("none-named", "undated")),
    "csaf list of pages": Deep(csaf(listing("<html>")), ("none-named", "unseen")),
    "advisories": Deep(
        pages(
            advisories=Page(
                "<html lang=en><h1>Advisories</h1><p>2 April 2019: BEAR-SA-2019-01, pairing.</html>"
            )
        ),
        ("none-named", "page"),
    ),
    "advisories by link": Deep(
        lambda origin: {
            "/": home("<a href=/fixed.html>Security advisories</a>"),
            "/fixed.html": Page("<html lang=en><p>CVE-2019-1234, May 3, 2019: the bear listened.</html>"),
        },
        ("none-named", "page"),
    ),
    "advisories without days": Deep(
        pages(security_advisories=Page("<html lang=en><p>CVE-2019-1234 the bear listened.</html>")),
        ("none-named", "undated"),
    ),
    "advisories in Greek": Deep(
        pages(advisories=Page("<html lang=el><p>Αρκούδες και παιχνίδια για όλα τα παιδιά.</html>")),
        ("none-named", "unseen"),
    ),
}


@contextmanager
def resolver(folder: Path) -> Iterator[str]:
    """A name server that knows the zones above: `address:port`. Raises CantRun."""
    with knot.start(folder, ZONES, host=HOST) as server:
        yield f"{HOST}:{server.port}"


async def look(
    where: str, resolver: str, limits: Limits | None = None
) -> tuple[ContactSeen, ContactMail, ContactHistory]:
    """All that the probe sees."""
    surface = Contact(id="maker", where=where)
    policy = msgspec.structs.replace(bench((f"{HOST}/32",)), resolver=(resolver,))
    reach = door(product([surface], [allow(HOST, Level.LOOK)]), policy, limits or Limits()).reach(surface)
    found = [one async for one in watched(CONTACT.observe(surface, reach))]
    seen, mail, history = found
    assert isinstance(seen, ContactSeen)
    assert isinstance(mail, ContactMail)
    assert isinstance(history, ContactHistory)
    return seen, mail, history


async def watched(stream: AsyncIterator[object]) -> AsyncIterator[object]:
    """Every observation survives the way to disk and back."""
    async for one in stream:
        assert msgspec.json.decode(msgspec.json.encode(one), type=type(one)) == one
        yield one
