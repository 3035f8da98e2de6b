"""Run the radio audit over BlueZ and keep its result, with its date and versions, in tests/bluez/results.md."""

import sys

from slow import ROOT, kept

sys.path.insert(0, str(ROOT))

from tests.bluez.guest import versions  # the tests are found from the project's folder


def main() -> int:
    """pytest's exit code; the result is kept whatever it is."""
    return kept("bluez", "The radio audit over BlueZ, last run", "bluez/results.md", versions())


if __name__ == "__main__":
    sys.exit(main())
