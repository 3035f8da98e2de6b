"""`--format json`: an audit, or a diff of two, as one JSON document. The same report, the same bytes."""

import msgspec

from shelfworthy.model import Judgement, Record
from shelfworthy.record import Evidence
from shelfworthy.report.assemble import report_of
from shelfworthy.report.clean import escaped
from shelfworthy.report.diff import Diff
from shelfworthy.report.due import DueList


def report(evidence: Evidence, judgement: Judgement) -> bytes:
    """The audit as JSON, as docs/schemas/report.json describes it."""
    return _document(report_of(evidence, judgement))


def difference(found: Diff) -> bytes:
    """The diff as JSON, as docs/schemas/diff.json describes it."""
    return _document(found)


def due(found: DueList) -> bytes:
    """What to look at again as JSON, as docs/schemas/due.json describes it."""
    return _document(found)


def _document(record: Record) -> bytes:
    """UTF-8, indented. Every value is exact; characters that could steer a terminal are `\\uXXXX`."""
    return msgspec.json.format(escaped(msgspec.json.encode(record, order="deterministic")), indent=2)
