"""How much a file may cost."""

from shelfworthy.model import Record

MIB = 1 << 20


class Limits(Record, frozen=True):
    """What one child may take to read one file.

    memory: bytes of address space, the interpreter's own 100 MiB included. computing: seconds of processor
    time. time: seconds until it counts as hanging. output: bytes of what it says it saw.

    disk: bytes of a work folder; 0 for none, and then the child opens no file and starts no process. What a
    child with one may have besides: inodes of the folder, processes, and descriptors of each process; memory
    and computing are each process's own.
    """

    memory: int = 512 * MIB
    computing: int = 20
    time: float = 30.0
    output: int = 16 * MIB
    disk: int = 0
    inodes: int = 0
    processes: int = 0
    descriptors: int = 256
