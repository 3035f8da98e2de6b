"""One folder per kind, one small file per question. The list is typed by hand, here."""

from collections.abc import Mapping

from shelfworthy.checks.database.database_open import CHECK as DATABASE_OPEN
from shelfworthy.model import Check

CHECKS: tuple[Check, ...] = (DATABASE_OPEN,)

BY_ID: Mapping[str, Check] = {check.id: check for check in CHECKS}

__all__ = ["BY_ID", "CHECKS"]
