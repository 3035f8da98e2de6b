"""U-Boot's images, made by its own mkimage: legacy ones and FIT."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.readers.firmware.fdt import tree
from shelfworthy.readers.firmware.format import View
from shelfworthy.readers.firmware.keys import fingerprint, keys_of
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

SPOIL = st.lists(
    st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=4)), min_size=1, max_size=8
)
ALGORITHMS = {
    "rsa2048": ("rsa:2048", "sha256,rsa2048"),
    "rsa4096": ("rsa:4096", "sha256,rsa4096"),
    "ecdsa256": ("ec:P-256", "sha256,ecdsa256"),
}


@cache
def legacy(kind: str = "kernel", *files: bytes) -> bytes:
    has("mkimage", "u-boot-tools")
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        names = []
        for number, content in enumerate(files or (CONTENT,)):
            (folder / f"{number}").write_bytes(content)
            names.append(f"{number}")
        run(
            *("mkimage", "-A", "arm", "-O", "linux", "-T", kind, "-C", "none", "-n", "Murmurpal 1.2"),
            *("-d", ":".join(names), "out"),
            cwd=folder,
        )
        return (folder / "out").read_bytes()


def test_legacy() -> None:
    image = legacy()
    (one,) = seen(image)
    assert (one.format, one.whole, one.sum, one.sum_by) == ("u-boot-legacy", True, "right", "CRC-32")
    assert (one.signs, one.signatures, one.encrypted, one.opaque) == (False, (), "no", False)
    assert one.version == "Murmurpal 1.2 (kernel)"
    assert one.length == len(image)


@pytest.mark.parametrize("at", [4, 8, 33, 64, 30_000, 70_063])
def test_legacy_changed(at: int) -> None:
    assert first(flipped(legacy(), at)).sum == "wrong"


def test_legacy_cut() -> None:
    for cut in cuts(legacy()):
        one = first(cut)
        assert (one.format, one.whole, one.sum) == ("u-boot-legacy", False, "not computed")


def test_legacy_wrapped() -> None:
    one = first(NOISE + legacy())
    assert (one.format, one.at, one.sum) == ("u-boot-legacy", 1000, "right")


def test_legacy_of_several_files() -> None:
    found = seen(legacy("multi", CONTENT[:100], legacy()))
    assert [(one.format, one.part, one.inside, one.sum) for one in found] == [
        ("u-boot-legacy", "", -1, "right"),
        ("u-boot-legacy", "file 1", 0, "right"),
    ]


def test_legacy_in_legacy() -> None:
    """What a firmware holds is looked into, and may be anything."""
    found = seen(legacy("firmware", legacy("script")))
    assert [(one.format, one.opaque) for one in found] == [("u-boot-legacy", True), ("u-boot-legacy", False)]
    assert found[1].at == 64


TREE = """/dts-v1/; / {{ description = "Murmurpal FIT"; #address-cells = <1>;
images {{
  kernel-1 {{ description = "k"; data = /incbin/("kernel"); type = "kernel"; arch = "arm"; os = "linux";
    compression = "none"; load = <0x8000>; entry = <0x8000>; {cipher} hash-1 {{ algo = "{hash}"; }};
    {image} }};
  rootfs-1 {{ description = "r"; data = /incbin/("rootfs"); type = "filesystem"; arch = "arm"; os = "linux";
    compression = "none"; hash-1 {{ algo = "sha256"; }}; }};
  spare-1 {{ description = "s"; data = /incbin/("spare"); type = "firmware"; arch = "arm"; os = "linux";
    compression = "none"; hash-1 {{ algo = "crc32"; }}; }};
}};
configurations {{ default = "conf-1";
  conf-1 {{ kernel = "kernel-1"; loadables = "rootfs-1"; {conf} }};
}}; }};"""


@cache
def fit(
    signs: str = "", algorithm: str = "rsa2048", padding: str = "", external: str = "", cipher: bool = False
) -> bytes:
    """signs: conf, image, or nothing. external: mkimage's own words for where content is to lie."""
    has("mkimage", "u-boot-tools")
    has("dtc", "device-tree-compiler")
    kind, word = ALGORITHMS[algorithm]
    node = f'signature-1 {{ algo = "{word}"; key-name-hint = "{algorithm}"; {padding} %s }};'
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        put(folder, algorithm, kind)
        (folder / f"{algorithm}.pem").write_bytes((folder / f"{algorithm}.key").read_bytes())
        (folder / "aes.bin").write_bytes(bytes(range(16)))
        for name, content in (("kernel", CONTENT[:20_000]), ("rootfs", legacy()), ("spare", CONTENT[:100])):
            (folder / name).write_bytes(content)
        written = TREE.format(
            hash="sha256",
            cipher='cipher { algo = "aes128"; key-name-hint = "aes"; };' if cipher else "",
            conf=node % 'sign-images = "kernel", "loadables";' if signs == "conf" else "",
            image=node % "" if signs == "image" else "",
        )
        (folder / "s.its").write_text(written)
        (folder / "u.dts").write_text("/dts-v1/; / { };")
        run("dtc", "-O", "dtb", "-o", "u.dtb", "u.dts", cwd=folder)
        options = ["-k", ".", "-K", "u.dtb", "-r"] if signs or cipher else []
        if algorithm.startswith("ecdsa"):
            options = ["-G", f"{algorithm}.pem", "-r"]
        run("mkimage", "-f", "s.its", *options, *external.split(), "out", cwd=folder)
        return (folder / "out").read_bytes()


def key(algorithm: str) -> str:
    return identity(algorithm, ALGORITHMS[algorithm][0])[2]


def of(public: str) -> str:
    return fingerprint(keys_of(public).known[0])


def test_fit_unsigned() -> None:
    found = seen(fit())
    assert [(one.format, one.part, one.inside, one.sum, one.sum_by) for one in found] == [
        ("u-boot-fit", "", -1, "right", "CRC32, SHA256"),
        ("u-boot-fit-image", "image kernel-1", 0, "right", "SHA256"),
        ("u-boot-fit-image", "image rootfs-1", 0, "right", "SHA256"),
        ("u-boot-legacy", "content", 2, "right", "CRC-32"),
        ("u-boot-fit-image", "image spare-1", 0, "right", "CRC32"),
    ]
    assert all(one.whole and one.signatures == () and one.encrypted == "no" for one in found)
    assert [one.signs for one in found] == [True, True, True, False, True]
    assert found[0].version == "Murmurpal FIT"
    assert found[2].at + 64 < len(fit())


@pytest.mark.parametrize("external", ["", "-E", "-E -p 0x1000"])
@pytest.mark.parametrize("algorithm", [*ALGORITHMS])
def test_fit_of_a_signed_configuration(algorithm: str, external: str) -> None:
    image = fit("conf", algorithm, external=external)
    outer, kernel, rootfs, inner, spare = seen(image, key(algorithm))
    (one,) = kernel.signatures
    assert (one.scheme, one.covers, one.proof) == (
        ALGORITHMS[algorithm][1],
        "configuration conf-1",
        "verified",
    )
    assert (one.key, one.key_from) == (of(key(algorithm)), "product file")
    assert rootfs.signatures == (one,)
    assert outer.signatures == spare.signatures == ()  # no configuration has it
    assert outer.whole
    assert outer.sum == "right"
    assert outer.length == len(image)
    assert inner.at == rootfs.at
    (bare,) = seen(image)[1].signatures
    assert (bare.proof, bare.key, bare.key_from) == ("no key", algorithm, "image")
    other = identity("other", ALGORITHMS[algorithm][0].replace("4096", "2048"))[2]
    assert proofs(image, other) == ["wrong", "wrong"]


@pytest.mark.parametrize("padding", ["", 'padding = "pss";'])
def test_fit_of_a_signed_image(padding: str) -> None:
    image = fit("image", padding=padding)
    outer, kernel, rootfs, _, spare = seen(image, key("rsa2048"))
    (one,) = kernel.signatures
    assert (one.covers, one.proof) == ("image kernel-1", "verified")
    assert one.scheme == "sha256,rsa2048" + (", PSS" if padding else "")
    assert outer.signatures == rootfs.signatures == spare.signatures == ()
    assert proofs(image, identity("other")[2]) == ["wrong"]
    assert proofs(image) == ["no key"]
    at = image.index(CONTENT[:20_000])
    assert proofs(flipped(image, at + 700), key("rsa2048")) == ["wrong"]


@pytest.mark.parametrize("external", ["", "-E"])
def test_fit_changed_anywhere_it_is_signed(external: str) -> None:
    """Names, hashes, values and content: all of a signed configuration; its spare image is not of it."""
    image = fit("conf", external=external)
    spare = image.rindex(CONTENT[:100])
    rootfs = image.index(legacy())
    places = [
        image.index(word) for word in (b"kernel-1\0", b"linux\0", b"\1conf-1\0", b"hash-1\0", b"sha256\0")
    ]
    for at in (*places, image.index(CONTENT[:100]), rootfs, rootfs + 60_000):
        for public in ("", key("rsa2048")):
            assert "verified" not in proofs(flipped(image, at), public), at
    assert "wrong" in proofs(flipped(image, rootfs))
    assert proofs(flipped(image, spare + 3), key("rsa2048")) == ["verified"] * 2


def test_what_stays_verified_lies_outside_of_what_is_signed() -> None:
    """Every other byte of the tree, turned: configuration, images, their hashes and all names count."""
    image = fit("conf", external="-E")
    read = tree(View(image))
    names, signature = read.strings[0], "/configurations/conf-1/signature-1"
    counted = read.nodes[signature]["hashed-strings"].content.number(">I", 4)
    for at in range(0, read.length, 2):
        if "verified" not in proofs(flipped(image, at), key("rsa2048")):
            continue
        token = next((one for one in read.tokens if one.at <= at < one.end), None)
        if token is None:
            assert at < 56 or at >= names + counted, at
        else:
            free = token.path.startswith("/images/spare-1") or token.name == "default"
            assert free or (token.path == signature and token.name), token


def test_fit_cut() -> None:
    for external in ("", "-E"):
        image = fit("conf", external=external)
        for cut in cuts(image):
            outer = first(cut, key("rsa2048"))
            assert (outer.format, outer.whole) == ("u-boot-fit", False)
            stand = set(proofs(cut, key("rsa2048")))
            assert stand <= {"verified", "not understood"}
            assert "verified" not in stand or len(cut) > len(image) - 200  # all that is signed is there


def test_fit_wrapped_and_in_the_child(tmp_path: Path) -> None:
    image = in_child(NOISE + fit("conf"), tmp_path, key("rsa2048"))
    assert image.containers[0].at == 1000
    assert image.containers[1].signatures[0].proof == "verified"
    assert image.containers[1].at == 1000 + fit("conf").index(CONTENT[:20_000])
    assert image.covered == len(fit("conf"))


def test_fit_encrypted() -> None:
    image = fit("conf", cipher=True)
    assert CONTENT[:100] not in image[: image.index(legacy())]
    outer, kernel, rootfs, *_ = seen(image, key("rsa2048"))
    assert (outer.encrypted, kernel.encrypted, rootfs.encrypted) == ("yes", "yes", "no")
    assert (kernel.sum, kernel.signatures[0].proof) == ("right", "verified")
    at = image.index(b"aes128\0")
    assert "verified" not in proofs(flipped(image, at), key("rsa2048"))


def test_fit_that_lists_another_configuration() -> None:
    """A signature that was moved to a configuration it is not over."""
    image = fit("conf")
    at = image.index(b"/configurations/conf-1\0")
    moved = image[:at] + b"/configurations/conf-2\0" + image[at + 23 :]
    assert set(proofs(moved, key("rsa2048"))) == {"wrong"}


def test_a_device_tree_is_no_fit(tmp_path: Path) -> None:
    has("dtc", "device-tree-compiler")
    (tmp_path / "u.dts").write_text("/dts-v1/; / { images-of = <1>; soc { }; };")
    run("dtc", "-O", "dtb", "-o", "u.dtb", "u.dts", cwd=tmp_path)
    assert seen((tmp_path / "u.dtb").read_bytes()) == ()


@settings(max_examples=60)
@given(changes=SPOIL, signs=st.sampled_from(["conf", "image", ""]))
def test_any_change_of_a_fit(changes: list[tuple[int, bytes]], signs: str) -> None:
    """Never an exception, and never verified unless all that is signed is as it was."""
    image = spoilt(fit(signs), changes)
    if "verified" in proofs(image, key("rsa2048")):
        assert CONTENT[:20_000] in image
        assert signs == "image" or legacy() in image


@settings(max_examples=60)
@given(st.sampled_from([b"\x27\x05\x19\x56", b"\xd0\x0d\xfe\xed"]), st.binary(max_size=300), SPOIL)
def test_any_bytes(magic: bytes, rest: bytes, changes: list[tuple[int, bytes]]) -> None:
    seen(magic + rest)
    seen(magic + rest, key("rsa2048"))
    seen(spoilt(legacy(), changes))
