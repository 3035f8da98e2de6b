"""Logs as lines of JSON."""

import json
import logging
from datetime import UTC, datetime


class Json(logging.Formatter):
    """One line a record; what the record says besides (`extra`) is not repeated."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "by": record.name,
            "says": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
