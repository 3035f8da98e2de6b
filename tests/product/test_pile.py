"""A folder of images as a catalogue: each is a product, in one order, and what is none is told."""

from pathlib import Path

import pytest

from shelfworthy.model.surfaces import Firmware
from shelfworthy.product.catalogue import rows
from shelfworthy.product.mistakes import BadFile
from shelfworthy.product.pile import LARGEST, images
from shelfworthy.product.row import Row


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two images of one name, and what is beside them."""
    for name in ("b.bin", "a/b.bin", "a/deep/c.img", ".hidden/d.bin", "e.audit/evidence/f.bin"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(b"firmware")
    (tmp_path / "secret").write_bytes(b"of somebody else")
    (tmp_path / "in" / "link.bin").symlink_to(tmp_path / "secret")
    (tmp_path / "in" / "out").symlink_to(tmp_path)
    return tmp_path / "in"


def test_each_image_is_a_product_of_its_own(folder: Path) -> None:
    found = [row for row in rows(folder) if isinstance(row, Row)]
    assert [row.images for row in found] == [("a/b.bin",), ("a/deep/c.img",), ("b.bin",)]
    assert [row.line for row in found] == [1, 2, 3]
    assert len({row.name for row in found}) == 3
    for row in found:
        (surface,) = row.product.surface
        assert isinstance(surface, Firmware)
        assert (surface.where,) == row.images
        assert row.supplied == {}
        assert row.beside == folder
    assert list(images(folder)) == list(images(folder))


def test_what_is_no_image_is_told(folder: Path) -> None:
    (folder / "talk.pcap").write_bytes(b"\xa1\xb2\xc3\xd4" + bytes(40))
    (folder / "new\nline.bin").write_bytes(b"firmware")
    with (folder / "huge.bin").open("wb") as huge:
        huge.truncate(LARGEST + 1)
    told = [str(row) for row in rows(folder) if isinstance(row, BadFile)]
    assert len(told) == 3
    assert "of the kind capture" in "".join(told)
    assert "more than 512 MiB" in "".join(told)
    assert "cannot be written down" in "".join(told)
    assert "new\nline" not in "".join(told)


def test_a_folder_without_end_ends(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 40)
    deep.mkdir(parents=True)
    (deep / "a.bin").write_bytes(b"-")
    assert list(images(tmp_path)) == []


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert list(rows(tmp_path)) == []
