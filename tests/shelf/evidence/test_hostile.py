"""Parcels that mean harm: each is refused in words, and nothing of it stays."""

import io
import random
import tarfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from shelfworthy.audit.carrying import MOST_FILES, pack
from shelfworthy.audit.opening import Inside, Parcelled
from shelfworthy.model import Identity, canonical, digest
from shelfworthy.record import close
from shelfworthy.shelf.evidence import intake, kept
from shelfworthy.shelf.evidence.intake import Refused, take_in
from shelfworthy.shelf.models import Audit, Observer, Origin, Product

pytestmark = pytest.mark.django_db

Change = Callable[[tarfile.TarInfo, bytes], tuple[tarfile.TarInfo, bytes]]


@pytest.fixture
def refused(tmp_path: Path, observer: Callable[..., Observer], shelf_folder: Path) -> Callable[..., str]:
    """Why a parcel is refused; nothing of it stays."""

    def sent(content: bytes, origin: Origin = Origin.LAB) -> str:
        path = tmp_path / "hostile.tar"
        path.write_bytes(content)
        with pytest.raises(Refused) as why:
            take_in(path, observer(origin), None)
        assert not Audit.objects.exists()
        assert not Product.objects.exists()
        assert not list(shelf_folder.rglob("*.audit"))
        return str(why.value)

    return sent


def members(folder: Path) -> list[tuple[tarfile.TarInfo, bytes]]:
    file = io.BytesIO()
    pack(folder, file)
    file.seek(0)
    with tarfile.open(fileobj=file) as tar:
        return [(one, tar.extractfile(one).read()) for one in tar]  # type: ignore[union-attr]


def tarred(*several: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form) as tar:
        for info, content in several:
            tar.addfile(info, io.BytesIO(content) if info.isreg() else None)
    return file.getvalue()


def member(name: str, content: bytes = b"x", kind: bytes = tarfile.REGTYPE) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size, info.type = len(content) if kind == tarfile.REGTYPE else 0, kind
    return info, content


@pytest.mark.parametrize(
    "name",
    [
        "../evidence/product.toml",
        "/etc/cron.d/x",
        "evidence/../../outside",
        "evidence/supplied/../../../x",
        "evidence/supplied/..",
        "evidence/supplied/.hidden",
        "evidence/supplied/a\\b",
        "evidence/observations/x.json",
        "evidence/report.html",
        "judgements/0.json",
        "evidence",
        "",
    ],
)
def test_names_that_lead_elsewhere(
    name: str, audit_folder: Callable[..., Path], refused: Callable[..., str]
) -> None:
    assert "nothing that belongs into evidence" in refused(
        tarred(*members(audit_folder("2018")), member(name))
    )


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE],
)
def test_what_is_no_plain_file(
    kind: bytes, audit_folder: Callable[..., Path], refused: Callable[..., str]
) -> None:
    info, content = member("evidence/supplied/link", kind=kind)
    info.linkname = "/etc/passwd"
    assert "no plain file" in refused(tarred(*members(audit_folder("2018")), (info, content)))


def test_a_sparse_file_that_unpacks_to_much(
    audit_folder: Callable[..., Path], refused: Callable[..., str]
) -> None:
    info, content = member("evidence/supplied/big", b"")
    info.pax_headers = {
        "GNU.sparse.major": "0",
        "GNU.sparse.minor": "1",
        "GNU.sparse.map": "0,0",
        "GNU.sparse.size": str(1 << 40),
        "GNU.sparse.realsize": str(1 << 40),
    }
    assert refused(tarred(*members(audit_folder("2018")), (info, content)))


def test_a_file_twice(audit_folder: Callable[..., Path], refused: Callable[..., str]) -> None:
    several = members(audit_folder("2018"))
    assert "in it twice" in refused(tarred(*several, several[-1]))


def test_more_files_than_there_may_be(refused: Callable[..., str]) -> None:
    several = [member(f"evidence/attachments/{number:064x}", b"") for number in range(MOST_FILES + 1)]
    assert f"more than {MOST_FILES} files" in refused(tarred(*several))


def test_more_bytes_than_there_may_be(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch, audit_folder: Callable[..., Path]
) -> None:
    monkeypatch.setattr(intake, "LARGEST", 1000)
    assert "the most that is taken" in refused(tarred(*members(audit_folder("2018"))))


@pytest.mark.parametrize("change", ["missing", "added", "changed", "no manifest", "manifest is a list"])
def test_what_is_not_as_its_manifest_says(
    change: str, audit_folder: Callable[..., Path], refused: Callable[..., str]
) -> None:
    several = members(audit_folder("2018"))
    place = next(number for number, (one, _) in enumerate(several) if "/observations/" in one.name)
    manifest = next(number for number, (one, _) in enumerate(several) if one.name.endswith("manifest.json"))
    match change:
        case "missing":
            del several[place]
        case "added":
            several.append(member(f"evidence/attachments/{'0' * 64}"))
        case "changed":
            info, content = several[place]
            several[place] = member(info.name, content + b" ")
        case "no manifest":
            del several[manifest]
        case _:
            several[manifest] = member("evidence/manifest.json", b"[]")
    said = refused(tarred(*several))
    expected = {
        "missing": "missing",
        "added": "added after",
        "changed": "not what the manifest says",
        "no manifest": "no manifest",
        "manifest is a list": "no manifest",
    }
    assert expected[change] in said


@pytest.mark.parametrize("part", ["observations", "looks"])
def test_a_record_that_lies_about_its_id(
    part: str, audit_folder: Callable[..., Path], refused: Callable[..., str]
) -> None:
    folder = audit_folder("2018")
    path = next((folder / "evidence" / part).glob("*.json"))
    record = msgspec.json.decode(path.read_bytes())
    record["unit"] = "another"
    path.write_bytes(canonical(record))
    close(folder)
    file = io.BytesIO()
    pack(folder, file)
    assert "not what its id says" in refused(file.getvalue())


@pytest.mark.parametrize(
    "content", [b"{", b'{"id": 1}', b"[" * 100_000, b'{"seen": {"kind": "os/1"}}', b"\xff\xfe"]
)
def test_a_record_that_is_none(
    content: bytes, audit_folder: Callable[..., Path], refused: Callable[..., str]
) -> None:
    folder = audit_folder("2018")
    (folder / "evidence" / "observations" / f"{'0' * 24}.json").write_bytes(content)
    close(folder)
    file = io.BytesIO()
    pack(folder, file)
    assert "is no record" in refused(file.getvalue())


@pytest.mark.parametrize("file", ["../../secret", "/etc/passwd", "nowhere.pem", "C:\\x"])
def test_a_product_file_that_names_files_outside(
    file: str, audit_folder: Callable[..., Path], refused: Callable[..., str]
) -> None:
    folder = audit_folder("2018")
    product = folder / "evidence" / "product.toml"
    product.write_text(product.read_text().replace('ca = "ca.pem"', f"ca = '{file}'"))
    close(folder)
    content = io.BytesIO()
    pack(folder, content)
    assert "Its product file is wrong" in refused(content.getvalue())


def test_a_product_file_of_ten_megabytes(
    audit_folder: Callable[..., Path], refused: Callable[..., str]
) -> None:
    folder = audit_folder("2018")
    (folder / "evidence" / "product.toml").write_bytes(b"a = 1\n" * 2_000_000)
    close(folder)
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        tar.add(folder / "evidence", "evidence", filter=lambda one: None if one.isdir() else one)
        for path in sorted((folder / "evidence").rglob("*")):
            if path.is_file():
                tar.add(path, path.relative_to(folder).as_posix())
    assert "Its product file is wrong" in refused(content.getvalue())


@pytest.mark.parametrize("seed", range(12))
def test_bytes_that_fell_over(
    seed: int, audit_folder: Callable[..., Path], refused: Callable[..., str]
) -> None:
    dice = random.Random(seed)
    content = bytearray(tarred(*members(audit_folder("2018"))))
    if seed % 3 == 0:
        content = content[: dice.randrange(1, len(content) * 9 // 10)]
    elif seed % 3 == 1:
        content = bytearray(dice.randbytes(200_000))
    else:
        at = dice.randrange(0, len(content) - 20_000, 512)
        content[at : at + 8192] = dice.randbytes(8192)
    assert refused(bytes(content))


def test_a_child_that_was_taken_over_writes_nowhere_else() -> None:
    held = Parcelled(
        digest="../x",
        product=Identity(name="n" * 1000, vendor="v"),
        units=(),
        files=(
            Inside(name="evidence/../../x", at=0, length=5, sha256=""),
            Inside(name="evidence/product.toml", at=-1, length=5, sha256=""),
            Inside(name="evidence/product.toml", at=0, length=1 << 60, sha256=""),
        ),
        shared=(),
        first=None,
        last=None,
        redacted=0,
    )
    said = " ".join(intake.wrong(held, 1000))
    for words in ("digest is none", "twice", "nothing that belongs", "outside of it", "larger", "300 char"):
        assert words in said


def test_the_same_digest_as_somebody_elses_changes_nothing(
    audit_folder: Callable[..., Path],
    parcel: Callable[[Path], Path],
    observer: Callable[..., Observer],
    tmp_path: Path,
) -> None:
    audit = take_in(parcel(audit_folder("2018")), observer(), None)
    there = kept.folder_of(audit.digest)
    before = {path: digest(path.read_bytes()) for path in there.rglob("*") if path.is_file()}
    several = members(audit_folder("2018"))
    place = next(number for number, (one, _) in enumerate(several) if "/attachments/" in one.name)
    several[place] = member(several[place][0].name, b"other")
    path = tmp_path / "other.tar"
    path.write_bytes(tarred(*several))
    with pytest.raises(Refused):
        take_in(path, observer(Origin.SHOP), None)
    assert before == {path: digest(path.read_bytes()) for path in there.rglob("*") if path.is_file()}


def test_evidence_from_outside_permits_nothing(
    audit_folder: Callable[..., Path], parcel: Callable[[Path], Path], observer: Callable[..., Observer]
) -> None:
    """The lab's product file permits `use` at its hosts; of that nothing becomes the shop's."""
    audit = take_in(parcel(audit_folder("2018")), observer(), None)
    assert "permission" in (kept.folder_of(audit.digest) / "evidence" / "product.toml").read_text()
    assert audit.product.text == ""
