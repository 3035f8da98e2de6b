"""Numbers of Bluetooth and what they stand for: services, characteristics, makers, updates. Pure data.

Where the list of names comes from stands at the head of `bluetooth_numbers.txt`. UUIDs are written as in
`seen.bluetooth`: four hex digits for the SIG's own, else 32 in groups, lower case.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from msgspec import Struct

LIST = "Bluetooth SIG, Assigned Numbers, August 2024"
BASE = (
    "-0000-1000-8000-00805f9b34fb"  # behind 0000 and a short UUID (Core Specification, vol. 3, part B, 2.5.1)
)


class UpdateProtocol(Struct, frozen=True):
    """A way to send firmware by radio.

    services: UUIDs by which it is known. control: the characteristics that begin an update, the first also
    the one to ask. question: hex, what any client may ask there and what begins nothing, "" if there is none.
    verifies: whether the protocol itself has the device verify a signature of the image.
    """

    name: str
    services: tuple[str, ...]
    control: tuple[str, ...]
    question: str = ""
    verifies: bool = False


# UUIDs as the makers' own development kits and apps use them; ESP's after Espressif's page on its BLE OTA
# profile. `verifies` says what a protocol was made to do, not what a device does.
UPDATE_PROTOCOLS = (
    UpdateProtocol(  # which image does it run? It answers with that image's header
        name="TI OAD",
        services=("f000ffc0-0451-4000-b000-000000000000", "ffc0"),
        control=(
            "f000ffc1-0451-4000-b000-000000000000",
            "f000ffc2-0451-4000-b000-000000000000",
            "ffc1",
            "ffc2",
        ),
        question="01",
    ),
    UpdateProtocol(  # op code 7, "report received image size"
        name="Nordic legacy DFU",
        services=("00001530-1212-efde-1523-785feabcd123",),
        control=("00001531-1212-efde-1523-785feabcd123",),
        question="07",
    ),
    UpdateProtocol(  # op code 6, "select object", of type 1, command; the buttonless ones only restart it
        name="Nordic secure DFU",
        services=("fe59",),
        control=(
            "8ec90001-f315-4f60-9fb8-838830daea50",
            "8ec90003-f315-4f60-9fb8-838830daea50",
            "8ec90004-f315-4f60-9fb8-838830daea50",
        ),
        question="0601",
        verifies=True,
    ),
    UpdateProtocol(  # group 0, command 0, "echo", of CBOR {"d": ""}; MCUboot may verify later
        name="SMP",
        services=("8d53dc1d-1db7-4cd3-868b-8a527460aa84",),
        control=("da2e7828-fbce-4e01-ae9e-261174997c48",),
        question="0200000400000000a1616460",
    ),
    UpdateProtocol(
        name="Silicon Labs OTA",
        services=("1d14d6ee-fd63-4fa1-bfa4-8f47b42119f0",),
        control=("f7bf3564-fb6d-4e53-88a4-5e37e0326063", "984227f3-34fc-4045-a5d0-2c581f81a153"),
    ),
    UpdateProtocol(
        name="Telink OTA",
        services=("00010203-0405-0607-0809-0a0b0c0d1912",),
        control=("00010203-0405-0607-0809-0a0b0c0d2b12",),
    ),
    UpdateProtocol(
        name="ESP OTA",
        services=("8018",),
        control=("8022", "8020"),
    ),
    UpdateProtocol(
        name="Renesas SUOTA",
        services=("fef5",),
        control=("8082caa8-41a6-4021-91c6-56f9b954cc34", "457871e8-d516-4ca1-9116-57d0b17b9cb2"),
    ),
    UpdateProtocol(
        name="ST OTA",
        services=("0000fe20-cc7a-482a-984a-7f2ed5b3e58f",),
        control=("0000fe22-8e22-4541-9d4c-21edae82ed19", "0000fe24-8e22-4541-9d4c-21edae82ed19"),
    ),
    UpdateProtocol(
        name="Infineon bootloader",
        services=("00060000-f8ce-11e4-abf4-0002a5d5c51b",),
        control=("00060001-f8ce-11e4-abf4-0002a5d5c51b",),
    ),
)
BY_SERVICE: Mapping[str, UpdateProtocol] = {uuid: one for one in UPDATE_PROTOCOLS for uuid in one.services}
BY_NAME: Mapping[str, UpdateProtocol] = {one.name: one for one in UPDATE_PROTOCOLS}

# Services whose values the standard lets everybody read: they say what a device is, not what it knows.
# Writing to them is another matter.
PUBLIC_SERVICES = frozenset(
    {
        "1800",  # what it is called
        "1801",  # which attributes it has
        "1804",  # how strongly it sends
        "1805",  # what time it is, and so the next two
        "1806",
        "1807",
        "180a",  # who made it, which model
        "180f",  # its battery
    }
)
# What everybody may write to: what a client can do, and how often it listens.
PUBLIC_WRITES = frozenset({"2b29", "2a4f"})
# Services that carry what is nobody else's business: the body, what is typed, where somebody is, calls.
PRIVATE_SERVICES = frozenset(
    {"1808", "1809", "180d", "180e", "1810", "1811", "1812", "1819", "181b", "181c", "181d", "181f", "1822"}
    | {"183a", "183e", "1840", "184b", "184c", "184d", "184e"}
)

# Services of Classic devices (section 3.3, service classes) that carry sound or data.
CLASSIC_SERVICES: Mapping[str, str] = {
    "1101": "serial port",
    "1102": "LAN access",
    "1103": "dial-up networking",
    "1105": "object push",
    "1106": "file transfer",
    "1108": "headset",
    "110a": "audio source",
    "110b": "loudspeaker",
    "1112": "headset gateway",
    "1115": "network user",
    "1116": "network access",
    "111e": "hands-free",
    "111f": "hands-free gateway",
    "1124": "keyboard or pointer",
    "112f": "phone book",
    "1132": "messages",
}
MICROPHONES = frozenset({"1108", "110a", "1112", "111e", "111f"})


@cache
def names() -> Mapping[tuple[str, int], str]:
    """All names: ("s" service, "c" characteristic or "m" company, number) → name."""
    text = (files(__package__) / "bluetooth_numbers.txt").read_text(encoding="utf-8")
    lines = (line.split(" ", 2) for line in text.splitlines() if not line.startswith("#"))
    return {(kind, int(number, 16)): name for kind, number, name in lines}


def short(uuid: str) -> str:
    """The four digits of a UUID of the SIG's own, in whatever form; others as they are, lower case."""
    uuid = uuid.lower()
    return uuid[4:8] if len(uuid) == 36 and uuid.startswith("0000") and uuid.endswith(BASE) else uuid


def service_name(uuid: str) -> str:
    """What a service is called; "" for one that neither the SIG nor we know."""
    protocol = update_protocol(uuid)
    return protocol.name if protocol else _named("s", uuid)


def characteristic_name(uuid: str) -> str:
    """What a characteristic is called; "" for one that the SIG does not know."""
    return _named("c", uuid)


def company_name(number: int) -> str:
    """Whose company identifier it is; "" if nobody's."""
    return names().get(("m", number), "")


def update_protocol(service: str) -> UpdateProtocol | None:
    """The way to send firmware that a service stands for."""
    return BY_SERVICE.get(short(service))


def _named(kind: str, uuid: str) -> str:
    uuid = short(uuid)
    return names().get((kind, int(uuid, 16)), "") if len(uuid) == 4 and uuid.isalnum() and _hex(uuid) else ""


def _hex(uuid: str) -> bool:
    return set(uuid) <= set("0123456789abcdef")
