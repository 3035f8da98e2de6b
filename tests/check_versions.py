"""A check's source cannot change without its version: answers are cached by check id and version.

`check_versions.json` holds the digest of every version. After raising a version:

    python -m tests.check_versions

It refuses to change the digest of a version on record. Before the first release nobody has cached an answer
yet, and `--before-release` makes it stamp all the same.
"""

import ast
import hashlib
import importlib
import inspect
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

from shelfworthy import webtext
from shelfworthy.checks import CHECKS
from shelfworthy.model import Check

STAMPS = Path(__file__).with_name("check_versions.json")
OURS = "shelfworthy.checks"
TEXTS = Path(inspect.getfile(webtext)).parent

Stamp = Mapping[str, int | str]


def module_of(check: Check) -> ModuleType:
    """The file a check lives in."""
    return sys.modules[check.judge.__module__]


def stamp(check: Check) -> dict[str, int | str]:
    """The version of a check, and the digest of what decides its answers."""
    sources = _sources(module_of(check))
    whole = hashlib.sha256("\n".join(map(normal, sources)).encode())
    for table in tables(sources):
        whole.update(table)
    return {"version": check.version, "sha256": whole.hexdigest()}


def stamps() -> dict[str, Stamp]:
    """What is on record, by check id."""
    found: dict[str, Stamp] = json.loads(STAMPS.read_text())
    return found


def normal(source: str) -> str:
    """Source as every Python version reads it: without comments, layout and docstrings."""
    return _dump(ast.parse(source))


def _sources(module: ModuleType) -> list[str]:
    """The source of a check and of what it shares with other checks."""
    found, open_ = {}, [module.__name__]
    while open_:
        name = open_.pop()
        found[name] = source = inspect.getsource(importlib.import_module(name))
        imports = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom))
        wanted = {node.module for node in imports if node.module and node.module.startswith(f"{OURS}.")}
        open_ += wanted - found.keys()
    return [found[name] for name in sorted(found)]


def tables(sources: Sequence[str]) -> list[bytes]:
    """The tables by which a check understands texts, if it does."""
    if not any("shelfworthy.webtext" in source for source in sources):
        return []
    return [path.read_bytes() for path in sorted(TEXTS.iterdir()) if path.suffix in (".json", ".toml")]


def _dump(node: object) -> str:
    # Not `ast.dump`, whose form differs from one Python to the next.
    if isinstance(node, ast.Constant):
        return f"<{node.value!r}>"
    if isinstance(node, list):
        return f"[{' '.join(_dump(item) for item in node)}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = dict(ast.iter_fields(node))
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
        fields["body"] = fields["body"][1:]
    told = [f"{name}={_dump(value)}" for name, value in fields.items() if value not in (None, [])]
    return f"{type(node).__name__}({' '.join(told)})"


def main(arguments: Sequence[str]) -> None:
    known = stamps() if STAMPS.exists() else {}
    now = {check.id: stamp(check) for check in CHECKS}
    for name, new in now.items():
        old = known.get(name, new)
        if old != new and old["version"] == new["version"] and "--before-release" not in arguments:
            raise SystemExit(f"{name} changed without its version: raise `version` in its CHECK.")
    STAMPS.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n")
    print(f"{len(now)} checks stamped in {STAMPS}")


if __name__ == "__main__":
    main(sys.argv[1:])
