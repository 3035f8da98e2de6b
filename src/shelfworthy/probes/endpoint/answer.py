"""What comes back on a ClientHello: a parser for a server's first flight, made for hostile bytes. Pure.

It is fed whatever arrives and never raises. What it does not understand makes it `broken`, and it reads no
further; so does a peer that sends more than any honest first flight holds.

Sources: RFC 8446 section 4.1.3 and 5.1, RFC 5246 section 6.2 and 7.4, RFC 6520 for heartbeats.
"""

import hashlib
from struct import unpack_from

from shelfworthy.model import Record
from shelfworthy.probes.endpoint.hello import HEARTBEAT, VERSIONS

ALERT, HANDSHAKE, HEARTBEAT_RECORD = 21, 22, 24
RECORD_TYPES = range(20, 25)
HELLO_REQUEST, SERVER_HELLO, CERTIFICATE, SERVER_HELLO_DONE = 0, 2, 11, 14
RETRY = hashlib.sha256(b"HelloRetryRequest").digest()  # RFC 8446, section 4.1.3
FATAL, CLOSE_NOTIFY = 2, 0
HEARTBEAT_RESPONSE = 2

HTTP = b"HTTP/"  # what a web server says that was spoken to in a protocol it does not know

MOST_RECORD = (1 << 14) + 2048  # RFC 5246, section 6.2.3
MOST_MESSAGE = 1 << 17
MOST_BYTES, MOST_RECORDS = 1 << 18, 512


class ServerHello(Record, frozen=True):
    """What the server chose. version: on the wire, also by extension. retry: as a HelloRetryRequest.

    heartbeat: it answers heartbeats. raw: the message.
    """

    version: int
    suite: int
    retry: bool
    heartbeat: bool
    raw: bytes


class Answer:
    """A server's first flight, as far as it has come.

    hello, chain (DER, leaf first), done (ServerHelloDone came): None and False until then. alert: number of
    the alert that ended it, or of the last warning, -1 without one. fatal: an alert ended it. broken: it is
    not TLS, or not as it should be. http: it is an answer in plain HTTP. echoed: lengths of the payloads of
    heartbeat responses.
    """

    def __init__(self) -> None:
        self.hello: ServerHello | None = None
        self.chain: tuple[bytes, ...] | None = None
        self.done = False
        self.alert = -1
        self.fatal = False
        self.broken = False
        self.http = False
        self.echoed: list[int] = []
        self._records = bytearray()
        self._messages = bytearray()
        self._bytes = self._count = 0

    @property
    def ended(self) -> bool:
        """Nothing that still comes can change the answer."""
        return self.fatal or self.broken

    def feed(self, content: bytes) -> None:
        """Read on."""
        self._bytes += len(content)
        self._records += content
        while not self.ended and self._record():
            pass
        if self._bytes > MOST_BYTES or self._count > MOST_RECORDS:
            self.broken = True

    def _record(self) -> bool:
        """Take one record off the front; False if it is not all there yet."""
        front = self._records
        if self._count == 0 and front and HTTP.startswith(front[: len(HTTP)]):
            self.http = self.broken = len(front) >= len(HTTP)
            return False
        if (front and front[0] not in RECORD_TYPES) or (len(front) > 1 and front[1] != 3):
            self.broken = True
        if self.broken or len(front) < 5:
            return False
        (length,) = unpack_from("!H", front, 3)
        if length > MOST_RECORD:
            self.broken = True
            return False
        if len(front) < 5 + length:
            return False
        kind, body = front[0], bytes(front[5 : 5 + length])
        del front[: 5 + length]
        self._count += 1
        if kind == ALERT:
            self._alert(body)
        elif kind == HANDSHAKE:
            self._messages += body
            while not self.broken and self._message():
                pass
        elif kind == HEARTBEAT_RECORD and self.hello is not None:
            self._heartbeat(body)
        elif self.hello is None:
            self.broken = True
        return True

    def _alert(self, body: bytes) -> None:
        if len(body) != 2:
            self.broken = self.hello is None  # after the hello it may be encrypted
            return
        level, self.alert = body
        # A warning (unrecognized_name) lets the handshake go on; close_notify is one by its level only.
        self.fatal = level == FATAL or self.alert == CLOSE_NOTIFY

    def _message(self) -> bool:
        """Take one handshake message off the front; False if it is not all there yet."""
        front = self._messages
        if len(front) < 4:
            return False
        kind, length = front[0], int.from_bytes(front[1:4], "big")
        if length > MOST_MESSAGE:
            self.broken = True
            return False
        if len(front) < 4 + length:
            return False
        body = bytes(front[4 : 4 + length])
        del front[: 4 + length]
        if self.hello is None:
            if kind == SERVER_HELLO:
                self.hello = server_hello(body)
            self.broken = self.hello is None and kind != HELLO_REQUEST
        elif kind == CERTIFICATE and self.chain is None:
            self.chain = certificates(body)
            self.broken = self.chain is None
        elif kind == SERVER_HELLO_DONE:
            self.done = True
        return True

    def _heartbeat(self, body: bytes) -> None:
        if len(body) >= 3 and body[0] == HEARTBEAT_RESPONSE:
            (claimed,) = unpack_from("!H", body, 1)
            self.echoed.append(min(claimed, len(body) - 3))


def server_hello(body: bytes) -> ServerHello | None:
    """A ServerHello or HelloRetryRequest, without its four-byte head; None if it is not one."""
    if len(body) < 38:  # version, random, length of the session id, suite, compression
        return None
    session = body[34]
    if session > 32 or len(body) < 38 + session:
        return None
    (version,) = unpack_from("!H", body, 0)
    (suite,) = unpack_from("!H", body, 35 + session)
    extensions = _extensions(body[38 + session :])
    if extensions is None:
        return None
    named = extensions.get(VERSIONS, b"")
    return ServerHello(
        version=int.from_bytes(named, "big") if len(named) == 2 else version,
        suite=suite,
        retry=body[2:34] == RETRY,
        heartbeat=HEARTBEAT in extensions,
        raw=body,
    )


def certificates(body: bytes) -> tuple[bytes, ...] | None:
    """The chain in a Certificate message of SSL 3.0 to TLS 1.2 (RFC 5246, section 7.4.2); None if it is
    none.
    """
    if len(body) < 3 or int.from_bytes(body[:3], "big") != len(body) - 3:
        return None
    found = []
    at = 3
    while at < len(body):
        length = int.from_bytes(body[at : at + 3], "big")
        certificate = body[at + 3 : at + 3 + length]
        if at + 3 > len(body) or len(certificate) < length:
            return None
        found.append(certificate)
        at += 3 + length
    return tuple(found)


def _extensions(block: bytes) -> dict[int, bytes] | None:
    """Extensions by number; None if the block is none. There may be no block at all."""
    if not block:
        return {}
    if len(block) < 2 or unpack_from("!H", block)[0] != len(block) - 2:
        return None
    found = {}
    at = 2
    while at < len(block):
        if at + 4 > len(block):
            return None
        number, length = unpack_from("!HH", block, at)
        found[number] = block[at + 4 : at + 4 + length]
        at += 4 + length
    return found if at == len(block) else None
