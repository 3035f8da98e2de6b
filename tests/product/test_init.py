"""A product file from a folder: what is recognised, what is left out, and that it permits nothing."""

from pathlib import Path

import pytest

from shelfworthy.model import Identity, Kind, Product
from shelfworthy.product.init import recognise, skeleton
from shelfworthy.product.mistakes import BadFile
from shelfworthy.product.read import read_product

PCAP = bytes.fromhex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000")
THINGS: dict[str, tuple[bytes, Kind]] = {
    "toy.apk": (b"PK\x03\x04rest", Kind.APP),
    "toy.ipa": (b"PK\x03\x04rest", Kind.APP),
    "update.zip": (b"PK\x03\x04rest", Kind.FIRMWARE),
    "toy.bin": (b"\x00\x20\x00\x20", Kind.FIRMWARE),
    "flash.img": (b"\xff\xff", Kind.FIRMWARE),
    "toy.ota": (b"\x01", Kind.FIRMWARE),
    "toy.hex": (b":020000040000FA\n", Kind.FIRMWARE),
    "rootfs": (b"hsqs....", Kind.FIRMWARE),
    "boot.dat": (b"\x27\x05\x19\x56....", Kind.FIRMWARE),
    "home.pcap": (PCAP, Kind.CAPTURE),
    "home.pcapng": (b"\x0a\x0d\x0d\x0a....", Kind.CAPTURE),
    "btsnoop_hci.log": (b"btsnoop\0\0\0\0\1", Kind.CAPTURE),
    "policy.html": (b"<html>", Kind.POLICY),
    "privacy.pdf": (b"%PDF-1.7", Kind.POLICY),
    "policy.txt": (b"We collect", Kind.POLICY),
    "correspondence.toml": (b"looked_until = 2026-01-01", Kind.CORRESPONDENCE),
    "incidents.toml": (b"", Kind.INCIDENT),
    "captures/first/disguised.bin": (PCAP, Kind.CAPTURE),
}
NOTHING = {
    "fake.apk": b"not a zip",
    "fake.hex": b"hello",
    "fake.zip": b"hello",
    "notes.txt": b"hello",
    "empty.bin": b"",
    "bad\x1bname.apk": b"PK\x03\x04",
}
URLS = """\
# the cloud
https://api.example:8443/v1
mongodb://db.example

s3+http://storage.example/tones
contact:https://www.example/
https://api.example:8443/v2
mongo://db.example
https://127.1/
"""


def fill(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_each_thing_gets_its_kind_and_a_name_of_its_own(tmp_path: Path) -> None:
    found = recognise(fill(tmp_path, {name: content for name, (content, _) in THINGS.items()}))
    assert {one.where: one.kind for one in found.product.surface} == {
        name: kind for name, (_, kind) in THINGS.items()
    }
    ids = [one.id for one in found.product.surface]
    assert len(set(ids)) == len(ids)


def test_what_is_no_thing_is_left_out_and_said(tmp_path: Path) -> None:
    found = recognise(fill(tmp_path, NOTHING))
    assert found.product.surface == ()
    for name in NOTHING:
        shown = name.replace("\x1b", "\\u001b")
        assert any(note.startswith(f'"{shown}" was left out') for note in found.notes), name


def test_urls_become_surfaces_and_wrong_ones_notes(tmp_path: Path) -> None:
    found = recognise(fill(tmp_path, {"urls.txt": URLS.encode()}))
    assert [(one.id, one.kind, one.where) for one in found.product.surface] == [
        ("endpoint-api-example", Kind.ENDPOINT, "https://api.example:8443/v1"),
        ("database-db-example", Kind.DATABASE, "mongodb://db.example"),
        ("bucket-storage-example", Kind.BUCKET, "s3+http://storage.example/tones"),
        ("contact-www-example", Kind.CONTACT, "contact:https://www.example/"),
        ("endpoint-api-example-2", Kind.ENDPOINT, "https://api.example:8443/v2"),
    ]
    assert [note.partition(" was left out")[0] for note in found.notes] == [
        'urls.txt:8: "mongo://db.example"',
        'urls.txt:9: "https://127.1/"',
    ]
    assert 'Did you mean "mongodb://…"?' in found.notes[0]


def test_nothing_outside_the_folder_is_read_or_named(tmp_path: Path) -> None:
    outside = fill(tmp_path / "outside", {"secret.apk": b"PK\x03\x04", "in/other.apk": b"PK\x03\x04"})
    folder = fill(tmp_path / "toy", {"real.apk": b"PK\x03\x04"})
    (folder / "link.apk").symlink_to(outside / "secret.apk")
    (folder / "linked").symlink_to(outside / "in")
    (folder / "urls.txt").symlink_to(outside / "secret.apk")
    found = recognise(folder)
    assert [one.where for one in found.product.surface] == ["real.apk"]
    assert [note for note in found.notes if '"link.apk" leads out of the folder' in note]


def test_audits_hidden_files_and_the_file_itself_are_passed_over(tmp_path: Path) -> None:
    things = {".git/toy.apk": b"PK\x03\x04", "toy.audit/evidence/toy.apk": b"PK\x03\x04", "product.toml": b""}
    found = recognise(fill(tmp_path, things))
    assert found.product.surface == ()
    assert found.notes == (
        "Nothing was recognised. Put apps, firmware and captures here, and URLs into urls.txt.",
    )


def test_the_file_teaches_and_asks_only_for_the_vendor(tmp_path: Path) -> None:
    folder = fill(tmp_path / "Murmur Pal", {"urls.txt": URLS.encode(), "toy.apk": b"PK\x03\x04"})
    found = recognise(folder)
    path = folder / "product.toml"
    path.write_text(skeleton(found.product), encoding="utf-8")
    with pytest.raises(BadFile) as bad:
        read_product(path)
    assert [mistake.key for mistake in bad.value.mistakes] == ["product.vendor"]
    path.write_text(skeleton(found.product).replace('vendor = ""', 'vendor = "Murmur"'), encoding="utf-8")
    product = read_product(path)
    assert product.surface == found.product.surface
    assert product.product == Identity(name="Murmur Pal", vendor="Murmur")


def test_the_file_permits_nothing_until_somebody_takes_the_sign_away(tmp_path: Path) -> None:
    found = recognise(fill(tmp_path, {"urls.txt": URLS.encode()}))
    text = skeleton(found.product).replace('vendor = ""', 'vendor = "Murmur"')
    path = tmp_path / "product.toml"
    path.write_text(text, encoding="utf-8")
    assert read_product(path).permission == ()
    path.write_text(
        "".join(
            line.removeprefix("# ") if line.startswith(("# [[perm", "# to", "# level", "# basis")) else line
            for line in text.splitlines(keepends=True)
        ),
        encoding="utf-8",
    )
    assert [permission.to for permission in read_product(path).permission] == [
        "api.example:8443",
        "db.example:27017",
        "storage.example:80",
        "www.example:443",
    ]


def test_a_product_without_surfaces_still_gets_its_file(tmp_path: Path) -> None:
    path = tmp_path / "product.toml"
    text = skeleton(Product(product=Identity(name="Bear", vendor="Tests")))
    path.write_text(text)
    assert read_product(path).product.name == "Bear"
    assert "[[declaration]]" in text
    assert "permission" not in text, "there is nothing to permit"
