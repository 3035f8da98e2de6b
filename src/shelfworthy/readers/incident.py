"""Read a list of published incidents."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from shelfworthy.model import Kind, digest
from shelfworthy.product.papers import read_incidents
from shelfworthy.readers._papers import content_of, understood
from shelfworthy.readers.reader import Reader
from shelfworthy.seen.incident import Incident, IncidentSeen, Search


def read(file: BinaryIO, name: str) -> Iterator[IncidentSeen]:
    """One observation. Raises NotSeen where the file has mistakes."""
    content = content_of(file)
    with understood():
        found = read_incidents(content, name, datetime.now(UTC).date())
    yield IncidentSeen(
        incidents=tuple(
            Incident(one.on, one.what, one.title, one.source, one.data) for one in found.incident
        ),
        searches=tuple(Search(one.on, one.where) for one in found.searched),
        sha256=digest(content),
    )


INCIDENT = Reader(
    name="incident",
    version=1,
    kind=Kind.INCIDENT,
    sees=(IncidentSeen,),
    read="shelfworthy.readers.incident:read",
)
