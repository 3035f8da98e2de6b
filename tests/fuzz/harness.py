"""Fuzz the readers of firmware by atheris, in this process.

    python -m tests.fuzz.harness FOLDER [libFuzzer's arguments]

What `look` raises is kept in `found/`, once for each kind and place, and the fuzzing goes on.
"""

import sys
import traceback
from hashlib import sha256
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["shelfworthy.readers.firmware"]):
    from tests.fuzz.look import FOUND, look

LARGEST = 80_000  # bytes of one input

known: set[str] = set()


def one(content: bytes) -> None:
    try:
        look(content)
    except Exception as fault:
        last = traceback.extract_tb(fault.__traceback__)[-1]
        place = f"{type(fault).__name__}-{Path(last.filename).stem}-{last.lineno}"
        if place not in known:
            known.add(place)
            name = f"{place.lower()}-{sha256(content).hexdigest()[:8]}"
            (FOUND / name).write_bytes(content)
            print(f"FOUND {name}: {fault!r:.200}", flush=True)


def main() -> None:
    atheris.Setup([sys.argv[0], f"-max_len={LARGEST}", *sys.argv[1:]], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
