"""SWUpdate's archives, made by cpio and signed by openssl as its documentation says."""

import subprocess
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.readers.firmware.with_tools import (
    CONTENT,
    NOISE,
    cuts,
    first,
    flipped,
    has,
    identity,
    in_child,
    proofs,
    put,
    run,
    seen,
    spoilt,
)

SIGNS = {"": "", "rsa": "RSA, PKCS #1, SHA-256", "pss": "RSA, PSS, SHA-256", "cms": "CMS, RSA"}
FILES = {"rootfs.img": CONTENT[:30_000], "app.bin": CONTENT[30_000:31_001], "stray.txt": b"not of it"}
SAYS = """software = { /* "made" by { hand */
  version = "1.2.0"; # of all
  images: ( { filename = "rootfs.img"; sha256 = "%s"; properties: { create = "1"; }; device = "/dev/mmc1";
  %s } );
  files: ( { filename = "app.bin"; path = "/app"; %s } );
  scripts: ( { filename = "gone.lua"; type = "lua"; data = "{ } \\" }"; } );
};
"""


@cache
def archive(signs: str = "", hashed: bool = True, encrypted: bool = False, kind: str = "crc") -> bytes:
    """hashed: whether the description states the hash of app.bin too."""
    has("cpio", "cpio")
    has("openssl", "openssl")
    app = f'sha256 = "{sha256(FILES["app.bin"]).hexdigest()}";' if hashed else ""
    image = sha256(FILES["rootfs.img"]).hexdigest()
    said = SAYS % (image, "encrypted = true;" if encrypted else "", app)
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        put(folder, "swu")
        (folder / "sw-description").write_text(said)
        names = ["sw-description"]
        for name, content in FILES.items():
            (folder / name).write_bytes(content)
        if signs:
            names.append("sw-description.sig")
            sign(folder, signs)
        listed = "\n".join([*names, *FILES]).encode()
        made = subprocess.run(
            ["cpio", "-o", "-H", kind, "--quiet"], cwd=folder, input=listed, capture_output=True, check=True
        )
        return made.stdout


def sign(folder: Path, how: str) -> None:
    if how == "cms":
        run(
            *("openssl", "cms", "-sign", "-in", "sw-description", "-out", "sw-description.sig", "-binary"),
            *("-signer", "swu.crt", "-inkey", "swu.key", "-outform", "DER", "-nosmimecap"),
            cwd=folder,
        )
        return
    pss = ("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-2") if how == "pss" else ()
    run(
        *("openssl", "dgst", "-sha256", "-sign", "swu.key", *pss, "-out", "sw-description.sig"),
        "sw-description",
        cwd=folder,
    )


def key() -> str:
    return identity("swu")[2]


def other() -> str:
    return identity("other")[2]


@pytest.mark.parametrize("kind", ["crc", "newc"])
def test_unsigned(kind: str) -> None:
    outer, *inner = seen(archive(kind=kind))
    assert (outer.format, outer.whole, outer.signs, outer.version) == ("swupdate", True, True, "1.2.0")
    assert outer.sum == ("right" if kind == "crc" else "none")
    assert [(one.format, one.part, one.sum) for one in inner] == [
        ("swupdate-description", "sw-description", "none"),
        ("swupdate-file", "rootfs.img", "right"),
        ("swupdate-file", "app.bin", "right"),
    ]
    assert not any(one.signatures for one in (outer, *inner))
    assert all(one.encrypted == "no" for one in inner)


@pytest.mark.parametrize("signs", ["rsa", "pss", "cms"])
def test_signed(signs: str) -> None:
    image = archive(signs)
    outer, said, rootfs, app = seen(image, key())
    (one,) = said.signatures
    assert (one.scheme, one.covers, one.proof) == (SIGNS[signs], "sw-description", "verified")
    assert one.key_from == "product file"
    assert rootfs.signatures == app.signatures == (one,)
    assert (outer.signatures, outer.sum) == ((), "right")
    assert proofs(image) == ["verified" if signs == "cms" else "no key"] * 3
    assert proofs(image, other()) == ["wrong"] * 3


@pytest.mark.parametrize("signs", ["rsa", "pss", "cms"])
def test_changed(signs: str) -> None:
    """The description: nothing is verified. A file: that file is not."""
    image = archive(signs)
    for word in (b"1.2.0", b"sha256", b"rootfs.img", b"/dev/mmc1"):
        stand = proofs(flipped(image, image.index(word)), key())
        assert stand
        assert set(stand) == {"wrong"}
    for name, number in (("rootfs.img", 2), ("app.bin", 3)):
        changed = flipped(image, image.index(FILES[name]) + 50)
        found = seen(changed, key())
        assert found[0].sum == found[number].sum.replace("none", "wrong") == "wrong"
        assert [one.signatures[0].proof for one in found[1:]] == [
            "wrong" if at == number else "verified" for at in (1, 2, 3)
        ]


def test_a_file_without_a_hash() -> None:
    """It is not signed, whatever the description is."""
    _, said, rootfs, app = seen(archive("rsa", hashed=False), key())
    assert (app.signatures, app.sum) == ((), "none")
    assert [one.proof for one in (*said.signatures, *rootfs.signatures)] == ["verified"] * 2


def test_encrypted() -> None:
    outer, _, rootfs, app = seen(archive("rsa", encrypted=True), key())
    assert (outer.encrypted, rootfs.encrypted, app.encrypted) == ("yes", "yes", "no")
    assert proofs(archive("rsa", encrypted=True), key()) == ["verified"] * 3


def test_encrypted_description() -> None:
    image = archive("rsa")
    at, end = image.index(b"software = "), image.index(b"070702", 200)
    hidden = image[:at] + CONTENT[: end - at] + image[end:]
    outer, said = seen(hidden, key())
    assert (outer.encrypted, said.encrypted, said.signatures[0].proof) == ("yes", "yes", "not understood")


def test_cut() -> None:
    for signs in SIGNS:
        for cut in cuts(archive(signs)):
            found = seen(cut, key())
            assert not found or (found[0].format, found[0].whole) == ("swupdate", cut == archive(signs)[:-1])
            assert all(one.sum != "wrong" for one in found)
            assert "wrong" not in proofs(cut, key())


def test_wrapped_and_in_the_child(tmp_path: Path) -> None:
    image = in_child(NOISE + archive("cms"), tmp_path, key())
    assert (image.containers[0].format, image.containers[0].at) == ("swupdate", 1000)
    assert [one.proof for part in image.containers for one in part.signatures] == ["verified"] * 3


def test_a_file_system_in_cpio_is_no_update(tmp_path: Path) -> None:
    assert seen(archive().replace(b"sw-description\0", b"xw-description\0")) == ()


@settings(max_examples=80)
@given(
    changes=st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=4)), max_size=5),
    signs=st.sampled_from(["rsa", "cms"]),
)
def test_any_change(changes: list[tuple[int, bytes]], signs: str) -> None:
    image = spoilt(archive(signs), changes)
    for one in seen(image, key()):
        if [made for made in one.signatures if made.proof == "verified"] and one.part in FILES:
            assert FILES[one.part] in image


@settings(max_examples=80)
@given(st.binary(max_size=300), st.text(alphabet='{}":;=(),#/* \n\\filename1sha256', max_size=400))
def test_any_bytes(rest: bytes, said: str) -> None:
    raw = said.encode()
    fields = [0, 0, 0, 0, 1, 0, len(raw), 0, 0, 0, 0, 15, 0]
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + b"sw-description\0\0\0\0"
    seen(head + raw + rest)
    seen(head[:110] + rest)
    assert first(head + raw).format == "swupdate"
