"""Import files into the local database: one at a time, each whole or not at all."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from shelfworthy.vulndata.database import begin_file, end_file, keep, writing
from shelfworthy.vulndata.documents import rows
from shelfworthy.vulndata.files import digest_of, documents
from shelfworthy.vulndata.words import NotUnderstood

Tell = Callable[[str, str, int], None]  # name of a file, what is done, with how many of its documents so far
OFTEN = 500  # documents between two words about it
FEW = 3  # documents that are named where several were not understood


class Imported(NamedTuple):
    """What came of one file. kept: rows about components that we know. left: documents that were not
    understood, with the first few of them and why.
    """

    name: str
    sorts: tuple[str, ...]
    date: str
    sha256: str
    documents: int
    kept: int
    left: int
    examples: tuple[str, ...]


class CannotImport(Exception):
    """A file of which nothing can be imported: which, why, and what can."""


def import_files(
    paths: Sequence[Path], into: Path, tell: Tell = lambda name, what, read: None
) -> list[Imported]:
    """Import all, or nothing. Raises CannotImport, Unusable, OSError."""
    names = [path.absolute().name for path in paths]
    for name in names:
        if names.count(name) > 1:
            raise CannotImport(f"{name}: named twice. Files are told apart by name: rename one of them.")
    for path in paths:
        if not path.exists():
            raise CannotImport(f"{path}: there is no such file.")
    done = []
    with writing(into) as database:
        for path, name in zip(paths, names, strict=True):
            often = now_and_then(tell, name)
            file = begin_file(database, name, sha256 := digest_of(path, partial(often, "hashed")))
            sorts, date, read, kept, left = set(), "", 0, 0, 0
            examples: list[str] = []
            try:
                for inner, content in documents(path):
                    read += 1
                    often("read", read)
                    try:
                        found = rows(inner, content)
                    except NotUnderstood as wrong:
                        left += 1
                        if left <= FEW:
                            examples.append(f"{inner}: {wrong}")
                        continue
                    kept += keep(database, file, found)
                    sorts.add(found.sort)
                    date = max(date, found.date)
            except NotUnderstood as wrong:
                raise CannotImport(f"{path}: {wrong}.") from None
            if not sorts:
                raise CannotImport(_nothing(path, examples))
            end_file(database, file, sorts, date)
            done.append(Imported(name, tuple(sorted(sorts)), date, sha256, read, kept, left, tuple(examples)))
    return done


def now_and_then(tell: Tell, name: str) -> Callable[[str, int], None]:
    """One that is told of every document, and tells of one in `OFTEN`."""

    def often(what: str, read: int) -> None:
        if read % OFTEN == 0:
            tell(name, what, read)

    return often


def _nothing(path: Path, examples: list[str]) -> str:
    why = f" ({'; '.join(examples)})" if examples else ""
    return (
        f"{path}: nothing in it can be imported{why}. Expected CVE records (JSON 5), OSV records (JSON or "
        "YAML), CISA's list of exploited flaws (JSON or CSV) or ends of support of endoflife.date (JSON or a "
        "page), each as a file, or many in a folder or a zip file."
    )
