"""A recording in an audit: read like any file; the device is never contacted, and what lacks is said."""

from hashlib import sha256
from pathlib import Path

from shelfworthy.model import AnySurface, Bluetooth, Cause
from shelfworthy.probes import PROBES
from shelfworthy.product.read import read_product
from shelfworthy.record import Recorder, load_evidence, verify
from shelfworthy.seen.bluetooth import BluetoothAccess, BluetoothAdvert, BluetoothPairing, BluetoothRecorded
from tests.audit.test_reading import read
from tests.looking import product
from tests.readers.bluetooth.sessions import SECRET, TOY, recorded

BEAR = Bluetooth(id="bear", where=f"bluetooth:{TOY}", capture="radio/bear.log")


def test_a_recording_is_evidence_and_nobody_is_contacted(tmp_path: Path) -> None:
    """No permission is given, and all probes are there."""
    it = product([BEAR], [])
    left = read(tmp_path / "a.audit", {BEAR.capture: recorded("sc-just-works")}, it, probes=PROBES)
    assert left.gaps == ()
    assert left.transcripts == ()
    assert [(look.by, look.complete) for look in left.looks] == [("bluetooth-recorded/1", True)]
    evidence = load_evidence(tmp_path / "a.audit")
    kinds = {type(one.seen) for one in evidence.observations}
    assert kinds == {BluetoothRecorded, BluetoothAdvert, BluetoothPairing, BluetoothAccess}
    assert verify(tmp_path / "a.audit").problems == ()
    content = b"".join(one.read_bytes() for one in (tmp_path / "a.audit/evidence/observations").iterdir())
    assert SECRET.encode() not in content.lower()


def test_of_the_recording_itself_only_its_hash_is_kept(tmp_path: Path) -> None:
    """Also after it was gone on with: what was read is not supplied again."""
    whole = recorded("sc-just-works")
    folder, it = tmp_path / "a.audit", product([BEAR], [])
    read(folder, {BEAR.capture: whole}, it)
    kept = (folder / "evidence" / "supplied" / BEAR.capture).read_bytes()
    assert kept == f"not kept: {len(whole)} bytes, SHA-256 {sha256(whole).hexdigest()}\n".encode()
    Recorder(folder, (folder / "evidence" / "product.toml").read_bytes(), {BEAR.capture: whole}).close()
    assert (folder / "evidence" / "supplied" / BEAR.capture).read_bytes() == kept
    assert verify(folder).problems == ()


def test_without_a_recording_no_reader_looks(tmp_path: Path) -> None:
    air: AnySurface = Bluetooth(id="bear", where=f"bluetooth:{TOY}")
    left = read(tmp_path / "a.audit", {}, product([air], []))
    assert left.looks == ()
    assert [gap.cause for gap in left.gaps] == [Cause.NOBODY_LOOKED]


def test_what_is_not_in_it_is_a_gap_of_what_lacks(tmp_path: Path) -> None:
    cut = recorded("open")[:-3]
    left = read(tmp_path / "a.audit", {BEAR.capture: cut}, product([BEAR], []))
    (gap,) = left.gaps
    assert gap.cause is Cause.NOT_UNDERSTOOD
    assert gap.words.startswith("radio/bear.log could be read in part only: it ends at byte")
    assert gap.lacks == ("bluetooth-pairing/1",)
    assert [look.complete for look in left.looks] == [False]


def test_a_product_file_names_the_recording(tmp_path: Path) -> None:
    file = tmp_path / "product.toml"
    file.write_text(
        '[product]\nname = "Murmur Bear"\nvendor = "Plumwhistle"\n'
        f'[[surface]]\nid = "bear"\nkind = "bluetooth"\nwhere = "bluetooth:{TOY}"\ncapture = "bear.log"\n'
    )
    (tmp_path / "bear.log").write_bytes(recorded("open"))
    (surface,) = read_product(file).surface
    assert surface.file == "bear.log"
