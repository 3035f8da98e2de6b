"""Bring the shelf's German up to date; with `--check` only say what is wrong.

Finds every string that is wrapped for translation in templates and Python, and those words of the rules and
of reports that pages translate where they show them, writes those that are new into
`locale/de/LC_MESSAGES/django.po` with nothing behind them, takes out those that are gone, and compiles what
is there. Fill in what it prints, and run it again. GNU gettext is not needed.
"""

import ast
import re
import struct
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

SHELF = Path(__file__).parent.parent / "src/shelfworthy/shelf"
RULES = SHELF.parent / "guidelines/five.toml"
REPORTS = SHELF.parent / "report/words/en.toml"
PO = SHELF / "locale/de/LC_MESSAGES/django.po"
HEADER = (
    "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\nLanguage: de\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\n"
)
ONE = {"gettext", "gettext_lazy", "gettext_noop", "_"}
MANY = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
QUOTED = r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATES = re.compile(
    rf"(?<!\w)(_|gettext|ngettext|pgettext|npgettext)\(\s*u?{QUOTED}(?:\s*,\s*u?{QUOTED})?"
)
PLACES = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")


class Message(NamedTuple):
    """What is said: once, or of one and of several. plural: "" if it does not count."""

    one: str
    plural: str = ""


Words = Mapping[Message, tuple[str, ...]]


class Wrong(Exception):
    """What cannot be translated as it is written: which file, and why."""


def wanted(shelf: Path = SHELF) -> dict[Message, set[str]]:
    """Every string that is wrapped, and the files it stands in."""
    found: dict[Message, set[str]] = {}
    for file in sorted(shelf.rglob("*")):
        name = file.relative_to(shelf).as_posix()
        if file.suffix == ".py" and not name.startswith("migrations/"):
            several = in_python(file.read_text(encoding="utf-8"), name)
        elif file.suffix in (".html", ".txt") and name.startswith("templates/"):
            several = in_template(file.read_text(encoding="utf-8"), name)
        else:
            continue
        for message in several:
            found.setdefault(message, set()).add(name)
    for message, name in of_the_core():
        found.setdefault(message, set()).add(name)
    return found


def of_the_core() -> Iterator[tuple[Message, str]]:
    """What the rules ask and are called, why an answer is open, what a finding says and how grave it is:
    verdicts keep these in English, and pages translate them where they show them."""
    from shelfworthy.model import Outcome, Severity

    rules, reports = (_toml(path) for path in (RULES, REPORTS))
    for one in (*rules["guideline"].values(), rules["exposure"]):
        yield Message(one["title"]), RULES.name
    for inside in rules["requirement"].values():
        for one in inside.values():
            yield Message(one["asks"]), RULES.name
    for heading in ("cause", "reason"):
        for words in reports[heading].values():
            yield Message(words), REPORTS.name
    for one in (*Severity, *Outcome):
        yield Message(str(one)), "model"


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def in_python(text: str, name: str) -> Iterator[Message]:
    """The strings of a module. What a variable holds is wrapped where it comes from.

    Raises Wrong for one that is put together: nobody can translate it.
    """
    for node in ast.walk(ast.parse(text, name)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        if called in CONTEXT:
            raise Wrong(f"{name}:{node.lineno}: no contexts: say it in other words.")
        if called not in ONE | MANY:
            continue
        said = node.args[: 2 if called in MANY else 1]
        if any(isinstance(one, ast.JoinedStr | ast.BinOp) for one in said):
            raise Wrong(f"{name}:{node.lineno}: only a plain string can be translated.")
        if all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in said):
            yield Message(*(str(one.value) for one in said if isinstance(one, ast.Constant)))


def in_template(text: str, name: str) -> Iterator[Message]:
    """The strings of a template, as Django's own lexer finds them."""
    from django.utils.translation.template import templatize

    for called, one, plural in IN_TEMPLATES.findall(templatize(text, origin=name)):
        if called in CONTEXT:
            raise Wrong(f"{name}: no contexts: say it in other words.")
        yield Message(_unquoted(one), _unquoted(plural) if called in MANY else "")


def _unquoted(quoted: str) -> str:
    value = ast.literal_eval(quoted)
    assert isinstance(value, str)
    return value


def read(text: str) -> Words:
    """The words of a .po file."""
    found: dict[Message, tuple[str, ...]] = {}
    parts: dict[str, str] = {}
    last = ""
    for line in [*text.splitlines(), ""]:
        if line.startswith("#"):
            continue
        if not line.strip():
            if parts:
                message = Message(parts["msgid"], parts.get("msgid_plural", ""))
                found[message] = tuple(parts[key] for key in sorted(parts) if key.startswith("msgstr"))
            parts = {}
            continue
        key, _, value = line.partition(" ")
        if line.startswith('"'):
            parts[last] += _unquoted(line)
        else:
            last, parts[key] = key, _unquoted(value)
    return {message: words for message, words in found.items() if message.one}


def written(words: Words, places: Mapping[Message, set[str]]) -> str:
    """A .po file: sorted, and with the files that each string stands in."""
    lines = ["# German for the shelf. Brought up to date by scripts/translations.py.", 'msgid ""']
    lines += ['msgstr ""', *(_quoted(f"{line}\n") for line in HEADER.splitlines()), ""]
    for message in sorted(words):
        lines += [f"#: {place}" for place in sorted(places.get(message, ()))]
        lines.append(f"msgid {_quoted(message.one)}")
        if message.plural:
            lines.append(f"msgid_plural {_quoted(message.plural)}")
            lines += [f"msgstr[{number}] {_quoted(one)}" for number, one in enumerate(words[message])]
        else:
            lines.append(f"msgstr {_quoted(words[message][0])}")
        lines.append("")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def compiled(words: Words) -> bytes:
    """A .mo file, as the GNU gettext manual describes it ("The Format of GNU MO Files"): what is not
    translated is left out, so that English is shown."""
    said = {"": HEADER}
    for message, several in words.items():
        if all(several):
            key = f"{message.one}\0{message.plural}" if message.plural else message.one
            said[key] = "\0".join(several)
    pairs = sorted((key.encode(), value.encode()) for key, value in said.items())
    count, begin = len(pairs), 28
    at = begin + 16 * count
    tables: list[list[bytes]] = [[], []]
    texts = b""
    for number in (0, 1):
        for pair in pairs:
            tables[number].append(struct.pack("<II", len(pair[number]), at + len(texts)))
            texts += pair[number] + b"\0"
    head = struct.pack("<IIIIIII", 0x950412DE, 0, count, begin, begin + 8 * count, 0, at)
    return head + b"".join(tables[0]) + b"".join(tables[1]) + texts


def mistakes(words: Words, places: Mapping[Message, set[str]]) -> list[str]:
    """What is not translated, not asked for any more, or has other places to fill in than the English."""
    found = []
    for message in sorted(set(places) | set(words)):
        where = f"{', '.join(sorted(places.get(message, ())))}: {message.one!r}"
        if message not in places:
            found.append(f"gone: {where}")
        elif not all(words.get(message, ("",))):
            found.append(f"no German: {where}")
        elif any(not _fills(one) <= _fills(message.one + message.plural) for one in words[message]):
            found.append(f"other places to fill in: {where}")
    return found


def _fills(text: str) -> set[str]:
    return {match.group() for match in PLACES.finditer(text)}


def main() -> int:
    """Bring it up to date, or check."""
    places = wanted()
    words = read(PO.read_text(encoding="utf-8")) if PO.exists() else {}
    if "--check" not in sys.argv:
        words = {message: words.get(message, ("", "") if message.plural else ("",)) for message in places}
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_text(written(words, places), encoding="utf-8")
        PO.with_suffix(".mo").write_bytes(compiled(words))
    wrong = mistakes(words, places)
    if not PO.with_suffix(".mo").exists() or PO.with_suffix(".mo").read_bytes() != compiled(words):
        wrong.append("django.mo is not what django.po says: run scripts/translations.py")
    print("\n".join(wrong) or f"All {len(places)} strings are there in German.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
