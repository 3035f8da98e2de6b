"""Pair as one of the house's partners, and note what the device says (volume 3, part H)."""

import asyncio
from collections.abc import Callable

from bumble import smp
from bumble.core import ProtocolError
from bumble.device import Connection
from bumble.pairing import PairingConfig, PairingDelegate

from shelfworthy.reach.radio.phone import Phone
from shelfworthy.reach.radio.records import Method, Paired
from shelfworthy.seen.bluetooth import Came, Partner

METHODS: dict[smp.PairingMethod, Method] = {
    smp.PairingMethod.JUST_WORKS: "just works",
    smp.PairingMethod.PASSKEY: "passkey",
    smp.PairingMethod.NUMERIC_COMPARISON: "numeric comparison",
    smp.PairingMethod.OOB: "out of band",
}
# Reasons with which a device says no, also in the middle (section 3.5.5): passkey, out of band, requirements,
# confirm value, not supported, key size, repeated attempts, DH key check, numeric comparison, key, busy.
NO = frozenset({0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x09, 0x0B, 0x0C, 0x0F, 0x10})
SMALLEST_KEY, LARGEST_KEY = 7, 16


class _Passkey(int):
    """A passkey; bumble takes 000000 for none at all."""

    def __bool__(self) -> bool:
        return True


class _Delegate(PairingDelegate):
    """What the partner has to show and to enter with. Comparing numbers, it says yes."""

    def __init__(self, partner: Partner) -> None:
        super().__init__(
            self.NO_OUTPUT_NO_INPUT if partner == "weakest" else self.DISPLAY_OUTPUT_AND_KEYBOARD_INPUT
        )
        self._passkey = _Passkey(partner) if partner.isdigit() else None

    async def get_number(self) -> int | None:
        return self._passkey

    async def generate_passkey(self) -> int:
        return await super().generate_passkey() if self._passkey is None else self._passkey


class Session(smp.Session):
    """One pairing. answered: what the device's Pairing Response said; refused: its Pairing Failed."""

    answered: smp.SMP_Pairing_Response_Command | None = None
    refused: int | None = None
    knows = False  # whether we have a passkey to enter

    def on_smp_pairing_response_command(self, command: smp.SMP_Pairing_Response_Command) -> None:
        """It would pair, so or so."""
        if self.answered is None:
            self.answered = command
            super().on_smp_pairing_response_command(command)

    def on_smp_pairing_failed_command(self, command: smp.SMP_Pairing_Failed_Command) -> None:
        """It says no, or breaks off."""
        self.refused = int(command.reason)
        super().on_smp_pairing_failed_command(command)

    def on_pairing_failure(self, reason: int) -> None:
        """bumble asks the reason for its name, and a device may send a number that has none."""
        if self.completed:
            return
        self.completed = True
        if self.pairing_result is not None and not self.pairing_result.done():
            self.pairing_result.set_exception(ProtocolError(int(reason), "smp"))

    def display_or_input_passkey(self, next_steps: Callable[[], None] | None = None) -> None:
        """Nobody is there to read a passkey from our display, or to tell us one."""
        if self.knows and not self.passkey_display:
            super().display_or_input_passkey(next_steps)
        else:
            self.send_pairing_failed(smp.ErrorCode.PASSKEY_ENTRY_FAILED)


async def pair(one: Phone, connection: Connection, partner: Partner, seconds: float) -> Paired:
    """Try to pair, for so many seconds. Never raises on what the device does."""
    config = PairingConfig(
        sc=True,
        mitm=partner != "weakest",
        bonding=True,
        delegate=_Delegate(partner),
        # Else every stranger says that it is the adapter's public address, and so all are one.
        identity_address_type=PairingConfig.AddressType.RANDOM,
    )
    session = Session(one.smp_manager, connection, config, is_initiator=True)
    session.knows = partner.isdigit()
    one.pairing = one.smp_manager.sessions[connection.handle] = session
    result = session.pairing_result
    assert result is not None
    failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    watching = (
        (connection.EVENT_CONNECTION_ENCRYPTION_FAILURE, _sets(failed)),
        (connection.EVENT_DISCONNECTION, _sets(gone)),
    )
    for event, listener in watching:
        connection.on(event, listener)
    try:
        session.send_pairing_request_command()
        await asyncio.wait({result, failed, gone}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        came = _came(session, connection, failed=failed.done(), gone=gone.done())
    finally:
        for event, listener in watching:
            connection.remove_listener(event, listener)
        session.completed = True  # what comes later is no part of it
        one.pairing = None
        result.cancel()
    return _told(session, came)


def _sets(happened: "asyncio.Future[None]") -> Callable[..., None]:
    def listener(*_: object) -> None:
        if not happened.done():
            happened.set_result(None)

    return listener


def _came(session: Session, connection: Connection, *, failed: bool, gone: bool) -> Came:
    result = session.pairing_result
    assert result is not None
    if result.done() and result.exception() is None:
        return "done"
    if session.refused is not None:
        return "refused" if session.answered is None or session.refused in NO else "error"
    if result.done() or failed:
        return "error"  # we gave up, or its numbers were wrong
    if gone:
        return "gone"
    return "done" if connection.is_encrypted and session.answered is not None else "silent"


def _told(session: Session, came: Came) -> Paired:
    said = session.answered
    if said is None:
        return Paired(came=came, code=session.refused or 0)
    asks = int(said.auth_req)
    size = int(said.maximum_encryption_key_size)
    return Paired(
        came=came,
        code=session.refused or 0,
        io=int(said.io_capability) if 0 <= int(said.io_capability) <= 4 else -1,
        mitm=bool(asks & smp.AuthReq.MITM),
        secure_connections=bool(asks & smp.AuthReq.SC),
        bonding=bool(asks & smp.AuthReq.BONDING),
        method=METHODS.get(session.pairing_method, ""),
        key_size=size if SMALLEST_KEY <= size <= LARGEST_KEY else 0,
    )
