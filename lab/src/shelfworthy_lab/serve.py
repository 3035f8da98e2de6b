"""The web process: `python -m shelfworthy_lab.serve CONFIG READY` serves what CONFIG lists until it is ended.

Writes READY, `{listener: "running" or why not}`, once every port is held.
"""

import json
import signal
import socket
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey

from shelfworthy_lab.listeners import RUNNING, Listener, Page

PEER_SECONDS = 10
VERSIONS = {
    (3, 1): ssl.TLSVersion.TLSv1,
    (3, 2): ssl.TLSVersion.TLSv1_1,
    (3, 3): ssl.TLSVersion.TLSv1_2,
    (3, 4): ssl.TLSVersion.TLSv1_3,
}
NOT_THERE = Page("Not found.\n", "text/plain", 404)


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the listener's pages."""

    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.0"  # garbage gets a status line, as from any server of our days
    timeout = PEER_SECONDS
    server: "Web"

    def do_GET(self) -> None:
        listener = self.server.listener
        page = listener.pages.get(self.path.partition("?")[0], NOT_THERE)
        if listener.redirect:
            page = Page("", status=301)
        body = page.body.encode(page.encoding)
        self.send_response(page.status)
        self.send_header("Content-Type", page.type)
        self.send_header("Content-Length", str(len(body)))
        if listener.redirect:
            self.send_header("Location", listener.redirect + self.path)
        if listener.hsts:
            self.send_header("Strict-Transport-Security", "max-age=31536000")
        if listener.cookie:
            self.send_header("Set-Cookie", "session=plumwhistle; Path=/")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - the name http.server calls

    def version_string(self) -> str:
        return "plumwhistle"

    def log_message(self, format: str, *args: object) -> None:
        print(format % args, flush=True)


class Web(ThreadingHTTPServer):
    """One port; TLS is spoken in the connection's own thread, so that a slow peer delays nobody."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self._context = _context(listener) if listener.kind == "tls" else None
        self._legacy = _legacy(listener) if listener.kind == "legacy" else None
        super().__init__((listener.host, listener.port), Handler)

    def server_bind(self) -> None:
        socket.socket.bind(self.socket, self.server_address)  # without asking a resolver for our own name
        self.server_name, self.server_port = self.listener.host, self.listener.port

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as its base
        request.settimeout(PEER_SECONDS)
        line = request
        if self._context:
            line = self._context.wrap_socket(request, server_side=True)
        elif self._legacy:
            line = TLSConnection(request)
            line.handshakeServer(**self._legacy)
        try:
            Handler(line, client_address, self)
        finally:
            line.close()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as its base
        """Half of our visitors break off a handshake on purpose: a line in the log is enough."""
        print(f"{self.listener.name}: {sys.exc_info()[1]!r}", flush=True)


def _context(listener: Listener) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(listener.ciphers)  # first: @SECLEVEL in it decides which certificates load
    context.minimum_version, context.maximum_version = (VERSIONS[version] for version in listener.versions)
    context.load_cert_chain(listener.certificate, listener.key)
    if listener.client_authority:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(listener.client_authority)
    return context


def _legacy(listener: Listener) -> dict[str, Any]:
    """The arguments of tlslite-ng's handshakeServer."""
    settings = HandshakeSettings()
    settings.minVersion, settings.maxVersion = listener.versions
    settings.cipherNames = listener.ciphers.split()
    settings.macNames = ["sha", "md5"]
    settings.keyExchangeNames = ["dh_anon", "ecdh_anon"] if listener.anonymous else ["rsa"]
    if listener.anonymous:
        return {"settings": settings, "anon": True}
    chain = X509CertChain()
    chain.parsePemList(Path(listener.certificate).read_text())
    key = parsePEMKey(Path(listener.key).read_text(), private=True)
    return {"settings": settings, "certChain": chain, "privateKey": key}


def _hold(listener: Listener) -> None:
    """Open one port, and serve it in a thread."""
    if listener.kind in ("tls", "legacy", "plain"):
        threading.Thread(target=Web(listener).serve_forever, daemon=True).start()
        return
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind((listener.host, listener.port))
    if listener.kind == "silent":
        held.listen(128)  # the kernel accepts; nobody ever reads
    OPEN.append(held)


OPEN: list[socket.socket] = []  # keeps held ports from being collected


def main(config: Path, ready: Path) -> None:
    outcome = {}
    for said in json.loads(config.read_text()):
        listener = Listener.read(said)
        try:
            _hold(listener)
            outcome[listener.name] = RUNNING
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            outcome[listener.name] = f"can't run: {error}"
    unready = ready.with_suffix(".part")
    unready.write_text(json.dumps(outcome))
    unready.rename(ready)
    signal.pause()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
