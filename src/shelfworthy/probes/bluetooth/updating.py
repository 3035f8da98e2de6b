"""Services that take firmware by radio: are they offered, do they answer a stranger, do they take an image?

Asked is what each protocol lets any client ask before an update begins, and what begins none. An image is
sent at level `risk` only, by TI's over-the-air download, the story's own: the others are offered or not, and
answer or do not.
"""

from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256

from msgspec import structs

from shelfworthy.model import Level, NotLooked
from shelfworthy.reach import Answered, Link, NoLink, NotHeard, Radio, Table
from shelfworthy.seen.bluetooth import Attempt, Attribute, Came, Pushed, UpdateService, Visit
from shelfworthy.seen.bluetooth_numbers import UpdateProtocol, update_protocol

WITHIN = 1.0  # seconds for an answer
BEGINS = 3.0  # seconds in which a device begins to run what it took
BLOCK = 16  # bytes of a block, TI OAD
HEADER = 16  # bytes of an image's own header: crc, shadow, version, length, uid[4], reserved[4]
IDENTIFY, BLOCKS = (f"f000ffc{number}-0451-4000-b000-000000000000" for number in (1, 2))


def services(table: Table) -> dict[str, UpdateProtocol]:
    """The services of a device that take firmware: protocol by UUID."""
    found = ((uuid, update_protocol(uuid)) for uuid in table.services)
    return {uuid: protocol for uuid, protocol in found if protocol is not None}


async def asked(
    link: Link, table: Table, service: str, protocol: UpdateProtocol, visit: Visit
) -> tuple[Attempt, ...]:
    """What was tried on one of them: by the visit to all attributes, and the question that begins nothing."""
    of = {one.handle: one for one in table.attributes if one.service == service}
    attempts = [attempt for attempt in visit.attempts if attempt.handle in of]
    control = next((one for one in of.values() if one.uuid == protocol.control[0]), None)
    if protocol.question and control is not None:
        answer, length = await _question(link, control, bytes.fromhex(protocol.question))
        attempts.append(Attempt(control.handle, "write", answer.came, answer.code, length))
    return tuple(attempts)


async def _question(link: Link, control: Attribute, ask: bytes) -> tuple[Answered, int]:
    """Done only if an answer came."""
    answer, value = await _answered(link, control, ask)
    if answer.came != "done" or value is not None:
        return answer, len(value or b"")
    return Answered(came="accepted"), 0


async def _answered(link: Link, control: Attribute, ask: bytes) -> tuple[Answered, bytes | None]:
    """How asking went, and the answer; asked also where that may not be heard, which is another right."""
    heard = (await link.subscribe(control)).came == "done"
    answer = await link.write(control.handle, ask, answerless="write" not in control.properties)
    value = await link.next(control.handle, WITHIN) if heard and answer.came == "done" else None
    return answer, value


def as_seen(
    found: Mapping[str, UpdateProtocol],
    stranger: Mapping[str, tuple[Attempt, ...]],
    paired: Mapping[str, tuple[Attempt, ...]] | None,
) -> tuple[UpdateService, ...]:
    """Each service with what was tried on it. paired: None where nobody paired without consent."""
    return tuple(
        UpdateService(
            protocol=protocol.name,
            service=service,
            attempts=stranger.get(service, ()),
            paired=NotLooked() if paired is None else paired.get(service, ()),
        )
        for service, protocol in found.items()
    )


async def pushed(radio: Radio, table: Table, image: bytes, *, unasked: bool) -> tuple[Pushed, ...]:
    """Send a changed image as a stranger; if that is not taken, paired with nobody's consent (`unasked`).

    Nothing where the device does not offer TI's protocol, or took no connection. An image counts as taken
    only where the device says afterwards that it runs it: whoever refuses one may restart, too.
    """
    sent: list[Pushed] = []
    for paired in (False, True) if unasked else (False,):
        with suppress(NoLink):  # what was sent before it took no connection any more is what there is
            one = await _sent(radio, table, image, paired=paired)
            if one is not None:
                sent.append(one)
            if one is not None and one.came == "done":
                break
    return tuple(sent)


async def _sent(radio: Radio, table: Table, image: bytes, *, paired: bool) -> Pushed | None:
    async with radio.stranger() as link:
        if paired and (await link.pair("weakest")).came != "done":
            return None
        one = await push(link, table, image, paired=paired)
        if one is None or one.taken < one.blocks:
            return one
        # An answer on this link shows that the last block arrived: what is not sent when a link ends is lost.
        await _running(link, table)
    with suppress(NoLink, NotHeard):  # it took every block: which image does it run, if it runs any more?
        async with radio.stranger() as link:
            if not paired or (await link.pair("weakest")).came == "done":
                return structs.replace(one, came=await _runs(link, table, image, one.came))
    return one


async def _runs(link: Link, table: Table, image: bytes, otherwise: Came) -> Came:
    """Whether the device says that it runs this image. otherwise: where it says nothing.

    One that still runs another is given the time in which it may begin.
    """
    running = await _running(link, table)
    if running not in (None, image[4:6]):
        await link.next(identified(table).handle, BEGINS)
        running = await _running(link, table)
    if running is None:
        return otherwise
    return "done" if running == image[4:6] else "refused"


async def _running(link: Link, table: Table) -> bytes | None:
    """The version of the image that the device says it runs; None where it says nothing."""
    _, header = await _answered(link, identified(table), b"\x01")
    return None if header is None or len(header) < 2 else header[:2]


def identified(table: Table) -> Attribute:
    """Where a device that offers the protocol says what it runs."""
    return next(one for one in table.attributes if one.uuid == IDENTIFY)


async def push(link: Link, table: Table, image: bytes, *, paired: bool) -> Pushed | None:
    """Send a changed image by TI OAD; None where the device does not offer that.

    The first 16 bytes are the image's own header. It is written to Image Identify; then the device asks for
    blocks of 16 bytes by their numbers, and each is written behind its number to Image Block.
    """
    by_uuid = {one.uuid: one for one in table.attributes}
    identify = by_uuid.get(IDENTIFY)
    block = by_uuid.get(BLOCKS)
    if identify is None or block is None or len(image) <= HEADER:
        return None
    blocks = -(-len(image) // BLOCK)
    digest = sha256(image).hexdigest()

    def told(came: Came, code: int = 0, taken: int = 0) -> Pushed:
        return Pushed(paired=paired, came=came, code=code, sha256=digest, taken=taken, blocks=blocks)

    for attribute in (identify, block):
        await link.subscribe(attribute)  # a device that may not be heard may still take it
    version, length, uid = image[4:6], image[6:8], image[8:12]
    header = version + length + uid + (12).to_bytes(2, "little") + (15).to_bytes(2, "little")
    answer = await link.write(identify.handle, header, level=Level.RISK)
    if answer.came != "done":
        return told(answer.came, answer.code)
    if (wanted := await link.next(block.handle, WITHIN)) is None:
        # It answers an image it will not have with its own header, and asks for no block.
        return told("refused" if await link.next(identify.handle, 0) is not None else "accepted")
    taken = 0
    while taken < blocks and wanted is not None and len(wanted) >= 2:
        number = int.from_bytes(wanted[:2], "little")
        if number >= blocks:
            break
        value = number.to_bytes(2, "little") + image[number * BLOCK : (number + 1) * BLOCK]
        answer = await link.write(block.handle, value, answerless=True, level=Level.RISK)
        if answer.came not in ("done", "gone") or (answer.came == "gone" and taken < blocks - 1):
            return told(answer.came, answer.code, taken)
        taken += 1
        wanted = await link.next(block.handle, WITHIN) if taken < blocks else None
    return told("accepted", 0, taken)
