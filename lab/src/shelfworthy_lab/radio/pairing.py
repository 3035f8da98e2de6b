"""How a device pairs: bumble's Security Manager, and what it is told to refuse."""

import secrets
from typing import ClassVar, Protocol

from bumble import smp
from bumble.pairing import PairingConfig, PairingDelegate

from shelfworthy_lab.radio.guard import Pairing


class Asked(Protocol):
    """The device that decides."""

    def refuses(self, request: smp.SMP_Pairing_Request_Command, method: smp.PairingMethod) -> int: ...

    def paired(self, method: smp.PairingMethod) -> None: ...


class Session(smp.Session):
    """One attempt of somebody else to pair with the device."""

    asked: ClassVar[Asked]

    async def on_smp_pairing_request_command_async(self, command: smp.SMP_Pairing_Request_Command) -> None:
        self.decide_pairing_method(command.auth_req, command.io_capability, self.io_capability)
        reason = self.asked.refuses(command, self.pairing_method)
        if reason:
            self.send_pairing_failed(smp.ErrorCode(reason))
            return
        await super().on_smp_pairing_request_command_async(command)

    def on_connection_encryption_change(self) -> None:
        if self.connection.is_encrypted and not self.completed:
            self.asked.paired(self.pairing_method)
        super().on_connection_encryption_change()


class Delegate(PairingDelegate):
    """The device's own display and keys, and a child who says yes to whatever they show."""

    def __init__(self, pairing: Pairing) -> None:
        super().__init__(
            PairingDelegate.IoCapability(pairing.io), maximum_encryption_key_size=pairing.key_size
        )
        self._passkey = pairing.passkey

    async def generate_passkey(self) -> int:
        return secrets.randbelow(1_000_000) if self._passkey is None else self._passkey


def settings(pairing: Pairing | None) -> PairingConfig:
    """What bumble wants to know; asked for one that pairs with nobody, too, before it refuses."""
    pairing = pairing or Pairing()
    return PairingConfig(
        sc=pairing.secure, mitm=pairing.mitm, bonding=pairing.bonding, delegate=Delegate(pairing)
    )


def refusal(pairing: Pairing, request: smp.SMP_Pairing_Request_Command, method: smp.PairingMethod) -> int:
    """Why a Pairing Request is refused (Core Specification 5.4, volume 3, part H, section 3.5.5), else 0."""
    if pairing.out_of_band and not request.oob_data_flag:
        return int(smp.ErrorCode.OOB_NOT_AVAILABLE)
    insecure = pairing.secure and not request.auth_req & smp.AuthReq.SC
    if pairing.mitm and (method == smp.PairingMethod.JUST_WORKS or insecure):
        return int(smp.ErrorCode.AUTHENTICATION_REQUIREMENTS)
    return 0
