"""The client of `shelfworthy push`: parts of a parcel over HTTP, each confirmed before the next is sent.

It speaks to the shelf that the user named and to nobody else: no redirect is followed, certificates are
verified, and the token is never sent in clear but to this machine.
"""

import http.client
import ssl
import tempfile
import time
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

import msgspec

from shelfworthy.audit.carrying import LARGEST, MEDIA_TYPE, pack
from shelfworthy.cli.exits import WrongUsage
from shelfworthy.record import redactions, write_whole

PART = 8 << 20  # bytes
TRIES = 5  # in a row without a byte more on the shelf
PATIENCE = 60  # seconds for one answer; judging what came takes its time
LARGEST_ANSWER = 1 << 20
WORTH_ANOTHER_TRY = frozenset({408, 429, 500, 502, 503, 504})


class Trouble(Exception):
    """The audit was not taken: what happened, and what to do."""


class Said(msgspec.Struct, frozen=True):
    """What a shelf answers: of a part, or a problem (RFC 9457)."""

    have: int = 0
    taken_in: bool = False
    title: str = ""
    detail: str = ""


class Way(msgspec.Struct, frozen=True):
    """How to reach a shelf. tls: None for this machine, in clear."""

    host: str
    port: int
    path: str
    token: str
    tls: ssl.SSLContext | None

    @classmethod
    def to(cls, url: str, token: str, ca: Path | None) -> "Way":
        """The way to the shelf at a URL. Raises WrongUsage."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise WrongUsage(f"{url!r} is no URL: expected https://shelf.example.") from None
        host = parts.hostname or ""
        if (
            parts.scheme not in ("http", "https")
            or not host
            or parts.query
            or parts.fragment
            or parts.username
        ):
            raise WrongUsage(f"{url!r} is no shelf's URL: expected https://shelf.example.")
        if parts.scheme == "http" and not _here(host):
            raise WrongUsage(f"{url}: the token would be sent in clear. Use https://.")
        tls = None
        if parts.scheme == "https":
            tls = ssl.create_default_context()
            if ca is not None:
                try:
                    tls.load_verify_locations(cafile=ca)
                except ssl.SSLError:
                    raise WrongUsage(f"{ca}: no certificate in PEM form.") from None
        default = 443 if tls else 80
        return cls(host=host, port=port or default, path=parts.path.rstrip("/"), token=token, tls=tls)

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, Said]:
        """One request on a connection of its own. Raises OSError, HTTPException."""
        connection = self._connection()
        try:
            headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
            if method == "PUT":
                headers |= {"Content-Type": MEDIA_TYPE, "Content-Length": str(len(body))}
            connection.request(method, f"{self.path}/api/v1{path}", body or None, headers)
            answer = connection.getresponse()
            content = answer.read(LARGEST_ANSWER)
        finally:
            connection.close()
        try:
            return answer.status, msgspec.json.decode(content, type=Said)
        except msgspec.DecodeError:
            return answer.status, Said(title=f"{answer.status} {answer.reason}"[:200])

    def _connection(self) -> http.client.HTTPConnection:
        if self.tls is not None:
            return http.client.HTTPSConnection(self.host, self.port, timeout=PATIENCE, context=self.tls)
        return http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)


def written(audit: Path, to: Path) -> str:
    """Write an audit's parcel to a file; the digest of its evidence. Raises Unreadable, OSError."""
    with tempfile.SpooledTemporaryFile(LARGEST) as file:
        digest = pack(audit, file)
        file.seek(0)
        write_whole(to.absolute(), file.read())
    return digest


def send(
    audit: Path, way: Way, tell: TextIO, wait: Callable[[float], None] = time.sleep, part: int = PART
) -> str:
    """Send an audit; what became of it, in words. Raises Trouble, Unreadable, OSError."""
    with tempfile.TemporaryFile() as parcel:
        digest = pack(audit, parcel)
        length = parcel.tell()
        if length > LARGEST:
            raise Trouble(f"{audit} has {length} bytes, and a shelf takes {LARGEST}.")
        redacted = len(redactions(audit / "evidence"))
        place = f"/audits/{digest}/part?redacted={redacted}"
        said = _patiently(way, "GET", place, b"", wait)
        if said.taken_in:
            return f"{digest}: was there already."
        at, stalled = said.have, 0
        while True:
            parcel.seek(at)
            said = _patiently(way, "PUT", f"{place}&at={at}&of={length}", parcel.read(part), wait)
            if said.taken_in:
                return f"{digest}: taken in."
            stalled = 0 if said.have > at else stalled + 1
            if stalled == TRIES:
                raise Trouble("The shelf keeps nothing of what is sent. Look at its logs.")
            at = min(said.have, length)
            if tell.isatty():
                tell.write(f"sent {at >> 20} of {length >> 20} MiB\n")


def _patiently(way: Way, method: str, path: str, body: bytes, wait: Callable[[float], None]) -> Said:
    """The shelf's answer; asked again, ever later, where the line or the shelf fails. Raises Trouble."""
    why = ""
    for number in range(TRIES):
        if number:
            wait(2.0**number)
        try:
            status, said = way.ask(method, path, body)
        except ssl.SSLCertVerificationError as wrong:
            raise Trouble(
                f"{way.host} has no certificate to trust ({wrong.verify_message}). Give its root with --ca, "
                "or look who answers there."
            ) from None
        except (OSError, http.client.HTTPException) as error:
            why = f"{way.host}:{way.port} {_words(error)}"
            if method == "PUT":  # how far it came is asked before more is sent
                method, path, body = "GET", path.partition("&at=")[0], b""
            continue
        if status in (200, 201, 202) or (status == 409 and method == "PUT"):
            return said
        why = ". ".join(part.rstrip(".") for part in (said.title, said.detail) if part) + "."
        if status not in WORTH_ANOTHER_TRY:
            raise Trouble(f"The shelf refused it ({status}): {why}")
    raise Trouble(f"Not sent: {why} Call it again: it goes on where it stopped.")


def _words(error: Exception) -> str:
    said = getattr(error, "strerror", "") or type(error).__name__
    return f"cannot be reached ({said})."


def _here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
