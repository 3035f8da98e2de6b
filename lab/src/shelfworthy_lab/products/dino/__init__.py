"""A talking dinosaur, in the shape of what was found in 2017, and as it should have been."""

from datetime import date

from shelfworthy_lab import toml
from shelfworthy_lab.bench import Bench
from shelfworthy_lab.radio import dino_commands as commands
from shelfworthy_lab.radio.bear import BYSTANDERS
from shelfworthy_lab.radio.start import Guest, start

EDITIONS = tuple(commands.EDITIONS)
PARTS = ("dino",)
NAME, ADDRESS = "Tansy Dino", "C4:7C:8D:00:00:11"
planted = commands.planted


def build(bench: Bench, edition: str) -> None:
    """Start the dinosaur of one edition."""
    port = bench.port("dino")
    surface: dict[str, toml.Value] = {
        "id": "dino",
        "kind": "bluetooth",
        "where": f"bluetooth:{ADDRESS}",
        "owner": "maker",
        "transport": "le",
        "watch_s": 1,
        "operation": [
            {
                "id": "replay",
                "does": "replay",
                "says": "make it say again what an app once made it say",
                "act": [
                    {"subscribe": commands.ANSWER},
                    {
                        "write": commands.COMMAND,
                        "value": commands.block(commands.SAY + b"7").hex(),
                        "on": commands.ANSWER,
                        "expect": commands.WORD.hex(),
                        "within_ms": 1000,
                    },
                ],
            }
        ],
    }
    bench.declare_radio(surface, "dino", port)
    guest = Guest("dino", edition, NAME, ADDRESS)
    bench.run({"dino": lambda: _begin(bench, guest, port)})
    bench.write(
        {
            "name": "Tansy Dino",
            "vendor": "Plumwhistle Toys",
            "model": {"2017": "TD-1", "fixed": "TD-2"}[edition],
            "gtin": "2000000000053",
            "category": "toy",
            "for_children": True,
            "sold_from": date(2016, 9, 1),
        },
        {
            "id": "dino-1",
            "bought": "lab",
            "lot": "L1",
            "firmware": {"2017": "0.7.9", "fixed": "1.0.0"}[edition],
        },
    )


def _begin(bench: Bench, guest: Guest, port: int) -> None:
    start([guest, *BYSTANDERS], bench.folder, port)
