"""How a Classic device treats strangers."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Manners:
    """shy: nothing but SDP before pairing. pairs: with anybody, after its button was pressed, or nobody."""

    shy: bool = False
    pairs: Literal["always", "window", "never"] = "always"


EDITIONS = {"open": Manners(), "fixed": Manners(shy=True, pairs="window")}
