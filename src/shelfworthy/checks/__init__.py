"""One folder per kind, one small file per question. The list is typed by hand, here."""

from collections.abc import Mapping

from shelfworthy.checks.database.database_cleartext import CHECK as DATABASE_CLEARTEXT
from shelfworthy.checks.database.database_open import CHECK as DATABASE_OPEN
from shelfworthy.checks.database.database_production_copy import CHECK as DATABASE_PRODUCTION_COPY
from shelfworthy.checks.database.database_ransom_traces import CHECK as DATABASE_RANSOM_TRACES
from shelfworthy.model import Check

CHECKS: tuple[Check, ...] = (
    DATABASE_OPEN,
    DATABASE_CLEARTEXT,
    DATABASE_RANSOM_TRACES,
    DATABASE_PRODUCTION_COPY,
)

BY_ID: Mapping[str, Check] = {check.id: check for check in CHECKS}

__all__ = ["BY_ID", "CHECKS"]
