"""Evidence that is right and means harm: a check over it takes for ever, or grows. It stops nothing else."""

import errno
import os
import re
import resource
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from shelfworthy.model import Looked, Observation, canonical
from shelfworthy.record import Unreadable, close, recall, sealed
from shelfworthy.sandbox.bounded import Beyond, Bounds, NotStarted
from shelfworthy.sandbox.limits import MIB
from shelfworthy.seen.contact import ContactSeen
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.evidence import current, judging, kept, rolling, trusting
from shelfworthy.shelf.evidence.combining import Version
from shelfworthy.shelf.evidence.intake import NotNow, Refused, take_in
from shelfworthy.shelf.evidence.rolling import Lost, Rolled, Wanted
from shelfworthy.shelf.models import (
    Audit,
    Entry,
    Event,
    Judged,
    Listing,
    Observer,
    Origin,
    Product,
    Standing,
    Verdict,
)
from shelfworthy.vulndata.place import Unusable
from tests import clock
from tests.shelf.evidence.slow import GREEDY, LOUD, SLOW, TALKATIVE

pytestmark = pytest.mark.django_db

Named = Callable[[str], Path]
TIME = 2.0
WORDS = "security vulnerability report bug "


@pytest.fixture
def named(tmp_path: Path, audit_folder: Callable[..., Path]) -> Named:
    """The 2018 edition's audit, of a product of that name."""
    import shutil

    def made(name: str) -> Path:
        folder = tmp_path / f"{name[:12]}.audit"
        shutil.copytree(audit_folder("2018"), folder)
        product = folder / "evidence" / "product.toml"
        product.write_text(product.read_text().replace("MurmurPal Bear", name))
        close(folder)
        return folder

    return made


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """The court with the slow check, and short limits."""
    monkeypatch.setattr(judging, "COURT", "tests.shelf.evidence.slow:by_name")
    monkeypatch.setattr(judging, "BOUNDS", Bounds(memory=700 * MIB, time=TIME, output=MIB))
    monkeypatch.setattr(judging, "_beyond", {})


def answers_remembered() -> list[Path]:
    """The files of answers to evidence."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return sorted(Path(f"{home}/shelfworthy/answers").rglob("*.msgpack"))


def peak() -> float:
    """MB that this process has ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        (SLOW, "It cannot be judged: judging it took longer than 2 s."),
        (GREEDY, "It cannot be judged: judging it took more than 700 MiB of memory."),
        (TALKATIVE, "It cannot be judged: There is more to say of it than 16 MiB."),
    ],
)
def test_it_is_refused_in_words_and_nothing_of_it_stays(
    name: str,
    words: str,
    named: Named,
    parcel: Callable[[Path], Path],
    observer: Callable[..., Observer],
    shelf_folder: Path,
) -> None:
    take_in(parcel(named("harmless")), observer(), None)  # by the same court
    there = sorted(shelf_folder.rglob("*"))
    rows = [model.objects.count() for model in (Audit, Product, Judged, Event, Entry)]
    remembered = answers_remembered()
    before, gaps, stop = peak(), [0.0], threading.Event()

    def tick() -> None:
        last = clock.now()
        while not stop.wait(0.01):
            gaps.append(clock.now() - last)
            last = clock.now()

    ticker = threading.Thread(target=tick)
    ticker.start()
    began = time.monotonic()
    with pytest.raises(Refused) as why:
        take_in(parcel(named(name)), observer(), None)
    took = time.monotonic() - began
    stop.set()
    ticker.join()
    assert str(why.value) == words
    assert took < TIME + 10
    assert max(gaps) < 1  # what else this process does goes on
    assert peak() - before < 64
    assert sorted(shelf_folder.rglob("*")) == there
    assert answers_remembered() == remembered
    assert rows == [model.objects.count() for model in (Audit, Product, Judged, Event, Entry)]


def longer(folder: Path, length: int) -> Path:
    """The same audit; the first passage of each page that speaks of vulnerabilities is so long."""
    evidence = folder / "evidence"
    observations = sorted((evidence / "observations").glob("*.json"))
    (path,) = [one for one in observations if b'"kind":"contact/' in one.read_bytes()]
    one = msgspec.json.decode(path.read_bytes(), type=Observation[ContactSeen])
    text = (WORDS * (length // len(WORDS) + 1))[:length]
    pages = tuple(
        replace(page, passages=tuple(replace(part, text=text) for part in page.passages[:1]))
        for page in one.seen.pages
    )
    changed = sealed(replace(one, seen=replace(one.seen, pages=pages)))
    path.unlink()
    path.with_name(f"{changed.id}.json").write_bytes(canonical(changed))
    for path in sorted((evidence / "looks").glob("*.json")):
        content = path.read_bytes().replace(one.id.encode(), changed.id.encode())
        look = sealed(msgspec.json.decode(content, type=Looked))
        path.unlink()
        path.with_name(f"{look.id}.json").write_bytes(canonical(look))
    close(folder)
    return folder


def test_checks_of_ours_over_what_no_probe_keeps_so_long(
    audit_folder: Callable[..., Path],
    parcel: Callable[[Path], Path],
    observer: Callable[..., Observer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(judging, "BOUNDS", replace(judging.BOUNDS, time=TIME))
    take_in(parcel(longer(audit_folder("fixed"), 400)), observer(), None)  # as long as a probe keeps it
    began = time.monotonic()
    with pytest.raises(Refused, match="It cannot be judged: judging it took longer than 2 s"):
        take_in(parcel(longer(audit_folder("fixed"), 4 * MIB)), observer(), None)
    assert time.monotonic() - began < 20  # in all they would take more than a minute
    assert Audit.objects.count() == 1


def nobody(*_: object) -> list[bytes | Beyond]:
    raise AssertionError("a fork was asked")


def test_after_a_rule_change_one_stays_as_it_was_and_the_others_are_judged(
    named: Named,
    parcel: Callable[[Path], Path],
    observer: Callable[..., Observer],
    listing: Callable[..., Listing],
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folders = [named(name) for name in ("first", SLOW, GREEDY, "last")]
    rows = [listing(f"S{number}", folder) for number, folder in enumerate(folders)]
    for folder in folders:  # by today's checks nothing is wrong with any
        take_in(parcel(folder), observer(), None)
    old = Verdict.objects.get(listing=rows[0]).rules_digest
    request.getfixturevalue("strict")
    later = now() + timedelta(minutes=1)
    assert current.refresh_due(later) == 2
    new = judging.bench().digest
    told = [Verdict.objects.get(listing=one).rules_digest for one in rows]
    assert told == [new, old, old, new]

    monkeypatch.setattr(
        judging.NURSERY, "each", nobody
    )  # the watch, which comes every minute, is not held up
    assert current.refresh_due(later) == 0
    lost = current.rolled_for(rows[1:2], later)[0]
    assert lost is not None
    assert "took longer than 2 s. It is tried again within the hour." in str(lost)


@pytest.mark.usefixtures("strict")
def test_much_evidence_does_not_keep_that_of_the_lab_out(
    named: Named,
    audit_folder: Callable[..., Path],
    tmp_path: Path,
    parcel: Callable[[Path], Path],
    observer: Callable[..., Observer],
    listing: Callable[..., Listing],
    monkeypatch: pytest.MonkeyPatch,
    shelf_folder: Path,
) -> None:
    import shutil

    monkeypatch.setattr(judging, "BOUNDS", replace(judging.BOUNDS, time=20.0, output=2 * MIB))
    folder, several = named(LOUD), []
    for length in (300, 310, 320):
        another = shutil.copytree(audit_folder("fixed"), tmp_path / f"loud{length}.audit")
        product = another / "evidence" / "product.toml"
        text = product.read_text().replace("MurmurPal Bear", LOUD).replace("MP-2019", "MP-2018")
        product.write_text(re.sub(r"(?m)^ca = .*\n", "", text))  # a supplier's may not bring its own roots
        several.append(longer(another, length))
    bear = listing("BEAR", folder)
    for one in several[:2]:
        take_in(parcel(one), observer(Origin.SUPPLIER), None)
    there = sorted(shelf_folder.rglob("*"))
    with pytest.raises(Refused, match=r"with the other evidence of its product: .* an answer of more"):
        take_in(parcel(several[2]), observer(Origin.SUPPLIER), None)
    assert sorted(shelf_folder.rglob("*")) == there
    Verdict.objects.filter(listing=bear).update(standing=Standing.MET)
    take_in(parcel(folder), observer(Origin.LAB), None)
    assert Verdict.objects.get(listing=bear).standing == Standing.NOT_MET


def lose(several: list[Wanted], *_: object, **__: object) -> list[Rolled | Lost | None]:
    """No evidence can be judged."""
    return [Lost(words="It took too much.", limit=True) for _ in several]


def test_what_cannot_be_judged_is_due_again_and_met_does_not_outlast_its_time(
    taken_in: Callable[..., Audit],
    listing: Callable[..., Listing],
    audit_folder: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    bear, fresh = listing("BEAR", audit_folder("fixed")), listing("FRESH", audit_folder("fixed"))
    taken_in("fixed")
    at, right = now(), Verdict.objects.get(listing=bear)
    Verdict.objects.filter(listing=fresh).delete()
    answers = {"updates": "met", "privacy": "not applicable", "passwords": "not met"}
    Verdict.objects.filter(listing=bear).update(standing=Standing.MET, answers=answers, until=at + 2 * hour)

    with monkeypatch.context() as lost:
        lost.setattr(judging, "rolled", lose)
        assert current.refresh([bear.pk, fresh.pk], at) == 1
        row, new = Verdict.objects.get(listing=bear), Verdict.objects.get(listing=fresh)
        assert (row.standing, row.answers, row.until) == (Standing.MET, answers, at + hour)
        assert (new.standing, new.until) == (Standing.UNDETERMINED, at + hour)
        assert current.refresh_due(at + minute) == 0
        current.refresh_due(at + hour)
        row = Verdict.objects.get(listing=bear)
        assert (row.standing, row.judged, row.until) == (Standing.UNDETERMINED, None, at + 2 * hour)
        assert row.answers == answers | {"updates": "cannot determine"}
        Verdict.objects.filter(listing=bear).update(standing=Standing.NOT_MET)
        current.refresh_due(at + 2 * hour)
        assert Verdict.objects.get(listing=bear).standing == Standing.NOT_MET
    assert current.refresh_due(at + 3 * hour) == 2
    for row in Verdict.objects.all():
        assert (row.standing, row.answers) == (right.standing, right.answers)


def no_process(*_: object) -> list[bytes | Beyond]:
    raise NotStarted("No process could be started.")


def broke_over(items: list[bytes], *_: object) -> list[bytes | Beyond]:
    return [Beyond(words="failed by a fault of ours (ValueError)", limit=False) for _ in items]


@pytest.mark.parametrize(("each", "words"), [(no_process, "No process"), (broke_over, "a fault of ours")])
def test_a_fault_of_ours_is_not_the_evidences(
    each: Callable[..., list[bytes | Beyond]],
    words: str,
    audit_folder: Callable[..., Path],
    parcel: Callable[[Path], Path],
    observer: Callable[..., Observer],
    listing: Callable[..., Listing],
    monkeypatch: pytest.MonkeyPatch,
    shelf_folder: Path,
) -> None:
    bear = listing("BEAR", audit_folder("fixed"))
    take_in(parcel(audit_folder("fixed")), observer(), None)
    right = Verdict.objects.get(listing=bear)
    monkeypatch.setattr(judging, "_beyond", {})
    there = sorted(shelf_folder.rglob("*"))
    with monkeypatch.context() as broken:
        broken.setattr(judging.NURSERY, "each", each)
        with pytest.raises(NotNow, match=words):
            take_in(parcel(audit_folder("2018")), observer(), None)
        assert right.until is not None
        assert current.refresh_due(right.until) == 0  # and it goes on
    assert sorted(shelf_folder.rglob("*")) == there
    assert judging._beyond == {}
    assert current.refresh_due(right.until + timedelta(hours=1)) == 1  # it is asked at once, and answers
    take_in(parcel(audit_folder("2018")), observer(), None)


@pytest.mark.parametrize(
    "fault",
    [
        OSError(errno.ENOSPC, "No space left on device", "/srv/shelf/answers"),
        Unusable("/srv/shelf/vulndata.sqlite is none of ours."),
    ],
)
def test_what_cannot_be_read_now_names_no_place_of_this_machine(
    fault: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise fault

    monkeypatch.setattr(judging, "said_of", breaks)
    monkeypatch.setattr(rolling, "said_of", breaks)
    asked = Wanted(
        audits=((Origin.LAB, str(tmp_path)),), version=Version(), trust=trusting.trust(), own=None, at=now()
    )
    lost = rolling.roll(asked, judging.bench())
    reply = judging._tried(tmp_path, judging.bench())
    assert isinstance(lost, Lost)
    assert not lost.limit
    assert reply.wrong == ""
    for words in (lost.words, reply.fault):
        assert words.startswith("It cannot be judged now: ")
        assert "/srv" not in words


def test_of_many_versions_of_what_takes_too_much_one_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_beyond", {})
    tried: list[int] = []

    def slow(items: list[bytes], *_: object) -> list[bytes | Beyond]:
        tried.append(len(items))
        return [Beyond(words="took longer than 30 s", limit=True) for _ in items]

    monkeypatch.setattr(judging.NURSERY, "each", slow)
    several = [
        Wanted(
            audits=((Origin.LAB, f"/there/{number % 2}"),),
            version=Version(firmware=str(number)),
            trust=trusting.trust(),
            own=None,
            at=now(),
        )
        for number in range(80)
    ]
    found = judging.rolled(several)
    assert tried == [2]
    assert all(isinstance(one, Lost) and one.limit for one in found)


@pytest.mark.usefixtures("strict")
def test_the_page_of_an_audit_asks_no_check_itself_and_has_it_tried_once(
    named: Named,
    parcel: Callable[[Path], Path],
    observer: Callable[..., Observer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(judging, "COURT", judging.OURS)
        audit = take_in(parcel(named(SLOW)), observer(), None)
    folder = kept.folder_of(audit.digest)
    assert recall(folder) is not None
    with pytest.raises(Unreadable, match="took longer than 2 s"):
        judging.findings_in(folder)
    monkeypatch.setattr(judging.NURSERY, "each", nobody)
    with pytest.raises(Unreadable, match="took longer than 2 s"):
        judging.findings_in(folder)
