"""Update servers that differ in how manifest and image are given out, at the lab's real web server."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from msgspec import Struct

from shelfworthy.model import Update
from shelfworthy_lab import listeners
from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.listeners import Page
from shelfworthy_lab.processes import end, free_port
from shelfworthy_lab.tls import KINDS, Kind, pair
from tests.probes.update.looking import HOST
from tests.probes.update.states import IMAGE

NAME = "updates.bears.test"
IMAGE_PAGE = Page(IMAGE.decode("latin-1"), "application/octet-stream", encoding="latin-1")
GOOD = replace(KINDS["good-ec"], plain="refuse")


class Way(Struct, frozen=True):
    """says: (sentence, subject) of each answer. image: as the manifest names it, {plain} is the plain port's
    origin. redirect: where the TLS port sends everybody.
    """

    says: tuple[tuple[str, str], ...]
    kind: Kind = GOOD
    image: str = "/bear-2.bin"
    begins: str = "https"
    redirect: str = ""
    without: tuple[str, ...] = ()


PROTECTED = (("protected", ""),)
WAYS: Mapping[str, Way] = {
    "tls": Way(PROTECTED),
    "tls, plain port redirects": Way(PROTECTED, replace(GOOD, plain="redirect")),
    "tls, plain port serves": Way(
        (("also-in-cleartext", "plain manifest"), ("also-in-cleartext", "plain image")),
        replace(GOOD, plain="serve"),
    ),
    "cleartext": Way((("cleartext", "manifest"), ("cleartext", "image")), KINDS["plain-http"], begins="http"),
    "image in cleartext": Way(
        (("cleartext", "image"), ("also-in-cleartext", "plain manifest")),
        replace(GOOD, plain="serve"),
        image="{plain}/bear-2.bin",
    ),
    "begins in cleartext": Way(
        (("begins-in-cleartext", "manifest"),), replace(GOOD, plain="redirect"), begins="http"
    ),
    "redirected to cleartext": Way(
        (("downgrade", "manifest"), ("cleartext", "image")), replace(GOOD, plain="serve"), redirect="{plain}"
    ),
    "wrong name": Way((("certificate", f"certificate {NAME}"),), replace(GOOD, fault="wrong-name")),
    "expired": Way((("certificate", f"certificate {NAME}"),), KINDS["expired"]),
    "self-signed": Way((("certificate", f"certificate {NAME}"),), KINDS["self-signed"]),
    "image gone": Way((("not-given", ""),), without=("/bear-2.bin",)),
    "manifest gone": Way((("not-given", ""),), without=("/manifest.json",)),
    "no image": Way((("no-image", ""),), image=""),
}


@contextmanager
def served(folder: Path) -> Iterator[tuple[dict[str, Update], bytes]]:
    """Every way on ports of its own, as a product file declares it; and the root that signed most of them."""
    authority = Authority(folder)
    taken: set[int] = set()
    wanted, surfaces = [], {}
    for name, way in WAYS.items():
        port = free_port(taken)
        plain_port = port if way.kind.plain == "same" else free_port(taken)
        plain = f"http://{HOST}:{plain_port}"
        image = f', "image": "{way.image.format(plain=plain)}"' if way.image else ""
        pages = {
            "/manifest.json": Page(f'{{"version": 2{image}}}', "application/json"),
            "/bear-2.bin": IMAGE_PAGE,
        }
        pages = {path: page for path, page in pages.items() if path not in way.without}
        both = pair(way.kind, name, authority, NAME, HOST, port, plain_port, pages)
        if way.redirect:
            both[0] = replace(both[0], redirect=way.redirect.format(plain=plain))
        if way.kind.plain == "redirect":  # by address: nobody here resolves the name
            both[1] = replace(both[1], redirect=f"https://{HOST}:{port}")
        wanted += both
        begins = plain if way.begins == "http" else f"https://{HOST}:{port}"
        surfaces[name] = Update(
            id="updates", where=f"update:{begins}/manifest.json", name=NAME, plain_port=plain_port
        )
    pid_file, outcome = listeners.start(wanted, folder, "ways")
    try:
        assert set(outcome.values()) == {listeners.RUNNING}
        yield surfaces, authority.pem.read_bytes()
    finally:
        end(pid_file)
