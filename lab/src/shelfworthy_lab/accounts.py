"""A toy's API with accounts: one small HTTP server with switches, from well kept to the worst of the story.

`python -m shelfworthy_lab.accounts CONFIG` serves until it is ended. Everything is in memory; nobody in it is
real. Each request is a line in its log: method, path, status.
"""

import json
import secrets
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from shelfworthy_lab.bench import Bench
from shelfworthy_lab.certificates import Identity
from shelfworthy_lab.processes import Server, module, spawn, wait_for_port

PEER_SECONDS = 10
LOCK_SECONDS = 1
SHORT = 3  # seconds that a product's sessions last: longer than what is asked in one takes on a busy machine
FIRST_NUMBER = 1000
COMMON = frozenset(
    ["password", "12345678", "iloveyou", "sunshine", "princess", "qwertyui", "abcd1234", "football"]
)
CUSTOMERS = tuple(  # who else has an account, and what they keep there
    (f"{name}@plumpost.test", f"Good night, {name}, says the plum tree")
    for name in ("mia.marsh", "oskar.reed", "lena.hollow")
)


@dataclass(frozen=True)
class Switches:
    """How the service is kept; the defaults are a well kept one.

    passwords: any at all, or at least 8 characters and none that is common or the user's own. locks_at: the
    wrong log-in that is answered 429, 0 for never. readable: who may read an object. tells: whether a wrong
    log-in says that there is no such account. log_out: whether it ends the session. lifetime: seconds that a
    log-in says its session lasts, 0 for no word; expires: whether it then ends. replayable: whether a session
    that was ended may still send what changes things. keeps_media: whether files outlive their owner.
    """

    passwords: Literal["any", "ruled"] = "ruled"
    locks_at: int = 6
    ids: Literal["sequential", "random"] = "random"
    readable: Literal["anyone", "accounts", "owner"] = "owner"
    tells: bool = False
    log_out: bool = True
    lifetime: int = 1
    expires: bool = True
    replayable: bool = False
    keeps_media: bool = False


@dataclass
class Session:
    """A session. over: it was logged out."""

    email: str
    ends: float
    over: bool = False


@dataclass
class Recording:
    """Something a customer put there. media: the name of its file, which any link to it holds."""

    owner: str
    text: str
    media: str


@dataclass
class State:
    """All that the service knows."""

    switches: Switches
    product: str = ""
    passwords: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)
    locked: dict[str, float] = field(default_factory=dict)
    files: dict[str, tuple[str, str]] = field(default_factory=dict)  # name → (owner, content)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, owner: str, text: str) -> str:
        """Keep a recording; its id."""
        number = str(FIRST_NUMBER + len(self.recordings) + 1)
        made = number if self.switches.ids == "sequential" else secrets.token_hex(16)
        media = f"{secrets.token_hex(16)}.mur"
        self.recordings[made] = Recording(owner, text, media)
        self.files[media] = (owner, text)
        return made

    def forget(self, email: str) -> None:
        """Delete an account and what belongs to it."""
        self.passwords.pop(email, None)
        self.recordings = {key: one for key, one in self.recordings.items() if one.owner != email}
        self.sessions = {key: one for key, one in self.sessions.items() if one.email != email}
        if not self.switches.keeps_media:
            self.files = {key: one for key, one in self.files.items() if one[0] != email}

    def who(self, token: str, *, changes: bool) -> str:
        """Whose session a token is, "" if nobody's. changes: the request is one that changes things."""
        session = self.sessions.get(token)
        if session is None or (session.over and not (changes and self.switches.replayable)):
            return ""
        expired = self.switches.lifetime and time.monotonic() > session.ends
        return "" if expired and self.switches.expires else session.email


Said = tuple[int, dict[str, Any]]
NOT_FOUND: Said = (404, {"error": "not found"})
WHO: Said = (401, {"error": "log in first"})


def weak(state: State, email: str, password: str) -> bool:
    """Whether a well kept service refuses this password."""
    lowered = password.lower()
    own = email.lower() == lowered or lowered in state.product.lower().replace(" ", "")
    return len(password) < 8 or lowered in COMMON or own


def sign_up(state: State, body: dict[str, str]) -> Said:
    email, password = body["email"], body["password"]
    if state.switches.passwords == "ruled" and weak(state, email, password):
        return 422, {"error": "choose a longer, less common password"}
    if email in state.passwords:
        return 409, {"error": "not possible"}
    state.passwords[email] = password
    return 201, {"account": len(state.passwords)}


def log_in(state: State, body: dict[str, str]) -> Said:
    email, password, switches = body["email"], body["password"], state.switches
    if state.locked.get(email, 0) > time.monotonic():
        return 429, {"error": "too many tries"}
    if state.passwords.get(email) != password:
        state.wrong[email] = state.wrong.get(email, 0) + 1
        if switches.locks_at and state.wrong[email] >= switches.locks_at:
            state.locked[email] = time.monotonic() + LOCK_SECONDS
            state.wrong[email] = 0
            return 429, {"error": "too many tries"}
        if switches.tells and email not in state.passwords:
            return 404, {"error": "there is no such account"}
        return 401, {"error": "wrong password" if switches.tells else "wrong address or password"}
    token = secrets.token_hex(20)
    state.sessions[token] = Session(email, time.monotonic() + switches.lifetime)
    return 200, {"token": token} | ({"expires_in": switches.lifetime} if switches.lifetime else {})


def change_password(state: State, email: str, body: dict[str, str]) -> Said:
    if body["old"] != state.passwords.get(email):
        return 401, {"error": "wrong password"}
    if state.switches.passwords == "ruled" and weak(state, email, body["new"]):
        return 422, {"error": "choose a longer, less common password"}
    state.passwords[email] = body["new"]
    return 200, {}


def show(state: State, name: str, email: str) -> Said:
    found = state.recordings.get(name)
    readable = state.switches.readable
    if readable != "anyone" and not email:
        return WHO
    if found is None or (readable == "owner" and found.owner != email):
        return NOT_FOUND
    return 200, {"id": name, "text": found.text, "media": f"/media/{found.media}"}


def media(state: State, name: str, email: str) -> Said:
    owner, content = state.files.get(name, ("", ""))
    if not content or (state.switches.readable == "owner" and owner != email):
        return NOT_FOUND
    return 200, {"sound": content}


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    timeout = PEER_SECONDS
    server: "Service"

    def answer(self) -> None:
        state = self.server.state
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(length) if length < 1 << 20 else b""
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        try:
            with state.lock:
                status, said = route(state, self.command, unquote(self.path), token, content)
        except (ValueError, KeyError, TypeError):
            status, said = 400, {"error": "not understood"}
        body = b"" if status == 204 else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status == 429:
            self.send_header("Retry-After", str(LOCK_SECONDS))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the names http.server calls

    def version_string(self) -> str:
        return "plumwhistle"

    def log_message(self, format: str, *args: object) -> None:
        print(format % args, flush=True)


def route(state: State, method: str, path: str, token: str, content: bytes) -> Said:
    """The answer to a request."""
    body = json.loads(content) if content else {}
    email = state.who(token, changes=method != "GET")
    match method, path.strip("/").split("/"):
        case "POST", ["v1", "users"]:
            return sign_up(state, body)
        case "POST", ["v1", "sessions"]:
            return log_in(state, body)
        case "GET", ["v1", "recordings", name]:
            return show(state, name, email)
        case "GET", ["media", name]:
            return media(state, name, email)
        case _ if not email:
            return WHO
        case "POST", ["v1", "recordings"]:
            made = state.add(email, str(body["text"])[:1000])
            return 201, {"id": made, "media": f"/media/{state.recordings[made].media}"}
        case "PUT", ["v1", "users", "me", "password"]:
            return change_password(state, email, body)
        case "DELETE", ["v1", "sessions", "mine"]:
            state.sessions[token].over = state.switches.log_out
            return 204, {}
        case "DELETE", ["v1", "users", "me"]:
            state.forget(email)
            return 204, {}
    return NOT_FOUND


class Service(ThreadingHTTPServer):
    """One port; TLS is spoken in the connection's own thread."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, state: State, context: ssl.SSLContext | None) -> None:
        self.state = state
        self._context = context
        super().__init__((host, port), Handler)

    def server_bind(self) -> None:
        socket.socket.bind(self.socket, self.server_address)  # without asking a resolver for our own name
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as its base
        request.settimeout(PEER_SECONDS)
        line = self._context.wrap_socket(request, server_side=True) if self._context else request
        try:
            Handler(line, client_address, self)
        finally:
            line.close()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as its base
        print(f"broken off: {sys.exc_info()[1]!r}", flush=True)


def start(
    folder: Path,
    switches: Switches,
    host: str,
    port: int,
    product: str,
    identity: Identity | None = None,
    name: str = "accounts",
) -> Server:
    """Start the service; TLS with an identity, else plain HTTP. product: whose name no password may be."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / f"{name}.json"
    said: dict[str, Any] = {"host": host, "port": port, "product": product, "switches": asdict(switches)}
    if identity is not None:
        said |= {"certificate": str(identity.certificate), "key": str(identity.key)}
    config.write_text(json.dumps(said))
    pid_file = spawn(name, module("accounts", str(config)), folder)
    wait_for_port(host, port, pid_file, folder / "logs" / f"{name}.log")
    return Server(host, port, pid_file)


def declare(
    bench: Bench, switches: Switches, host: str, address: str, *, product: str, part: str, tls: bool = True
) -> Callable[[], None]:
    """Declare the service as a part of a product; answers what starts it."""
    port = bench.port(part)
    where = f"{'https' if tls else 'http'}://{host}:{port}/"
    bench.declare(surface(where, switches) | {"id": part, "ca": "ca.pem"}, part, host, address)

    def begin() -> None:
        identity = bench.authority.issue(host) if tls else None
        start(bench.folder, switches, address, port, product, identity, name=part)

    return begin


def surface(where: str, switches: Switches) -> dict[str, Any]:
    """The surface of a product file, with the recipe of this API."""
    session = {"Authorization": "Bearer {token}"}
    entering: dict[str, Any] = {"method": "POST", "json": {"email": "{email}", "password": "{password}"}}
    lifetime = {"lifetime": "/expires_in"} if switches.lifetime else {}
    recipe: dict[str, Any] = {
        "email": "shelfworthy+{random}@bench.shelfworthy.test",
        "sign_up": entering | {"path": "/v1/users", "capture": {"account": "/account"}},
        "log_in": entering | {"path": "/v1/sessions", "capture": {"token": "/token"} | lifetime},
        "create": {
            "method": "POST",
            "path": "/v1/recordings",
            "headers": session,
            "json": {"text": "{content}"},
            "capture": {"id": "/id", "media": "/media"},
        },
        "read": {"method": "GET", "path": "/v1/recordings/{id}", "headers": session},
        "reset": {
            "method": "PUT",
            "path": "/v1/users/me/password",
            "headers": session,
            "json": {"old": "{password}", "new": "{new_password}"},
        },
        "log_out": {"method": "DELETE", "path": "/v1/sessions/mine", "headers": session},
        "delete": {"method": "DELETE", "path": "/v1/users/me", "headers": session},
    }
    return {
        "id": "accounts",
        "kind": "account",
        "where": f"account:{where}",
        "owner": "maker",
        "recipe": recipe,
    }


def planted() -> list[str | bytes]:
    """What customers keep there, and belongs in no report."""
    return [*(email for email, _ in CUSTOMERS), *(text for _, text in CUSTOMERS)]


def main(config: Path) -> None:
    said = json.loads(config.read_text())
    state = State(Switches(**said["switches"]), said["product"])
    for email, text in CUSTOMERS:
        state.passwords[email] = secrets.token_hex(16)
        state.add(email, text)
    context = None
    if "certificate" in said:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(said["certificate"], said["key"])
    service = Service(said["host"], said["port"], state, context)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    signal.pause()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
