"""Everything in one file, and back: all tables, and the evidence that was pushed.

A zip of `tables/NAME.jsonl`, one row a line by its number, `audits/…` as they lie in the shelf's folder, and
`manifest.json` with the digest of each; the manifest's own digest names the archive. Times are fixed and
names sorted: the same content gives the same bytes. Left out are log-ins that are under way, and the secret
they are signed with. Nothing that is read is believed before all of it is verified.
"""

import base64
import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any

import msgspec
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, Error, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import BinaryField, Field, Model

from shelfworthy.model import Record
from shelfworthy.shelf.running import checking
from shelfworthy.shelf.running.health import missing
from shelfworthy.shelf.running.refused import Refused

FORMAT = "shelfworthy shelf 1"
AUDITS, TABLES, MANIFEST = "audits", "tables", "manifest.json"
# What `migrate` makes by itself, and log-ins that are under way.
LEFT_OUT = frozenset({"contenttypes.contenttype", "auth.permission", "sessions.session"})
BATCH = 500  # rows
LONGEST = 64 << 20  # bytes of a row
LARGEST_MANIFEST = 256 << 20  # bytes
EPOCH = (1980, 1, 1, 0, 0, 0)  # the only time in a zip that everybody can read
CHUNK = 1 << 20


class Table(Record, frozen=True):
    """What an archive says of one."""

    rows: int
    sha256: str


class File(Record, frozen=True):
    """What an archive says of one."""

    size: int
    sha256: str


class Manifest(Record, frozen=True):
    """What is in an archive. migrations: that were carried out where it was written."""

    format: str
    migrations: tuple[str, ...]
    tables: dict[str, Table]
    files: dict[str, File]


class Done(Record, frozen=True):
    """What was written or read. digest: of the manifest, which names all others."""

    rows: int
    files: int
    digest: str


def _models() -> dict[str, type[Model]]:
    """The tables by their names, those between two others as well."""
    found = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    return {name: found[name] for name in sorted(found) if name not in LEFT_OUT}


def _fields(model: type[Model]) -> list["Field[Any, Any]"]:
    return list(model._meta.concrete_fields)


def export(path: Path) -> Done:
    """Write everything to a file that is not there yet. Raises Refused, OSError."""
    if path.exists():
        raise Refused(f"{path} is there already. Name another file.")
    if behind := missing():
        raise Refused(f"The database is older than this version ({behind[0]}): run `shelf up` once.")
    part = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
        try:
            with zipfile.ZipFile(file, "w") as archive, _still():
                done = _written(archive)
            file.flush()
            os.fsync(file.fileno())
            part.rename(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    return done


@contextmanager
def _still() -> Iterator[None]:
    """A transaction that reads one moment, while others write."""
    if connection.vendor == "sqlite":
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined] # reads beside who writes
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _written(archive: zipfile.ZipFile) -> Done:
    tables = {}
    for name, model in _models().items():
        with archive.open(_entry(f"{TABLES}/{name}.jsonl"), "w", force_zip64=True) as out:
            tables[name] = _rows_out(model, out)
    files = {}
    for name, path in _files().items():
        with archive.open(_entry(name), "w", force_zip64=True) as out, path.open("rb") as file:
            files[name] = _copied(file, out)
    applied = MigrationRecorder(connection).applied_migrations()
    migrations = tuple(sorted(f"{app} {name}" for app, name in applied))
    manifest = Manifest(format=FORMAT, migrations=migrations, tables=tables, files=files)
    content = msgspec.json.encode(manifest)
    archive.writestr(_entry(MANIFEST), content)
    return _done(manifest, content)


def _done(manifest: Manifest, content: bytes) -> Done:
    rows = sum(table.rows for table in manifest.tables.values())
    return Done(rows=rows, files=len(manifest.files), digest=hashlib.sha256(content).hexdigest())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _rows_out(model: type[Model], out: IO[bytes]) -> Table:
    digest, number = hashlib.sha256(), 0
    names = [field.attname for field in _fields(model)]
    for row in model._default_manager.order_by("pk").values_list(*names).iterator(BATCH):
        line = msgspec.json.encode([_plain(value) for value in row]) + b"\n"
        digest.update(line)
        out.write(line)
        number += 1
    return Table(rows=number, sha256=digest.hexdigest())


def _plain(value: Any) -> Any:  # noqa: ANN401 - of any column
    return bytes(value) if isinstance(value, memoryview) else value


def _files() -> dict[str, Path]:
    """Evidence by its name in an archive. What is still being taken in lies in folders with a dot."""
    root = Path(settings.SHELF) / AUDITS
    found = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    named = {f"{AUDITS}/{path.relative_to(root).as_posix()}": path for path in found}
    return {name: named[name] for name in sorted(named) if "/." not in name}


def _copied(source: IO[bytes], target: IO[bytes]) -> File:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        target.write(chunk)
    return File(size=size, sha256=digest.hexdigest())


def import_(path: Path, digest: str = "") -> Done:
    """Read an archive into a shelf that holds nothing, whole or not at all. Raises Refused, OSError."""
    try:
        with zipfile.ZipFile(path) as archive:  # before a database is made for what is none
            call_command("migrate", interactive=False, verbosity=0)
            return _read(archive, path, digest)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as why:
        raise Refused(f"{path} is no archive of a shelf: {why}") from None


def _read(archive: zipfile.ZipFile, path: Path, digest: str) -> Done:
    root = Path(settings.SHELF)
    if any((root / AUDITS).glob("*")):
        raise Refused(f"{root / AUDITS} is not empty. Import into a new folder.")
    staging = Path(tempfile.mkdtemp(prefix=".import-", dir=root))
    try:
        manifest, done = _manifest(archive, path, digest)
        for name, file in manifest.files.items():
            _file_in(archive, name, file, staging)
        with transaction.atomic():
            _all_rows_in(archive, manifest)
            wrong = [*checking.chain(), *checking.judgements(), *checking.evidence(staging / AUDITS)]
            if wrong:
                raise Refused(f"{path}: {wrong[0]} Nothing of it was kept.")
            _settle(staging / AUDITS, root / AUDITS)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return done


def _settle(new: Path, place: Path) -> None:
    """The last thing before the rows count: what lies there without a row counts for nothing."""
    if new.is_dir():
        if place.exists():
            place.rmdir()
        new.rename(place)


def _manifest(archive: zipfile.ZipFile, path: Path, digest: str) -> tuple[Manifest, Done]:
    """What the archive says of itself, which has to be what is in it by name. Raises Refused."""
    try:
        entry = archive.getinfo(MANIFEST)
        if entry.file_size > LARGEST_MANIFEST:
            raise Refused(f"{path}: its manifest is larger than any shelf's.")
        with archive.open(entry) as file:
            content = file.read(LARGEST_MANIFEST + 1)
        manifest = msgspec.json.decode(content, type=Manifest)
    except (KeyError, msgspec.MsgspecError):
        raise Refused(f"{path} is no archive of a shelf.") from None
    done = _done(manifest, content)
    if digest and digest.lower() != done.digest:
        raise Refused(f"{path}: its digest is {done.digest}, not the one that was expected.")
    if manifest.format != FORMAT or set(manifest.tables) != set(_models()):
        raise Refused(f"{path} was written by another version of Shelfworthy ({manifest.format}).")
    applied = MigrationRecorder(connection).applied_migrations()
    if set(manifest.migrations) != {f"{app} {name}" for app, name in applied}:
        raise Refused(f"{path} is of another version of the tables. Import with the one that wrote it.")
    named = [MANIFEST, *manifest.files, *(f"{TABLES}/{name}.jsonl" for name in manifest.tables)]
    if sorted(named) != sorted(archive.namelist()):
        raise Refused(f"{path}: it holds other files than its manifest names.")
    for name in manifest.files:
        parts = PurePosixPath(name).parts
        sound = parts[:1] == (AUDITS,) and len(parts) > 1 and not any(one.startswith(".") for one in parts)
        if not sound or "\\" in name or "\0" in name:
            raise Refused(f"{path}: {name[:100]!r} lies outside of where evidence lies.")
    return manifest, done


def _file_in(archive: zipfile.ZipFile, name: str, said: File, staging: Path) -> None:
    target = staging / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as file, target.open("xb") as out:
        copied = _copied(_Bounded(file, said.size, name), out)  # type: ignore[arg-type] # it is read only
    if copied != said:
        raise Refused(f"{name} is not what the manifest says.")


class _Bounded:
    """A file of which no more is read than it says it has: what is packed may be endless."""

    def __init__(self, file: IO[bytes], size: int, name: str) -> None:
        self._file, self._left, self._name = file, size, name

    def read(self, size: int) -> bytes:
        found = self._file.read(size)
        self._left -= len(found)
        if self._left < 0:
            raise Refused(f"{self._name} is larger than the manifest says.")
        return found


def _all_rows_in(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Write all tables, in a transaction. Raises Refused."""
    models = _models()
    for model in models.values():
        if model._default_manager.exists():
            words = f"This shelf holds something ({model._meta.verbose_name}). Import into a new one."
            raise Refused(words)
    for name, model in models.items():
        try:
            with archive.open(f"{TABLES}/{name}.jsonl") as file:
                found = _rows_in(model, file, manifest.tables[name])
        except (msgspec.MsgspecError, ValidationError, ValueError, TypeError, Error) as why:
            raise Refused(f"{TABLES}/{name}.jsonl: {str(why)[:300]}") from None
        if found != manifest.tables[name]:
            raise Refused(f"{TABLES}/{name}.jsonl is not what the manifest says.")
    try:
        connection.check_constraints()
    except DatabaseError as why:
        raise Refused(f"Rows name others that are not there: {str(why)[:300]}") from None
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models.values())):
            cursor.execute(statement)


def _rows_in(model: type[Model], file: IO[bytes], said: Table) -> Table:
    digest, number = hashlib.sha256(), 0
    lines = iter(lambda: file.readline(LONGEST + 1), b"")
    while batch := list(islice(lines, BATCH)):
        number += len(batch)
        if number > said.rows or max(map(len, batch)) > LONGEST:
            raise Refused(f"{model._meta.label}: more than the manifest says.")
        for line in batch:
            digest.update(line)
        model._default_manager.bulk_create([_row(model, msgspec.json.decode(line)) for line in batch])
    return Table(rows=number, sha256=digest.hexdigest())


def _row(model: type[Model], values: list[Any]) -> Model:
    fields = _fields(model)
    if len(values) != len(fields):
        raise ValueError(f"a row of {len(values)} columns instead of {len(fields)}")
    return model(**{field.attname: _value(field, value) for field, value in zip(fields, values, strict=True)})


def _value(field: "Field[Any, Any]", value: Any) -> Any:  # noqa: ANN401 - of any column
    if isinstance(field, BinaryField):
        return base64.b64decode(value, validate=True)
    if isinstance(value, str) and field.get_internal_type() == "DateTimeField":
        return datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value
