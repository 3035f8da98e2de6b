"""TLS servers with one fault each, and good ones to compare with.

`start(KIND, folder)` runs one alone; the product `endpoints` is all of them side by side.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from shelfworthy_lab import listeners
from shelfworthy_lab.certificates import Authority, Fault
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.listeners import RUNNING, Listener, Page
from shelfworthy_lab.processes import Server, free_port

SSL3, TLS10, TLS11, TLS12, TLS13 = (3, 0), (3, 1), (3, 2), (3, 3), (3, 4)
PAGES = {"/": Page("<!doctype html><title>Endpoint</title><p>Here I am.\n")}
OLD_CBC = "AES128-SHA:AES256-SHA:@SECLEVEL=0"  # RSA key exchange and CBC, all that TLS 1.0 gets from us

Plain = Literal["refuse", "redirect", "serve", "cookie", "silent", "same"]


@dataclass(frozen=True)
class Kind:
    """How an endpoint differs from a good one; plain: what its plain port does (`same`: the only one)."""

    listener: Literal["tls", "legacy", "plain"] = "tls"
    fault: Fault = "none"
    versions: tuple[tuple[int, int], tuple[int, int]] = (TLS12, TLS13)
    ciphers: str = "ECDHE+AESGCM:ECDHE+CHACHA20"
    anonymous: bool = False
    wants_client_certificate: bool = False
    hsts: bool = False
    plain: Plain = "refuse"


KINDS: dict[str, Kind] = {
    "good-rsa": Kind(hsts=True, plain="redirect"),
    "good-ec": Kind(fault="ec"),
    "tls13-only": Kind(versions=(TLS13, TLS13), hsts=True),
    "client-certificate": Kind(wants_client_certificate=True),
    "tls10-only": Kind(versions=(TLS10, TLS10), ciphers=OLD_CBC, plain="serve"),
    "old-and-new": Kind(versions=(TLS10, TLS12), ciphers=f"ECDHE+AESGCM:{OLD_CBC}"),
    # No AES, and tlslite-ng likes 3DES best: one handshake shows a weak suite, CBC, and no forward secrecy.
    "sslv3": Kind("legacy", versions=(SSL3, TLS11), ciphers="3des rc4", plain="serve"),
    "null-only": Kind("legacy", versions=(TLS10, TLS12), ciphers="null"),
    "anonymous-only": Kind("legacy", versions=(TLS10, TLS12), ciphers="aes128 aes256", anonymous=True),
    "expired": Kind(fault="expired", plain="cookie"),
    "wrong-name": Kind(fault="wrong-name", plain="silent"),
    "self-signed": Kind(fault="self-signed"),
    "rsa-1024": Kind(fault="rsa-1024", ciphers="ECDHE+AESGCM:@SECLEVEL=0"),
    "plain-http": Kind("plain", plain="same"),
}


@dataclass(frozen=True)
class Endpoint(Server):
    """A running endpoint: `name` is what its certificate should say, `ca` who should have signed it."""

    name: str
    plain_port: int
    ca: Path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(kind: str, folder: Path, host: str = "127.0.0.1", name: str = "localhost") -> Endpoint:
    """Start one endpoint of `KINDS`. Raises `CantRun`."""
    authority = Authority(folder)
    taken: set[int] = set()
    port = free_port(taken)
    plain_port = port if KINDS[kind].plain == "same" else free_port(taken)
    wanted = pair(KINDS[kind], kind, authority, name, host, port, plain_port, PAGES)
    pid_file, outcome = listeners.start(wanted, folder, kind)
    for said in outcome.values():
        if said != RUNNING:
            raise CantRun(f"{kind}: {said}")
    return Endpoint(host, port, pid_file, name, plain_port, authority.pem)


def pair(
    about: Kind,
    part: str,
    authority: Authority,
    name: str,
    host: str,
    port: int,
    plain_port: int,
    pages: dict[str, Page],
) -> list[Listener]:
    """The listeners of one endpoint: the TLS port, called `part`, and the plain one, called `part`-plain."""
    identity = authority.issue(name, about.fault)
    secure = Listener(
        part,
        host,
        port,
        about.listener,
        versions=about.versions,
        ciphers=about.ciphers,
        anonymous=about.anonymous,
        client_authority=str(authority.pem) if about.wants_client_certificate else "",
        hsts=about.hsts,
        pages=pages,
        certificate=str(identity.certificate),
        key=str(identity.key),
    )
    if about.plain == "same":
        return [secure]
    plain = Listener(f"{part}-plain", host, plain_port, "plain", pages=pages)
    origin = f"https://{name}:{port}"
    match about.plain:
        case "redirect":
            plain = replace(plain, redirect=origin)
        case "cookie":
            plain = replace(plain, redirect=origin, cookie=True)
        case "refuse" | "silent":
            plain = replace(plain, kind=about.plain)
    return [secure, plain]
