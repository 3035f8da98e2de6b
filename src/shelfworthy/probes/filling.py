"""Fill a step with values, and take values out of what it was answered. Pure; no answer makes it raise.

What a server sends is used only where it can do no harm: in a path as one segment that stays one however
often it is decoded, in a header without line breaks, as text in a body. Nobody else's address is ever used.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct

from shelfworthy.model import Step

Value = str | int
Values = Mapping[str, Value]

BLANK = re.compile(r"\{([a-z_]+)\}")
USABLE = re.compile(r"[\x21-\x7e]{1,4096}")  # visible ASCII: a token, an identifier, a URL
MAILBOX = re.compile(r"@|%40", re.IGNORECASE)
LARGEST = 1 << 63
TOKEN = re.compile(r"[A-Za-z0-9_+/=:.-]+")
MOST_WORDS = 1 << 14  # of an answer, for comparing
NO_SEGMENT = re.compile(
    r"[/\\%?#]|\.\.|^\.$"
)  # which leads elsewhere in a path, at the latest when decoded twice


class Filled(Struct, frozen=True):
    """A request as it is sent. path: beginning with "/". headers: with the type of the body, if any."""

    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def lacking(step: Step, values: Values) -> list[str]:
    """The words in braces for which there is no value."""
    texts = msgspec.json.encode((step.path, step.headers, step.json, step.form)).decode()
    return sorted(set(BLANK.findall(texts)) - values.keys())


def misleading(step: Step, values: Values) -> list[str]:
    """The words in braces of the path whose values are no plain segment of one."""
    return [name for name in BLANK.findall(step.path) if NO_SEGMENT.search(str(values[name]))]


def filled(step: Step, values: Values, without: frozenset[str] = frozenset()) -> Filled:
    """A step with its values. without: leave out headers that hold one of these."""
    path = BLANK.sub(lambda blank: quote(str(values[blank[1]]), safe=""), step.path)
    headers = tuple(
        (name, BLANK.sub(lambda blank: str(values[blank[1]]), text))
        for name, text in step.headers.items()
        if without.isdisjoint(BLANK.findall(text))
    )
    if step.json:
        body = json.dumps(_inside(step.json, values), ensure_ascii=False).encode()
        return Filled(path, (*headers, ("Content-Type", "application/json")), body)
    if step.form:
        body = urlencode({key: _inside(text, values) for key, text in step.form.items()}).encode()
        return Filled(path, (*headers, ("Content-Type", "application/x-www-form-urlencoded")), body)
    return Filled(path, headers, b"")


def _inside(template: Any, values: Values) -> Any:  # noqa: ANN401 - JSON
    match template:
        case str():
            whole = BLANK.fullmatch(template)
            if whole:
                return values[whole[1]]  # a number stays one
            return BLANK.sub(lambda blank: str(values[blank[1]]), template)
        case dict():
            return {key: _inside(inner, values) for key, inner in template.items()}
        case list():
            return [_inside(inner, values) for inner in template]
    return template


def captured(step: Step, body: bytes, ours: str) -> tuple[dict[str, Value], str]:
    """What a step captures of an answer, and why that is not all ("" if it is). ours: our own address."""
    if not step.capture:
        return {}, ""
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return {}, "its answer is no JSON"
    found: dict[str, Value] = {}
    for name, pointer in step.capture.items():
        value = pointed(answer, pointer)
        if isinstance(value, bool) or not isinstance(value, str | int):
            return found, f"its answer has no text or number at {pointer}"
        if isinstance(value, int) and abs(value) >= LARGEST:
            return found, f"the number at {pointer} is too large"
        if isinstance(value, str):
            if not USABLE.fullmatch(value):
                return found, f"the text at {pointer} cannot be sent again"
            if MAILBOX.search(value) and value.lower() != ours.lower():
                return found, f"it names an address at {pointer} that is not ours"
        found[name] = value
    return found, ""


def pointed(document: Any, pointer: str) -> Any:  # noqa: ANN401 - JSON
    """What a JSON pointer (RFC 6901) leads to, or None."""
    for escaped in pointer.split("/")[1:]:
        key = escaped.replace("~1", "/").replace("~0", "~")
        if isinstance(document, list) and re.fullmatch(r"0|[1-9][0-9]{0,5}", key):
            document = document[int(key)] if int(key) < len(document) else None
        elif isinstance(document, dict):
            document = document.get(key)
        else:
            return None
    return document


def wording(body: bytes, ours: str) -> str:
    """What an answer says, without what is new in each: our address, numbers, identifiers. Bounded."""
    try:
        text = msgspec.json.encode(msgspec.json.decode(body), order="deterministic").decode()
    except (msgspec.MsgspecError, RecursionError, OverflowError, ValueError):
        text = body[:MOST_WORDS].decode(errors="replace")
    text = re.sub(re.escape(ours), "", text[:MOST_WORDS], flags=re.IGNORECASE)
    return TOKEN.sub(lambda found: "9" if re.search(r"\d", found[0]) else found[0], text)
