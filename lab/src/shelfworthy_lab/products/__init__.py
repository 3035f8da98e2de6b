"""The products the lab can start. A new one is a package here and a line in `PRODUCTS`."""

from collections.abc import Callable
from dataclasses import dataclass

from shelfworthy_lab import accounts
from shelfworthy_lab.bench import Bench
from shelfworthy_lab.products import camera, cayla, cloudpets, dino, endpoints, hello_barbie, princeton, toy


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
        "a talking bear's whole cloud: stores, broker, updates, accounts, domains, pages and letters",
    ),
    "endpoints": Product(
        endpoints.EDITIONS,
        endpoints.PARTS,
        endpoints.build,
        list,
        "TLS endpoints with one fault each",
    ),
    "hello-barbie": Product(
        hello_barbie.EDITIONS,
        hello_barbie.PARTS,
        hello_barbie.build,
        accounts.planted,
        "a talking doll's web side: SSLv3, guesses without end, sessions without end",
    ),
    "princeton": Product(
        princeton.EDITIONS,
        princeton.PARTS,
        princeton.build,
        accounts.planted,
        "a drinking bottle's cloud: plain HTTP, requests that can be sent again",
    ),
    "toy": Product(
        toy.EDITIONS,
        toy.PARTS,
        toy.build,
        toy.planted,
        "a talking bear's radio: open, gated by its app, behind a constant key, pairing with anybody, fixed",
    ),
    "cayla": Product(
        cayla.EDITIONS, cayla.PARTS, cayla.build, list, "a talking doll that is a headset for whoever is near"
    ),
    "dino": Product(
        dino.EDITIONS,
        dino.PARTS,
        dino.build,
        dino.planted,
        "a talking dinosaur whose recorded commands work again",
    ),
    "camera": Product(
        camera.EDITIONS,
        camera.PARTS,
        camera.build,
        camera.planted,
        "a nursery camera's firmware, a real root file system, and the camera that takes pushed images",
    ),
}
