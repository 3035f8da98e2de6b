"""LIEF, imported when the first program is looked at: it takes 50 MB, and many an image holds none.

unblob imports it with its handlers, and asks it only where a program lies in an image.
"""

import importlib
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

NAME = "lief"


class Late(ModuleType):
    """Stands for the module until something of it is asked for."""

    logging = SimpleNamespace(disable=lambda: None)  # asked for by whoever imports it; see `lief`

    def __init__(self, name: str, file: str) -> None:
        super().__init__(name)
        self.__file__ = file  # asked for by whoever goes through all modules there are

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module has there
        return getattr(lief(), name)


def lief() -> ModuleType:
    """The module itself. It is silent: what it prints may quote the image."""
    if isinstance(sys.modules.get(NAME), Late):
        del sys.modules[NAME]
    module = importlib.import_module(NAME)
    module.logging.disable()
    return module


def plant() -> None:
    """Put `Late` in its place, where it can be imported later as well."""
    found = None if NAME in sys.modules else find_spec(NAME)
    if found is not None and found.origin is not None and stays(Path(found.origin)):
        sys.modules[NAME] = Late(NAME, found.origin)


def stays(file: Path) -> bool:
    """Whether this process can still read a file when it is confined: who is root becomes nobody."""
    return os.geteuid() != 0 or (
        bool(file.stat().st_mode & 0o004)
        and all(folder.stat().st_mode & 0o001 for folder in file.resolve().parents)
    )
