"""Audit the owl from within the guest, over a controller of Linux's own: `hci-socket:1`, as with a dongle.

Runs with Debian's Python, whose sockets know Bluetooth, and the packages of the project. What each check
answered is told on the console.
"""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.bluez.inside.bench import PORT

EDITION = "just-works"
FOLDER = Path("/tmp/here")  # the guest's own
POLICY = 'observer = "guest"\nadapter = "hci-socket:1"\n\n[[permit]]\nto = "*"\nlevel = "use"\n'


def ready() -> str:
    """Have the owl be that edition: its address."""
    with reached() as line:
        line.sendall(f"{EDITION}\n".encode())
        with line.makefile() as told:
            return next(one.split()[1] for one in told if one.startswith("ready "))


def reached() -> socket.socket:
    """A connection to the owl, once it is there."""
    while True:
        try:
            return socket.create_connection(("127.0.0.1", PORT))
        except ConnectionRefusedError:
            time.sleep(0.2)


def main() -> None:
    FOLDER.mkdir()
    product = (Path(__file__).parent.parent / "owl.toml").read_text().replace("ADDRESS", ready())
    (FOLDER / "product.toml").write_text(product)
    (FOLDER / "policy.toml").write_text(POLICY)
    command = [sys.executable, "-m", "shelfworthy", "audit", "product.toml", "--policy", "policy.toml"]
    command += ["--out", "it.audit", "--budget", "900"]
    subprocess.run(command, cwd=FOLDER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for gap in FOLDER.glob("it.audit/evidence/gaps/*.json"):
        print("gap", json.loads(gap.read_text())["words"])
    for judgement in FOLDER.glob("it.audit/judgements/*.json"):
        for finding in json.loads(judgement.read_text())["findings"]:
            if finding["surface"] == "radio":
                print("answered", finding["check"], finding["outcome"], finding["says"], finding["facts"])
    print("the audit ended", flush=True)


if __name__ == "__main__":
    main()
