"""Android's updates: a zip signed as a whole, in its comment, and the payload for devices with two systems.

The signature is over all but the comment and its length. Metadata that the zip holds say to which build it
leads and of when that is; a device takes nothing older. The payload (`android_payload.py`) has its own.
"""

from shelfworthy.readers.firmware.cms_signatures import signatures
from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View, text
from shelfworthy.readers.firmware.keys import Keys
from shelfworthy.readers.firmware.zipped import MAGIC, STORED, archive, unpacked
from shelfworthy.seen.firmware import Signature

METADATA, PAYLOAD_NAME = "META-INF/com/android/metadata", "payload.bin"
MARKS = (METADATA, "META-INF/com/google/android/update-binary", "payload_properties.txt")
MOST, LONGEST, HEAD = (
    4096,
    1 << 16,
    1 << 20,
)  # members; bytes of metadata, and where a cut-off one shows itself
FOOTER, END, MARK = 6, 22, b"\xff\xff"


def parse(view: View, keys: Keys) -> Parsed:
    """One update. Other zips are none."""
    try:
        zipped = archive(view, MOST)
    except NotThis:
        return cut(view)
    if not zipped.whole:
        return cut(view)
    if not zipped.members.keys() & set(MARKS):
        raise NotThis
    said: dict[str, str] = {}
    if METADATA in zipped.members:
        raw, _ = unpacked(view, zipped.members[METADATA], LONGEST)
        lines = raw.decode(errors="replace").splitlines()
        said = {name: text(value.encode(), 120) for name, _, value in (line.partition("=") for line in lines)}
    stamp = said.get("post-timestamp", "")
    inside = []
    member = zipped.members.get(PAYLOAD_NAME)
    if member and member.method == STORED:
        name, extra = view.numbers("<HH", member.at + 26)
        at = member.at + 30 + name + extra
        inside.append(Inside(PAYLOAD_NAME, at, view.slice(at, member.packed)))
    return Parsed(
        length=zipped.length,
        signs=True,
        signatures=signed(view.slice(0, zipped.length), keys),
        version=said.get("post-build", ""),
        rollback=f"post-timestamp {stamp}" if stamp else "",
        inside=tuple(inside),
    )


def cut(view: View) -> Parsed:
    """An update without its end, or with one that is wrong."""
    head = bytes(view.slice(0, HEAD).content)
    if not any(mark.encode() in head for mark in MARKS):
        raise NotThis
    return Parsed(length=len(view) + 1, signs=True, whole=False)


def signed(view: View, keys: Keys) -> tuple[Signature, ...]:
    """The signature of the whole file, as Android's recovery looks for it."""
    start, mark, comment = view.numbers("<H2sH", len(view) - FOOTER)
    if mark != MARK or not FOOTER < start <= comment or view.number("<H", len(view) - comment - 2) != comment:
        return ()
    at = len(view) - start
    over = view.content[: len(view) - comment - 2]
    return signatures(view.take(at, start - FOOTER), over, "whole file", at, keys)


ANDROID_OTA = Format(name="android-ota", starts=((0, MAGIC),), parse=parse)
