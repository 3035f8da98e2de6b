"""The local file that holds what was imported (SQLite), and the excerpt of it that checks are given."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path

import msgspec

from shelfworthy.model import Reference
from shelfworthy.seen.vulnerabilities import Cycle, DataFile, Exploited, Flaw, Known, Range
from shelfworthy.vulndata.place import VARIABLE, Unusable
from shelfworthy.vulndata.words import SEVERITIES, Rows

FORM = 2  # of the tables: raised when they change; older files are imported again
BY = "vulndata import"  # who supplied such a reference
TABLES = """
CREATE TABLE file (id INTEGER PRIMARY KEY, name TEXT UNIQUE, sorts TEXT, date TEXT, sha256 TEXT);
CREATE TABLE flaw (file INTEGER REFERENCES file ON DELETE CASCADE, component TEXT, cve TEXT, ranges BLOB,
  otherwise TEXT, severity TEXT, sort TEXT, record TEXT, date TEXT);
CREATE INDEX flaw_component ON flaw (component);
CREATE INDEX flaw_record ON flaw (record);
CREATE TABLE gone (file INTEGER REFERENCES file ON DELETE CASCADE, sort TEXT, record TEXT, date TEXT);
CREATE INDEX gone_record ON gone (record);
CREATE TABLE exploited (file INTEGER REFERENCES file ON DELETE CASCADE, component TEXT, cve TEXT, since TEXT);
CREATE INDEX exploited_cve ON exploited (cve);
CREATE TABLE cycle (file INTEGER REFERENCES file ON DELETE CASCADE, component TEXT, cycle TEXT, ends TEXT);
"""
RANGES = msgspec.json.Decoder(tuple[Range, ...])


def imported(path: Path) -> tuple[Reference, ...]:
    """Every imported file, by name; none where there is no database. Raises Unusable."""
    try:
        about = path.stat()
    except OSError:
        return ()
    return _imported(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=8)  # asked for each check of each audit
def _imported(path: Path, changed: int, size: int) -> tuple[Reference, ...]:
    with reading(path) as database:
        rows = database.execute("SELECT name, sorts, date, sha256 FROM file ORDER BY name").fetchall()
    return tuple(
        Reference(name=name, version=sorts, date=date, sha256=sha256, supplied_by=BY)
        for name, sorts, date, sha256 in rows
    )


def excerpt(path: Path, components: Iterable[str]) -> bytes:
    """`Known` about these components as JSON, in a stable order; empty where nothing was imported.

    Raises Unusable.
    """
    files = imported(path)
    if not files:
        return b""
    names = sorted(set(components))
    with reading(path) as database:
        exploited = dict(database.execute("SELECT cve, min(since) FROM exploited GROUP BY cve"))
        flaws = tuple(_flaws(database, names, exploited))
        marks = ",".join("?" * len(names))
        named = database.execute(
            f"SELECT DISTINCT component, cve, since FROM exploited "  # noqa: S608 - marks alone
            f"WHERE component IN ({marks}) ORDER BY 1, 2",
            names,
        ).fetchall()
        cycles = database.execute(
            f"SELECT DISTINCT component, cycle, ends FROM cycle "  # noqa: S608 - marks alone
            f"WHERE component IN ({marks}) ORDER BY 1, 2, 3",
            names,
        ).fetchall()
    known = Known(
        files=tuple(DataFile(one.name, tuple(one.version.split()), one.date) for one in files),
        flaws=flaws,
        exploited=tuple(Exploited(*one) for one in named),
        cycles=tuple(Cycle(*one) for one in cycles),
    )
    return msgspec.json.encode(known)


def _flaws(database: sqlite3.Connection, names: list[str], exploited: dict[str, str]) -> Iterator[Flaw]:
    """One flaw for each component and CVE: a CVE record decides over an OSV record of the same.

    Of a record that was imported several times the newest form counts, and none where it was rejected then or
    later. A record that tells no versions yields to one that does; the worst severity of all counts.
    """
    marks = ",".join("?" * len(names))
    rows = database.execute(
        "SELECT DISTINCT component, cve, ranges, otherwise, severity FROM flaw AS one "  # noqa: S608
        f"WHERE component IN ({marks}) AND NOT EXISTS (SELECT 1 FROM flaw AS newer "
        "WHERE newer.record = one.record AND newer.sort = one.sort AND newer.date > one.date) "
        "AND NOT EXISTS (SELECT 1 FROM gone "
        "WHERE gone.record = one.record AND gone.sort = one.sort AND gone.date >= one.date) "
        "ORDER BY component, cve, sort, ranges, otherwise, severity",
        names,
    )
    merged: dict[tuple[str, str], Flaw] = {}
    for component, cve, kept, otherwise, severity in rows:
        ranges = RANGES.decode(kept)
        before = merged.get((component, cve))
        if before is not None:
            severity = max(severity, before.severity, key=lambda one: SEVERITIES.index(one) if one else -1)
            if before.ranges or before.otherwise == "affected":
                ranges, otherwise = before.ranges, before.otherwise
        merged[component, cve] = Flaw(component, cve, ranges, otherwise, severity, exploited.get(cve, ""))
    yield from merged.values()


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The database, which is only read. Raises Unusable."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as database:
            _check(path, database)
            yield database
    except sqlite3.Error as wrong:
        raise _unusable(path, str(wrong)) from None


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """The database, made where there is none; what is written within is there whole, or not at all.

    Raises Unusable, OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            if new:
                database.executescript(f"PRAGMA user_version = {FORM}; {TABLES}")
            _check(path, database)
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")
    except sqlite3.Error as wrong:
        raise _unusable(path, str(wrong)) from None


def _check(path: Path, database: sqlite3.Connection) -> None:
    (form,) = database.execute("PRAGMA user_version").fetchone()
    if form != FORM:
        raise _unusable(path, f"its form is {form}, not {FORM}")


def _unusable(path: Path, why: str) -> Unusable:
    return Unusable(
        f"{path}: no file of `shelfworthy vulndata import` ({why}). Remove it, or name another with "
        f"--into or {VARIABLE}, and import the data again."
    )


def begin_file(database: sqlite3.Connection, name: str, sha256: str) -> int:
    """A file that is imported; one of the same name from before goes."""
    database.execute("DELETE FROM file WHERE name = ?", (name,))
    new = database.execute(
        "INSERT INTO file (name, sorts, date, sha256) VALUES (?, '', '', ?)", (name, sha256)
    )
    assert new.lastrowid is not None
    return new.lastrowid


def end_file(database: sqlite3.Connection, file: int, sorts: Iterable[str], date: str) -> None:
    """All of a file is in: what it holds, and its date."""
    database.execute(
        "UPDATE file SET sorts = ?, date = ? WHERE id = ?", (" ".join(sorted(sorts)), date, file)
    )


def keep(database: sqlite3.Connection, file: int, rows: Rows) -> int:
    """Keep the rows of a document; how many there were."""
    if rows.gone:
        database.execute("INSERT INTO gone VALUES (?, ?, ?, ?)", (file, rows.sort, rows.record, rows.date))
    database.executemany(
        "INSERT INTO flaw VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                file,
                one.component,
                one.cve,
                msgspec.json.encode(one.ranges),
                one.otherwise,
                one.severity,
                rows.sort,
                rows.record,
                rows.date,
            )
            for one in rows.flaws
        ],
    )
    database.executemany(
        "INSERT INTO exploited VALUES (?, ?, ?, ?)",
        [(file, one.component, one.cve, one.since) for one in rows.exploited],
    )
    database.executemany(
        "INSERT INTO cycle VALUES (?, ?, ?, ?)",
        [(file, one.component, one.cycle, one.ends) for one in rows.cycles],
    )
    return len(rows.flaws) + len(rows.exploited) + len(rows.cycles)
