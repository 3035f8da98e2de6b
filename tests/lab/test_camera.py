"""The camera: its images are what they are said to be, and it takes what its edition takes."""

import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from shelfworthy_lab import device, fit, packages
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import free_port
from shelfworthy_lab.products.camera import images
from tests.needs import missing

HOST = "127.0.0.5"
EDITIONS = pytest.mark.parametrize("edition", ["2018", "fixed"])


def made(edition: str) -> images.Images:
    try:
        return images.images(edition)
    except CantRun as why:
        missing(f"a Debian whose apt reaches its packages: {why}")


def listed(image: Path, at: Path) -> str:
    """The file system that lies in an image, as unsquashfs lists it."""
    whole = image.read_bytes()
    (at / "root").write_bytes(whole[whole.index(b"hsqs") :])
    done = subprocess.run(["unsquashfs", "-ll", str(at / "root")], capture_output=True, text=True, check=True)
    return done.stdout


@EDITIONS
def test_a_real_file_system_lies_in_it(edition: str, tmp_path: Path) -> None:
    there = listed(made(edition).runs, tmp_path)
    for program in (
        "bin/busybox",
        "usr/sbin/dropbear",
        "usr/sbin/dnsmasq",
        "usr/sbin/lighttpd",
        "usr/sbin/mosquitto",
    ):
        assert f"squashfs-root/{program}\n" in there
    assert ("etc/lighttpd/server.pem" in there) == (edition == "2018")


def test_that_of_2018_is_as_large_as_its_flash_and_names_u_boot() -> None:
    whole = made("2018").runs.read_bytes()
    assert images.FLASH - 64 < len(whole) <= images.FLASH
    assert b"U-Boot 20" in whole


def test_mkimage_finds_the_fixed_one_whole(tmp_path: Path) -> None:
    said = subprocess.run(
        [str(images.tool("dumpimage")), "-l", str(made("fixed").runs)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Sign algo:    sha256,rsa2048:owlwatch" in said
    assert "OwlWatch 2.0.3" in said


def test_only_the_maker_s_configuration_is_good() -> None:
    good = made("fixed")
    whole = good.runs.read_bytes()
    assert good.key
    key = load_pem_public_key(good.key.read_bytes())
    assert fit.counter_of(whole, key) == images.COUNTS["2.0.3"]  # type: ignore[arg-type]
    for place in (whole.index(b"OwlWatch 2.0.3"), whole.index(b"hsqs") + 5000, 400):
        changed = bytearray(whole)
        changed[place] ^= 1
        with pytest.raises(fit.NotGood):
            fit.counter_of(bytes(changed), key)  # type: ignore[arg-type]


@pytest.fixture(params=["2018", "fixed"])
def camera(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    edition = request.param
    good = made(edition)
    config = device.Config(
        HOST, free_port(), str(good.runs), str(good.key or ""), str(tmp_path / "pushed"), restart_s=0
    )
    with device.start(tmp_path, "camera", config) as server:
        yield edition, f"http://{server.host}:{server.port}/api"


def push(at: str, image: bytes) -> int:
    """Send an image as a form; the status of the answer."""
    body = (
        b'--B\r\nContent-Disposition: form-data; name="firmware"; filename="f"\r\n\r\n'
        + image
        + b"\r\n--B--\r\n"
    )
    asked = urllib.request.Request(f"{at}/update", body, {"Content-Type": "multipart/form-data; boundary=B"})
    try:
        with urllib.request.urlopen(asked) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def version(at: str) -> str:
    with urllib.request.urlopen(f"{at}/version") as answer:
        return str(answer.read().decode())


def test_it_runs_an_older_image_only_where_it_asks_for_no_more_than_a_check_sum(
    camera: tuple[str, str],
) -> None:
    edition, at = camera
    before = version(at)
    assert images.RUNS[edition] in before
    assert push(at, made(edition).older.read_bytes()) == (200 if edition == "2018" else 422)
    assert (version(at) == before) == (edition == "fixed")
    assert push(at, made(edition).runs.read_bytes()) == 200
    assert version(at) == before


def test_half_an_image_is_refused_by_both(camera: tuple[str, str]) -> None:
    edition, at = camera
    assert push(at, made(edition).runs.read_bytes()[:-2_000_000]) == 422


def test_tools_that_are_not_installed_are_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    made("fixed")  # or skip
    monkeypatch.setattr(packages, "_installed", lambda name: None)
    found = packages.tools("squashfs-tools", ("mksquashfs",), ("liblzo2-2",))["mksquashfs"]
    said = subprocess.run(
        [str(found), "-version"], env=packages.environment(found), capture_output=True, text=True
    )
    assert "mksquashfs version" in said.stdout


def test_a_machine_without_apt_says_what_it_needs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("SHELFWORTHY_LAB_PARTS", str(tmp_path))
    with pytest.raises(CantRun, match="needs apt-get, which Debian has"):
        images.images("2018")
