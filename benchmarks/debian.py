"""Debian's own builds, fetched from the mirror that this machine is set up with, for any architecture."""

import hashlib
import os
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

LIST = Path(__file__).with_name("components.toml")


class Build(Struct, frozen=True):
    """One package of one architecture, as it was measured. component: "" for none that there is a rule
    for."""

    package: str
    arch: str
    version: str
    sha256: str
    component: str
    also: str

    @property
    def expected(self) -> dict[str, str]:
        """The version of each component in it, as those who made it number it."""
        told = {self.component: upstream(self.version)} if self.component else {}
        if self.also:
            name, _, version = self.also.partition(" ")
            told[name] = version
        return told


def upstream(version: str) -> str:
    """The version without what Debian adds: epoch, revision, `+dfsg` and the like."""
    plain = version.partition(":")[2] or version
    plain = plain.rpartition("-")[0] or plain
    for added in ("+", "~", ".dfsg", "-stable"):
        plain = plain.partition(added)[0]
    return plain


def builds() -> Iterator[Build]:
    """All that are listed."""
    for one in tomllib.loads(LIST.read_text(encoding="utf-8"))["package"]:
        for arch in ("amd64", "arm64", "armhf"):
            if arch in one:
                version, sha256 = one[arch]
                yield Build(one["name"], arch, version, sha256, one["component"], one.get("also", ""))


def apt(place: Path, arch: str) -> list[str]:
    """`apt-get` for an architecture, with a state of its own below `place`: this machine's stays as it is."""
    for part in ("state/lists/partial", "cache/archives/partial"):
        (place / arch / part).mkdir(parents=True, exist_ok=True)
    own = {
        "APT::Architecture": arch,
        "APT::Architectures": arch,
        "APT::Sandbox::User": "root",
        "Dir::State": str(place / arch / "state"),
        "Dir::State::status": os.devnull,
        "Dir::Cache": str(place / arch / "cache"),
    }
    return ["apt-get", "-qq", *(f"-o{key}={value}" for key, value in own.items())]


def refresh(place: Path, arch: str) -> None:
    """Fetch what there is for an architecture. Parts of it that are missing are no error here."""
    subprocess.run([*apt(place, arch), "update"], check=False, capture_output=True)


def fetch(place: Path, build: Build) -> tuple[Path, str] | None:
    """The package that was measured, or the one there is today, and its version; None if there is none."""
    files = place / build.arch / "files"
    files.mkdir(parents=True, exist_ok=True)
    for wanted in (f"{build.package}={build.version}", build.package):
        if (found := _there(files, build, wanted)) is not None:
            return found
        subprocess.run(
            [*apt(place, build.arch), "download", wanted], cwd=files, check=False, capture_output=True
        )
        if (found := _there(files, build, wanted)) is not None:
            return found
    return None


def _there(files: Path, build: Build, wanted: str) -> tuple[Path, str] | None:
    for file in sorted(files.glob(f"{build.package}_*.deb"), reverse=True):
        version = file.name.split("_")[1].replace("%3a", ":")
        if "=" not in wanted:
            return file, version
        if version == build.version and hashlib.sha256(file.read_bytes()).hexdigest() == build.sha256:
            return file, version
    return None


def unpack(file: Path, into: Path) -> Path:
    """The files of a package in a folder."""
    if not into.is_dir():
        into.mkdir(parents=True)
        subprocess.run(["dpkg-deb", "-x", file, into], check=True)
    return into
