"""How the programs and libraries of a part are hardened, by LIEF: those that are alike make one group.

Of a kernel module or object file nothing is said. Whether a program was built with `_FORTIFY_SOURCE` shows
only where it calls something that could be fortified.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import lief

from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.tree import Tree
from shelfworthy.readers.firmware.contents.words import words
from shelfworthy.seen.firmware_contents import Answer, Program

MOST = 5000  # files of a part
LARGEST = 32 << 20  # bytes of one that LIEF is given: it takes several times as much memory
TOO_LARGE = f"it is a program of more than {LARGEST >> 20} MiB, which was not taken apart"
SHOWN = 20  # files of a group
MAGIC = b"\x7fELF"
CANARIES = frozenset(
    {"__stack_chk_fail", "__stack_chk_fail_local", "__stack_chk_guard", "__stack_smash_handler"}
)
FORTIFIABLE = words("fortifiable")
FORTIFIED = frozenset(f"__{name}_chk" for name in FORTIFIABLE)

lief.logging.disable()


class Hardened(NamedTuple):
    """What protects one file, in the order of `Program`."""

    machine: str
    no_execute: Answer
    position_independent: Answer
    relro: str
    canary: Answer
    fortified: Answer


FAULTS = (SystemError, RuntimeError, ValueError, TypeError, OverflowError, UnicodeDecodeError)
UNREAD = Hardened("unknown", "unknown", "unknown", "unknown", "unknown", "unknown")


def programs(tree: Tree, bounds: Bounds) -> Iterator[Program]:
    """The groups, the largest first, of at most `MOST` files and one, so that more can be told."""
    groups: defaultdict[Hardened, list[str]] = defaultdict(list)
    seen = 0
    for file in tree.files():
        if file.target or file.length < 52 or seen > MOST:
            continue
        content = tree.content(file)
        if content[:4] == MAGIC and file.length > LARGEST:
            bounds.note(tree.part, file.path, TOO_LARGE, 0, file.length)
            continue
        if content[:4] == MAGIC and (found := hardened(content)) is not None:
            groups[found].append(file.path)
            seen += 1
    for found, paths in sorted(groups.items(), key=lambda one: (-len(one[1]), one[0])):
        yield Program(
            found.machine,
            found.no_execute,
            found.position_independent,
            found.relro,  # type: ignore[arg-type] # one of four words
            found.canary,
            found.fortified,
            len(paths),
            tuple(sorted(paths)[:SHOWN]),
        )


def hardened(content: bytes) -> Hardened | None:
    """What protects a program or library; `UNREAD` where that cannot be told, None for what is neither."""
    try:
        return of_binary(lief.ELF.parse(content))
    except FAULTS:
        return UNREAD


def of_binary(binary: "lief.ELF.Binary | None") -> Hardened | None:
    """The same of what LIEF made of it. Raises one of `FAULTS` where that has values nobody knows."""
    if binary is None:
        return UNREAD
    kinds, kind = lief.ELF.Header.FILE_TYPE, binary.header.file_type
    if kind not in (kinds.DYN, kinds.EXEC):
        return None
    called = {str(symbol.name) for symbol in binary.symbols}
    # Static and without names: what it calls cannot be seen.
    stripped = not called and not binary.has(lief.ELF.DynamicEntry.TAG.NEEDED)
    fortified: Answer = "yes" if called & FORTIFIED else "no" if called & FORTIFIABLE else "unknown"
    return Hardened(
        machine=str(binary.header.machine_type).rpartition(".")[2],
        no_execute="yes" if binary.has_nx else "no",
        position_independent="yes" if kind == kinds.DYN else "no",
        relro=relro(binary),
        canary="unknown" if stripped else "yes" if called & CANARIES else "no",
        fortified=fortified,
    )


def relro(binary: "lief.ELF.Binary") -> str:
    """Whether the tables through which it calls are read-only once it runs."""
    if not binary.has(lief.ELF.Segment.TYPE.GNU_RELRO):
        return "none"
    tag = lief.ELF.DynamicEntry.TAG
    if binary.has(tag.BIND_NOW):
        return "full"
    flags = binary.get(tag.FLAGS)
    if flags is not None and flags.value & 0x8:  # DF_BIND_NOW
        return "full"
    first = binary.get(tag.FLAGS_1)
    return "full" if first is not None and first.value & 0x1 else "partial"  # DF_1_NOW
