"""The server: gunicorn with threads, in this process and its children."""

import os
import signal
import threading
from contextlib import suppress
from typing import Any

from gunicorn.app.base import BaseApplication
from prometheus_client import multiprocess

THREADS = 8
KEEP_ALIVE = 5  # seconds
CONNECT_SECONDS = 5  # for all threads of a child to have their connections
STOP_SECONDS = 20  # for requests to be finished
SILENT_SECONDS = 120  # a child that does not even wait for requests so long is replaced
LINE, FIELDS, FIELD = 4094, 60, 8190  # bounds of a request's head
MOST_REQUESTS = 100_000  # of a child, then it is made anew: what leaks goes with it


class Server(BaseApplication):  # type: ignore[misc] # it ships no types
    """Answers with what `wsgi.py` makes."""

    def __init__(self, host: str, port: int, processes: int) -> None:
        self._bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._processes = processes
        super().__init__()

    def load_config(self) -> None:
        """gunicorn's settings; none come from files or the environment."""
        for name, value in {
            "bind": self._bind,
            "workers": self._processes,
            "worker_class": "gthread",
            "threads": THREADS,
            "keepalive": KEEP_ALIVE,
            "graceful_timeout": STOP_SECONDS,
            "timeout": SILENT_SECONDS,
            "limit_request_line": LINE,
            "limit_request_fields": FIELDS,
            "limit_request_field_size": FIELD,
            "max_requests": MOST_REQUESTS,
            "max_requests_jitter": MOST_REQUESTS // 10,
            "loglevel": "warning",
            "control_socket_disable": True,
            "proc_name": "shelf",
            "when_ready": _gently,
            "post_worker_init": _ready,
            "child_exit": _ended,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - a WSGI application
        """What answers, made in each child, with all pages and calls: else the first who asks waits."""
        from django.urls import reverse

        from shelfworthy.shelf.wsgi import application

        reverse("dashboard")
        return application


def _gently(_: Any) -> None:  # noqa: ANN401 - gunicorn's
    """Ctrl-C lets requests be finished; a second one does not."""
    at_once = signal.getsignal(signal.SIGINT)

    def stop(*_: object) -> None:
        signal.signal(signal.SIGINT, at_once)
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGINT, stop)


def _ready(worker: Any) -> None:  # noqa: ANN401 - gunicorn's
    """A child, before its first request: each thread has its way to the database and has asked there what
    tills ask, else whoever is first waits for that. A terminal sends Ctrl-C to children as well; they wait
    for what the parent says."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    together = threading.Barrier(THREADS)
    for _ in range(THREADS):
        worker.tpool.submit(_connect, together)


def _connect(together: threading.Barrier) -> None:
    from django.db import Error

    from shelfworthy.shelf.api import frame
    from shelfworthy.shelf.deciding import at_the_gate

    with suppress(Error):  # whoever asks is told that it is away
        frame.rehearse()
        at_the_gate.rehearse()
    with suppress(threading.BrokenBarrierError):
        together.wait(CONNECT_SECONDS)  # so that none of the threads does this for two


def _ended(_: Any, child: Any) -> None:  # noqa: ANN401 - gunicorn's
    """What a child counted stays counted; what it was just doing is over."""
    multiprocess.mark_process_dead(child.pid)  # type: ignore[no-untyped-call]
