"""TLS endpoints side by side, each on its own loopback address: one fault each, and good ones."""

from datetime import date

from shelfworthy_lab.bench import Bench
from shelfworthy_lab.tls import KINDS

EDITIONS = ("all",)
PARTS = tuple(KINDS)


def build(bench: Bench, edition: str) -> None:
    """Start one endpoint of every kind."""
    for number, (kind, about) in enumerate(KINDS.items(), 1):
        bench.endpoint(kind, about, f"{kind}.plumwhistle.test", f"127.0.20.{number}")
    bench.serve()
    bench.write(
        {
            "name": "Plumwhistle Endpoints",
            "vendor": "Plumwhistle Toys",
            "model": "EP-1",
            "gtin": "2000000000022",
            "category": "toy",
            "for_children": True,
            "sold_from": date(2018, 1, 1),
        },
        {"id": "endpoints-1", "bought": "lab", "lot": "L1", "firmware": "1.0.0"},
    )
