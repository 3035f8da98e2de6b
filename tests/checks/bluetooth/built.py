"""Devices that were thought up: what is seen of them, in as few words as a table takes."""

from collections.abc import Iterable
from typing import Any

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Answer, Bluetooth, Does, NotLooked, Seen, Transport
from shelfworthy.seen.bluetooth import (
    Attempt,
    Attribute,
    BluetoothAccess,
    BluetoothAdvert,
    BluetoothClassic,
    BluetoothOperations,
    BluetoothPairing,
    BluetoothReturn,
    BluetoothUpdate,
    Came,
    ClassicPairing,
    ClassicService,
    Collected,
    Company,
    OperationSeen,
    PairingTry,
    Pushed,
    Run,
    UpdateService,
    Visit,
)

OURS = "aaddf75d-a95a-0000-0000-3ca499b74009"
OAD = "f000ffc0-0451-4000-b000-000000000000"
UNSEEN = NotLooked()
ASKED = {"read": "read", "notify": "subscribe", "indicate": "subscribe", "write": "write"}


def about(transport: Transport = Transport.LE, button: str = "") -> About:
    where = "bluetooth:C4:7C:8D:00:00:01"
    return About(surface=Bluetooth(id="toy", where=where, transport=transport, button=button))


def said(check: str, seen: Seen, transport: Transport = Transport.LE, button: str = "") -> tuple[Answer, ...]:
    """What a check says of something seen; each of its sentences can be filled."""
    answers = tuple(BY_ID[check].judge(seen, about(transport, button)))
    for answer in answers:
        BY_ID[check].says[answer.says].format(**answer.facts)
    return answers


def ids(answers: Iterable[Answer]) -> list[str]:
    return [f"{answer.outcome} {answer.says}" for answer in answers]


# -- attributes --------------------------------------------------------------------------------------------


def attribute(handle: int, *properties: str, service: str = OURS, uuid: str = "") -> Attribute:
    return Attribute(
        handle=handle,
        configuration=handle + 1 if {"notify", "indicate"} & set(properties) else 0,
        service=service,
        uuid=uuid or f"aaddf75d-a95a-0000-{handle:04x}-3ca499b74009",
        properties=properties,
    )


NAME = attribute(3, "read", service="1800", uuid="2a00")
BATTERY = attribute(5, "read", "notify", service="180f", uuid="2a19")
COMMAND = attribute(0x12, "write")
STATE = attribute(0x1C, "read", "notify")
CONFIG = attribute(0x24, "read", "write")
TOY = (NAME, BATTERY, COMMAND, STATE, CONFIG)


def tried(came: Came, *attributes: Attribute, **but: Came) -> tuple[Attempt, ...]:
    """Everything there is to try. but: what came otherwise, as `h12_write="done"`."""
    return tuple(
        Attempt(
            handle=one.handle,
            asked=ASKED[word],  # type: ignore[arg-type]
            came=but.get(f"h{one.handle:x}_{ASKED[word]}", came),
            code=5,
            length=4,
        )
        for one in attributes
        for word in one.properties
        if word in ASKED
    )


def visit(attempts: tuple[Attempt, ...], *, encrypted: bool = False, whole: bool = True) -> Visit:
    return Visit(encrypted=encrypted, authenticated=False, attempts=attempts, whole=whole)


def access(came: Came = "refused", attributes: tuple[Attribute, ...] = TOY, **but: Any) -> BluetoothAccess:
    """A stranger's visit. but: a flag of it or of its visit, or what came otherwise."""
    of = {name: but.pop(name) for name in ("let_in", "truncated", "changed") if name in but}
    link = {name: but.pop(name) for name in ("whole", "encrypted") if name in but}
    return BluetoothAccess(
        **{"let_in": True, "truncated": False, "changed": False, **of},
        attributes=attributes,
        stranger=visit(tried(came, *attributes, **but), **link),
    )


# -- pairing -----------------------------------------------------------------------------------------------


def pairing(*tries: PairingTry, passive: bool = False) -> BluetoothPairing:
    return BluetoothPairing(device_asks=False, tries=tries, passive=passive)


def pairs(partner: str, came: Came, method: str = "", **of: Any) -> PairingTry:
    """One attempt; `sc`, `key`, `asked`, `bonding` in short."""
    return PairingTry(
        partner=partner,  # type: ignore[arg-type]
        asked_person=of.get("asked", False),
        came=came,
        io=1,
        mitm=method not in ("", "just works"),
        secure_connections=of.get("sc", bool(method)),
        bonding=of.get("bonding", True),
        method=method,  # type: ignore[arg-type]
        key_size=of.get("key", 16 if method else 0),
    )


OWNER = pairs("strongest", "done", "numeric comparison", asked=True)
NO = pairs("weakest", "refused")


def back(
    came: Came = "refused",
    *,
    paired: PairingTry = OWNER,
    owner: bool = True,
    let_in: bool = True,
    again: PairingTry | NotLooked = NO,
    attributes: tuple[Attribute, ...] = TOY,
    **but: Any,
) -> BluetoothReturn:
    """After an owner left. let_in: False: no visit, no attempt to pair."""
    link = {name: but.pop(name) for name in ("whole", "encrypted") if name in but}
    return BluetoothReturn(
        attributes=attributes,
        paired=paired,
        owner=visit(tried("done", *attributes), encrypted=True) if owner else NotLooked(),
        let_in=let_in,
        stranger=visit(tried(came, *attributes, **but), **link) if let_in else NotLooked(),
        stranger_pairing=again if let_in else NotLooked(),
    )


# -- operations --------------------------------------------------------------------------------------------

SECOND = Collected(length=4032, header=bytes(32), sha256="ab" * 32, seconds=1.0)
HEADER_ONLY = Collected(length=32, header=bytes(32), sha256="cd" * 32, seconds=0.0)
NO_RATE = Collected(length=4032, header=b"", sha256="ab" * 32, seconds=0.0)


def run(came: Came, *, paired: bool = False, wrong: bool = False, got: Any = None) -> Run:
    return Run(paired=paired, wrong_key=wrong, came=came, collected=got or NotLooked())


def operations(
    does: Does, *runs: Run, pairing: Came = "refused", passive: bool = False, count: int = 1
) -> BluetoothOperations:
    of = tuple(
        OperationSeen(id=f"{does}-{n}", does=does, says="record from the microphone", runs=runs)
        for n in range(count)
    )
    return BluetoothOperations(operations=of, pairing=pairing, passive=passive)


# -- updates -----------------------------------------------------------------------------------------------


def asks(came: Came, prepared: Came = "refused") -> tuple[Attempt, ...]:
    """What was tried on an update service: listened to, a write prepared, and the control point asked."""
    return (
        Attempt(handle=0x30, asked="subscribe", came="accepted"),
        Attempt(handle=0x30, asked="prepare write", came=prepared),
        Attempt(handle=0x30, asked="write", came=came),
    )


def update(
    *services: UpdateService,
    whole: bool = True,
    pairing: Came = "refused",
    pushed: tuple[Pushed, ...] | NotLooked = UNSEEN,
) -> BluetoothUpdate:
    return BluetoothUpdate(services=services, whole=whole, pairing=pairing, pushed=pushed)


def service(
    attempts: tuple[Attempt, ...],
    paired: tuple[Attempt, ...] | NotLooked = UNSEEN,
    protocol: str = "TI OAD",
) -> UpdateService:
    return UpdateService(protocol=protocol, service=OAD, attempts=attempts, paired=paired)


def sent(came: Came, *, paired: bool = False) -> Pushed:
    return Pushed(paired=paired, came=came, code=0, sha256="ef" * 32, taken=64, blocks=64)


# -- adverts and Classic -----------------------------------------------------------------------------------


def advert(name: str = "Murmur Bear", *shapes: str, **of: Any) -> BluetoothAdvert:
    fields: dict[str, Any] = {
        "address_kind": "random static",
        "flags": 6,
        "services": (),
        "companies": tuple(Company(id=0xFFFF, length=len(shape), shape=shape) for shape in shapes),
        "connectable": True,
        "addresses": 1,
        "watched": 2,
        "adverts": 40,
        "others": 2,
        **of,
    }
    return BluetoothAdvert(name=name, **fields)


def phone(came: Came, pin: str = "", *, asked: bool = False) -> ClassicPairing:
    return ClassicPairing(
        pin=pin, asked_person=asked, came=came, code=0, io=3, mitm=False, encrypted=came == "done"
    )


def offers(came: Came, uuid: str = "111e", channel: int = 1) -> ClassicService:
    return ClassicService(uuid=uuid, name="", channel=channel, psm=3, came=came, encrypted=False)


def classic(
    services: tuple[ClassicService, ...] = (),
    second: tuple[ClassicService, ...] | NotLooked = UNSEEN,
    pairings: tuple[ClassicPairing, ...] = (),
    second_let_in: bool = True,
) -> BluetoothClassic:
    return BluetoothClassic(
        let_in=True,
        name="doll",
        services=services,
        pairings=pairings,
        second_let_in=second_let_in,
        second=second,
    )
