"""Whether the shelf can work: its database, its tables, its disk. Says nothing else, for it is open."""

import logging
import shutil
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

ENOUGH = 256 << 20  # bytes that are free, below which evidence is soon refused
log = logging.getLogger(__name__)


@cache
def _ours() -> frozenset[tuple[str, str]]:
    """The migrations that this version has."""
    return frozenset(MigrationLoader(None).disk_migrations)


def missing() -> list[str]:
    """Migrations that were not carried out. Raises DatabaseError."""
    done = set(MigrationRecorder(connection).applied_migrations())
    return sorted(f"{app} {name}" for app, name in _ours() - done)


def state() -> dict[str, str]:
    """Each part: "ok", or what is the matter."""
    said = {"database": "ok", "migrations": "ok", "disk": "ok"}
    try:
        if missing():
            said["migrations"] = "missing"
    except DatabaseError as why:
        log.warning("The database does not answer: %s", why)
        said |= {"database": "no answer", "migrations": "unknown"}
    try:
        if shutil.disk_usage(settings.SHELF).free < ENOUGH:
            said["disk"] = "almost full"
    except OSError as why:
        log.warning("The shelf's folder: %s", why)
        said["disk"] = "no folder"
    return said


@require_safe
def health(_: HttpRequest) -> JsonResponse:
    """200 where everything is well, 503 otherwise."""
    said = state()
    return JsonResponse(said, status=200 if set(said.values()) == {"ok"} else 503)
