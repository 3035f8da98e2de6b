"""A talking doll that is a headset for whoever is near, in the shape of the story's, and one that is not."""

from datetime import date

from shelfworthy_lab import toml
from shelfworthy_lab.bench import Bench
from shelfworthy_lab.radio import manners
from shelfworthy_lab.radio.bear import BYSTANDERS
from shelfworthy_lab.radio.start import Guest, start

EDITIONS = tuple(manners.EDITIONS)
PARTS = ("doll",)
NAME, ADDRESS = "Plum Dolly", "C4:7C:8D:00:00:21"


def build(bench: Bench, edition: str) -> None:
    """Start the doll of one edition."""
    port = bench.port("doll")
    surface: dict[str, toml.Value] = {
        "id": "doll",
        "kind": "bluetooth",
        "where": f"bluetooth:{ADDRESS}",
        "owner": "maker",
        "transport": "classic",
        "watch_s": 1,
        "window_s": 10,
    }
    surface |= {"button": "press the doll's necklace"} if edition == "fixed" else {}
    bench.declare_radio(surface, "doll", port)
    guest = Guest("doll", edition, NAME, ADDRESS)
    bench.run({"doll": lambda: _begin(bench, guest, port)})
    bench.write(
        {
            "name": "Plum Dolly",
            "vendor": "Plumwhistle Toys",
            "model": {"open": "PD-1", "fixed": "PD-2"}[edition],
            "gtin": "2000000000060",
            "category": "toy",
            "for_children": True,
            "sold_from": date(2014, 9, 1),
        },
        {
            "id": "doll-1",
            "bought": "lab",
            "lot": "L1",
            "firmware": {"open": "1.0.8", "fixed": "2.0.0"}[edition],
        },
    )


def _begin(bench: Bench, guest: Guest, port: int) -> None:
    start([guest, *BYSTANDERS], bench.folder, port)
