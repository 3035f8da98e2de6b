"""Take the specimens of the contact checks: sites of our making, at the lab's real web server.

python -m tests.probes.contact.take
"""

import asyncio
import re
import tempfile
from datetime import date
from pathlib import Path

import msgspec

from shelfworthy.model import About, Cause, Contact
from shelfworthy.seen.contact import ContactSeen, Signature
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
                    source = f"fixture: “{name}”, looked at without the extra openpgp, {today}"
                    keep(check, without_openpgp(seen), source, f"{name}, no tool", "unverified")


def steady(seen: ContactSeen, port: int) -> ContactSeen:
    """The same at a port that does not change from run to run."""
    text = msgspec.json.encode(seen).decode().replace(f"{HOST}:{port}", f"{HOST}:8443")
    return msgspec.json.decode(text, type=ContactSeen)


def without_openpgp(seen: ContactSeen) -> ContactSeen:
    """What the same look sees where the tool is missing."""
    assert seen.security_txt is not None
    signature = Signature(state="tool missing", fingerprint="", cause=Cause.TOOL_MISSING)
    file = msgspec.structs.replace(seen.security_txt, signature=signature)
    return msgspec.structs.replace(seen, security_txt=file)


def keep(check: str, seen: ContactSeen, source: str, name: str, says: str) -> None:
    """Write the specimen if the check says what it must."""
    file = re.sub(r"[^a-z0-9]+", "-", name.lower())
    path = write_specimen(check, seen, ABOUT, source, file)
    assert f'"says": "{says}"' in path.read_text(), (check, name)
    print(path.relative_to(Path.cwd()))


if __name__ == "__main__":
    main()
