"""The tables by which sentences of policies are understood: rules, and the weights of a classifier."""

from importlib.resources import files


def rules() -> bytes:
    """Written rules, TOML; `checks/policy/_rules.py` says how they are read."""
    return files(__package__).joinpath("words.toml").read_bytes()


def weights(language: str) -> bytes:
    """A linear classifier for a language, JSON; `checks/policy/_topics.py` says how it is used."""
    return files(__package__).joinpath(f"topics-{language}.json").read_bytes()
