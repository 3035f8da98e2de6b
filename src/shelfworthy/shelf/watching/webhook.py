"""One signed POST to somebody's webhook, and nowhere else.

- The name is resolved once, every address it has must be public or opened by the operator
  (SHELFWORTHY_WEBHOOKS), and the one that is dialled is one of those that were checked.
- Plain http only to what the operator opened: to the public, what is said of findings is encrypted.
- No redirect is followed; the answer is read no farther than its head; all of it ends within `PATIENCE`.
- The signature is HMAC-SHA256 over time and body: neither can be changed, and an old one is seen to be old.
"""

import hashlib
import hmac
import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import closing
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

import h11

from shelfworthy import __version__
from shelfworthy.product.address import IP, WrongAddress, literal, normal_host
from shelfworthy.product.closed import closed, faces

PATIENCE = 20.0  # seconds
HEAD = 16 << 10  # bytes of the answer, at most
SIGNATURE, IDEMPOTENCY = "Shelfworthy-Signature", "Idempotency-Key"

Networks = Sequence[IPv4Network | IPv6Network]


class NotTaken(Exception):
    """It was not accepted: why. It may be next time."""


def post(url: str, body: bytes, secret: str, once: str, opened: Networks) -> None:
    """Send a body. once: the same for the same event, however often it is sent. Raises NotTaken."""
    ends = time.monotonic() + PATIENCE
    wrong = wrong_url(url)
    if wrong:
        raise NotTaken(wrong)
    parts = urlsplit(url)
    host, encrypted = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if encrypted else 80)
    try:
        sock = dialled(host, port, opened, encrypted, ends)
        with closing(sock):
            status = answered(
                sock, request(parts.path, parts.query, parts.netloc, body, secret, once), body, ends
            )
    except OSError as error:  # timeouts and TLS among them
        raise NotTaken(f"{host}: {error or type(error).__name__}") from error
    except h11.RemoteProtocolError as error:
        raise NotTaken(f"{host} does not speak HTTP: {error}") from error
    if 300 <= status < 400:
        raise NotTaken(f"{host} answered {status}: redirects are not followed. Write where it leads.")
    if not 200 <= status < 300:
        raise NotTaken(f"{host} answered {status}.")


def wrong_url(url: str) -> str:
    """What is wrong with the URL of a webhook, and what is expected; "" if nothing is."""
    expected = "Expected https://host/path."
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return f"That is no URL. {expected}"
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return f"That is no address of a web server. {expected}"
    if parts.username or parts.password or parts.fragment:
        return f"User names, passwords and fragments do not belong into it. {expected}"
    if not url.isascii() or any(c <= " " or c == "\x7f" for c in url):
        return f"It holds characters a URL cannot. {expected}"
    try:
        normal_host(parts.hostname)
    except WrongAddress as wrong:  # one that some read as an address and people do not
        return str(wrong)
    return ""


def dialled(host: str, port: int, opened: Networks, encrypted: bool, ends: float) -> socket.socket:
    """A connection to one of the addresses of a host, none of which is closed. Raises NotTaken, OSError."""
    addresses = resolved(host, port)
    for address in addresses:
        if why := why_not(address, opened, encrypted):
            raise NotTaken(f"{host}: {why}")
    sock = socket.create_connection((str(addresses[0]), port), timeout=left(ends))
    if not encrypted:
        return sock
    try:
        return ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    except BaseException:
        sock.close()
        raise


def resolved(host: str, port: int) -> list[IP]:
    """The addresses of a host. Raises OSError."""
    own = literal(normal_host(host))
    if own is not None:
        return [own]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(one[4][0]).partition("%")[0]) for one in found))


def why_not(address: IP, opened: Networks, encrypted: bool) -> str:
    """Why nothing is sent to an address, and what would let us; "" if it may be."""
    if any(address in network for network in opened):
        return ""
    for face in faces(address):
        if why := closed(face):
            return f"{address} is {why}. The operator can open it: SHELFWORTHY_WEBHOOKS={face}."
    return "" if encrypted else "to a public address only https is sent."


def request(path: str, query: str, netloc: str, body: bytes, secret: str, once: str) -> h11.Request:
    """The head of the POST."""
    at = int(time.time())
    return h11.Request(
        method="POST",
        target=(path or "/") + (f"?{query}" if query else ""),
        headers=[
            ("Host", netloc),
            ("User-Agent", f"Shelfworthy/{__version__}"),
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
            (IDEMPOTENCY, quote(once, safe=" :/@,;+=")),
            (SIGNATURE, f"t={at},v1={signature(secret, at, body)}"),
        ],
    )


def signature(secret: str, at: int, body: bytes) -> str:
    """What whoever knows the secret can compute from the time and the body."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def answered(sock: socket.socket, head: h11.Request, body: bytes, ends: float) -> int:
    """The status of the answer. Raises OSError, h11.RemoteProtocolError."""
    line = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD)
    sock.settimeout(left(ends))
    for part in (head, h11.Data(data=body), h11.EndOfMessage()):
        if content := line.send(part):
            sock.sendall(content)
    read = 0
    while True:
        event = line.next_event()
        if isinstance(event, h11.Response):
            return int(event.status_code)
        if event is h11.NEED_DATA:
            sock.settimeout(left(ends))
            content = sock.recv(4096)
            read += len(content)
            if read > HEAD:
                raise TimeoutError("it says much and answers nothing")
            line.receive_data(content)
        elif not isinstance(event, h11.InformationalResponse):
            raise h11.RemoteProtocolError("it hung up without an answer")


def left(ends: float) -> float:
    """Seconds that are left. Raises TimeoutError."""
    seconds = ends - time.monotonic()
    if seconds <= 0:
        raise TimeoutError(f"it took longer than {PATIENCE:.0f} s")
    return seconds
