"""Privacy policies: texts in a product's `pages/`, and the site of a maker who has no other pages."""

from collections.abc import Sequence
from importlib.resources import files

from shelfworthy_lab import toml
from shelfworthy_lab.bench import Bench
from shelfworthy_lab.listeners import Page
from shelfworthy_lab.tls import KINDS

SITE = "www"  # the part that serves it
HOME = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{name}</title>
<h1>{name}</h1>
<p>{says}
<footer><p><a href="/privacy">Privacy</a></footer>
</html>
"""


def text(product: str, name: str) -> str:
    """A file of a product's `pages/`; product: its package."""
    return files("shelfworthy_lab.products").joinpath(product, "pages", name).read_text("utf-8")


def surface(where: str, sensors: Sequence[str], start: str = "") -> dict[str, toml.Value]:
    """A policy on the web. start: where a shopper begins, if `where` is the policy itself."""
    said: dict[str, toml.Value] = {
        "id": "privacy",
        "kind": "policy",
        "where": f"policy:{where}",
        "owner": "maker",
    }
    said |= {"sensors": sensors, "languages": ["en"], "ca": "ca.pem"}
    return said | ({"start": start} if start else {})


def site(bench: Bench, product: str, edition: str, host: str, address: str, *, name: str, says: str) -> str:
    """A home page with the policy one click away: its origin. Whoever declares it has it started."""
    pages = {
        "/": Page(HOME.format(name=name, says=says)),
        "/privacy": Page(text(product, f"privacy-{edition}.html")),
    }
    return bench.site(SITE, KINDS["good-ec"], host, address, lambda _: pages).origin
