"""Radio: the only place that knows bumble, and it loads only where a look takes the adapter."""

from shelfworthy.reach.radio.classic import ClassicLink
from shelfworthy.reach.radio.link import Link
from shelfworthy.reach.radio.radio import Radio
from shelfworthy.reach.radio.records import Answered, ClassicPaired, Heard, Offered, Paired, Table

__all__ = [
    "Answered",
    "ClassicLink",
    "ClassicPaired",
    "Heard",
    "Link",
    "Offered",
    "Paired",
    "Radio",
    "Table",
]
