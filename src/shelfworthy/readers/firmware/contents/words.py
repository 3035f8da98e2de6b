"""The lists of words in `words.toml`, read when this is imported: a reader's child opens nothing later."""

import tomllib
from importlib.resources import files

TABLE = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def words(name: str) -> frozenset[str]:
    """The list of this name."""
    return frozenset(TABLE[name])
