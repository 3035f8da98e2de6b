"""Does a link lead to a programme at a platform that takes reports for many makers?"""

from urllib.parse import urlsplit

from shelfworthy.seen.contact import PLATFORMS


def on_platform(url: str) -> str:
    """The platform a link leads to a programme at, "" if to none. A platform's home page is no programme."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme != "https" or not parts.path.strip("/"):
        return ""
    return next((name for name in PLATFORMS if host == name or host.endswith(f".{name}")), "")
