"""A letter as PDF. It weighs: to be imported where a letter is printed."""

from typing import Any, NoReturn

from weasyprint import HTML
from weasyprint.urls import URLFetcher


class Nowhere(URLFetcher):  # type: ignore[misc] # it has no types
    """Fetches nothing: not from the network, and not from this machine."""

    def fetch(self, url: str, headers: Any = None) -> NoReturn:  # noqa: ANN401 - as weasyprint calls it
        raise ValueError(f"nothing is fetched for a letter: {url[:200]}")


def pdf(content: str) -> bytes:
    """The letter as PDF. content: its HTML."""
    made: bytes = HTML(string=content, base_url=None, url_fetcher=Nowhere()).write_pdf()
    return made
