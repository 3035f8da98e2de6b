"""The bear alone, on its own air: as it was, as it might have been, and as it should have been."""

from datetime import date

from shelfworthy_lab.bench import Bench
from shelfworthy_lab.radio import bear, editions
from shelfworthy_lab.radio.sound import planted

EDITIONS = tuple(editions.EDITIONS)
PARTS = ("toy",)

__all__ = ["EDITIONS", "PARTS", "build", "planted"]


def build(bench: Bench, edition: str) -> None:
    """Start the bear of one edition."""
    begin = bear.declare(bench, edition, "toy")
    bench.run({"toy": begin})
    bench.write(
        {
            "name": "MurmurPal Bear",
            "vendor": "Plumwhistle Toys",
            "model": "MP-2019" if edition == "fixed" else "MP-2018",
            "gtin": "2000000000015",
            "category": "toy",
            "for_children": True,
            "sold_from": date(2016, 10, 1),
        },
        {
            "id": "bear-1",
            "bought": "lab",
            "lot": "L1",
            "firmware": "2.1.0" if edition == "fixed" else "1.0.19",
        },
    )
