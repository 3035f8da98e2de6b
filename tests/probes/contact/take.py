"""Take the specimens of the contact checks: sites of our making, at the lab's real web server.

python -m tests.probes.contact.take
"""

import asyncio
import re
import tempfile
from datetime import date
from pathlib import Path
from unittest.mock import patch

import msgspec

from shelfworthy.model import About, Contact
from shelfworthy.probes.contact import signature
from shelfworthy.seen.contact import ContactSeen
from tests.harvest import write_specimen
from tests.probes.contact.looking import HOST, look, served
from tests.probes.contact.sites import BARE, SITES, TRUTH

ABOUT = About(surface=Contact(id="maker", where="contact:https://www.bears.test/"))


def main() -> None:
    today = date.today().isoformat()
    with tempfile.TemporaryDirectory() as place, served(SITES, Path(place)) as ports:
        for name, site in SITES.items():
            seen = steady(asyncio.run(look(f"contact:https://{HOST}:{ports[name]}/")), ports[name])
            source = f"the lab's web server (http.server, OpenSSL), site “{name}”, {today}"
            for check, says, bare in zip(TRUTH, site.says, BARE, strict=True):
                if says != bare or name == "bare":  # one specimen of a site without anything is enough
                    keep(check, seen, source, name, says)
                if check == TRUTH[0] and name == "txt signed":
                    with patch.object(signature, "TOOLS", ()):  # as installed without the extra openpgp
                        bare_look = asyncio.run(look(f"contact:https://{HOST}:{ports[name]}/"))
                    source += ", looked at without the extra openpgp"
                    keep(check, steady(bare_look, ports[name]), source, f"{name}, no tool", "unverified")


def steady(seen: ContactSeen, port: int) -> ContactSeen:
    """The same at a port that does not change from run to run."""
    text = msgspec.json.encode(seen).decode().replace(f"{HOST}:{port}", f"{HOST}:8443")
    return msgspec.json.decode(text, type=ContactSeen)


def keep(check: str, seen: ContactSeen, source: str, name: str, says: str) -> None:
    """Write the specimen if the check says what it must."""
    file = re.sub(r"[^a-z0-9]+", "-", name.lower())
    path = write_specimen(check, seen, ABOUT, source, file)
    assert f'"says": "{says}"' in path.read_text(), (check, name)
    print(path.relative_to(Path.cwd()))


if __name__ == "__main__":
    main()
