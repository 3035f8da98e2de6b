"""Run the radio audit over BlueZ; its result, with date and versions, is kept in tests/bluez/results.md."""

import sys

from slow import ROOT, kept

sys.path.insert(0, str(ROOT))

from tests.bluez.guest import versions  # found from the project's folder


def main() -> int:
    """pytest's exit code; the result is kept whatever it is."""
    title = "The radio audit over BlueZ, last run"
    return kept("bluez", title, "bluez/results.md", versions(), "tests/bluez")


if __name__ == "__main__":
    sys.exit(main())
