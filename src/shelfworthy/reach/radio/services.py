"""Read a service record of a Classic device (Core Specification, volume 3, part B, section 5.1)."""

from collections.abc import Iterator, Sequence

from bumble import core, sdp

from shelfworthy.reach.radio.records import Offered
from shelfworthy.seen.advertising import masked_name, plain_name, uuid_words

CLASSES, PROTOCOLS, NAME = 0x0001, 0x0004, 0x0100
L2CAP, RFCOMM = "0100", "0003"
LARGEST_CHANNEL, LARGEST_PSM = 30, 0xFFFF
DEEP = 4  # protocols stand in a list of lists


def offered_of(record: Sequence[sdp.ServiceAttribute]) -> Offered | None:
    """The service a record speaks of: its first class; None if it names none."""
    said = {one.id: one.value for one in record}
    uuid = next(_uuids(said.get(CLASSES)), "")
    if not uuid:
        return None
    numbers = dict(_protocols(said.get(PROTOCOLS)))
    name = getattr(said.get(NAME), "value", b"")
    return Offered(
        uuid=uuid,
        name=masked_name(plain_name(name)) if isinstance(name, bytes) else "",
        channel=numbers.get(RFCOMM, 0) if 0 < numbers.get(RFCOMM, 0) <= LARGEST_CHANNEL else 0,
        psm=numbers.get(L2CAP, 0) if 0 < numbers.get(L2CAP, 0) <= LARGEST_PSM else 0,
    )


def _uuids(element: sdp.DataElement | None) -> Iterator[str]:
    for one in _inside(element):
        if isinstance(one.value, core.UUID):
            yield uuid_words(one.value.to_bytes(force_128=True))


def _protocols(element: sdp.DataElement | None, deep: int = DEEP) -> Iterator[tuple[str, int]]:
    """Each protocol with its number: of L2CAP the PSM, of RFCOMM the channel."""
    parts = _inside(element)
    if parts and isinstance(parts[0].value, core.UUID):
        number = next((one.value for one in parts[1:] if isinstance(one.value, int)), 0)
        yield uuid_words(parts[0].value.to_bytes(force_128=True)), number
    elif deep:
        for part in parts:
            yield from _protocols(part, deep - 1)


def _inside(element: sdp.DataElement | None) -> list[sdp.DataElement]:
    value = getattr(element, "value", None)
    return [one for one in value if isinstance(one, sdp.DataElement)] if isinstance(value, list) else []
