"""What observations mention becomes surfaces, each with where it was seen and whose it is. Pure."""

from shelfworthy.discovery.known import references, registered
from shelfworthy.discovery.trail import Discovered, Found, Nothing, Sighting, Trail, discover

__all__ = [
    "Discovered",
    "Found",
    "Nothing",
    "Sighting",
    "Trail",
    "discover",
    "references",
    "registered",
]
