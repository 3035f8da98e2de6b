"""The components of others that we know: what shows that one is there, and what data of flaws call it."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from msgspec import Struct, convert


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """One component. The fields are described at the head of `components.toml`."""

    name: str
    title: str
    shows: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    path: str = ""
    packages: tuple[str, ...] = ()
    cve: tuple[str, ...] = ()
    osv: tuple[str, ...] = ()
    eol: str = ""


@cache
def rules() -> tuple[Rule, ...]:
    """All of them, as the table has them."""
    table = tomllib.loads(files("shelfworthy.seen").joinpath("components.toml").read_text("utf-8"))
    return convert(table["component"], tuple[Rule, ...])


@cache
def by_name() -> Mapping[str, Rule]:
    """The same by name."""
    return {rule.name: rule for rule in rules()}


def title(name: str) -> str:
    """What people call a component."""
    return by_name()[name].title if name in by_name() else name
