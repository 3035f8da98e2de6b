"""Services that take firmware by radio: are they offered, do they answer a stranger, do they take an image?

Asked is what each protocol lets any client ask before an update begins, and what begins none. An image is
sent at level `risk` only, by TI's over-the-air download, the story's own: the others are offered or not, and
answer or do not.
"""

from collections.abc import Mapping
from hashlib import sha256

from shelfworthy.model import Level, NotLooked
from shelfworthy.reach import Answered, Link, Table
from shelfworthy.seen.bluetooth import Attempt, Attribute, Came, Pushed, UpdateService, Visit
from shelfworthy.seen.bluetooth_numbers import UpdateProtocol, update_protocol

WITHIN = 1.0  # seconds for an answer
BLOCK = 16  # bytes of a block, TI OAD
HEADER = 16  # bytes of an image's own header: crc, shadow, version, length, uid[4], reserved[4]
RESTART = 2.0  # seconds a device may take to restart into what it took


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
    subscribed = await link.subscribe(control)
    if subscribed.came != "done":
        return subscribed, 0
    answer = await link.write(control.handle, ask, answerless="write" not in control.properties)
    if answer.came != "done":
        return answer, 0
    value = await link.next(control.handle, WITHIN)
    return (Answered(came="accepted"), 0) if value is None else (Answered(came="done"), len(value))


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


async def push(link: Link, table: Table, image: bytes, *, paired: bool) -> Pushed | None:
    """Send a changed image by TI OAD; None where the device does not offer that.

    The first 16 bytes are the image's own header. It is written to Image Identify; then the device asks for
    blocks of 16 bytes by their numbers, and each is written behind its number to Image Block.
    """
    by_uuid = {one.uuid: one for one in table.attributes}
    identify = by_uuid.get("f000ffc1-0451-4000-b000-000000000000")
    block = by_uuid.get("f000ffc2-0451-4000-b000-000000000000")
    if identify is None or block is None or len(image) <= HEADER:
        return None
    blocks = -(-len(image) // BLOCK)
    digest = sha256(image).hexdigest()

    def pushed(came: Came, code: int = 0, taken: int = 0) -> Pushed:
        return Pushed(paired=paired, came=came, code=code, sha256=digest, taken=taken, blocks=blocks)

    for attribute in (identify, block):
        subscribed = await link.subscribe(attribute)
        if subscribed.came not in ("done", "error"):  # not every device has a configuration there
            return pushed(subscribed.came, subscribed.code)
    version, length, uid = image[4:6], image[6:8], image[8:12]
    header = version + length + uid + (12).to_bytes(2, "little") + (15).to_bytes(2, "little")
    answer = await link.write(identify.handle, header, level=Level.RISK)
    if answer.came != "done":
        return pushed(answer.came, answer.code)
    if (wanted := await link.next(block.handle, WITHIN)) is None:
        # It answers an image it will not have with its own header, and asks for no block.
        return pushed("refused" if await link.next(identify.handle, 0) is not None else "accepted")
    taken = 0
    while taken < blocks and wanted is not None and len(wanted) >= 2:
        number = int.from_bytes(wanted[:2], "little")
        if number >= blocks:
            break
        value = number.to_bytes(2, "little") + image[number * BLOCK : (number + 1) * BLOCK]
        answer = await link.write(block.handle, value, answerless=True, level=Level.RISK)
        if answer.came != "done":
            return pushed(answer.came if taken < blocks - 1 else "done", answer.code, taken)
        taken += 1
        if taken < blocks:
            wanted = await link.next(block.handle, WITHIN)
    return pushed(await _restarted(link, identify, taken, blocks), 0, taken)


async def _restarted(link: Link, identify: Attribute, taken: int, blocks: int) -> Came:
    """A device that took every block and liked it restarts, and so ends the connection."""
    if taken < blocks:
        return "accepted"
    value = await link.next(identify.handle, RESTART)
    if value is not None:
        return "refused"  # it still answers, with the header of what it runs
    return "done" if (await link.read(identify.handle)).came == "gone" else "accepted"
