"""`shelfworthy shelf up`, for real: from nothing to the log-in page, and to the end."""

import time
from pathlib import Path

import psycopg
import pytest

from shelfworthy.shelf.running.server import THREADS
from tests.shelf.api.filled import SESSION, carry_out
from tests.shelf.process import START_SECONDS, Shelf, running

pytestmark = pytest.mark.lab


def test_from_an_empty_folder_to_the_log_in_page(tmp_path: Path) -> None:
    with running(tmp_path / "shelf", "", "--no-worker") as shelf:
        assert 0 < shelf.worked < START_SECONDS
        assert len(shelf.password()) == 23
        assert (shelf.folder / "secret").stat().st_mode & 0o777 == 0o600
        assert shelf.get("/health") == 200
        assert shelf.get("/static/shelf/shelf.css") == 200
        for path in ("/static/../settings.py", "/static/%2e%2e/settings.py", "/static//etc/passwd"):
            assert shelf.get(path) == 404, path


def test_the_password_is_shown_once(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf", "", "--no-worker")
    first = shelf.password()
    assert shelf.stop() == 0
    assert shelf.log().count(first) == 1
    shelf.start()
    assert shelf.stop() == 0
    assert shelf.log().count("one-time password") == 1


def test_it_runs_on_postgresql(tmp_path: Path, new_database: str) -> None:
    with running(tmp_path / "shelf", new_database, "--no-worker", "--processes", "2") as shelf:
        each_thread_has_asked_for_the_gate(new_database)
        assert shelf.get("/health") == 200
        assert not (shelf.folder / "shelf.sqlite3").exists()


def each_thread_has_asked_for_the_gate(database: str) -> None:
    """Before anybody has, so that nobody waits for that; one of them may have told since that it is up."""
    question = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE %s"
    ends = time.monotonic() + 60
    with psycopg.connect(database, autocommit=True) as other:
        while (found := other.execute(question, ["%shelf_decision%l.sku = $2"]).fetchone()) is None or (
            found[0] < 2 * THREADS - 1
        ):
            assert time.monotonic() < ends, found
            time.sleep(0.1)


def test_a_database_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with running(tmp_path / "shelf", "", "--no-worker") as shelf:
        shelf.environment["DATABASE_URL"] = "mysql://nobody@127.0.0.1/shelf"
        done = shelf.command("shelf", "check")
        assert done.returncode == 2
        assert "DATABASE_URL" in done.stderr
        assert "Traceback" not in done.stderr


def test_an_administrator_who_is_locked_out_gets_back_in(tmp_path: Path) -> None:
    with running(tmp_path / "shelf", "", "--no-worker") as shelf:
        done = shelf.command("shelf", "administrator")
        assert done.returncode == 0, done.stderr
        assert "one-time password" in done.stdout
        assert shelf.password() not in done.stdout
        wrong = shelf.command("shelf", "administrator", "nobody")
        assert wrong.returncode == 2
        assert "somebody@shop.example" in wrong.stderr


def test_who_is_logged_in_stays_so_when_it_is_started_again(tmp_path: Path) -> None:
    with running(tmp_path / "shelf", "", "--no-worker") as shelf:
        session = carry_out(SESSION, shelf.environment).split()[-1]
        assert shelf.get("/", {"Cookie": f"sessionid={session}"}) == 200
        shelf.stop()
        shelf.start()
        assert shelf.get("/", {"Cookie": f"sessionid={session}"}) == 200
