"""What the recipe of an update target gets wrong, its shape being right. Pure; keys are dotted.

What is never let through, since the probe sends what a recipe says:
- a step that could name another host, or take the place of what the HTTP client writes itself;
- a way of telling that does not say where in the answer the version stands;
- statuses that mean yes and no at once.
"""

import re
from collections.abc import Iterator

from shelfworthy.model import Pushing, Target, Telling, Upload
from shelfworthy.product.mistakes import nearest, quoted
from shelfworthy.product.recipe import HEADER, METHODS, OWN_HEADERS, POINTER, STATUSES
from shelfworthy.product.sheet import Wrong

PATH = re.compile(r"/[!$&'()*+,;=:@A-Za-z0-9._~%/?-]*")
FIELD = re.compile(r"[A-Za-z0-9_.-]{0,60}")
PUSHES = ("POST", "PUT")
FEW_WORDS = 200
NUMBERS = {
    "settle_ms": (0, 600_000, "milliseconds"),
    "restart_s": (1, 600, "seconds"),
    "answer_s": (1, 300, "seconds"),
}


def target(it: Target) -> Iterator[Wrong]:
    """Everything that is wrong with a target, but for its files and `where`."""
    if len(it.recovery) > FEW_WORDS:
        yield "recovery", "it is long", f"Expected at most {FEW_WORDS} characters.", ""
    if it.older and it.older == it.image:
        yield "older", "it is the image itself", "Expected the file of an image before it.", ""
    if it.recipe is not None:
        yield from recipe(it.recipe)


def recipe(it: Pushing) -> Iterator[Wrong]:
    """Everything that is wrong with a recipe."""
    for key, (least, most, unit) in NUMBERS.items():
        if not least <= (number := getattr(it, key)) <= most:
            expected = f"Expected {unit}, from {least} to {most}."
            yield f"recipe.{key}", f"{number} is too few or too many", expected, ""
    yield from _telling("recipe.version", it.version)
    yield from _upload("recipe.push", it.push)


def _telling(key: str, it: Telling) -> Iterator[Wrong]:
    yield from _request(key, it, METHODS)
    if bool(it.pointer) == bool(it.after):
        found = "it does not say in one way where the version stands"
        expected = 'Write pointer = "/version" for JSON, or after = "…" and before = "…" for a page.'
        yield key, found, expected, ""
    elif it.pointer and not POINTER.fullmatch(it.pointer):
        found = f"{quoted(it.pointer)} is no JSON pointer"
        yield f"{key}.pointer", found, 'Expected for example "/version".', ""
    elif it.after and not it.before:
        yield f"{key}.before", "it is missing", "Write the words that follow the version.", ""


def _upload(key: str, it: Upload) -> Iterator[Wrong]:
    yield from _request(key, it, PUSHES)
    if not FIELD.fullmatch(it.field):
        found = f"{quoted(it.field)} is no name of a form's field"
        yield f"{key}.field", found, 'Expected for example "firmware".', ""
    for name, statuses in (("success", it.success), ("refusal", it.refusal)):
        for status in statuses:
            if status not in STATUSES:
                yield f"{key}.{name}", f"{status} is no HTTP status", "Expected 200 to 599.", ""
    if both := sorted({*it.success} & {*it.refusal}):
        found = f"{both[0]} is a success, too"
        yield f"{key}.refusal", found, "An answer means yes or no, not both.", ""


def _request(key: str, it: Telling | Upload, methods: tuple[str, ...]) -> Iterator[Wrong]:
    if it.method not in methods:
        found = f"{quoted(it.method)} is no method for this"
        yield f"{key}.method", found, f"One of: {', '.join(methods)}.", nearest(it.method, methods)
    if not PATH.fullmatch(it.path):
        expected = 'Expected what follows the address: "/api/update".'
        yield f"{key}.path", f"{quoted(it.path)} is no path", expected, ""
    for name, value in it.headers.items():
        if name.lower() in (*OWN_HEADERS, "content-type"):
            yield f"{key}.headers", f"{quoted(name)} is written by the client itself", "Leave it out.", ""
        elif not HEADER.fullmatch(name) or not (value.isascii() and value.isprintable()):
            expected = 'Expected for example { X-Token = "…" }.'
            yield f"{key}.headers", f"{quoted(name)} cannot be sent", expected, ""
