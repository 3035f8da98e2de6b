"""From an answer to the text that was seen: a web page, a plain text, or a PDF, which a child reads."""

import re
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile

from msgspec import Struct, structs

from shelfworthy.model import Cause, NotSeen
from shelfworthy.probes.policy.showing import Window, not_got, whole
from shelfworthy.probes.web import HTML_TYPES, decoded, media_type, url_of
from shelfworthy.reach import Missing, Reply, Visit, fuse
from shelfworthy.sandbox.box import look_into
from shelfworthy.sandbox.limits import Limits
from shelfworthy.seen.policy import PolicyDocument, PolicyHop, PolicySeen, Role
from shelfworthy.webtext.documents import Source, of_html, of_text, unread

PDF = b"%PDF-"
READ = "shelfworthy.readers.policy.paper:read"  # which a child alone imports
SCRIPT = re.compile(rb"<script|\son[a-z]+=", re.IGNORECASE)
PATIENCE = 30.0  # seconds for the child that reads one


class Came(Struct, frozen=True):
    """A page as a step on the way, and as a text. scripted: it has scripts that no browser ran."""

    hop: PolicyHop
    document: PolicyDocument
    scripted: bool = False

    def as_text(self, role: Role, clicks: int) -> PolicyDocument:
        """The text, as what it was taken for."""
        return structs.replace(self.document, role=role, clicks=clicks)


async def fetched(window: Window, url: str, came: Visit, by: str) -> Came:
    """What was seen of a page."""
    document = await read(window, url, came)
    scripts = isinstance(came.came, Reply) and SCRIPT.search(came.came.body) is not None
    return Came(
        hop=hop_of(document, by),
        document=document,
        scripted=document.form == "web page" and scripts and not document.rendered,
    )


async def with_scripts(window: Window, came: Came) -> Came:
    """The same page after its scripts ran; as it was, and not whole, where they could not."""
    document = await rendered(window, came.document)
    if not document.rendered:
        document = structs.replace(document, whole=False)
    return Came(hop=hop_of(document, came.hop.by), document=document)


def hop_of(document: PolicyDocument, by: str) -> PolicyHop:
    """A page as a step on the way."""
    return PolicyHop(
        url=document.url,
        final=document.final,
        by=by,
        status=document.status,
        cause=document.cause,
        words=document.words,
        whole=document.whole,
        language=document.language,
        readable=document.readable,
    )


async def read(window: Window, url: str, came: Visit) -> PolicyDocument:
    """The text of an answer."""
    reply = came.came
    final = url_of(came.final)
    if isinstance(reply, Missing):
        return unread(Source("policy", url, final, -1, 0), reply.cause, reply.words)
    source = Source("policy", url, final, -1, reply.status)
    media, _ = media_type(reply)
    if not 200 <= reply.status < 300:
        cause = Cause.REFUSED if reply.status in (401, 403, 429) else Cause.NOT_UNDERSTOOD
        return unread(source, cause, f"The answer's status is {reply.status}.")
    if reply.body.startswith(PDF):
        return await of_pdf(source, reply)
    if media in HTML_TYPES:
        window.keep(final, reply)
        document = of_html(source, decoded(reply), whole=reply.whole)
        return document if document.readable else await rendered(window, document)
    if media.startswith("text/"):
        return of_text(source, decoded(reply), whole=reply.whole)
    return unread(source, Cause.NOT_UNDERSTOOD, "It is neither a web page nor a text.")


async def rendered(window: Window, page: PolicyDocument) -> PolicyDocument:
    """A web page after its scripts ran; as it was, with the reason in words, where they could not."""
    try:
        shown = await window.show(page.final)
    except NotSeen as trouble:
        return structs.replace(page, cause=trouble.cause, words=trouble.words)
    at = shown.page.url.partition("#")[0]
    if not at.startswith(("http://", "https://")):
        words = "The page's scripts went to what is no web page."
        return structs.replace(page, cause=Cause.NOT_UNDERSTOOD, words=words)
    source = Source(page.role, page.url, at, page.clicks, page.status)
    document = of_html(source, shown.page.became.html, whole=page.whole and whole(shown), rendered=True)
    text = any(not one.aside for one in document.blocks)
    return structs.replace(document, readable=text, words=not_got(shown))


async def of_pdf(source: Source, reply: Reply) -> PolicyDocument:
    """A PDF, read in a child."""
    if find_spec("pypdf") is None:
        words = "Reading a PDF needs pypdf: pip install 'shelfworthy[policy]'."
        return unread(source, Cause.TOOL_MISSING, words, form="pdf")
    with NamedTemporaryFile(prefix="shelfworthy-") as file:
        Path(file.name).write_bytes(reply.body)
        with fuse.child():
            heard = await look_into(
                READ, source.final, Path(file.name), (PolicySeen,), Limits(), patience=PATIENCE
            )
    if heard.trouble is not None:
        return unread(source, heard.trouble.cause, heard.trouble.words, form="pdf")
    (seen,) = heard.seen
    assert isinstance(seen, PolicySeen)
    return structs.replace(
        seen.documents[0],
        url=source.url,
        final=source.final,
        status=source.status,
        whole=seen.documents[0].whole and reply.whole,
    )
