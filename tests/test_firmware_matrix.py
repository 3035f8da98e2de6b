"""Each container × each state: nothing wrong; and where a second tool reads a container, it agrees."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import About
from shelfworthy.model.surfaces import Firmware
from shelfworthy.readers.firmware.image import seen_in
from shelfworthy.readers.firmware.keys import keys_of
from tests.firmware_matrix import CHECKS, OPEN, PAGE, Row, measured, page, truth
from tests.firmware_specimens import MAKERS, STATES, image
from tests.readers.firmware.seeing import key, private
from tests.readers.firmware.with_tools import NOISE, identity, put
from tests.specimen import outcome

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def found() -> dict[str, list[Row]]:
    """What the tests of this module measured, by container."""
    return {}


@pytest.mark.parametrize("container", MAKERS)
def test_nothing_is_wrong(container: str, found: dict[str, list[Row]], tmp_path: Path) -> None:
    found[container] = list(measured(container, tmp_path))
    assert [row for row in found[container] if row.grade != "right"] == []


def test_the_page_says_what_was_measured(found: dict[str, list[Row]]) -> None:
    """Update with: python -m tests.firmware_matrix"""
    if found.keys() != MAKERS.keys():
        pytest.skip("not every container was measured")
    rows = [row for name in MAKERS for row in found[name]]
    assert PAGE.read_text() == page(rows)


def test_there_are_enough_containers_in_all_seven_states() -> None:
    whole = [name for name, maker in MAKERS.items() if maker.encrypted is not None]
    assert len(whole) >= 18
    assert len(STATES) == 7


def test_the_truth_names_each_container_and_state() -> None:
    for name, states in truth().items():
        assert set(states) == set(STATES), name
        assert {len(answers) for answers in states.values()} == {len(CHECKS)}


def test_a_wrong_answer_would_be_called_so() -> None:
    row = Row(container="UF2", state="flipped", check=CHECKS[0], expected=OPEN, answer="pass")
    assert (row.grade, row.words) == ("wrong", "**wrong**")
    assert Row("UF2", "signed", CHECKS[0], "pass", OPEN).grade == "left open"


UNKNOWN: dict[str, bytes] = {
    "noise": NOISE * 40,
    "zeros": bytes(40_000),
    "text": b"firmware of a kind that nobody wrote down\n" * 900,
    "its own header": b"PLUM\x01\x00" + NOISE * 30,
    "a signature that nobody knows": NOISE * 30 + b"-----BEGIN SIGNATURE-----" + NOISE[:64],
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_in_no_container_is_called_neither_signed_nor_unsigned(name: str) -> None:
    seen = seen_in(UNKNOWN[name], keys_of(""))
    about = About(surface=Firmware(id="a", where="a"))
    assert outcome(list(BY_ID[CHECKS[0]].judge(seen, about))).value == OPEN


# -- second tools ------------------------------------------------------------------------------------------


def says(folder: Path, *command: str) -> tuple[bool, str]:
    """Whether a tool ends well, and what it says."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode == 0, done.stdout + done.stderr


def imgtool(kind: str) -> Callable[[Path], bool]:
    def good(folder: Path) -> bool:
        (folder / "key.pem").write_bytes(private(key(kind)))
        return says(folder, str(BIN / "imgtool"), "verify", "-k", "key.pem", "image")[0]

    return good


def espsecure(version: str, kind: str) -> Callable[[Path], bool]:
    def good(folder: Path) -> bool:
        (folder / "key.pem").write_bytes(private(key(kind)))
        words = ("verify-signature", "--version", version, "--keyfile", "key.pem", "image")
        return says(folder, str(BIN / "espsecure"), *words)[0]

    return good


def rauc(folder: Path) -> bool:
    put(folder, "rauc-issuer")
    return says(folder, "rauc", "--keyring", "rauc-issuer.crt", "info", "image")[0]


def swupdate(how: str) -> Callable[[Path], bool]:
    """The description's signature, by openssl, and the hash that it states of each file."""

    def good(folder: Path) -> bool:
        (folder / "key.pem").write_text(identity("swu")[2])
        with (folder / "image").open("rb") as archive:
            subprocess.run(["cpio", "-idu", "--quiet"], cwd=folder, stdin=archive, check=False)
        signed = ("-signature", "sw-description.sig", "sw-description")
        if how == "cms":
            put(folder, "swu")
            words = ("-verify", "-inform", "DER", "-in", "sw-description.sig", "-content", "sw-description")
            right, _ = says(
                folder, "openssl", "cms", *words, "-binary", "-CAfile", "swu.crt", "-purpose", "any"
            )
        else:
            right, _ = says(folder, "openssl", "dgst", "-sha256", "-verify", "key.pem", *signed)
        told = (folder / "sw-description").read_text(errors="replace") if right else ""
        files = [one for one in ("rootfs.img", "app.bin") if (folder / one).exists()]
        sums = [says(folder, "sha256sum", one)[1].split()[0] for one in files]
        return right and all(one in told for one in sums)

    return good


SECOND: dict[str, Callable[[Path], bool]] = {
    "MCUboot": imgtool("p256"),
    "MCUboot, RSA": imgtool("rsa-2048"),
    "ESP32, secure boot 2": espsecure("2", "rsa-3072"),
    "ESP32, secure boot 2, ECDSA": espsecure("2", "p256"),
    "ESP32, secure boot 1": espsecure("1", "p256"),
    "RAUC, plain": rauc,
    "RAUC, verity": rauc,
    "SWUpdate": swupdate("rsa"),
    "SWUpdate, CMS": swupdate("cms"),
}


# rauc looks at the data of a verity bundle only when that is mounted.
BOTH = [
    (container, state)
    for container in SECOND
    for state in ("unsigned", "signed", "flipped")
    if (container, state) != ("RAUC, verity", "flipped")
]


@pytest.mark.parametrize(("container", "state"), BOTH)
def test_the_field_s_own_tool_agrees_on_what_is_signed_rightly(
    container: str, state: str, tmp_path: Path
) -> None:
    (tmp_path / "image").write_bytes(image(MAKERS[container], state))
    ours = truth()[container][state][1] == "pass"
    assert SECOND[container](tmp_path) == ours


@pytest.mark.parametrize("state", ["unsigned", "signed"])
def test_dumpimage_agrees_on_what_a_fit_signs(state: str, tmp_path: Path) -> None:
    (tmp_path / "image").write_bytes(image(MAKERS["U-Boot FIT, configuration"], state))
    right, said = says(tmp_path, "dumpimage", "-l", "image")
    assert right
    assert ("Sign value:" in said) == (state == "signed")


def test_dumpimage_reads_the_older_kind(tmp_path: Path) -> None:
    (tmp_path / "image").write_bytes(image(MAKERS["U-Boot legacy"], "signed"))
    assert says(tmp_path, "dumpimage", "-l", "image")[0]


def test_gzip_finds_what_we_find_whole(tmp_path: Path) -> None:
    for state, whole in (("signed", True), ("truncated", False)):
        (tmp_path / "image.gz").write_bytes(image(MAKERS["gzip"], state))
        assert says(tmp_path, "gzip", "-t", "image.gz")[0] == whole
