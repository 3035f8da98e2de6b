"""Could everything in the firmware be looked into?

Why it matters: what nobody can look into, nobody can vouch for. An encrypted image may be well made; that it
holds no password or key, and what software it is made of, has to be shown in another way.

How we look (look): the image is unpacked part by part. It passes where every part was opened, nothing is
left over, and all that was unpacked was looked at: where a bound was reached, what lies beyond is named. All
else stays open, too, and is named with what would settle it. Nothing fails here: to encrypt an image is no
fault.

What it does not show: whether what was opened is sound, which other checks ask; whether bytes that look like
noise are encrypted or only packed in a way that we do not know, which nobody can tell from them.

If it fails: it cannot. To settle what stayed open, supply the image before it is encrypted, the key, or a
dump of a device's flash.
"""

from collections.abc import Iterator

from shelfworthy.checks.firmware._contents import left_out
from shelfworthy.model import About, Answer, Cause, Check, Level, NotLooked, field, inconclusive, passes
from shelfworthy.seen.firmware import FirmwareContents
from shelfworthy.seen.firmware_contents import Part

MOST = 8  # parts that are named
FEW = 3  # of what was left out that are named

SAYS = {
    "opened": "All {count} parts of the image were opened, and nothing in it is left over.",
    "encrypted": """\
{bytes} bytes from {at_byte} on are encrypted ({format}): the image before it is encrypted, or its key, \
would settle what they hold.""",
    "noise": """\
{bytes} bytes from {at_byte} on look like noise: the image before it is encrypted or packed, or a dump of a \
device's flash, would settle what they hold.""",
    "unknown": """\
{bytes} bytes from {at_byte} on are in no format that we know: the maker's description of it would settle \
what they hold.""",
    "unopened": "{bytes} bytes from {at_byte} on ({format}) were not opened ({why}).",
    "left-out": "Not everything that was unpacked was looked at: {what} ({more} more).",
    "not-noted": "Whether everything that was unpacked was looked at was not noted then.",
    "more": "There is more in the image than was looked at.",
    "nothing": "Nothing in the image was recognised.",
}


def judge(seen: FirmwareContents, about: About) -> Iterator[Answer]:
    for part in seen.unopened[:MOST]:
        yield left_open(part)
    if not seen.parts:
        yield inconclusive("nothing", Cause.NOT_UNDERSTOOD)
    elif not isinstance(seen.left, NotLooked) and seen.left:
        what = "; ".join(dict.fromkeys(map(left_out, seen.left[:FEW])))
        yield inconclusive("left-out", Cause.NOT_UNDERSTOOD, what=what, more=max(0, len(seen.left) - FEW))
    elif seen.truncated or len(seen.unopened) > MOST:
        yield inconclusive("more", Cause.NOT_UNDERSTOOD)
    elif seen.unopened:
        return
    elif isinstance(seen.left, NotLooked):
        yield inconclusive("not-noted", Cause.NOBODY_LOOKED)
    else:
        yield passes("opened", field("parts.0.opened"), count=len(seen.parts))


def left_open(part: Part) -> Answer:
    """What is to be said of a part that was not opened."""
    if part.encrypted == "yes":
        return inconclusive(
            "encrypted", Cause.NOT_SUPPLIED, bytes=part.length, at_byte=part.at, format=part.format
        )
    if part.format != "unknown":
        cause = Cause.TOOL_MISSING if "this machine lacks" in part.why else Cause.NOT_UNDERSTOOD
        return inconclusive(
            "unopened",
            cause,
            bytes=part.length,
            at_byte=part.at,
            format=part.format,
            why=part.why.rstrip("."),
        )
    if part.encrypted == "unknown":
        return inconclusive("noise", Cause.NOT_SUPPLIED, bytes=part.length, at_byte=part.at)
    return inconclusive("unknown", Cause.NOT_UNDERSTOOD, bytes=part.length, at_byte=part.at)


CHECK = Check(
    id="firmware-encrypted-unknown",
    version=2,
    level=Level.LOOK,
    judge=judge,
    reads=(FirmwareContents,),
    says=SAYS,
)
