"""Root file systems in every kind that devices have, made by the field's own tools: the same in each."""

import os
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.readers.firmware.with_tools import has, identity, run

HASH = "$1$b3arcam0$Hv0RkARZzsFOLQstmSU1j."  # of "xc3511", which is published
SBIN = "/usr/sbin/"
Make = Callable[[Path], Path]


def camera(folder: Path, *, filling: int = 40_000) -> Path:
    """A root with an account, a private key and a telnet server, and files of all sorts. filling: bytes."""
    top = folder / "root"
    for name in ("bin", "sbin", "lib", "usr/bin", "etc/init.d", "dev", "var", "empty"):
        (top / name).mkdir(parents=True)
    (top / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (top / "etc/shadow").write_text(f"root:{HASH}:17000:0:99999:7:::\n")
    (top / "etc/init.d/rcS").write_text("#!/bin/sh\ntelnetd -l /bin/sh &\n")
    (top / "etc/init.d/rcS").chmod(0o755)
    (top / "etc/server.key").write_bytes(identity("camera")[0])
    (top / "lib/noise").write_bytes(Random(11).randbytes(filling))
    (top / "lib/text").write_bytes(b"The bear sleeps. " * 4000)
    (top / "lib/zeros").write_bytes(bytes(30_000))
    (top / "etc/nothing").touch()
    (top / "etc/a name that is long, as some are").write_text("long\n")
    (top / "bin/sh").symlink_to("busybox")
    (top / "bin/busybox").write_bytes(b"busybox " * 700)
    os.link(top / "lib/text", top / "usr/bin/the same")
    return top


def squashfs(folder: Path) -> Path:
    has("mksquashfs", "squashfs-tools")
    run("mksquashfs", "root", "squashfs", "-noappend", "-all-root", "-quiet", cwd=folder)
    return folder / "squashfs"


def extended(kind: str) -> Make:
    """ext2 to ext4."""

    def make(folder: Path) -> Path:
        has(SBIN + "mke2fs", "e2fsprogs")
        run(SBIN + "mke2fs", "-q", "-t", kind, "-d", "root", kind, "4M", cwd=folder)
        return folder / kind

    return make


def cramfs(folder: Path) -> Path:
    has(SBIN + "mkfs.cramfs", "util-linux-extra")
    run(SBIN + "mkfs.cramfs", "root", "cramfs", cwd=folder)
    return folder / "cramfs"


def romfs(folder: Path) -> Path:
    has("genromfs", "genromfs")
    run("genromfs", "-d", "root", "-f", "romfs", cwd=folder)
    return folder / "romfs"


def jffs2(*how: str) -> Make:
    """JFFS2, by its tool's arguments."""

    def make(folder: Path) -> Path:
        has(SBIN + "mkfs.jffs2", "mtd-utils")
        run(SBIN + "mkfs.jffs2", "-r", "root", "-o", "jffs2", "-e", "0x10000", *how, cwd=folder)
        return folder / "jffs2"

    return make


def ubifs(packer: str) -> Make:
    """UBIFS alone."""

    def make(folder: Path) -> Path:
        has(SBIN + "mkfs.ubifs", "mtd-utils")
        sizes = ("-m", "2048", "-e", "126976", "-c", "200")
        run(SBIN + "mkfs.ubifs", "-r", "root", *sizes, "-x", packer, "-o", "ubifs", cwd=folder)
        return folder / "ubifs"

    return make


UBI_INI = "[one]\nmode=ubi\nimage={image}\nvol_id=0\nvol_type={sort}\nvol_name=rootfs\nvol_size=4MiB\n"


def ubi(inside: Make, sort: str = "dynamic") -> Make:
    """A volume of UBI that holds another image."""

    def make(folder: Path) -> Path:
        image = inside(folder)
        has(SBIN + "ubinize", "mtd-utils")
        (folder / "ubi.ini").write_text(UBI_INI.format(image=image.name, sort=sort))
        run(SBIN + "ubinize", "-m", "2048", "-p", "128KiB", "-o", "ubi", "ubi.ini", cwd=folder)
        return folder / "ubi"

    return make


def erofs(folder: Path) -> Path:
    has("mkfs.erofs", "erofs-utils")
    run("mkfs.erofs", "erofs", "root", cwd=folder)
    return folder / "erofs"


def uimage(inside: Make, kind: str = "filesystem", *before: str) -> Make:
    """U-Boot's legacy image around another. before: names of files that come first in one with several."""

    def make(folder: Path) -> Path:
        image = inside(folder)
        has("mkimage", "u-boot-tools")
        for name in before:
            (folder / name).write_bytes(Random(name).randbytes(5001))
        told = ("-A", "arm", "-O", "linux", "-T", kind, "-C", "none", "-n", "camera 1.2")
        run("mkimage", *told, "-d", ":".join((*before, image.name)), "uimage", cwd=folder)
        return folder / "uimage"

    return make


def cpio(form: str = "newc") -> Make:
    def make(folder: Path) -> Path:
        has("cpio", "cpio")
        run("sh", "-c", f"cd root && find . | cpio -o -H {form} > ../cpio", cwd=folder)
        return folder / "cpio"

    return make


def tar(folder: Path) -> Path:
    run("tar", "-cf", "tar", "-C", "root", ".", cwd=folder)
    return folder / "tar"


def zipped(folder: Path) -> Path:
    has("7z", "p7zip-full")
    run("sh", "-c", "cd root && 7z a -tzip -snl ../zip.zip . >/dev/null", cwd=folder)
    return folder / "zip.zip"


def seven(folder: Path) -> Path:
    has("7z", "p7zip-full")
    run("sh", "-c", "cd root && 7z a -t7z -snl ../seven.7z . >/dev/null", cwd=folder)
    return folder / "seven.7z"


def packed(inside: Make, package: str, *command: str) -> Make:
    """What a packer makes of another image; it writes to its standard output."""

    def make(folder: Path) -> Path:
        image = inside(folder)
        has(command[0], package)
        run("sh", "-c", f"{' '.join(command)} < {image.name} > packed", cwd=folder)
        return folder / "packed"

    return make


def sparse(inside: Make) -> Make:
    """Android's sparse image."""

    def make(folder: Path) -> Path:
        image = inside(folder)
        has("img2simg", "android-sdk-libsparse-utils")
        run("img2simg", image.name, "sparse", cwd=folder)
        return folder / "sparse"

    return make


TREE = """/dts-v1/;
/ {{ description = "a camera"; images {{ rootfs {{
    data = /incbin/("{image}"); type = "filesystem"; arch = "arm"; compression = "none";
    hash {{ algo = "sha256"; }};
}}; }}; }};
"""


def fit(inside: Make, *how: str) -> Make:
    """U-Boot's FIT. how: `-E` keeps what it holds behind the tree."""

    def make(folder: Path) -> Path:
        image = inside(folder)
        has("mkimage", "u-boot-tools")
        has("dtc", "device-tree-compiler")
        (folder / "image.its").write_text(TREE.format(image=image.name))
        run("mkimage", "-f", "image.its", *how, "fit", cwd=folder)
        return folder / "fit"

    return make


ROOTS: dict[str, Make] = {
    "squashfs": squashfs,
    "ext2": extended("ext2"),
    "ext4": extended("ext4"),
    "cramfs": cramfs,
    "romfs": romfs,
    "jffs2": jffs2(),
    "jffs2, big endian": jffs2("-b", "-p"),
    "jffs2, rtime": jffs2("-x", "zlib", "-x", "lzo", "-l"),
    "jffs2, zlib": jffs2("-x", "rtime", "-x", "lzo", "-n"),
    "jffs2, lzo": jffs2("-x", "rtime", "-x", "zlib", "-X", "lzo"),
    "ubifs": ubifs("lzo"),
    "ubifs, zlib": ubifs("zlib"),
    "ubifs, plain": ubifs("none"),
    "ubi of ubifs": ubi(ubifs("favor_lzo")),
    "ubi of squashfs": ubi(squashfs, "static"),
    "erofs": erofs,
    "uimage": uimage(squashfs),
    "uimage of several": uimage(squashfs, "multi", "kernel", "tree"),
    "uimage of jffs2": uimage(jffs2()),
    "fit": fit(squashfs),
    "fit, outside": fit(squashfs, "-E"),
    "cpio": cpio(),
    "tar": tar,
    "zip": zipped,
    "7z": seven,
    "gzip": packed(tar, "gzip", "gzip", "-n"),
    "xz": packed(tar, "xz-utils", "xz"),
    "bzip2": packed(tar, "bzip2", "bzip2"),
    "lzma": packed(tar, "xz-utils", "xz", "--format=lzma"),
    "lz4": packed(tar, "lz4", "lz4"),
    "zstd": packed(tar, "zstd", "zstd"),
    "lzop": packed(tar, "lzop", "lzop"),
    "sparse": sparse(extended("ext4")),
}
