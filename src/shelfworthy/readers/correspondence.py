"""Read a record of correspondence with a maker: the days and what they were about, not who wrote what."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from shelfworthy.model import Kind, digest
from shelfworthy.product.papers import read_correspondence
from shelfworthy.readers._papers import content_of, understood
from shelfworthy.readers.reader import Reader
from shelfworthy.seen.correspondence import CorrespondenceSeen, Flaw, Reply, Report


def read(file: BinaryIO, name: str) -> Iterator[CorrespondenceSeen]:
    """One observation. Raises NotSeen where the file has mistakes."""
    content = content_of(file)
    with understood():
        found = read_correspondence(content, name, datetime.now(UTC).date())
    yield CorrespondenceSeen(
        looked_until=found.looked_until,
        stated_days=found.stated.acknowledged_within_days if found.stated else 0,
        stated_source=found.stated.source if found.stated else "",
        reports=tuple(Report(one.id, one.on, one.how, one.source) for one in found.contact),
        replies=tuple(Reply(one.on, one.answers, one.kind, one.source) for one in found.reply),
        flaws=tuple(Flaw(one.id, one.known_publicly_since, one.fixed_on, one.source) for one in found.flaw),
        sha256=digest(content),
    )


CORRESPONDENCE = Reader(
    name="correspondence",
    version=1,
    kind=Kind.CORRESPONDENCE,
    sees=(CorrespondenceSeen,),
    read="shelfworthy.readers.correspondence:read",
)
