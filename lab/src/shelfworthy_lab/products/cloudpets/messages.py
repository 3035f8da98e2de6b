"""The broker between bears and app: the last message of every bear is kept for whoever comes next."""

import json
from collections.abc import Callable

from shelfworthy_lab import mosquitto
from shelfworthy_lab.bench import Bench
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.products.cloudpets import content

PART, HOST, NUMBER = "messages", "mqtt.murmurpal.test", 20
BEARS = 120


def declare(bench: Bench, edition: str, network: str) -> Callable[[], None]:
    """Declare the broker; answers what starts and fills it."""
    address = f"{network}.{NUMBER}"
    port = bench.port(PART)
    surface = {"id": PART, "kind": "broker", "where": f"mqtt://{HOST}:{port}", "owner": "maker"}
    bench.declare(surface | {"ca": "ca.pem"}, PART, HOST, address)
    fixed = edition == "fixed"

    def start() -> None:
        identity = bench.authority.issue(HOST) if fixed else None
        server = mosquitto.start(bench.folder, password=fixed, tls=identity, host=address, port=port)
        try:
            mosquitto.publish(server, kept(), tls=fixed)
        except CantRun:
            server.stop()  # what can't run has a closed port
            raise

    return start


def kept() -> list[tuple[str, bytes]]:
    """Retained messages, with customers in topics and payloads as in the wild: (topic, payload)."""
    recordings = list(content.recordings().values())
    messages = []
    for number, user in enumerate(content.production().users[:BEARS]):
        about = {key: user[key] for key in ("firstName", "lastName", "email", "picture")}
        messages += [
            (f"bears/{user['_id']}/state", json.dumps(about).encode()),
            (f"bears/{user['_id']}/voice", recordings[number % len(recordings)]),
            (f"parents/{user['email']}/inbox", json.dumps({"from": user["lastName"]}).encode()),
        ]
    return messages
