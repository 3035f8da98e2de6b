"""A device that takes pushed images. `python -m shelfworthy_lab.device CONFIG` serves its update page.

    GET  /api/version   {"version": "OwlWatch 1.2.7"}, or 503 while it restarts
    POST /api/update    multipart/form-data with a file `firmware`: 200 and it restarts, or 422, or 400

CONFIG (JSON): host, port, image (file it runs), key (file, "" if it takes anybody's), log (file; one line for
each push), restart_s, manner: "" honest, or what a hostile one does: "yes" says that it took whatever came
and runs what it ran, "mute" takes an image and never answers, "gone" is not heard of again after any push,
"liar" says no and runs it, "talker" names another version each time it is asked.
"""

import json
import sys
import threading
import time
from dataclasses import asdict, dataclass
from email.parser import BytesParser
from email.policy import HTTP
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from shelfworthy_lab.firmware import Image, NotTaken, good
from shelfworthy_lab.processes import Server, module, spawn, wait_for_port

MOST = 64 << 20
PEER_SECONDS = 30
MANNERS = ("", "yes", "mute", "gone", "liar", "talker")


@dataclass(frozen=True)
class Config:
    host: str
    port: int
    image: str
    key: str
    log: str
    restart_s: float = 0.3
    manner: str = ""


class Device:
    """What it runs, and whether it may be asked just now."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.key = Path(config.key).read_bytes() if config.key else b""
        content = Path(config.image).read_bytes()
        self.runs = good(content, self.key)
        self.digest = sha256(content).hexdigest()
        self.up_at = 0.0
        self.gone = False
        self.told = 0
        self._lock = threading.Lock()

    def version(self) -> str | None:
        """What it says that it runs; None while it restarts."""
        if time.monotonic() < self.up_at:
            return None
        self.told += 1
        return f"{self.runs.says}.{self.told}" if self.config.manner == "talker" else self.runs.says

    def push(self, content: bytes) -> str:
        """Take an image, or say why not; "" if it is taken."""
        with self._lock:
            manner, why = self.config.manner, ""
            try:
                image = good(content, self.key)
                if image.counts < self.runs.counts:
                    raise NotTaken("older than what runs")
            except NotTaken as error:
                why = str(error)
            if manner == "liar":
                image, why = good(content, b""), ""
            if manner in ("", "liar", "talker") and not why:
                self.run(image, content)
            self.note(content, why)
            self.gone = manner == "gone"
            return {"yes": "", "liar": "not signed"}.get(manner, why)

    def run(self, image: Image, content: bytes) -> None:
        self.runs, self.digest = image, sha256(content).hexdigest()
        self.up_at = time.monotonic() + self.config.restart_s

    def note(self, content: bytes, why: str) -> None:
        said = {"sha256": sha256(content).hexdigest(), "why": why, "runs": self.runs.says}
        with Path(self.config.log).open("a") as log:
            log.write(json.dumps(said) + "\n")


class Handler(BaseHTTPRequestHandler):
    """The update page."""

    protocol_version = "HTTP/1.1"
    timeout = PEER_SECONDS
    server: "Web"

    def do_GET(self) -> None:
        version = self.server.device.version()
        if self.path != "/api/version":
            self.answer(404, {"error": "not found"})
        elif version is None:
            self.answer(503, {"error": "restarting"})
        else:
            self.answer(200, {"version": version})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        if self.path != "/api/update" or not 0 < length <= MOST:
            self.answer(404, {"error": "not found"})
            return
        content = uploaded(self.headers.get("Content-Type", ""), self.rfile.read(length))
        if content is None:
            self.answer(400, {"error": "no file `firmware` in it"})
            return
        why = self.server.device.push(content)
        if self.server.device.config.manner == "mute":
            time.sleep(PEER_SECONDS)
        self.answer(422 if why else 200, {"error": why} if why else {"status": "installing"})

    def answer(self, status: int, said: dict[str, str]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        return "owlwatch"

    def log_message(self, format: str, *args: object) -> None:
        print(format % args, flush=True)


class Web(ThreadingHTTPServer):
    """Its one port; a device that is gone hangs up on everybody."""

    daemon_threads = True

    def __init__(self, config: Config) -> None:
        self.device = Device(config)
        super().__init__((config.host, config.port), Handler)

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)  # without asking a resolver for our own name
        self.server_name, self.server_port = self.device.config.host, self.device.config.port

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ANN401 - as its base
        return not self.device.gone

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as its base
        print(repr(sys.exc_info()[1]), flush=True)


def uploaded(kind: str, body: bytes) -> bytes | None:
    """The file `firmware` of a form; None if there is none."""
    parsed = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    for part in parsed.iter_parts():
        if part.get_param("name", header="content-disposition") == "firmware":
            content = part.get_payload(decode=True)
            return content if isinstance(content, bytes) else None
    return None


def start(folder: Path, name: str, config: Config) -> Server:
    """Start a device; its files lie in `folder`. Raises `CantRun`."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    file.write_text(json.dumps(asdict(config)))
    pid_file = spawn(name, module("device", str(file)), folder)
    wait_for_port(config.host, config.port, pid_file, folder / "logs" / f"{name}.log")
    return Server(config.host, config.port, pid_file)


def pushed(log: Path) -> list[dict[str, str]]:
    """Every image that was pushed to a device: its SHA-256, why it was not taken, what ran then."""
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def main(config: Path) -> None:
    Web(Config(**json.loads(config.read_text()))).serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
