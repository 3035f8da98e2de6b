"""A folder of images is audited: each once, whenever it is stopped and begun again, in the same memory."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shelfworthy.record import load_evidence, verify
from shelfworthy_lab import firmware

READERS = 2  # that look into a firmware image: its wrapping, and what it holds


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """`shelfworthy ARGUMENTS`, in a process of its own."""
    command = [sys.executable, "-m", "shelfworthy", *arguments]
    plain = {"COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | plain)


@pytest.fixture
def pile(tmp_path: Path) -> Path:
    """Six toys' images, signed and not, of sizes of their own."""
    folder = tmp_path / "images"
    folder.mkdir()
    for number in range(6):
        image = firmware.toy(number, signed=number % 2 == 0, size=2048 + 16 * number)
        (folder / f"toy {number}.bin").write_bytes(image)
    return folder


def results(out: Path) -> list[dict[str, str]]:
    with (out / "results.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_image_is_audited_and_has_its_line(pile: Path, tmp_path: Path) -> None:
    done = run("audit", "--catalogue", str(pile), "--out", str(tmp_path / "out"))
    assert done.returncode == 10, done.stderr
    assert "6 of 6 products are audited: 3 not met, 3 cannot be determined" in done.stdout
    rows = results(tmp_path / "out")
    assert [row["product"] for row in rows] == [f"toy {number}" for number in range(6)]
    assert [row["updates"] for row in rows] == ["cannot determine", "not met"] * 3
    for row in rows:
        audit = tmp_path / "out" / row["audit"]
        assert not verify(audit).problems
        assert load_evidence(audit).observations
        (kept,) = (audit / "evidence" / "supplied").iterdir()
        assert kept.read_bytes().startswith(b"not kept: ")


def test_begun_again_it_goes_on_and_does_nothing_twice(pile: Path, tmp_path: Path) -> None:
    late = (pile / "toy 5.bin").rename(tmp_path / "later.bin")
    command = ("audit", "--catalogue", str(pile), "--out", str(tmp_path / "out"))
    assert run(*command).returncode == 10
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.audit/evidence/looks/*")}
    assert len(before) == 5 * READERS
    late.rename(pile / "toy 5.bin")
    assert run(*command).returncode == 10
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.audit/evidence/looks/*")}
    assert len(after) == 6 * READERS
    assert after.items() >= before.items()
    assert len(results(tmp_path / "out")) == 6


@pytest.mark.slow
def test_stopped_in_the_middle_it_goes_on(pile: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "shelfworthy", "audit", "--catalogue", str(pile)]
    command += ["--out", str(tmp_path / "out"), "--at-once", "1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        while not list((tmp_path / "out").glob("*.audit/judgements/*")) and running.poll() is None:
            os.sched_yield()
        running.kill()
    assert run("audit", "--catalogue", str(pile), "--out", str(tmp_path / "out")).returncode == 10
    rows = results(tmp_path / "out")
    assert len(rows) == 6
    assert not any(verify(tmp_path / "out" / row["audit"]).problems for row in rows)


def test_what_is_no_image_is_told_and_the_rest_is_audited(pile: Path, tmp_path: Path) -> None:
    (pile / "talk.pcap").write_bytes(b"\xa1\xb2\xc3\xd4" + bytes(40))
    done = run("audit", "--catalogue", str(pile), "--out", str(tmp_path / "out"))
    assert done.returncode == 2
    assert "talk.pcap" in done.stderr
    assert "of the kind capture" in done.stderr
    assert len(results(tmp_path / "out")) == 6


MEASURED = """
import resource, sys
sys.argv = ["shelfworthy", *sys.argv[1:]]
from shelfworthy.cli import main
try:
    main()
except SystemExit:
    pass
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(pile: Path, out: Path) -> int:
    """KiB of memory at most in use by the process that audits a folder."""
    command = [sys.executable, "-c", MEASURED, "audit", "--catalogue", str(pile), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return int(done.stdout.rpartition("peak ")[2])


@pytest.mark.slow
@pytest.mark.timeout(600)  # 28 images are unpacked, on a machine that does other things as well
def test_memory_does_not_grow_with_the_number_of_images(tmp_path: Path) -> None:
    """24 images of 8 MB together hold 192 MB; what is read is let go."""
    for many in (4, 24):
        (tmp_path / f"{many}").mkdir()
        for number in range(many):
            image = bytes([number]) * (8 << 20)
            (tmp_path / f"{many}" / f"{number}.bin").write_bytes(image)
    few, more = (peak(tmp_path / f"{many}", tmp_path / f"out{many}") for many in (4, 24))
    assert more - few < 48 << 10, (few, more)


def test_images_are_kept_only_of_one_product_at_a_time(pile: Path, tmp_path: Path) -> None:
    done = run("audit", "--catalogue", str(pile), "--out", str(tmp_path / "out"), "--keep-artefacts")
    assert done.returncode == 2
    assert "--keep-artefacts is for one product at a time" in done.stderr


@pytest.mark.slow
def test_kept_images_are_the_whole_file(pile: Path, tmp_path: Path) -> None:
    image = pile / "toy 1.bin"
    for option, whole in (((), False), (("--keep-artefacts",), True)):
        out = tmp_path / f"{len(option)}.audit"
        assert run("audit", str(image), "--out", str(out), *option).returncode == 10
        (kept,) = (out / "evidence" / "supplied").iterdir()
        assert (kept.read_bytes() == image.read_bytes()) == whole
        assert not verify(out).problems


def test_an_image_that_was_replaced_is_not_taken_for_the_one_before(pile: Path, tmp_path: Path) -> None:
    """Its hash stands in the evidence, though it does not."""
    image, out = pile / "toy 1.bin", tmp_path / "a.audit"
    command = ("audit", str(image))
    assert run(*command, "--out", str(out)).returncode == 10
    assert run(*command, "--resume", str(out)).returncode == 10
    image.write_bytes(firmware.toy(2, signed=False))
    again = run(*command, "--resume", str(out))
    assert again.returncode == 2
    assert "began with another toy 1.bin" in again.stderr


def test_stopped_before_its_files_were_written_it_begins(pile: Path, tmp_path: Path) -> None:
    image, out = pile / "toy 1.bin", tmp_path / "a.audit"
    assert run("audit", str(image), "--out", str(out)).returncode == 10
    for part in ("supplied", "looks", "observations"):
        shutil.rmtree(out / "evidence" / part)
    assert run("audit", str(image), "--resume", str(out)).returncode == 10
    assert load_evidence(out).observations
