"""The JSON Schema (2020-12) of what `--format json` prints, from the records themselves."""

from typing import Any

import msgspec

from shelfworthy.report.diff import Diff
from shelfworthy.report.due import DueList
from shelfworthy.report.shape import Report


def report_schema() -> bytes:
    """The schema of a report, as it lies in docs/schemas/report.json."""
    return _schema(Report, "A Shelfworthy audit: the verdict and what it rests on")


def diff_schema() -> bytes:
    """The schema of a diff, as it lies in docs/schemas/diff.json."""
    return _schema(Diff, "What changed between two Shelfworthy audits")


def due_schema() -> bytes:
    """The schema of what to look at again, as it lies in docs/schemas/due.json."""
    return _schema(DueList, "What of Shelfworthy audits to look at again, and when")


def _schema(record: type[Any], title: str) -> bytes:
    body = msgspec.json.schema(record)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **body}
    return msgspec.json.format(msgspec.json.encode(schema, order="deterministic"), indent=2) + b"\n"
