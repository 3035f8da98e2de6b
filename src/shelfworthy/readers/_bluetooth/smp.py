"""Pairing between two others, as their packets tell it (Core Specification, volume 3, part H, section 3)."""

from typing import Literal

from shelfworthy.readers._bluetooth.gathered import Gathered
from shelfworthy.seen.bluetooth import Came, PairingTry

REQUEST, RESPONSE, CONFIRM, RANDOM, FAILED, SECURITY_REQUEST = 0x01, 0x02, 0x03, 0x04, 0x05, 0x0B
PUBLIC_KEY, CHECK = 0x0C, 0x0D
KEYS_ARE_MADE = frozenset({CONFIRM, RANDOM, PUBLIC_KEY, CHECK})
BONDING, MITM, SECURE_CONNECTIONS = 0x03, 0x04, 0x08
NEITHER = 3

Method = Literal["", "just works", "passkey", "numeric comparison", "out of band"]
J: Method = "just works"
P: Method = "passkey"
N: Method = "numeric comparison"
# Section 2.3.5.1, table 2.8, for Secure Connections: a row for each responder, in it each initiator; both in
# the order display only, display and yes/no, keyboard only, neither, keyboard and display.
METHODS: tuple[tuple[Method, ...], ...] = (
    (J, J, P, J, P),
    (J, N, P, J, N),
    (P, P, P, J, P),
    (J, J, J, J, J),
    (P, N, P, J, N),
)
# Where both compare numbers and the pairing is legacy: by the responder, as above.
LEGACY: dict[tuple[int, int], Method] = {(1, 1): J, (1, 4): P, (4, 1): P, (4, 4): P}


def method(request: bytes, response: bytes) -> Method:
    """What both sides' words lead to (tables 2.6 to 2.8). Of each: code, io, out of band, requirements, …"""
    if len(request) < 4 or len(response) < 4 or request[1] > 4 or response[1] > 4:
        return ""
    modern = bool(request[3] & response[3] & SECURE_CONNECTIONS)
    told = (bool(request[2]), bool(response[2]))
    if any(told) if modern else all(told):
        return "out of band"
    if not (request[3] | response[3]) & MITM:
        return "just works"
    at = (response[1], request[1])
    return METHODS[at[0]][at[1]] if modern else LEGACY.get(at, METHODS[at[0]][at[1]])


class Pairing:
    """The pairing of one connection. by_device: None where it is not told who sent a packet."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered
        self._asked = b""
        self._answered = b""
        self._keys = False

    def pdu(self, pdu: bytes, by_device: bool | None) -> None:
        code = pdu[0]
        if code == REQUEST and not by_device and len(pdu) >= 7:
            self._over("silent")
            self._asked, self._answered, self._keys = pdu, b"", False
        elif code == SECURITY_REQUEST and by_device is not False:
            self._gathered.device_asks = True
        elif not self._asked:
            return
        elif code == RESPONSE and by_device is not False and len(pdu) >= 7:
            self._answered = pdu
        elif code == FAILED:
            refused = by_device is not False and not self._answered
            self._over("refused" if refused else "error", pdu[1] if len(pdu) > 1 else 0)
        elif code in KEYS_ARE_MADE and self._answered:
            self._keys = True

    def encrypted(self) -> None:
        """The link became encrypted; with keys of this pairing if any were made."""
        if self._keys:
            self._over("done")

    def ended(self, came: Literal["gone", "silent"]) -> None:
        """The connection is over, or the recording is, and no more is heard of it."""
        self._over(came)

    def _over(self, came: Came, code: int = 0) -> None:
        if not self._asked:
            return
        said, asked = self._answered, self._asked
        self._asked = self._answered = b""
        self._keys = False
        weakest = asked[1] == NEITHER and not asked[3] & MITM
        partner: Literal["weakest", "strongest"] = "weakest" if weakest else "strongest"
        if not said:
            self._gathered.tried(PairingTry(partner=partner, asked_person=False, came=came, code=code))
            return
        self._gathered.tried(
            PairingTry(
                partner=partner,
                asked_person=False,
                came=came,
                code=code,
                io=said[1] if said[1] <= 4 else -1,
                mitm=bool(said[3] & MITM),
                secure_connections=bool(said[3] & SECURE_CONNECTIONS),
                bonding=said[3] & BONDING == 1,
                method=method(asked, said),
                key_size=said[4],
            )
        )
