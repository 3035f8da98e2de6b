"""What a document is, told by what it holds, and its rows."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import msgspec
import yaml

from shelfworthy.vulndata import cve, eol, kev, osv
from shelfworthy.vulndata.words import NotUnderstood, Rows

SUFFIXES = frozenset({".json", ".yaml", ".yml", ".csv", ".md"})
LARGEST = 32 << 20  # bytes of one document
LARGEST_YAML = 1 << 20
DEEPEST = 50  # brackets within brackets of YAML


def rows(name: str, content: bytes) -> Rows:
    """The rows of a document. name: its path, whose end tells what it is written in. Raises NotUnderstood."""
    if len(content) > LARGEST:
        raise NotUnderstood(f"more than {LARGEST >> 20} MiB in one document")
    suffix = PurePath(name).suffix.lower()
    try:
        text = "" if suffix == ".json" else content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotUnderstood("not UTF-8") from None
    if suffix == ".json":
        return _json(name, content)
    if suffix == ".csv":
        return kev.table(text)
    if suffix == ".md":
        return _page(name, text)
    return _object(name, _yaml(text))


def _json(name: str, content: bytes) -> Rows:
    if b'"cveMetadata"' in content:
        return cve.rows(content)
    try:
        return _object(name, msgspec.json.decode(content))
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise NotUnderstood(f"no JSON ({wrong})") from None


def _object(name: str, said: Any) -> Rows:  # noqa: ANN401 - whatever JSON or YAML holds
    if isinstance(said, list) and said and isinstance(said[0], dict) and "cycle" in said[0]:
        return eol.rows(PurePath(name).stem, said)
    if isinstance(said, dict):
        result = said.get("result")
        if isinstance(result, dict) and isinstance(result.get("releases"), list):
            own = str(result.get("name") or PurePath(name).stem)
            return eol.rows(own, result["releases"], said.get("last_modified") or said.get("generated_at"))
        if isinstance(result, list) and any(isinstance(one, dict) and "releases" in one for one in result):
            return eol.all_rows(result, said.get("last_modified") or said.get("generated_at"))
        if "vulnerabilities" in said:
            return kev.rows(said)
        if "id" in said and ("affected" in said or "modified" in said):
            return osv.rows(said)
    raise NotUnderstood("neither a CVE record, an OSV record, CISA's list, nor ends of support")


def _page(name: str, text: str) -> Rows:
    """A page of endoflife.date: what it says between its first two lines of dashes."""
    parts = text.split("\n---", 1) if text.startswith("---") else []
    said = _yaml(parts[0].removeprefix("---")) if len(parts) == 2 else None
    if not isinstance(said, Mapping) or not isinstance(said.get("releases"), list):
        raise NotUnderstood("a page without `releases` at its head")
    own = str(said.get("permalink") or "").strip("/") or PurePath(name).stem
    return eol.rows(own, said["releases"])


def _yaml(text: str) -> Any:  # noqa: ANN401 - whatever it holds
    """YAML, plain values only. Raises NotUnderstood."""
    if len(text) > LARGEST_YAML:
        raise NotUnderstood(f"more than {LARGEST_YAML >> 20} MiB of YAML")
    if max_depth(text) > DEEPEST or "\n" + " " * 200 in text:
        raise NotUnderstood("YAML that is nested too deep")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506 - both loaders make plain values only
    except (yaml.YAMLError, ValueError, RecursionError) as wrong:
        raise NotUnderstood(f"no YAML ({str(wrong).splitlines()[0]})") from None


def max_depth(text: str) -> int:
    """The most brackets that are open at once; those in texts count too."""
    depth = deepest = 0
    for letter in text:
        if letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth = max(0, depth - 1)
    return deepest
