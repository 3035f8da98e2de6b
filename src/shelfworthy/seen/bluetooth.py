"""What can be seen of a Bluetooth radio: what a stranger in range, and an owner, may do; never a value.

`came` says how the device answered one attempt:

- `done`: it did what was asked;
- `refused`: for want of rights. LE: ATT error 0x05 (authentication), 0x08 (authorisation), 0x0C (key size)
  or 0x0F (encryption), Core Specification 5.4, volume 3, part F, section 3.4.1.1. Of an operation also: the
  device itself said no, in the way its profile names;
- `closed`: to everybody (ATT error 0x02 or 0x03), whatever the attribute's properties say;
- `accepted`: it took a Prepare Write, which shows nothing: rights may be checked later; or it took a
  subscription, and no data came while we listened;
- `error`: another error; `silent`: no answer in time; `gone`: it ended the connection;
- `not tried`: `why` says why not.
"""

from typing import Literal

from msgspec import Struct

from shelfworthy.model import Cause, Does, NotLooked, Seen

Came = Literal["done", "refused", "closed", "accepted", "error", "silent", "gone", "not tried"]
Asked = Literal["read", "write", "prepare write", "subscribe"]
AddressKind = Literal["public", "random static", "resolvable", "non-resolvable"]
# `weakest`: without display or keys, and without asking for protection against a man in the middle.
# `strongest`: with display and keys, asking for that and for Secure Connections. Else the passkey entered.
Partner = Literal["weakest", "strongest", "000000", "123456", "111111"]


class Company(Struct, frozen=True, forbid_unknown_fields=True):
    """Manufacturer data: whose format it is, how long it is, and what it looks like.

    id: company identifier of the SIG's assigned numbers. length in bytes. shape: where it is printable ASCII,
    digits as 9, capitals as A, other letters as a; else "".
    """

    id: int
    length: int
    shape: str


class BluetoothAdvert(Seen, frozen=True, tag="bluetooth-advert/1"):
    """What the device tells everyone in range.

    name: as advertised, whatever looks like a person's part in it as "•". flags: of the advertisement, -1 if
    it has none. services: UUIDs it names. addresses: how many different ones it used; watched: seconds,
    rounded down; adverts: how many of it were heard; others: devices in range that are not ours, of which
    nothing is kept. connectable: whether it lets itself be connected to.
    """

    name: str
    address_kind: AddressKind
    flags: int
    services: tuple[str, ...]
    companies: tuple[Company, ...]
    connectable: bool
    addresses: int
    watched: int
    adverts: int
    others: int


class Attribute(Struct, frozen=True, forbid_unknown_fields=True):
    """A characteristic: the handle of its value, of its configuration (0: it has none), UUIDs, properties.

    UUIDs: 4 hex digits for the SIG's own, else 32 in groups, lower case. properties: "read", "write",
    "write without response", "notify", "indicate", "signed write", "broadcast".
    """

    handle: int
    configuration: int
    service: str
    uuid: str
    properties: tuple[str, ...]


class Attempt(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing tried on one attribute. code: ATT error, 0 if none. length: bytes read, or that came.

    restored: of a write: whether what was there is there again (what was read before was written back);
    False: a harmless value of the product file was left there.
    """

    handle: int
    asked: Asked
    came: Came
    code: int = 0
    length: int = 0
    restored: bool = True
    why: Cause | None = None


class Visit(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="visit"):
    """What was tried in one connection, with the link as it was then.

    encrypted, authenticated: of the link (authenticated: paired with protection against a man in the middle).
    whole: whether all attributes there are were tried: read, subscribed to and, where permitted, written.
    """

    encrypted: bool
    authenticated: bool
    attempts: tuple[Attempt, ...]
    whole: bool


class BluetoothAccess(Seen, frozen=True, tag="bluetooth-access/1"):
    """What a stranger who connects may do, without pairing.

    let_in: whether the device took the connection. truncated: it has more attributes than we list. changed:
    it showed other attributes when it was asked again.
    """

    let_in: bool
    attributes: tuple[Attribute, ...]
    truncated: bool
    changed: bool
    stranger: Visit


class PairingTry(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="pairing try"):
    """One attempt to pair.

    partner: as whom. asked_person: whether its owner was asked to open it for pairing before. came: `done`
    paired; `refused` it said no (code: SMP reason, Core Specification, volume 3, part H, section 3.5.5);
    `error` it broke off later, `silent`, `gone`. io: its input and output capability, -1 unknown
    (section 3.5.1: 0 display only, 1 display and yes/no, 2 keyboard only, 3 neither, 4 keyboard and display).
    mitm, secure_connections, bonding: what it asked for. method: that both sides' words led to. key_size: the
    largest it offers, in bytes, 0 unknown.
    """

    partner: Partner
    asked_person: bool
    came: Came
    code: int = 0
    io: int = -1
    mitm: bool = False
    secure_connections: bool = False
    bonding: bool = False
    method: Literal["", "just works", "passkey", "numeric comparison", "out of band"] = ""
    key_size: int = 0


class BluetoothPairing(Seen, frozen=True, tag="bluetooth-pairing/1"):
    """How the device pairs, and with whom.

    device_asks: whether it asked for security by itself after a stranger connected. tries: in order. passive:
    seen in a recording of somebody else's session: nobody tried what is not in it.
    """

    device_asks: bool
    tries: tuple[PairingTry, ...]
    passive: bool = False


class BluetoothReturn(Seen, frozen=True, tag="bluetooth-return/1"):
    """What an owner may do, and what a stranger may do after that.

    attributes: those tried. paired: how the owner paired. owner: after pairing. stranger: another one, who
    came when the owner had left; NotLooked where nobody could become its owner. let_in: whether it took that
    stranger's connection. stranger_pairing: how that stranger's attempt to pair as the weakest partner went;
    nobody was asked to open it.
    """

    attributes: tuple[Attribute, ...]
    paired: PairingTry
    owner: Visit | NotLooked
    let_in: bool
    stranger: Visit | NotLooked
    stranger_pairing: PairingTry | NotLooked


class Collected(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="collected"):
    """Bytes that came: how many, their first ones (at most the profile's `header`), hash of them all.

    seconds: how long they sound, 0 where the profile names no rate. The bytes were not kept.
    """

    length: int
    header: bytes
    sha256: str
    seconds: float


class Run(Struct, frozen=True, forbid_unknown_fields=True):
    """One operation tried once.

    paired: after pairing as the weakest partner, with nobody's consent. wrong_key: with one bit of its key
    changed. came: `done` all its acts had their effect; `accepted` they were taken, and no effect was seen.
    code: ATT error; handle: where it ended. left: acts that put the device back and were not taken.
    """

    paired: bool
    wrong_key: bool
    came: Came
    code: int = 0
    handle: int = 0
    collected: Collected | NotLooked = NotLooked()
    left: int = 0
    why: Cause | None = None


class OperationSeen(Struct, frozen=True, forbid_unknown_fields=True):
    """One operation of the profile: its id, what it does, in words, and each time it was tried."""

    id: str
    does: Does
    says: str
    runs: tuple[Run, ...]


class BluetoothOperations(Seen, frozen=True, tag="bluetooth-operations/1"):
    """What came of the operations that the profile names, tried as a stranger would.

    operations: none where the product file has no profile. pairing: how the stranger's attempt to pair as
    the weakest partner went, with nobody's consent. passive: as in BluetoothPairing; then the runs are those
    of strangers in the recording.
    """

    operations: tuple[OperationSeen, ...]
    pairing: Came
    passive: bool = False


class Repeated(Struct, frozen=True, forbid_unknown_fields=True):
    """The same bytes, written to the same attribute early in several connections of a recording.

    length in bytes; sha256 of them; connections: in how many of how many they were written.
    """

    handle: int
    uuid: str
    length: int
    sha256: str
    connections: int
    of: int


class BluetoothRecorded(Seen, frozen=True, tag="bluetooth-recorded/1"):
    """What a recording shows of how apps talk to the device.

    format: of the file ("btsnoop", "pcap: LE link layer with pseudo-header", …). packets: of the device; not
    those of others, which were counted in `others` and not kept. connections, encrypted: how many there are,
    and how many of them became encrypted. repeated: bytes that look like a key.
    """

    format: str
    packets: int
    others: int
    connections: int
    encrypted: int
    repeated: tuple[Repeated, ...]


class UpdateService(Struct, frozen=True, forbid_unknown_fields=True):
    """A service that takes firmware, and what was tried on its characteristics.

    protocol: "TI OAD", "Nordic legacy DFU", … attempts: without pairing. paired: after pairing as the weakest
    partner, with nobody's consent; NotLooked where that was refused or not tried.
    """

    protocol: str
    service: str
    attempts: tuple[Attempt, ...]
    paired: tuple[Attempt, ...] | NotLooked


class Pushed(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="pushed"):
    """A changed image was sent. came: `done` the device said afterwards that it runs it; `refused` that it
    runs another, or asked for no block; `accepted` it took blocks, and what it did with them was not seen.
    paired: as in Run. sha256: of the image. blocks: taken of how many.
    """

    paired: bool
    came: Came
    code: int
    sha256: str
    taken: int
    blocks: int


class BluetoothUpdate(Seen, frozen=True, tag="bluetooth-update/1"):
    """Which services take firmware by radio, and whether they take it from a stranger.

    whole: all services of the device were listed. pairing: as in BluetoothOperations. pushed: each time a
    changed image was sent.
    """

    services: tuple[UpdateService, ...]
    whole: bool
    pairing: Came
    pushed: tuple[Pushed, ...] | NotLooked


class ClassicService(Struct, frozen=True, forbid_unknown_fields=True):
    """A service of a Classic device. uuid: 4 hex digits. channel: RFCOMM's, 0 if it has none; psm: L2CAP's.

    came: how using it went, without pairing (RFCOMM: the channel opened and the device answered an AT
    command; A2DP: the stream end points were told). encrypted: of the link then.
    """

    uuid: str
    name: str
    channel: int
    psm: int
    came: Came
    encrypted: bool
    why: Cause | None = None


class ClassicPairing(Struct, frozen=True, forbid_unknown_fields=True):
    """One attempt to pair over Classic.

    pin: the fixed one that was tried, "" for Secure Simple Pairing. io: of the device, -1 unknown; mitm: it
    asked for protection. asked_person: as in PairingTry. encrypted: of the link afterwards.
    """

    pin: str
    asked_person: bool
    came: Came
    code: int
    io: int
    mitm: bool
    encrypted: bool | NotLooked


class BluetoothClassic(Seen, frozen=True, tag="bluetooth-classic/1"):
    """What a Classic (BR/EDR) device offers a stranger, and a second phone after its owner walked away.

    let_in: whether it took the connection. services: as it lists them, each with how using it went.
    pairings: as found, then after asking its owner. second: the services again for another phone, after the
    first had paired and left; NotLooked where nobody could become its owner.
    """

    let_in: bool
    name: str
    services: tuple[ClassicService, ...]
    pairings: tuple[ClassicPairing, ...]
    second_let_in: bool
    second: tuple[ClassicService, ...] | NotLooked


class BluetoothNoClassic(Seen, frozen=True, tag="bluetooth-no-classic/1"):
    """The device says that it has no Classic radio.

    flags: of its advertisement (bit 2: BR/EDR not supported).
    """

    flags: int


class BluetoothNoLe(Seen, frozen=True, tag="bluetooth-no-le/1"):
    """The product file says that it has no LE radio.

    heard: how many LE advertisements came from its address; listened: for how many seconds.
    """

    heard: int
    listened: int
