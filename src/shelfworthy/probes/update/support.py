"""Look for the published support period: the page the product file names, then the usual places there."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import islice

import msgspec

from shelfworthy.model import Cause, Kind, Level, Update
from shelfworthy.probes.update.asking import shown
from shelfworthy.probes.update.times import MOST, passages
from shelfworthy.probes.web import HTML_TYPES, decoded, language, media_type
from shelfworthy.product.address import parse_where
from shelfworthy.reach import Missing, NotSeen, Reach, Reply, Visit, visit
from shelfworthy.seen.update import SUPPORT_PLACES, SupportPage, SupportSeen
from shelfworthy.webtext import html

BEGINS = 200  # characters


async def observe(update: Update, reach: Reach) -> AsyncIterator[SupportSeen]:
    at = datetime.now(UTC).replace(microsecond=0)
    if not update.support:
        raise NotSeen(Cause.NOT_SUPPLIED, "The product file names no page with the support period.")
    first = parse_where(Kind.ENDPOINT, update.support)
    places = [first, *(msgspec.structs.replace(first, path=path) for path in SUPPORT_PLACES)]
    pages: list[SupportPage] = []
    for place in dict.fromkeys(places):
        pages.append(page(shown(place), await visit(reach, place, level=Level.LOOK)))
    if not any(one.status for one in pages):
        raise NotSeen(pages[0].cause or Cause.SILENT, pages[0].words)
    yield SupportSeen(at=at, pages=tuple(pages))


def page(url: str, came: Visit) -> SupportPage:
    """What was seen of a page. Pure."""
    reply = came.came if isinstance(came.came, Reply) else None
    missing = came.came if isinstance(came.came, Missing) else None
    document = html.plain("")
    if reply is not None and 200 <= reply.status < 300:
        media, _ = media_type(reply)
        if media in HTML_TYPES:
            document = html.read(decoded(reply))
        elif media.startswith("text/"):
            document = html.plain(decoded(reply))
        else:
            missing = Missing(cause=Cause.NOT_UNDERSTOOD, words="It is neither a web page nor text.")
    found = tuple(islice(passages(document.text), MOST + 1))
    return SupportPage(
        url=url,
        final=shown(came.final),
        status=reply.status if reply else 0,
        cause=missing.cause if missing else None,
        words=missing.words if missing else "",
        whole=reply is not None and reply.whole and document.whole and len(found) <= MOST,
        readable=html.is_readable(document),
        language=language(document),
        begins=document.text[:BEGINS],
        passages=found[:MOST],
    )
