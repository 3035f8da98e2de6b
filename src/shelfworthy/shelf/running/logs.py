"""Logs as lines of JSON."""

import json
import logging
from datetime import UTC, datetime

from shelfworthy.shelf.running.requests import request_id


class Json(logging.Formatter):
    """One line a record. request: the id of the request it was written for, which the answer names, too.

    Of what the record says besides (`extra`) only `facts` are kept.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "by": record.name,
            "says": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if request := request_id.get():
            line["request"] = request
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
