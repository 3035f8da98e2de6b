"""How much a file may cost."""

from shelfworthy.model import Record

MIB = 1 << 20


class Limits(Record, frozen=True):
    """What one child may take to read one file.

    memory: bytes of address space, the interpreter's own 100 MiB included. computing: seconds of processor
    time. time: seconds until it counts as hanging. output: bytes of what it says it saw.
    """

    memory: int = 512 * MIB
    computing: int = 20
    time: float = 30.0
    output: int = 16 * MIB
