"""U-Boot's FIT: a device tree with images, configurations of these, hashes and signatures of either.

Each image is a container of its own, and signatures stand with the images they are over, those of
configurations too: so one that none is over has none, whatever else in the FIT is signed.
"""

from shelfworthy.readers.firmware.fdt import MAGIC, Tree, tree
from shelfworthy.readers.firmware.fit_images import Image, ciphered, image, together
from shelfworthy.readers.firmware.fit_signatures import configuration, signature
from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View, told_as
from shelfworthy.readers.firmware.keys import Keys
from shelfworthy.seen.firmware import Proof, Signature

IMAGES, CONFIGURATIONS = "/images", "/configurations"
MOST = 1024  # images, and signatures of configurations
FIRST_NODE, HEAD = b"\0\0\0\1images\0", 4096  # where what is cut off shows what it was


def parse(view: View, keys: Keys) -> Parsed:
    """One FIT. A device tree without images is none."""
    length = view.number(">I", 4)
    try:
        read = tree(view)
    except NotThis:
        if length > len(view) and FIRST_NODE in bytes(view.slice(0, HEAD).content):
            return Parsed(length=length, signs=True, whole=False, opaque=True)
        raise
    if IMAGES not in read.nodes:
        raise NotThis
    names = list(read.children(IMAGES))
    if len(names) > MOST:
        raise NotThis
    images = [image(view, read, name, path) for name, path in names]
    if sum(len(one.content) for one in images) > len(view):
        raise NotThis  # images lie over each other, so as to be hashed time and again
    signed: list[tuple[Signature, set[str]]] = []
    for name, path in read.children(CONFIGURATIONS):
        for kind, node in read.children(path):
            if kind.startswith("signature"):
                signed += configuration(view, read, name, node, images, keys)
    if len(signed) > MOST:
        raise NotThis
    ends = [one.at + one.size for one in images]
    return Parsed(
        length=max(length, *ends) if ends else length,
        sum=together([one.sum for one in images]),
        sum_by=", ".join(sorted({one.sum_by for one in images} - {""})),
        signs=True,
        encrypted="yes" if any(ciphered(read, one) for one in images) else "no",
        version=read.text("/", "description"),
        inside=tuple(
            inside(read, one, [made for made, over in signed if one.path in over], keys) for one in images
        ),
    )


def inside(read: Tree, one: Image, over: list[Signature], keys: Keys) -> Inside:
    """An image as a container of its own, with all the signatures that are over it."""
    own: list[Signature] = []
    flaw: Proof | None = None if one.there else "not understood"
    for kind, node in read.children(one.path):
        if kind.startswith("signature"):
            own += signature(read, node, f"image {one.name}", bytes(one.content.content), keys, flaw)
    hidden = ciphered(read, one)
    known = Parsed(
        format="u-boot-fit-image",
        length=one.size,
        sum=one.sum,
        sum_by=one.sum_by,
        signs=True,
        signatures=(*own, *over),
        encrypted="yes" if hidden else "no",
        version=" ".join(filter(None, (read.text(one.path, "type"), read.text(one.path, "description")))),
        whole=one.there,
        inside=() if hidden else (Inside("content", 0, one.content),),
    )
    return Inside(f"image {one.name}", one.at, one.content, format=told_as(known))


FIT = Format(name="u-boot-fit", starts=((0, MAGIC),), parse=parse, searched=True)
