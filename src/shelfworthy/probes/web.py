"""Web pages as answers: their media type, their text in the right letters, what they say they are. Pure."""

from shelfworthy.reach import Address, Reply
from shelfworthy.webtext import html

CHARSETS = {  # whatever else a server names is read as UTF-8; some of Python's codecs are no text at all
    "utf-8": "utf-8",
    "us-ascii": "utf-8",
    "iso-8859-1": "windows-1252",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "windows-1252",
    "utf-16": "utf-16",
}
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", ""})


def url_of(at: Address) -> str:
    """The address as a URL, the scheme's own port left out."""
    usual = 443 if at.scheme == "https" else 80
    host = at.authority.removesuffix(f":{usual}") if at.port == usual else at.authority
    return f"{at.scheme}://{host}{at.path}"


def media_type(reply: Reply) -> tuple[str, str]:
    """The media type and charset of an answer, in lower case, "" where it does not say."""
    media, *parameters = reply.header("content-type").lower().split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    charset = next((value.strip(" \"'") for name, _, value in pairs if name.strip() == "charset"), "")
    return media.strip(), charset


def decoded(reply: Reply) -> str:
    """The body as text; what cannot be decoded becomes U+FFFD."""
    _, charset = media_type(reply)
    return reply.body.decode(CHARSETS.get(charset, "utf-8"), "replace")


def language(read: html.Html) -> str:
    """The page's language as it says itself; "und" where hardly a letter is Latin."""
    letters = [sign for sign in read.text[:10_000] if sign.isalpha()]
    latin = sum(sign < "\u0250" for sign in letters)
    return "und" if latin * 2 < len(letters) else read.language.partition("-")[0][:8]
