"""The bear's update server: a manifest without signature over plain HTTP, or TUF over TLS."""

import hashlib
import json
import random
import struct

from shelfworthy_lab import toml
from shelfworthy_lab.bench import Bench
from shelfworthy_lab.listeners import Page
from shelfworthy_lab.tls import KINDS
from shelfworthy_lab.tuf_repository import Repository

PART = "updates"
HOST = "updates.murmurpal.test"
WORDS = 6000  # of four bytes: the image's length


def declare(bench: Bench, edition: str, address: str, www: str) -> None:
    """Declare the update server; `bench.serve` starts it. www: the origin of the public site."""
    surface: dict[str, toml.Value] = {"id": "firmware-updates", "kind": "update", "owner": "maker"}
    surface["support"] = f"{www}/support"
    if edition == "2018":
        site = bench.site(PART, KINDS["plain-http"], HOST, address, lambda _: unsigned())
        plain = site.origin.replace("https:", "http:")
        surface["where"] = f"update:{plain}/firmware/manifest.json"
    else:
        root, pages = signed()
        (bench.folder / "root.json").write_bytes(root)
        site = bench.site(PART, KINDS["good-rsa"], HOST, address, lambda _: pages)
        surface["where"] = f"update:{site.origin}/metadata/timestamp.json"
        surface |= {"plain_port": site.plain_port, "ca": "ca.pem"}
        surface |= {"scheme": "tuf", "root": "root.json", "image": name("2.1.0")}
    bench.declare(surface, PART, HOST, address)


def name(version: str) -> str:
    return f"MurmurPal_ImgB_{version}.bin"


def unsigned() -> dict[str, Page]:
    """What is published in 2018."""
    said = {"product": "MurmurPal Bear", "version": "1.0.19", "image": f"/firmware/{name('1.0.19')}"}
    return {
        "/firmware/manifest.json": Page(json.dumps(said) + "\n", "application/json"),
        f"/firmware/{name('1.0.19')}": binary(image(19)),
    }


def signed() -> tuple[bytes, dict[str, Page]]:
    """The root that bears carry, and what is published as it should be."""
    repository = Repository()
    root = repository.publish_root()
    repository.publish(name("2.1.0"), image(210), version=3)
    pages = {path: binary(content) for path, content in repository.files.items() if ".bin" in path}
    pages |= {
        path: Page(content.decode(), "application/json")
        for path, content in repository.files.items()
        if ".bin" not in path
    }
    return root, pages


def binary(content: bytes) -> Page:
    return Page(content.decode("latin-1"), "application/octet-stream", encoding="latin-1")


def image(version: int) -> bytes:
    """In the shape of TI's over-the-air images: CRC, its shadow, version, length in words, identifier.

    All the rest is noise, and so is the CRC.
    """
    noise = random.Random(version).randbytes(WORDS * 4 - 16)
    head = struct.pack("<HHH4s4x", 0xFFFF, version << 1 | 1, WORDS, b"BBBB")
    crc = int.from_bytes(hashlib.md5(head + noise, usedforsecurity=False).digest()[:2], "little")
    return struct.pack("<H", crc) + head + noise
