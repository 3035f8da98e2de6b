"""Images that mean no good: sizes that lie, links that lead out, what is no file, names that nobody shows.

Each is made of a camera's root (`file_systems.py`) or by a writer that any length can be given.
"""

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from struct import pack, pack_into
from warnings import catch_warnings, simplefilter
from zlib import crc32

from tests.hostile.gzip_quine import quine
from tests.readers.firmware.contents.file_systems import ROOTS, SBIN
from tests.readers.firmware.with_tools import has, run

LINK, FILE, FOLDER, DEVICE, FIFO, SOCKET, DISK = (
    *(0o120777, 0o100644, 0o040755, 0o020666, 0o010666, 0o140777, 0o060666),
)


def member(name: bytes, content: bytes = b"", mode: int = FILE, /, **other: int) -> bytes:
    """A member of a cpio archive. other: its fields, whatever is true: `size`, `ino`, `nlink`, `rmajor`."""
    told = {
        "ino": 7,
        "mode": mode,
        "nlink": 1,
        "size": len(content),
        "name": len(name) + 1,
        "sum": sum(content),
    } | other
    fields = [told["ino"], told["mode"], 0, 0, told["nlink"], 0, told["size"], 0, 0]
    fields += [other.get("rmajor", 0), other.get("rminor", 0), told["name"], told["sum"]]
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name + b"\0"
    padded = content + bytes(-len(content) % 4)
    return head + bytes(-len(head) % 4) + padded


def archive(*members: bytes) -> bytes:
    return b"".join(members) + member(b"TRAILER!!!", b"", 0, ino=0)


def tar(*members: tuple[str, str, bytes, bytes]) -> bytes:
    """name, where a link leads, sort, content."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", errors="surrogateescape") as out:
        for name, target, sort, content in members:
            one = tarfile.TarInfo(name)
            one.type, one.linkname, one.size = sort, target, len(content)
            one.mode, one.devmajor, one.devminor = 0o6755, 1, 1
            out.addfile(one, io.BytesIO(content))
    return made.getvalue()


def tar_of_size(field: bytes) -> bytes:
    """A tar whose first member says this of its size."""
    whole = bytearray(tar(("a", "", tarfile.REGTYPE, b"content"), ("b", "", tarfile.REGTYPE, b"more")))
    whole[124:136] = field.ljust(12, b"\0")
    whole[148:156] = b" " * 8
    whole[148:156] = b"%06o\0 " % sum(whole[:512])
    return bytes(whole)


def zipped(*members: tuple[str, bytes, int]) -> bytes:
    """name, content, mode."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out, catch_warnings():
        simplefilter("ignore")  # a name that occurs twice is meant
        for name, content, mode in members:
            one = zipfile.ZipInfo(name)
            one.create_system, one.external_attr = 3, mode << 16
            one.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(one, content)
    return made.getvalue()


def changed(content: bytes, at: int, layout: str, *numbers: int) -> bytes:
    made = bytearray(content)
    pack_into(layout, made, at, *numbers)
    return bytes(made)


def zip_directory_of(size: int) -> bytes:
    """The directory says another size than what is in the file."""
    whole = zipped(("a", bytes(1 << 20), FILE), ("b", b"b", FILE))
    return changed(whole, whole.index(b"PK\1\2") + 24, "<I", size)


def zip_over_itself(count: int = 400) -> bytes:
    """Many names for the same packed bytes."""
    one = zipped(("0", bytes(1 << 20), FILE))
    start = one.index(b"PK\1\2")
    entry = one[start : one.index(b"PK\5\6")]
    names = b"".join(entry[:46] + b"%c" % (48 + n % 64) for n in range(count))
    return one[:start] + names + pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(names), start, 0)


def uimage_of(image: bytes, size: int) -> bytes:
    """The header of a U-Boot image says another size, with a right sum."""
    head = changed(image[:64], 12, ">I", size)
    head = changed(head, 4, ">I", 0)
    return changed(head, 4, ">I", crc32(head)) + image[64:]


def fit_of(image: bytes, name: bytes, number: int) -> bytes:
    """A property of a FIT is another number."""
    struct, strings = int.from_bytes(image[8:12]), int.from_bytes(image[12:16])
    at = image.index(name + b"\0", strings) - strings
    return changed(image, image.index(pack(">III", 3, 4, at), struct) + 12, ">I", number)


def jffs2_of(image: bytes, field: int, number: int) -> bytes:
    """Each inode says another number in a field, with a right sum."""
    made, at = bytearray(image), 0
    while (at := bytes(made).find(b"\x85\x19\x02\xe0", at)) >= 0:
        pack_into("<I", made, at + field, number)
        pack_into("<I", made, at + 64, crc32(bytes(made[at : at + 60]), 0xFFFF_FFFF) ^ 0xFFFF_FFFF)
        at += 68
    return bytes(made)


def jffs2_node_of(image: bytes, length: int) -> bytes:
    """Its first name says that it is so long, with a right sum."""
    at = image.index(b"\x85\x19\x01\xe0")
    made = changed(image, at + 4, "<I", length)
    return changed(made, at + 8, "<I", crc32(made[at : at + 8], 0xFFFF_FFFF) ^ 0xFFFF_FFFF)


def ubi_of(image: bytes, at: int, number: int) -> bytes:
    """Each block says another number of what it holds, with a right sum."""
    made = bytearray(image)
    place = 0
    while (place := bytes(made).find(b"UBI!", place)) >= 0:
        pack_into(">I", made, place + at, number)
        pack_into(">I", made, place + 60, crc32(bytes(made[place : place + 60])) ^ 0xFFFF_FFFF)
        place += 64
    return bytes(made)


def ubifs_of(image: bytes, sort: int, at: int, layout: str, number: int) -> bytes:
    """Each node of a sort says another number, with a right sum."""
    made, place = bytearray(image), 0
    while (place := bytes(made).find(b"\x31\x18\x10\x06", place)) >= 0:
        length = int.from_bytes(made[place + 16 : place + 20], "little")
        if made[place + 20] == sort and length > at + 8:
            pack_into(layout, made, place + at, number)
            pack_into("<I", made, place + 4, crc32(bytes(made[place + 8 : place + length])) ^ 0xFFFF_FFFF)
        place += 8
    return bytes(made)


def cramfs_of(image: bytes, size: int) -> bytes:
    """The size in its superblock, in the older kind, which has no sum."""
    return changed(changed(image, 4, "<I", size), 8, "<I", 0)


def romfs_of(image: bytes, size: int) -> bytes:
    """The size in its superblock, with a right sum."""
    made = changed(changed(image, 8, ">I", size), 12, ">I", 0)
    total = sum(int.from_bytes(made[at : at + 4]) for at in range(0, 512, 4))
    return changed(made, 12, ">I", -total & 0xFFFF_FFFF)


HUGE, MOST = 0x7FFF_0000, 0xFFFF_FFFF


def liars(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Images whose sizes lie. folder: of a camera."""

    def of(kind: str) -> bytes:
        return ROOTS[kind](folder).read_bytes()

    flat = of("squashfs")
    yield "squashfs, longer than it is", changed(flat, 40, "<Q", 1 << 40)
    yield "squashfs, shorter than it is", changed(flat, 40, "<Q", 200)
    yield "squashfs, inodes", changed(flat, 4, "<I", MOST)
    yield "squashfs, fragments", changed(flat, 16, "<I", MOST)
    yield "squashfs, its tables", changed(flat, 64, "<QQQ", 1 << 60, 1 << 61, 1 << 62)
    passwd = member(b"etc/passwd", b"root:x:0:0::/:/bin/sh\n")
    yield "cpio, a file beyond its end", archive(passwd, member(b"etc/shadow", b"x", size=MOST))
    yield "cpio, a name beyond its end", archive(passwd, member(b"etc/shadow", b"x", name=MOST))
    yield (
        "cpio, a size that is no number",
        archive(passwd, member(b"s")).replace(b"0" * 8 + b"0" * 8 + b"00000002", b"-" * 24, 1),
    )
    summed = archive(passwd, member(b"etc/shadow", b"root::", sum=sum(b"root::") + 1))
    yield "cpio, another sum", summed.replace(b"070701", b"070702")
    yield "cpio, no end", archive(passwd, member(b"lib/a"))[: len(passwd) + 112]
    yield "zip, less than it unpacks to", zip_directory_of(10)
    yield "zip, more than it unpacks to", zip_directory_of(MOST - 1)
    yield "zip, over itself", zip_over_itself()
    yield "tar, less than nothing", tar_of_size(b"\xff" * 12)
    yield "tar, more than there is", tar_of_size(b"\x80" + b"\x7f" + b"\xff" * 10)
    yield "tar, eight gigabytes", tar_of_size(b"77777777777")
    yield "tar, no number", tar_of_size(b"12x4567")
    packed = gzip.compress(b"etc/passwd" * 10_000)
    yield "gzip, another length", changed(packed, len(packed) - 4, "<I", 7)
    yield "gzip, another sum", changed(packed, len(packed) - 8, "<I", 7)
    image = of("uimage")
    yield "uimage, longer than it is", uimage_of(image, HUGE)
    yield "uimage, shorter than it is", uimage_of(image, 5000)
    several = of("uimage of several")
    yield "uimage, a file beyond its end", uimage_of(changed(several, 72, ">I", HUGE), len(several) - 64)
    outside = of("fit, outside")
    yield "fit, data behind its end", fit_of(outside, b"data-offset", HUGE)
    yield "fit, more data than there is", fit_of(outside, b"data-size", MOST)
    yield "fit, a tree longer than it is", changed(of("fit"), 4, ">I", HUGE)
    disk = of("ext4")
    yield "ext4, blocks", changed(disk, 1024 + 4, "<I", MOST)
    yield "ext4, few blocks", changed(disk, 1024 + 4, "<I", 64)
    yield "ext4, inodes of a group", changed(disk, 1024 + 40, "<I", MOST)
    yield "ext4, blocks of a group", changed(disk, 1024 + 32, "<I", 1)
    cram = of("cramfs")
    yield "cramfs, longer than it is", cramfs_of(cram, HUGE)
    yield "cramfs, shorter than it is", cramfs_of(cram, 4096)
    rom = of("romfs")
    yield "romfs, longer than it is", romfs_of(rom, HUGE)
    yield "romfs, shorter than it is", romfs_of(rom, 1024)
    flash = of("jffs2")
    yield "jffs2, files of four gigabytes", jffs2_of(flash, 28, MOST)
    yield "jffs2, pieces at the end of four gigabytes", jffs2_of(flash, 44, MOST - 4096)
    yield "jffs2, pieces of four gigabytes", jffs2_of(flash, 52, MOST)
    yield "jffs2, pieces packed to four gigabytes", jffs2_of(flash, 48, MOST)
    yield "jffs2, a node longer than it is", jffs2_node_of(flash, HUGE)
    blocks = of("ubi of squashfs")
    yield "ubi, a block far out", ubi_of(blocks, 12, HUGE)
    yield "ubi, blocks that hold more than they can", ubi_of(blocks, 20, MOST)
    yield "ubi, padding", ubi_of(blocks, 28, MOST)
    nodes = of("ubifs")
    yield "ubifs, blocks", ubifs_of(nodes, 6, 24 + 16, "<I", HUGE)
    yield "ubifs, files of many gigabytes", ubifs_of(nodes, 0, 48, "<Q", 1 << 60)
    yield "ubifs, pieces of four gigabytes", ubifs_of(nodes, 1, 40, "<I", MOST)
    yield "ubifs, names that are longer than they are", ubifs_of(nodes, 2, 50, "<H", 0xFFFF)
    sparse = of("sparse")
    yield "sparse, blocks", changed(sparse, 16, "<I", MOST)
    yield (
        "sparse, nothing four billion times",
        changed(changed(sparse, 28, "<HHI", 0xCAC3, 0, MOST), 16, "<I", MOST),
    )
    yield "lz4, another length", lz4_of(folder)
    yield "zstd, another length", zstd_of(folder)


def lz4_of(folder: Path) -> bytes:
    """The length in the frame is another one."""
    has("lz4", "lz4")
    (folder / "text").write_bytes(b"bear " * 9000)
    run("lz4", "-f", "-q", "--content-size", "text", "text.lz4", cwd=folder)
    return changed((folder / "text.lz4").read_bytes(), 6, "<Q", 1 << 50)


def zstd_of(folder: Path) -> bytes:
    has("zstd", "zstd")
    (folder / "text").write_bytes(b"bear " * 9000)
    run("zstd", "-f", "-q", "text", "-o", "text.zst", cwd=folder)
    whole = (folder / "text.zst").read_bytes()
    assert whole[4] >> 6 == 1  # its length stands in two bytes
    return changed(whole, 5, "<H", 7)


def leavers(canary: Path, mine: bytes) -> Iterator[tuple[str, bytes]]:
    """Archives that write something into a folder outside: by place, by link, through a link."""
    place, up = str(canary), "../" * 20 + str(canary)[1:]
    there = f"{place}/file"
    yield "tar, by place", tar((there, "", tarfile.REGTYPE, mine), (f"{up}/file", "", tarfile.REGTYPE, mine))
    for name, target in (("a link", place), ("a link upwards", up), ("a chain of links", "b")):
        links = (
            ("a", target, tarfile.SYMTYPE, b""),
            ("b", "c/", tarfile.SYMTYPE, b""),
            ("c", place, tarfile.SYMTYPE, b""),
        )
        yield f"tar, through {name}", tar(*links, ("a/file", "", tarfile.REGTYPE, mine))
    yield "tar, a file over a link", tar(("a", there, tarfile.SYMTYPE, b""), ("a", "", tarfile.REGTYPE, mine))
    hard = ("a", there, tarfile.LNKTYPE, b"")
    yield "tar, through a hard link", tar(hard, ("a", "", tarfile.REGTYPE, mine))
    yield "tar, a folder outside made everybody's", tar((place, "", tarfile.DIRTYPE, b""))
    soft = member(b"a", place.encode(), LINK)
    yield "cpio, by place", archive(member(there.encode(), mine), member(f"{up}/file".encode(), mine))
    yield "cpio, through a link", archive(soft, member(b"a/file", mine))
    chain = (member(b"b", b"c", LINK), member(b"c", b"a", LINK))
    yield "cpio, through a chain of links", archive(soft, *chain, member(b"b/file", mine))
    yield "cpio, a file over a link", archive(member(b"a", there.encode(), LINK), member(b"a", mine))
    twins = (member(b"a", ino=9, nlink=2), member(there.encode(), mine, ino=9, nlink=2))
    yield "cpio, through a hard link", archive(*twins)
    yield "zip, by place", zipped((there, mine, FILE), (f"{up}/file", mine, FILE))
    yield "zip, through a link", zipped(("a", place.encode(), LINK), ("a/file", mine, FILE))
    yield "zip, a file over a link", zipped(("a", there.encode(), LINK), ("a", mine, FILE))


def strangers(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Roots with what is no file: devices, pipes, sockets; and a program that runs as root."""
    passwd = member(b"etc/passwd", b"root::0:0::/:/bin/sh\n")
    odd = (DEVICE, DISK, FIFO, SOCKET, 0o106755)
    nodes = (member(b"dev/%o" % mode, b"", mode, rmajor=1, rminor=1, ino=100 + mode) for mode in odd)
    yield "cpio", archive(passwd, member(b"lib/a"), member(b"usr/b"), *nodes)
    types = (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
    plain = (("etc/passwd", b"root::0:0::/:/bin/sh\n"), ("lib/a", b""), ("usr/b", b""))
    files = ((name, "", tarfile.REGTYPE, content) for name, content in plain)
    yield "tar", tar(*files, *((f"dev/{one.decode()}", "", one, b"") for one in types))
    pseudo = (
        "dev/mem c 666 0 0 1 1",
        "dev/sda b 666 0 0 8 0",
        "dev/pipe i 666 0 0 f",
        "dev/socket i 666 0 0 s",
    )
    told = [word for one in pseudo for word in ("-p", one)]
    run("mksquashfs", "root", "odd.squashfs", "-noappend", "-all-root", "-quiet", *told, cwd=folder)
    yield "squashfs", (folder / "odd.squashfs").read_bytes()
    devices = "/dev/mem c 666 0 0 1 1 0 0 -\n/dev/sda b 666 0 0 8 0 0 0 -\n/dev/pipe p 666 0 0 0 0 0 0 -\n"
    (folder / "devices").write_text(devices)
    run(SBIN + "mkfs.jffs2", "-r", "root", "-o", "odd.jffs2", "-D", "devices", cwd=folder)
    yield "jffs2", (folder / "odd.jffs2").read_bytes()
    sizes = ("-m", "2048", "-e", "126976", "-c", "200")
    run(SBIN + "mkfs.ubifs", "-r", "root", *sizes, "-D", "devices", "-o", "odd.ubifs", cwd=folder)
    yield "ubifs", (folder / "odd.ubifs").read_bytes()


NAMES = {
    "control": b"a\x07\x08\r\x7f",
    "lines": b"a\nb: c\nroot::0:0::/:/bin/sh",
    "colours": b"\x1b[31mred\x1b[2J\x1b]0;title\x07",
    "upwards": b"../../../../../../tmp/up",
    "no UTF-8": b"\xff\xfe\x80 name",
    "long": b"n" * 4096,
    "right to left": "\u202egnp.exe".encode(),
    "markup": b"<script>alert(1)</script>",
    "a zero": b"etc\0hidden",
    "a dot": b".",
    "none": b"",
}


def named() -> Iterator[tuple[str, bytes]]:
    """Archives with a name that is none, beside a root that is right."""
    passwd = member(b"etc/passwd", b"root::0:0::/:/bin/sh\n")
    for what, name in NAMES.items():
        yield f"cpio, {what}", archive(passwd, member(b"lib/a"), member(b"usr/b"), member(name, b"x", ino=8))
        if 0 not in name and name:
            text = name.decode("utf-8", "surrogateescape")
            yield (
                f"tar, {what}",
                tar(("etc/passwd", "", tarfile.REGTYPE, b"r"), (text, "", tarfile.REGTYPE, b"x")),
            )


def deep(wrap: Callable[[bytes], bytes], count: int = 200) -> bytes:
    """Something wrapped in itself."""
    content = b"the innermost"
    for _ in range(count):
        content = wrap(content)
    return content


def nested() -> Iterator[tuple[str, bytes]]:
    """What holds itself, or others without an end."""
    yield "a gzip that holds itself", quine()
    yield "a tar with a gzip that holds itself", tar(("q.gz", "", tarfile.REGTYPE, quine()))
    yield "gzip, two hundred deep", deep(lambda inner: gzip.compress(inner, mtime=0))
    yield "tar, two hundred deep", deep(lambda inner: tar(("in", "", tarfile.REGTYPE, inner)))
    yield "cpio, two hundred deep", deep(lambda inner: archive(member(b"in", inner)))
    yield "zip, two hundred deep", deep(lambda inner: zipped(("in", inner, FILE)))
    yield "folders, two thousand deep", archive(member(b"d/" * 2000 + b"f", b"x"))
    both = zipped(("in", tar(("in", "", tarfile.REGTYPE, bytes(60 << 20))), FILE))
    yield "sixty megabytes of zeros in a tar in a zip", both
    yield "gzip of gzip of zeros", gzip.compress(gzip.compress(bytes(200 << 20), 9), 9)
    yield "zlib of zeros", zlib.compress(bytes(100 << 20), 9)


def hidden_from_unpackers() -> Iterator[tuple[str, bytes]]:
    """Archives that keep an unpacker from looking into one of their files: its folder is there already."""
    inner = gzip.compress(b"root::0:0::/:/bin/sh\n", mtime=0)
    for name, content in (("whole", inner), ("behind noise", b"noise" * 30 + inner)):
        files = (("f", "", tarfile.REGTYPE, content), ("f_extract/x", "", tarfile.REGTYPE, b""))
        yield f"a file whose folder is there already, {name}", tar(*files)
    cut = gzip.compress(b"root::0:0::/:/bin/sh\n" * 900, mtime=0)[:-30]
    yield "a cut-off file in an archive", tar(("f", "", tarfile.REGTYPE, cut))
    yield "a cut-off file in a cut-off one", tar(("f", "", tarfile.REGTYPE, b"hsqs" + bytes(5000)))
