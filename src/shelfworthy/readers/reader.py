"""What a reader is: one way of looking into one kind of file. It never judges and contacts nobody."""

from msgspec import Struct

from shelfworthy.model import AnySurface, Kind, Seen
from shelfworthy.sandbox.limits import Limits


class Reader(Struct, frozen=True, kw_only=True):
    """One way of reading.

    name: the tag of what it sees without the schema number. read: `module:function`, called in a confined
    child only, which alone imports the module: `read(file, name)`, where file is the open file, which can be
    sought, and name what messages call it, and after these the values of the surface's keys that it `asks`,
    which are text; of a key that names a file, that file's content. It yields what it saw and raises
    `NotSeen` where the file cannot be understood. Once it is called it can import nothing any more. tools:
    distributions whose versions decide what is seen. extra: of ours, that brings those which the core does
    not. keeps_file: whether the file stays with the evidence; else only its length and hash do, for it holds
    more than evidence may. limits: what reading one file may cost; with a work folder, it may unpack there.
    """

    name: str
    version: int
    kind: Kind
    sees: tuple[type[Seen], ...]
    read: str
    asks: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    extra: str = ""
    keeps_file: bool = True
    limits: Limits = Limits()

    def is_for(self, surface: AnySurface) -> bool:
        """Whether it reads the file of a surface: by its kind, where there is a file."""
        return surface.kind is self.kind and bool(surface.file)

    @property
    def by(self) -> str:
        """How evidence names it: `name/version`."""
        return f"{self.name}/{self.version}"
