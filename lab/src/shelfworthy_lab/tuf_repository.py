"""The files of a TUF repository, made with python-tuf: metadata with every role, and one image."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root, Snapshot, TargetFile, Targets, Timestamp

ROLES = ("root", "timestamp", "snapshot", "targets")
DAYS = {"root": 365, "timestamp": 7, "snapshot": 30, "targets": 90}


@dataclass
class Repository:
    """Keys and what was published with them. files: path → content, as a web server gives it out."""

    keys: dict[str, CryptoSigner] = field(
        default_factory=lambda: {role: CryptoSigner.generate_ed25519() for role in ROLES}
    )
    files: dict[str, bytes] = field(default_factory=dict)
    roots: int = 0

    def publish_root(self, days: float = DAYS["root"], also: CryptoSigner | None = None) -> bytes:
        """A new root with the keys as they are now; also: signed by this one as well (the key before)."""
        self.roots += 1
        root = Root(version=self.roots, expires=_in_days(days), consistent_snapshot=True)
        for role, key in self.keys.items():
            root.add_key(key.public_key, role)
        signed = Metadata(root)
        signed.sign(self.keys["root"])
        if also is not None:
            signed.sign(also, append=True)
        self.files[f"/metadata/{self.roots}.root.json"] = signed.to_bytes()
        return signed.to_bytes()

    def publish(self, name: str, image: bytes, version: int, days: dict[str, float] | None = None) -> None:
        """Timestamp, snapshot and targets of this version, with one image."""
        lasts = DAYS | (days or {})
        targets = Targets(version=version, expires=_in_days(lasts["targets"]))
        targets.targets[name] = TargetFile.from_data(name, image, ["sha256"])
        described = self._signed("targets", targets)
        snapshot = Snapshot(version=version, expires=_in_days(lasts["snapshot"]))
        snapshot.meta["targets.json"].version = version
        summed = self._signed("snapshot", snapshot)
        timestamp = Timestamp(version=version, expires=_in_days(lasts["timestamp"]))
        timestamp.snapshot_meta.version = version
        hashed = targets.targets[name].hashes["sha256"]
        self.files |= {
            f"/metadata/{version}.targets.json": described,
            f"/metadata/{version}.snapshot.json": summed,
            "/metadata/timestamp.json": self._signed("timestamp", timestamp),
            f"/targets/{hashed}.{name}": image,
        }

    def _signed(self, role: str, content: Targets | Snapshot | Timestamp) -> bytes:
        signed: Metadata[Any] = Metadata(content)
        signed.sign(self.keys[role])
        return signed.to_bytes()


def _in_days(days: float) -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=days)
