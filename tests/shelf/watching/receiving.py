"""Who is told, for tests: a real mail server and a web server that remember what they were sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from shelfworthy_lab.processes import free_port


@dataclass
class Mails:
    """Taken by a real SMTP server. refuse: how many are refused first."""

    port: int = 0
    refuse: int = 0
    taken: list[Message] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse:
            self.refuse -= 1
            return "451 Come back later"
        self.taken.append(message_from_bytes(envelope.content))
        return "250 Taken"


@contextmanager
def mail_server() -> Iterator[Mails]:
    mails = Mails()
    mails.port = free_port()
    controller = Controller(mails, hostname="127.0.0.1", port=mails.port, server_hostname="mail.test")
    controller.start()
    try:
        yield mails
    finally:
        controller.stop()


@dataclass
class Hook:
    """Posts to a web server. answers: statuses, the last for all that follow; and headers."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [204])
    location: str = ""
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def hook_server(host: str = "127.0.0.1") -> Iterator[Hook]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.posts.append((dict(self.headers), body))
            status = hook.answers.pop(0) if len(hook.answers) > 1 else hook.answers[0]
            self.send_response(status)
            if hook.location:
                self.send_header("Location", hook.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer((host, 0), Handler)
    hook.url = f"http://{host}:{server.server_port}/told?shop=1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
