"""Cases as what a probe would have seen of them, without a server: every document, in order."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from shelfworthy.readers.policy.paper import document_of
from shelfworthy.seen.policy import PolicyDocument, PolicySeen, Role
from shelfworthy.webtext.documents import Source

HERE = Path(__file__).parent


class Case(Struct, frozen=True):
    """A case: what `case.toml` says, and its documents."""

    name: str
    folder: Path
    said: dict[str, Any]

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.said["labels"])

    @property
    def product(self) -> dict[str, Any]:
        return dict(self.said["product"])

    @property
    def documents(self) -> list[dict[str, Any]]:
        return list(self.said.get("document", []))


@cache
def cases(folder: str = "cases") -> tuple[Case, ...]:
    """All cases of a folder, by name."""
    files = sorted((HERE / folder).glob("*/case.toml"))
    return tuple(
        Case(file.parent.name, file.parent, tomllib.loads(file.read_text("utf-8"))) for file in files
    )


def document(case: Case, role: Role, file: str) -> PolicyDocument:
    """One document of a case, as a reader sees it."""
    content = (case.folder / file).read_bytes()
    return document_of(Source(role, file, file, -1, 200), content, whole=True)


def seen(case: Case) -> PolicySeen:
    """All its documents."""
    return PolicySeen(
        at=None,
        hops=(),
        documents=tuple(document(case, one["role"], one["file"]) for one in case.documents),
        unvisited=(),
    )
