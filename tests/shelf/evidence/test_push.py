"""`shelfworthy push` and the shelf it speaks to, over a real connection."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from shelfworthy.audit.carrying import MEDIA_TYPE
from shelfworthy.cli import app, pushing
from shelfworthy.cli.exits import WE_FAILED
from shelfworthy.cli.pushing import Trouble, Way, send
from shelfworthy.record import redact
from shelfworthy.sandbox.bounded import NotStarted
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.evidence import incoming, judging, kept
from shelfworthy.shelf.models import Audit, Origin, Person, Role
from shelfworthy.shelf.people.roles import May

pytestmark = pytest.mark.django_db(transaction=True)


class Silent:
    """A terminal that is none."""

    def isatty(self) -> bool:
        return False

    def write(self, text: str) -> int:
        raise AssertionError(text)


@pytest.fixture
def analyst(person: Callable[..., Person]) -> Person:
    return person(Role.ANALYST)


def push(*arguments: object, token: str = "") -> Any:
    return CliRunner(env={"SHELFWORTHY_TOKEN": token}).invoke(app, ["push", *map(str, arguments)])


def test_an_audit_is_sent_once(
    live_server: Any, audit_folder: Callable[..., Path], analyst: Person, token: Callable[..., str]
) -> None:
    secret = token(analyst, May.PUSH, origin=Origin.LAB)
    first = push(audit_folder("2018"), "--to", live_server.url, token=secret)
    assert first.exit_code == 0, first.output
    audit = Audit.objects.get()
    assert first.output == f"{audit.digest}: taken in.\n"
    assert audit.observer.origin == Origin.LAB
    again = push(audit_folder("2018"), "--to", live_server.url, token=secret)
    assert again.output == f"{audit.digest}: was there already.\n"
    attachment = next((audit_folder("2018") / "evidence" / "attachments").iterdir())
    redact(audit_folder("2018"), attachment.name, "", because="a voice", by="A. Person", at=now())
    redacted = push(audit_folder("2018"), "--to", live_server.url, token=secret)
    assert redacted.output == f"{audit.digest}: taken in.\n"
    there = kept.folder_of(audit.digest) / "evidence" / "attachments" / attachment.name
    assert there.read_bytes() == b""
    assert list(incoming.folder().iterdir()) == []


def test_it_goes_on_where_the_line_was_cut(
    live_server: Any, audit_folder: Callable[..., Path], analyst: Person, token: Callable[..., str]
) -> None:
    way = Way.to(live_server.url, token(analyst, May.PUSH), None)
    cut = CutOff(way, after=3)
    with pytest.raises(Trouble, match="goes on where it stopped"):
        send(audit_folder("2018"), cut, Silent(), lambda seconds: None, 20_000)  # type: ignore[arg-type]
    there = next(incoming.folder().glob("*.part")).stat().st_size
    assert there == 60_000
    rest = CutOff(way, after=1000)
    said = send(audit_folder("2018"), rest, Silent(), lambda seconds: None, 20_000)  # type: ignore[arg-type]
    assert said.endswith("taken in.")
    assert f"at={there}&" in rest.asked[1]


class CutOff:
    """A way that breaks after so many parts."""

    def __init__(self, way: Way, after: int) -> None:
        self.way, self.left, self.asked = way, after, list[str]()
        self.host, self.port = way.host, way.port

    def ask(self, method: str, path: str, body: bytes = b"") -> Any:
        if method == "PUT":
            if not self.left:
                raise ConnectionResetError(104, "Connection reset by peer")
            self.left -= 1
        elif not self.left:
            raise ConnectionRefusedError(111, "Connection refused")
        self.asked.append(path)
        return self.way.ask(method, path, body)


def test_what_is_refused_says_why(
    live_server: Any, audit_folder: Callable[..., Path], analyst: Person, token: Callable[..., str]
) -> None:
    secret = token(analyst, May.PUSH, origin=Origin.SUPPLIER)
    done = push(audit_folder("2018"), "--to", live_server.url, token=secret)
    assert done.exit_code == WE_FAILED
    assert "may not bring its own trusted roots" in done.output
    assert not Audit.objects.exists()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://shelf.example", "in clear"),
        ("ftp://127.0.0.1", "no shelf's URL"),
        ("https://user@127.0.0.1", "no shelf's URL"),
        ("nothing", "no shelf's URL"),
        ("http://127.0.0.1:99999", "no URL"),
    ],
)
def test_where_nothing_is_sent(url: str, says: str, audit_folder: Callable[..., Path]) -> None:
    done = push(audit_folder("2018"), "--to", url, token="shelf_x")
    assert says in str(done.exception)


def test_a_token_that_may_not(
    live_server: Any, audit_folder: Callable[..., Path], analyst: Person, token: Callable[..., str]
) -> None:
    done = push(audit_folder("2018"), "--to", live_server.url, token=token(analyst, May.SEE))
    assert done.exit_code == WE_FAILED
    assert "push evidence" in done.output


def test_the_api_takes_it_whole(
    client: Client,
    audit_folder: Callable[..., Path],
    parcel: Callable[[Path], Path],
    analyst: Person,
    token: Callable[..., str],
) -> None:
    content = parcel(audit_folder("2018")).read_bytes()
    headers = {"Authorization": f"Bearer {token(analyst)}"}
    first = client.post("/api/v1/audits", content, content_type=MEDIA_TYPE, headers=headers)
    assert first.status_code == 201, first.content
    again = client.post("/api/v1/audits", content, content_type=MEDIA_TYPE, headers=headers)
    assert (again.status_code, again.json()) == (200, first.json())
    digest = first.json()["digest"]
    assert client.get(f"/api/v1/audits/{digest}", headers=headers).json() == first.json()
    assert client.get("/api/v1/audits", headers=headers).json()["items"] == [first.json()]
    broken = client.post("/api/v1/audits", content[:9000], content_type=MEDIA_TYPE, headers=headers)
    assert broken.status_code == 422
    assert "cut off" in broken.json()["detail"]
    assert client.post("/api/v1/audits", content, "text/plain", headers=headers).status_code == 415


def test_what_could_not_be_judged_now_may_be_sent_again(
    live_server: Any,
    audit_folder: Callable[..., Path],
    analyst: Person,
    token: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_process(*_: object) -> None:
        raise NotStarted("No process could be started.")

    secret = token(analyst, May.PUSH, origin=Origin.LAB)
    with monkeypatch.context() as broken:
        broken.setattr(judging.NURSERY, "each", no_process)
        broken.setattr(pushing, "TRIES", 2)  # with all of them it would wait for half a minute
        first = push(audit_folder("2018"), "--to", live_server.url, token=secret)
    assert first.exit_code == WE_FAILED
    assert "Send it again later." in first.output
    assert not Audit.objects.exists()
    again = push(audit_folder("2018"), "--to", live_server.url, token=secret)
    assert again.output == f"{Audit.objects.get().digest}: taken in.\n"
