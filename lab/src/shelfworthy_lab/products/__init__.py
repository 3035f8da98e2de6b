"""The products the lab can start. A new one is a package here and a line in `PRODUCTS`."""

from collections.abc import Callable
from dataclasses import dataclass

from shelfworthy_lab.bench import Bench
from shelfworthy_lab.products import cloudpets, endpoints


@dataclass(frozen=True)
class Product:
    """What can be started. build: starts every part of an edition; planted: what no report may show."""

    editions: tuple[str, ...]
    parts: tuple[str, ...]
    build: Callable[[Bench, str], None]
    planted: Callable[[], list[str | bytes]]
    says: str


PRODUCTS: dict[str, Product] = {
    "cloudpets": Product(
        cloudpets.EDITIONS,
        cloudpets.PARTS,
        cloudpets.build,
        cloudpets.content.planted,
        "a talking bear's cloud: database, bucket, three endpoints, contact pages",
    ),
    "endpoints": Product(
        endpoints.EDITIONS,
        endpoints.PARTS,
        endpoints.build,
        list,
        "TLS endpoints with one fault each",
    ),
}
