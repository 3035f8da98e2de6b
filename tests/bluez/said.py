"""What an audit saw of the device in the guest, in the words of the files with what was expected."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shelfworthy.record import Evidence
from shelfworthy.seen.bluetooth import (
    Attempt,
    Attribute,
    BluetoothAccess,
    BluetoothPairing,
    PairingTry,
    Visit,
)
from tests.truth import strongest

HERE = Path(__file__).parent
GREETING, VOICE = b"tu-whit tu-whoo", b"the children's room "  # as inside/owl.py says them
NAMES = {"0b0e0001": "greeting", "0b0e0002": "say", "0b0e0003": "state", "0b0e0004": "voice"}


def expected(device: str) -> dict[str, dict[str, Any]]:
    """What is expected of each edition of that device."""
    return tomllib.loads((HERE / f"expected_{device}.toml").read_text(encoding="utf-8"))


def stranger(access: BluetoothAccess) -> dict[str, str]:
    """How each attempt on the device's own service came: `refused 0x0f` by `greeting read`."""
    return attempts(access.attributes, access.stranger)


def pairing(seen: BluetoothPairing) -> dict[str, str]:
    """How each partner's attempt to pair went."""
    return {one.partner: _try(one) for one in seen.tries}


def one(evidence: Evidence, kind: type[Any]) -> Any:
    """The one observation of that kind."""
    (found,) = (each.seen for each in evidence.observations if isinstance(each.seen, kind))
    return found


def answers(given: Mapping[str, set[str]], of: Mapping[str, str]) -> dict[str, str]:
    """Each check's strongest answer at the surface, of those that are expected or were given."""
    return {check: strongest(given.get(check, set())) for check in sorted(set(of) | set(given))}


def attempts(attributes: tuple[Attribute, ...], visit: Visit) -> dict[str, str]:
    """The same of any visit."""
    uuids = {attribute.handle: attribute.uuid for attribute in attributes}
    named = ((NAMES.get(uuids[attempt.handle][:8]), attempt) for attempt in visit.attempts)
    return {f"{name} {attempt.asked}": _came(attempt) for name, attempt in named if name}


def _came(attempt: Attempt) -> str:
    return f"{attempt.came} {attempt.code:#04x}" if attempt.code else attempt.came


def _try(one: PairingTry) -> str:
    if one.came != "done":
        return one.came
    words = (one.came, one.method, "mitm" * one.mitm, "sc" * one.secure_connections)
    return " ".join(filter(None, (*words, f"io {one.io}", f"key {one.key_size}")))
