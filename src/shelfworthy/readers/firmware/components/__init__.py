"""Components: which software of others the files of an image are, and in which version."""

from shelfworthy.readers.firmware.components.gather import Recognised, components

__all__ = ["Recognised", "components"]
