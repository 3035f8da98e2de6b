"""Write evidence so that nothing is lost on Ctrl-C or a crash: each record is on disk before the next step.

NAME.audit/evidence/product.toml          the product file, word for word
                    supplied/<name>       files it names (certificates)
                    observations|gaps|looks/<id>.json
                    attachments/<sha256>
                    manifest.json         path → sha256 of all of the above; its digest names the evidence
           judgements/<digest of rules, reference data, date>.json
"""

import os
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from shelfworthy.model import Gap, Judgement, Looked, Observation, canonical, digest

Sealable = TypeVar("Sealable", Observation[Any], Gap, Looked)


def sealed(record: Sealable) -> Sealable:
    """The record with its id: the first 24 hex digits of the digest of everything else."""
    return msgspec.structs.replace(record, id=digest(msgspec.structs.replace(record, id=""))[:24])


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_bytes(content)
    except FileNotFoundError:  # the first in its folder
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(content)
    os.replace(unfinished, path)


def read_if_there(path: Path) -> bytes | None:
    """The content of a file, None if it is not there. One that cannot be read raises OSError."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def manifest(evidence: Path) -> bytes:
    """The canonical list of every evidence file with its SHA-256."""
    files = {
        path.relative_to(evidence).as_posix(): digest(path.read_bytes())
        for path in evidence.rglob("*")
        if path.is_file() and path.parent != evidence
    }
    files["product.toml"] = digest((evidence / "product.toml").read_bytes())
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
    """Keeps the evidence of one audit. folder: `NAME.audit`. Until it is closed it has no manifest."""

    def __init__(self, folder: Path, product_toml: bytes, supplied: dict[str, bytes]) -> None:
        self.folder = folder
        self.evidence = folder / "evidence"
        (self.evidence / "manifest.json").unlink(missing_ok=True)
        write_whole(self.evidence / "product.toml", product_toml)
        for name, content in supplied.items():
            write_whole(self.evidence / "supplied" / name, content)

    def observation(self, record: Observation[Any]) -> None:
        write_whole(self.evidence / "observations" / f"{record.id}.json", canonical(record))

    def gap(self, record: Gap) -> None:
        write_whole(self.evidence / "gaps" / f"{record.id}.json", canonical(record))

    def looked(self, record: Looked) -> None:
        write_whole(self.evidence / "looks" / f"{record.id}.json", canonical(record))

    def attachment(self, content: bytes) -> str:
        """Keep bytes under their SHA-256, which is returned."""
        name = digest(content)
        write_whole(self.evidence / "attachments" / name, content)
        return name

    def close(self) -> str:
        """Write the manifest; its digest names the evidence."""
        return close(self.folder)


def close(folder: Path) -> str:
    """Write the manifest of `NAME.audit`, also of a run that was stopped; its digest names the evidence."""
    evidence = folder / "evidence"
    for unfinished in evidence.rglob(".*.part"):
        unfinished.unlink()  # of a run that was killed
    listing = manifest(evidence)
    write_whole(evidence / "manifest.json", listing)
    return digest(listing)


def judgement_name(judgement: Judgement) -> str:
    """Digest of rules, reference data and date: the same three give the same file."""
    return digest((judgement.rules_digest, judgement.references, judgement.judged_at))[:24]


def keep_judgement(folder: Path, judgement: Judgement) -> Path:
    """Write a judgement beside its evidence and return where. One that is there already is left alone."""
    path = folder / f"judgements/{judgement_name(judgement)}.json"
    content = canonical(judgement)
    if read_if_there(path) != content:
        write_whole(path, content)
    return path
