"""Does a link lead to a programme at a platform that takes reports for many makers?"""

from urllib.parse import urlsplit

from shelfworthy.seen.contact import PLATFORMS

# What lies beside the programmes at these platforms: first parts of a path, and of a host name.
NO_PROGRAMME = frozenset(
    {
        *("about", "about-us", "blog", "careers", "company", "contact", "customers", "directory", "docs"),
        *("events", "faq", "glossary", "hacktivity", "hackers", "knowledge-base", "leaderboard", "legal"),
        *("login", "news", "opportunities", "platform", "press", "pricing", "privacy", "product", "products"),
        *("reports", "research", "resources", "sign_in", "signup", "solutions", "support", "terms", "users"),
        *("vulnerability-and-security-testing-blog", "why-hackerone"),
    }
)
BESIDE = ("api.", "blog.", "docs.", "forum.", "help.", "kb.", "support.")


def on_platform(url: str) -> str:
    """The platform a link leads to a programme at, "" if to none. A platform's home page is no programme."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    first = parts.path.strip("/").partition("/")[0].lower()
    if parts.scheme != "https" or not first or first in NO_PROGRAMME or host.startswith(BESIDE):
        return ""
    return next((name for name in PLATFORMS if host == name or host.endswith(f".{name}")), "")
