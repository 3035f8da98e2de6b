"""Write evidence so that nothing is lost on Ctrl-C or a crash: each record is on disk before the next step.

NAME.audit/evidence/product.toml          the product file, word for word
                    supplied/<name>       files it names (certificates)
                    observations|gaps|looks/<id>.json
                    attachments/<sha256>
                    manifest.json         path → sha256 of all of the above; its digest names the evidence
           judgements/<digest of rules, reference data, date>.json
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from shelfworthy.model import Gap, Judgement, Looked, Observation, canonical, digest

PART = ".part"  # ends the name of a file that is being written

Sealable = TypeVar("Sealable", Observation[Any], Gap, Looked)


def sealed(record: Sealable) -> Sealable:
    """The record with its id: the first 24 hex digits of the digest of everything else."""
    return msgspec.structs.replace(record, id=digest(msgspec.structs.replace(record, id=""))[:24])


def write_whole(path: Path | str, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    folder, name = os.path.split(path)  # an audit writes dozens: this is where `pathlib` would cost most
    unfinished = f"{folder}/.{name}{PART}"
    try:
        _write(unfinished, content)
    except FileNotFoundError:  # the first in its folder
        os.makedirs(folder, exist_ok=True)
        _write(unfinished, content)
    os.replace(unfinished, path)


def _write(path: str, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)


def files_in(folder: Path, below: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """All files of a folder and its folders by their relative path; a link is a file, wherever it leads."""
    with os.scandir(folder / below) as entries:
        for entry in entries:
            name = f"{below}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from files_in(folder, f"{name}/")
            else:
                yield name, entry


def not_kept(content: bytes) -> bytes:
    """What lies in the evidence in the place of a supplied file that is not kept."""
    return f"not kept: {len(content)} bytes, SHA-256 {digest(content)}\n".encode()


NOT_KEPT = re.compile(rb"not kept: \d{1,15} bytes, SHA-256 ([0-9a-f]{64})\n")
LONGEST_NOT_KEPT = 128  # bytes


def kept_hash(file: Path) -> str:
    """The SHA-256 of a supplied file of which no more stayed with the evidence; "" if it is there."""
    with file.open("rb") as opened:
        found = NOT_KEPT.fullmatch(opened.read(LONGEST_NOT_KEPT))
    return found[1].decode() if found else ""


def read_if_there(path: Path | str) -> bytes | None:
    """The content of a file, None if it is not there. One that cannot be read raises OSError."""
    try:
        with open(path, "rb", buffering=0) as file:
            return file.readall()
    except (FileNotFoundError, NotADirectoryError):
        return None


def manifest(evidence: Path, known: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """The canonical list of every evidence file with its SHA-256. known: of files that were just written."""
    names = {name for name, entry in files_in(evidence) if "/" in name and entry.is_file()}
    names.add("product.toml")
    files = {name: known.get(name) or digest((evidence / name).read_bytes()) for name in names}
    return canonical({"schema": 1, "files": files})


def claim(folder: Path) -> bool:
    """Make a new `NAME.audit`, or take one that is empty; False if it is somebody's, also since a moment ago.

    Of several that claim the same folder at once exactly one gets it. Raises OSError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            return False
        (folder / "evidence").mkdir()
    except FileExistsError:
        return False
    return True


class Recorder:
    """Keeps the evidence of one audit. folder: `NAME.audit`. Until it is closed it has no manifest.

    keep_artefacts: whether files stay that hold more than evidence may, since somebody asked for that.
    """

    def __init__(
        self, folder: Path, product_toml: bytes, supplied: dict[str, bytes], *, keep_artefacts: bool = False
    ) -> None:
        self.folder = folder
        self.evidence = folder / "evidence"
        self._keep_artefacts = keep_artefacts
        self._written: dict[str, str] = {}  # path → SHA-256
        (self.evidence / "manifest.json").unlink(missing_ok=True)
        self._write("product.toml", product_toml)
        for name, content in supplied.items():
            if keep_artefacts or read_if_there(self.evidence / "supplied" / name) != not_kept(content):
                self._write(f"supplied/{name}", content)

    def leave_out(self, name: str) -> None:
        """Keep of a supplied file only its length and hash: it holds more than the evidence may (law 8)."""
        content = (self.evidence / "supplied" / name).read_bytes()
        if not self._keep_artefacts and not NOT_KEPT.fullmatch(content):
            self._write(f"supplied/{name}", not_kept(content))

    def observation(self, record: Observation[Any]) -> None:
        self._write(f"observations/{record.id}.json", canonical(record))

    def gap(self, record: Gap) -> None:
        self._write(f"gaps/{record.id}.json", canonical(record))

    def looked(self, record: Looked) -> None:
        self._write(f"looks/{record.id}.json", canonical(record))

    def attachment(self, content: bytes) -> str:
        """Keep bytes under their SHA-256, which is returned."""
        name = digest(content)
        self._write(f"attachments/{name}", content)
        return name

    def close(self) -> str:
        """Write the manifest; its digest names the evidence."""
        return close(self.folder, self._written)

    def _write(self, name: str, content: bytes) -> None:
        write_whole(self.evidence / name, content)
        self._written[name] = digest(content)


def close(folder: Path, known: Mapping[str, str] = MappingProxyType({})) -> str:
    """Write the manifest of `NAME.audit`, also of a run that was stopped; its digest names the evidence.

    known: see `manifest`.
    """
    evidence = folder / "evidence"
    for name, entry in files_in(evidence):
        if entry.name.startswith(".") and name.endswith(PART):
            (evidence / name).unlink()  # of a run that was killed
    listing = manifest(evidence, known)
    write_whole(evidence / "manifest.json", listing)
    return digest(listing)


def judgement_name(judgement: Judgement) -> str:
    """Digest of rules, reference data and date: the same three give the same file."""
    return digest((judgement.rules_digest, judgement.references, judgement.judged_at))[:24]


def judgement_text(judgement: Judgement, findings: bytes) -> bytes:
    """A judgement in canonical form. findings: its own in that form: most of it, the same on every day."""
    return canonical(msgspec.structs.asdict(judgement) | {"findings": msgspec.Raw(findings)})


def keep_judgement(folder: Path, judgement: Judgement, findings: bytes) -> None:
    """Write a judgement beside its evidence. One that is there already is left alone.

    findings: its own in canonical form.
    """
    path = f"{folder}/judgements/{judgement_name(judgement)}.json"
    content = judgement_text(judgement, findings)
    if read_if_there(path) != content:
        write_whole(path, content)
