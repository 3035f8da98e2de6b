"""`shelf up`: a database that is up to date, an administrator, a server, and a worker beside it."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.validators import validate_email

from shelfworthy.shelf.people.first import is_needed, make_administrator
from shelfworthy.shelf.running.refused import Refused

STOP_SECONDS = 30.0  # for a worker to finish what it does


def up(*, host: str, port: int, processes: int, worker: bool, email: str, say: Callable[[str], None]) -> int:
    """Start, and stay until told to stop. The exit code."""
    call_command("migrate", interactive=False, verbosity=0)
    if is_needed():
        say(f"Log in as {email} with the one-time password  {administrator(email)}")
        say("It is shown this once; `shelfworthy shelf administrator` makes another.")
    say(f"The shelf is at {os.environ['SHELFWORTHY_URL']}; Ctrl-C stops it.")
    with tempfile.TemporaryDirectory(prefix="shelf-metrics-") as metrics, _beside(worker):
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics  # read when the counters are made, in the children
        from shelfworthy.shelf.running.server import Server

        Server(host, port, processes).run()
    return 0


def administrator(email: str) -> str:
    """Make an administrator, or let one in again; the one-time password. Raises Refused."""
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(f"{email}: expected an address such as somebody@shop.example.") from None
    return make_administrator(email.partition("@")[0], email)


@contextmanager
def _beside(wanted: bool) -> Iterator[None]:
    """A worker in a process of its own: what keeps looks in bounds is for a whole process, and would keep
    this one from its database. It ends when its input is closed, so also when we are killed."""
    if not wanted:
        yield
        return
    command = [sys.executable, "-m", "shelfworthy", "shelf", "worker", "--until-closed"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 - ours
    try:
        yield
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def worker(*, once: bool, until_closed: bool) -> None:
    """Work on what is due. until_closed: of standard input."""
    from shelfworthy.shelf.watching.worker import work

    if until_closed:
        threading.Thread(target=_stop_when_closed, daemon=True).start()
    work(once=once)


def _stop_when_closed() -> None:
    """Wait for the end of standard input, and ask this process to stop."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGINT)
