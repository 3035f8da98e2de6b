"""What a child says on its pipe, one JSON record a line, and how both sides put a crash into words."""

from pathlib import Path
from typing import Literal

import msgspec

from shelfworthy.model import Cause
from shelfworthy.sandbox.limits import Limits


class Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the child does. read: `module:function`, given the file, name (what messages call it) and told."""

    read: str
    name: str
    limits: Limits
    told: tuple[str, ...] = ()


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="frame"):
    """Base of what a child says."""


class Began(Frame, frozen=True, tag="began"):
    """The first: no byte of the file was read yet. held: what confines the child."""

    held: tuple[str, ...]


class Saw(Frame, frozen=True, tag="saw"):
    """One thing seen, as JSON; the parent decides whether it is of a type the reader may see."""

    seen: msgspec.Raw


class Ended(Frame, frozen=True, tag="ended"):
    """The last, and whether the reader came to its own end.

    how: "whole"; "stopped" (the reader says cause and words); "crashed", "forbidden" (it wanted past its
    bounds) or "too big" (out of memory): words say where.
    """

    how: Literal["whole", "stopped", "crashed", "forbidden", "too big"]
    cause: Cause | None = None
    words: str = ""


AnyFrame = Began | Saw | Ended


def crash(fault: BaseException) -> str:
    """What went wrong in us and where; not the exception's own words, which may quote the peer (law 8).

    It opens no file, so that it works in a child that may not.
    """
    last = fault.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None:
        return type(fault).__name__
    return f"{type(fault).__name__} in {Path(last.tb_frame.f_code.co_filename).name}, line {last.tb_lineno}"
