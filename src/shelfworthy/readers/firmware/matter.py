"""Matter over-the-air images (Matter core specification, 11.21): a header of tagged values, and a payload.

The container has no place for a signature: that a device takes a payload is up to what lies in it.
"""

from hashlib import sha256, sha384, sha512

from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import Keys
from shelfworthy.seen.firmware import Sum

MAGIC = b"\x1e\xf1\xee\x1b"
FIXED = 16
LONGEST = 4096  # bytes of header
STRUCTURE, END = b"\x15", 0x18  # without a tag
VENDOR, PRODUCT, NUMBER, NAME, PAYLOAD, DIGEST_KIND, DIGEST = 0, 1, 2, 3, 4, 8, 9
# By the number that IANA gives a hash: what makes it, and how much of it is kept.
DIGESTS = {
    1: (sha256, 32, "SHA-256"),
    2: (sha256, 16, "SHA-256"),
    7: (sha384, 48, "SHA-384"),
    8: (sha512, 64, "SHA-512"),
}
SIGNED, UNSIGNED, FALSE, TRUE, TEXT, NULL = range(4), range(4, 8), 8, 9, 12, 20  # and bytes after texts

Value = int | bytes


def parse(view: View, keys: Keys) -> Parsed:
    """One file."""
    total, size = view.numbers("<QI", 4)
    if not 4 <= size <= LONGEST or total < FIXED + size:
        raise NotThis
    if len(view) < FIXED + size:  # cut off in its header
        if view.slice(FIXED, 1).content not in (STRUCTURE, b""):
            raise NotThis
        return Parsed(length=total, opaque=True, whole=False)
    told = tagged(View(view.take(FIXED, size)))
    payload = view.slice(FIXED + size, total - FIXED - size)
    whole = total <= len(view)
    sum_, by = summed(told, payload) if whole else ("not computed", "")
    return Parsed(
        length=total,
        sum=sum_,
        sum_by=by,
        opaque=True,
        version=version(told),
        whole=whole,
        inside=(Inside("payload", FIXED + size, payload, searched=True),),
    )


def version(told: dict[int, Value]) -> str:
    """Name and number of the version, and whose it is."""
    name = told.get(NAME)
    words = name.decode("utf-8", "replace") if isinstance(name, bytes) else ""
    ids = ", ".join(
        f"{what} 0x{one:04x}"
        for what, one in (("vendor", told.get(VENDOR)), ("product", told.get(PRODUCT)))
        if isinstance(one, int)
    )
    return " ".join(filter(None, (words or f"{told.get(NUMBER, '')}", ids and f"({ids})")))


def summed(told: dict[int, Value], payload: View) -> tuple[Sum, str]:
    """Whether the payload has the digest that the header states."""
    stated, kind = told.get(DIGEST), told.get(DIGEST_KIND)
    if stated is None:
        return "none", ""
    if kind not in DIGESTS:
        return "not computed", ""
    make, length, by = DIGESTS[kind]
    return "right" if make(payload.content).digest()[:length] == stated else "wrong", by


def tagged(view: View) -> dict[int, Value]:
    """The values of one structure by their tags. Raises NotThis for anything else."""
    if view.take(0, 1) != STRUCTURE:
        raise NotThis
    found: dict[int, Value] = {}
    at = 1
    while True:
        (control,) = view.take(at, 1)
        if control == END:
            return found
        kind = control & 0x1F
        (tag,) = view.take(at + 1, 1)
        at += 2
        if control >> 5 != 1 or tag in found:
            raise NotThis
        width = 1 << (kind & 3)
        if kind in SIGNED or kind in UNSIGNED:
            found[tag] = int.from_bytes(view.take(at, width), "little", signed=kind in SIGNED)
            at += width
        elif TEXT <= kind < NULL:
            length = int.from_bytes(view.take(at, width), "little")
            found[tag] = view.take(at + width, length)
            at += width + length
        elif kind in (FALSE, TRUE, NULL):
            found[tag] = int(kind == TRUE)
        else:
            raise NotThis


MATTER = Format(name="matter-ota", starts=((0, MAGIC),), parse=parse, searched=True)
