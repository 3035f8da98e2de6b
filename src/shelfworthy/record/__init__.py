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
from shelfworthy.record.redact import CannotRedact, Redaction, redact, redactions
from shelfworthy.record.store import (
    Recorder,
    claim,
    close,
    keep_judgement,
    kept_hash,
    sealed,
    text_of,
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
    "claim",
    "close",
    "earlier",
    "judgements",
    "keep_judgement",
    "kept_hash",
    "load_evidence",
    "load_judgement",
    "looks_done",
    "recall",
    "redact",
    "redactions",
    "remember",
    "sealed",
    "text_of",
    "verify",
    "write_whole",
]
