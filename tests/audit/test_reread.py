"""A better reader reads a file again, which it knows by its hash; nobody is contacted, nothing changed."""

import asyncio
import shutil
from pathlib import Path

import msgspec
import pytest

from shelfworthy.audit.reread import Reread, by_hash, reread
from shelfworthy.model import Cause
from shelfworthy.readers import READERS, Reader
from shelfworthy.record import Recorder, Unreadable, load_evidence, verify
from shelfworthy.seen import FirmwareImage
from shelfworthy_lab import firmware
from tests.cli.test_images import run

NEWER = tuple(
    msgspec.structs.replace(one, version=one.version + 1) if one.name == "firmware-image" else one
    for one in READERS
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An image and an audit in whose evidence it is not."""
    folder = tmp_path_factory.mktemp("reread")
    (folder / "toy.bin").write_bytes(firmware.toy(7, signed=False))
    assert run("audit", str(folder / "toy.bin"), "--out", str(folder / "a.audit")).returncode == 10
    return folder


@pytest.fixture
def image(made: Path, tmp_path: Path) -> Path:
    (tmp_path / "there").mkdir()
    return Path(shutil.copy(made / "toy.bin", tmp_path / "there"))


@pytest.fixture
def audit(made: Path, image: Path, tmp_path: Path) -> Path:
    """A copy of the audit, beside one of the image."""
    return shutil.copytree(made / "a.audit", tmp_path / "a.audit")


def read(audit: Path, *given: Path, readers: tuple[Reader, ...] = NEWER) -> Reread:
    return asyncio.run(reread(audit, by_hash(given), lambda step: None, readers))


def bytes_of(audit: Path) -> dict[str, bytes]:
    evidence = audit / "evidence"
    names = (path for path in evidence.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(evidence).as_posix(): path.read_bytes() for path in names}


def test_a_file_of_another_name_and_place_is_known_and_read(audit: Path, image: Path, tmp_path: Path) -> None:
    before = bytes_of(audit)
    other = image.rename(tmp_path / "there" / "renamed")
    done = read(audit, tmp_path / "there")
    assert [by for _, by in done.read] == [one.by for one in NEWER if one.name == "firmware-image"]
    assert done.missing == ()
    assert not verify(audit, done.digest).problems
    seen = [one.seen for one in load_evidence(audit).observations if isinstance(one.seen, FirmwareImage)]
    assert len(seen) == 2
    assert seen[0] == seen[1]
    after = bytes_of(audit)
    assert before.items() <= after.items(), "what was kept is as it was"
    assert other.read_bytes() not in after.values()


def test_another_file_is_not_taken_for_it(audit: Path, tmp_path: Path) -> None:
    (tmp_path / "toy.bin").write_bytes(firmware.toy(8, signed=False))
    before = bytes_of(audit)
    done = read(audit, tmp_path / "toy.bin")
    assert (done.read, done.missing) == ((), ("toy.bin",))
    assert bytes_of(audit) == before
    assert not verify(audit, done.digest).problems


def test_by_the_reader_that_read_it_whole_nothing_is_read_again(audit: Path, image: Path) -> None:
    before = bytes_of(audit)
    done = read(audit, image, readers=READERS)
    assert (done.read, done.missing) == ((), ())
    assert bytes_of(audit) == before


def test_what_stayed_with_the_evidence_need_not_be_given(image: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept.audit"
    assert run("audit", str(image), "--out", str(folder), "--keep-artefacts").returncode == 10
    image.unlink()
    assert len(read(folder).read) == 1


def test_evidence_that_was_changed_is_left_alone(audit: Path, image: Path) -> None:
    file = next((audit / "evidence" / "looks").iterdir())
    file.write_bytes(file.read_bytes() + b" ")
    before = bytes_of(audit)
    with pytest.raises(Unreadable, match=r"Nothing was read again\."):
        read(audit, image)
    assert bytes_of(audit) == before


def test_evidence_that_was_redacted_is_closed(audit: Path, image: Path) -> None:
    (audit / "evidence" / "redactions.json").write_bytes(b"[]")
    with pytest.raises(Unreadable, match="redacted"):
        read(audit, image)


def test_the_command_says_what_it_did(
    audit: Path, image: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from shelfworthy.cli import rereading as command

    monkeypatch.setattr(command, "reread", lambda one, files, tell: reread(one, files, tell, NEWER))
    monkeypatch.setenv("COLUMNS", "200")
    command.read_again([audit], [image])
    said = capsys.readouterr().err
    assert "image was read again by firmware-image/" in said or "was read again by" in said
    assert f"the evidence has the digest {load_evidence(audit).digest} now." in said


def test_as_it_is_typed(audit: Path, image: Path, tmp_path: Path) -> None:
    done = run("judge", str(audit), "--reread", str(image))
    assert done.returncode == 10
    assert "nothing in it would be read better today" in done.stderr
    done = run("judge", str(audit), "--reread", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "there is no" in done.stderr


def test_a_look_that_goes_on_does_not_read_the_placeholder(audit: Path) -> None:
    """The image is gone, and a line that stands for it is no image."""
    for part in ("looks", "observations"):
        for file in (audit / "evidence" / part).iterdir():
            file.unlink()
    Recorder(audit, (audit / "evidence" / "product.toml").read_bytes(), {}).close()
    assert run("audit", "--resume", str(audit)).returncode == 11
    gaps = load_evidence(audit).gaps
    assert len(gaps) == 2  # of both readers
    for gap in gaps:
        assert gap.cause is Cause.NOT_SUPPLIED
        assert "did not stay with the evidence" in gap.words
