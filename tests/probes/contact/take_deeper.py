"""Take the specimens of contact-reachable and contact-history: sites of our making, a real name server.

python -m tests.probes.contact.take_deeper
"""

import asyncio
import re
import tempfile
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec

from shelfworthy.model import About, Contact
from shelfworthy.seen.contact import ContactHistory, ContactMail
from shelfworthy_lab import knot
from tests.harvest import write_specimen
from tests.probes.contact.deeper import SITES, TRUTH, look, resolver
from tests.probes.contact.looking import HOST, served

ABOUT = About(surface=Contact(id="maker", where="contact:https://www.bears.test/"))
SILENT = "127.0.0.1:1"

T = TypeVar("T", ContactMail, ContactHistory)


def main() -> None:
    today = date.today().isoformat()
    server = knot.version()
    with tempfile.TemporaryDirectory() as place, served(SITES, Path(place)) as ports:
        with resolver(Path(place)) as known:
            spoken: set[tuple[str, str]] = set()
            for name, site in SITES.items():
                _, mail, history = asyncio.run(look(f"contact:https://{HOST}:{ports[name]}/", known))
                source = f"the lab's web server (http.server, OpenSSL) and {server}, site “{name}”, {today}"
                found = (steady(mail, ports[name]), steady(history, ports[name]))
                for number, says in enumerate(site.says):
                    if (TRUTH[number], says) not in spoken or name == "seven domains":
                        spoken.add((TRUTH[number], says))
                        keep(TRUTH[number], found[number], source, name, says)
        _, mail, _ = asyncio.run(look(f"contact:https://{HOST}:{ports['mx']}/", SILENT))
        source = f"the lab's web server (http.server, OpenSSL), no resolver that may be asked, {today}"
        keep(TRUTH[0], steady(mail, ports["mx"]), source, "no resolver", "unseen")


def steady(seen: T, port: int) -> T:
    """The same at a port that does not change from run to run."""
    text = msgspec.json.encode(seen).decode().replace(f"{HOST}:{port}", f"{HOST}:8443")
    return msgspec.json.decode(text, type=type(seen))


def keep(check: str, seen: ContactMail | ContactHistory, source: str, name: str, says: str) -> None:
    """Write the specimen if the check says what it must."""
    path = write_specimen(check, seen, ABOUT, source, re.sub(r"[^a-z0-9]+", "-", name.lower()))
    assert f'"says": "{says}"' in path.read_text(), (check, name)
    print(path.relative_to(Path.cwd()))


if __name__ == "__main__":
    main()
