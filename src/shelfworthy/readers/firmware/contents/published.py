"""The published default passwords, read when this is imported: a reader's child opens nothing later."""

import tomllib
from collections.abc import Mapping

from shelfworthy.reference import PUBLISHED_PASSWORDS, of_ours

LISTS = tomllib.loads(of_ours(PUBLISHED_PASSWORDS)[1].decode())["list"]
# Where each is published.
SOURCES: Mapping[str, str] = {word: one["source"] for one in reversed(LISTS) for word in one["passwords"]}
PASSWORDS = tuple(sorted(SOURCES))
