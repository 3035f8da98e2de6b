"""Evidence and judgements on disk and back."""

from shelfworthy.record.cache import Remembered, Said, recall, remember
from shelfworthy.record.load import (
    Evidence,
    Outline,
    Unreadable,
    earlier,
    judgements,
    load_evidence,
    load_judgement,
    looks_done,
)
from shelfworthy.record.packing import Written, packed, written
from shelfworthy.record.redact import CannotRedact, Redaction, redact, redactions
from shelfworthy.record.store import (
    Recorder,
    claim,
    close,
    judgement_text,
    keep_judgement,
    kept_hash,
    sealed,
    write_whole,
)
from shelfworthy.record.verify import Verified, verify

__all__ = [
    "CannotRedact",
    "Evidence",
    "Outline",
    "Recorder",
    "Redaction",
    "Remembered",
    "Said",
    "Unreadable",
    "Verified",
    "Written",
    "claim",
    "close",
    "earlier",
    "judgement_text",
    "judgements",
    "keep_judgement",
    "kept_hash",
    "load_evidence",
    "load_judgement",
    "looks_done",
    "packed",
    "recall",
    "redact",
    "redactions",
    "remember",
    "sealed",
    "verify",
    "write_whole",
    "written",
]
