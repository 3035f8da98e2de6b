"""What a Bluetooth surface of the right shape still gets wrong. Pure; keys are dotted, from its table on.

What is never let through, since the probe writes what a profile says:
- an act that is not exactly one, or whose bytes nobody could read;
- recording for more than a second, or without a person who is there and knows;
- an operation that waits for itself.
"""

import re
from collections.abc import Iterator, Mapping

from shelfworthy.model import Act, Bluetooth, Does, Operation, Transport
from shelfworthy.product.address import WrongAddress, is_radio_address, parse_where
from shelfworthy.product.mistakes import nearest, quoted
from shelfworthy.product.sheet import Wrong

NAME = re.compile(r"\w[\w.-]{0,79}")
UUID = re.compile(r"[0-9A-Fa-f]{4}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
HEX = re.compile(r"([0-9A-Fa-f]{2}){1,512}")  # 512 bytes: Core Specification, volume 3, part F, section 3.2.9
LONGEST_RECORDING = 1000  # ms
LONGEST_WAIT = 30_000  # ms
LONGEST_WINDOW, LONGEST_WATCH = 600, 3600  # seconds
LARGEST_HEADER, FASTEST = 256, 1_000_000  # bytes, bytes a second
FEW_WORDS = 200
ONE_OF = ("write", "subscribe", "read", "wait_ms")
NUMBERS = {
    "window_s": (1, LONGEST_WINDOW, "seconds"),
    "watch_s": (1, LONGEST_WATCH, "seconds"),
}


def bluetooth(it: Bluetooth) -> Iterator[Wrong]:
    """Everything that is wrong with a Bluetooth surface, but for its files and `where`."""
    for key, (least, most, unit) in NUMBERS.items():
        if not least <= (number := getattr(it, key)) <= most:
            yield key, f"{number} is too few or too many", f"Expected {unit}, from {least} to {most}.", ""
    yield from _classic(it)
    ids = [one.id for one in it.operation]
    for place, operation in enumerate(it.operation):
        at = f"operation.{place}"
        if operation.id in ids[:place]:
            found = f"{quoted(operation.id)} is already the id of #{ids.index(operation.id) + 1}"
            yield f"{at}.id", found, "Expected a name of its own.", ""
        yield from _operation(at, operation, {one.id: one for one in it.operation}, it.person)
    for place, one in enumerate(it.harmless):
        yield from _uuid(f"harmless.{place}.write", one.write)
        yield from _hex(f"harmless.{place}.value", one.value)


def _classic(it: Bluetooth) -> Iterator[Wrong]:
    if it.transport is Transport.CLASSIC and not it.capture:
        try:
            named = not is_radio_address(parse_where(it.kind, it.where).path)
        except WrongAddress:
            return
        if named:
            found = "a Classic radio is not found by its name"
            yield "where", found, 'Expected its address, "bluetooth:C4:7C:8D:00:00:01".', ""


def _operation(at: str, it: Operation, others: Mapping[str, Operation], person: str) -> Iterator[Wrong]:
    if not NAME.fullmatch(it.id):
        found = f"{quoted(it.id)} is no short name" if it.id else "it is empty"
        yield f"{at}.id", found, 'Expected letters, digits, "-", "_" and ".", for example "record".', ""
    if not it.says.strip() or len(it.says) > FEW_WORDS or not it.says.isprintable():
        expected = 'Expected what follows "a stranger could": "play a sound".'
        yield f"{at}.says", "it is empty, or more than a few words", expected, ""
    if not it.act:
        expected = 'Write [[surface.operation.act]] with a "write" and its "value".'
        yield f"{at}.act", "it is missing: nothing is done", expected, ""
    for part in ("act", "undo"):
        for place, act in enumerate(getattr(it, part)):
            yield from _act(f"{at}.{part}.{place}", act)
    yield from _together(at, {"refused_on": it.refused_on, "refused": it.refused})
    if it.refused_on:
        yield from _uuid(f"{at}.refused_on", it.refused_on)
    if it.refused:
        yield from _hex(f"{at}.refused", it.refused)
    yield from _after(f"{at}.after", it, others)
    for key, number, most in (("header", it.header, LARGEST_HEADER), ("rate", it.rate, FASTEST)):
        if not 0 <= number <= most:
            yield f"{at}.{key}", f"{number} is too few or too many", f"Expected from 0 to {most}.", ""
    if it.does is Does.RECORD:
        yield from _recording(at, it, person)


def _recording(at: str, it: Operation, person: str) -> Iterator[Wrong]:
    waits = sum(act.wait_ms for act in it.act)
    if waits > LONGEST_RECORDING:
        expected = f"Expected at most {LONGEST_RECORDING} ms of `wait_ms` in all: that proves the point."
        yield f"{at}.act", f"it would record for {waits} ms", expected, ""
    if not person.strip():
        expected = 'Write person = "who is there and knows" into the surface.'
        yield f"{at}.does", "it records, and nobody is said to be there", expected, ""


def _after(key: str, it: Operation, others: Mapping[str, Operation]) -> Iterator[Wrong]:
    """What must come before: another operation, and at last one that needs none."""
    if not it.after:
        return
    if it.after not in others:
        found = f"there is no operation {quoted(it.after)}"
        yield key, found, f"Operations are: {', '.join(others)}.", nearest(it.after, others)
        return
    seen = {it.id}
    one: Operation | None = others[it.after]
    while one is not None and one.after:
        if one.id in seen:
            break
        seen.add(one.id)
        one = others.get(one.after)
    if one is not None and one.id in seen:
        yield key, "it comes after itself", "Expected an operation that can be begun with.", ""


def _act(at: str, act: Act) -> Iterator[Wrong]:
    said = [key for key in ONE_OF if getattr(act, key)]
    if len(said) != 1:
        found = f"it is {' and '.join(said)}" if said else "it does nothing"
        yield at, found, f"Expected exactly one of: {', '.join(ONE_OF)}.", ""
        return
    for key in ("write", "subscribe", "read", "on", "collect"):
        if getattr(act, key):
            yield from _uuid(f"{at}.{key}", getattr(act, key))
    if act.write and not act.value:
        yield f"{at}.value", "it is missing, and a `write` needs it", 'Expected bytes in hex: "0801".', ""
    for key in ("value", "expect"):
        if getattr(act, key):
            yield from _hex(f"{at}.{key}", getattr(act, key))
    for key in ("value", "key", "answerless", "on", "collect"):
        if getattr(act, key) and not act.write:
            yield f"{at}.{key}", "it belongs to a `write`", "Leave it out, or write something.", ""
    yield from _together(at, {"on": act.on, "expect": act.expect})
    for key, number in (("wait_ms", act.wait_ms), ("within_ms", act.within_ms)):
        if not (0 if key == "wait_ms" else 1) <= number <= LONGEST_WAIT:
            expected = f"Expected milliseconds, at most {LONGEST_WAIT}."
            yield f"{at}.{key}", f"{number} is no time to wait", expected, ""


def _together(at: str, pair: Mapping[str, str]) -> Iterator[Wrong]:
    for key, other in (tuple(pair), tuple(pair)[::-1]):
        if pair[other] and not pair[key]:
            yield f"{at}.{key}", f"it is missing, and `{other}` needs it", "Write both, or none.", ""


def _uuid(key: str, text: str) -> Iterator[Wrong]:
    if not UUID.fullmatch(text):
        expected = 'Expected 4 hex digits, or "aaddf75d-a95a-0000-0001-3ca499b74009".'
        yield key, f"{quoted(text)} is no UUID", expected, ""


def _hex(key: str, text: str) -> Iterator[Wrong]:
    if not HEX.fullmatch(text):
        yield key, f"{quoted(text)} are no bytes in hex", 'Expected 1 to 512 bytes: "0801".', ""
