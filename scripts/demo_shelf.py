"""A shop's shelf on the lab's products: catalogue, audits, policy, three people. Stays until Ctrl-C.

It lies in demo/shelf, and the next time goes on from there; `rm -r demo/shelf` begins anew. Everything stays
on this machine's loopback addresses.
"""

import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import demo

FOLDER = demo.OUT / "shelf"
PORT = int(os.environ.get("PORT", "8000"))
URL = f"http://127.0.0.1:{PORT}"
CATALOGUE = Path(__file__).with_name("demo-catalogue.csv")
SECONDS = 30.0
DECIDERS = ("Grace", "Mary")


def audits() -> list[Path]:
    """What `make demo` left; made now where it did not."""
    found = [demo.kept(product, edition) for product in demo.PRODUCTS for edition in demo.EDITIONS]
    if not all((one / "evidence" / "manifest.json").exists() for one in found):
        demo.audits()
    return found


def settle() -> str:
    """Import the catalogue, switch on the policy, let people in; a token for the lab, "" where all is."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "shelfworthy.shelf.settings"
    import django

    django.setup()
    from shelfworthy.shelf.catalogue.importing import run
    from shelfworthy.shelf.catalogue.rows import Form
    from shelfworthy.shelf.deciding import policies
    from shelfworthy.shelf.deciding.policy import shipped
    from shelfworthy.shelf.models import Listing, Observer, Origin, Person, Role
    from shelfworthy.shelf.people import making, tokens
    from shelfworthy.shelf.people.roles import May

    if Listing.objects.exists():
        return ""
    administrator = Person.objects.get(membership__role=Role.ADMINISTRATOR)
    policies.switch_on(policies.keep(shipped(), administrator), administrator)
    with CATALOGUE.open("rb") as file:
        run(file, CATALOGUE.name, administrator, Form.CSV)
    for name in DECIDERS:
        email = f"{name.lower()}@shop.example"
        _, password = making.make(name, email, Role.DECIDER, ())
        print(f"Log in as {email} with the one-time password  {password}  (decider)", flush=True)
    observer = Observer.objects.create(name="The lab", origin=Origin.LAB)
    return tokens.make(administrator, "demo", [May.PUSH], 1, observer)[1]


def push(audit: Path, token: str) -> None:
    """As a lab does it."""
    environment = os.environ | {"SHELFWORTHY_TOKEN": token}
    command = [str(demo.BIN / "shelfworthy"), "push", str(audit), "--to", URL]
    subprocess.run(command, env=environment, check=True)


def wait(shelf: "subprocess.Popen[bytes]") -> None:
    """Until it answers."""
    began = time.monotonic()
    while time.monotonic() - began < SECONDS and shelf.poll() is None:
        client = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
        try:
            client.request("GET", "/health")
            if client.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            client.close()
    sys.exit("The shelf did not start: see above. Another port: PORT=8001 make demo-shelf")


def main() -> None:
    """Start, fill, and stay."""
    FOLDER.parent.mkdir(exist_ok=True)
    evidence = audits()
    os.environ |= {"SHELFWORTHY_SHELF": str(FOLDER.absolute()), "SHELFWORTHY_URL": URL, "DATABASE_URL": ""}
    shelf = subprocess.Popen(
        [demo.BIN / "shelfworthy", "shelf", "up", "--port", str(PORT)], start_new_session=True
    )

    def stop(_: int, __: FrameType | None) -> None:
        shelf.send_signal(signal.SIGINT)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    wait(shelf)
    if token := settle():
        for audit in evidence:
            push(audit, token)
    print(f"\nOpen {URL} and log in as above; an app for one-time codes is the second factor.", flush=True)
    print("Locked out?  shelfworthy shelf administrator --folder demo/shelf", flush=True)
    sys.exit(shelf.wait())


if __name__ == "__main__":
    main()
