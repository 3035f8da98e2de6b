"""A device's own note of who came: JSON lines with `time`, `peer` and `what`. Empty as long as nobody did."""

import json
import time
from pathlib import Path


class Log:
    """Written line by line. peer: who is there now, by the address it came with."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.peer = ""
        self._file = path.open("a", buffering=1)  # each line at once

    def note(self, what: str) -> None:
        line = {"time": round(time.time(), 3), "peer": self.peer, "what": what}
        self._file.write(json.dumps(line) + "\n")
