"""What a recipe of the right shape still gets wrong. Pure; keys are dotted, from the surface's table on.

What is never let through, since the probe does what a recipe says:
- a mailbox that is not made anew for each account;
- a step that could name another host, or take the place of what the HTTP client writes itself;
- a word in braces that nothing fills, or that an answer of the server would fill in our place.
"""

import re
from collections.abc import Iterator, Mapping

from shelfworthy.model.recipe import OURS, Recipe, Step
from shelfworthy.product.address import WrongAddress, normal_host
from shelfworthy.product.mistakes import nearest, quoted
from shelfworthy.product.sheet import Wrong

RANDOM = "{random}"
BLANK = re.compile(r"\{([a-z_]+)\}")
MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`|~.-]*\{random\}[A-Za-z0-9!#$%&'*+/=?^_`|~.-]*")
NAME = re.compile(r"[a-z_]{1,30}")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PATH = re.compile(r"/[!$&'()*+,;=:@A-Za-z0-9._~%/?{}-]*")
POINTER = re.compile(r"(/([^~/]|~[01])*)+")  # RFC 6901, section 3, without the whole document
HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
OWN_HEADERS = ("host", "user-agent", "connection", "content-length", "transfer-encoding", "accept-encoding")
STATUSES = range(200, 600)
LONGEST_PAUSE = 10_000  # ms between two requests: more, and no look would come to its end
# What each step must be told of what we make, since it is how an answer is believed.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "sign_up": ("email", "password"),
    "log_in": ("password",),
    "create": ("content",),
    "read": ("id",),
    "reset": ("new_password",),
}
CAPTURES: Mapping[str, str] = {"log_in": "token", "create": "id"}


def recipe(it: Recipe) -> Iterator[Wrong]:
    """Everything that is wrong with a recipe."""
    yield from _email(it.email)
    if not 0 <= it.interval_ms <= LONGEST_PAUSE:
        expected = f"Expected milliseconds, from 0 to {LONGEST_PAUSE}."
        yield "recipe.interval_ms", f"{it.interval_ms} is no pause between two requests", expected, ""
    yield from _statuses("recipe.slowed", it.slowed)
    steps = it.steps()
    filled = {*OURS, *(name for step in steps.values() for name in step.capture)}
    for name, step in steps.items():
        yield from _step(f"recipe.{name}", name, step, filled)
    if it.read is not None and it.create is None:
        yield "recipe.create", "it is missing, and `read` needs it", "Write [surface.recipe.create].", ""


def _email(email: str) -> Iterator[Wrong]:
    mailbox, _, domain = email.rpartition("@")
    try:
        host = normal_host(domain)
    except WrongAddress:
        host = ""
    if not MAILBOX.fullmatch(mailbox) or "." not in host:
        found = f"{quoted(email)} is no address that is new each time"
        expected = (
            f'Expected one of your own domain with {RANDOM} before the "@": "audit+{RANDOM}@lab.example".'
        )
        yield "recipe.email", found, expected, ""


def _step(key: str, name: str, step: Step, filled: set[str]) -> Iterator[Wrong]:
    if step.method not in METHODS:
        found = f"{quoted(step.method)} is no method"
        yield f"{key}.method", found, f"One of: {', '.join(METHODS)}.", nearest(step.method, METHODS)
    if not PATH.fullmatch(step.path):
        found = f"{quoted(step.path)} is no path"
        yield f"{key}.path", found, 'Expected what follows the address: "/v1/users/{id}".', ""
    if step.json and step.form:
        yield f"{key}.form", "there is a body already, `json`", "Leave out one of the two.", ""
    yield from _headers(f"{key}.headers", step.headers)
    for part, words in (
        ("path", step.path),
        ("headers", step.headers),
        ("json", step.json),
        ("form", step.form),
    ):
        for blank in sorted(set(blanks(words)) - filled):
            near = nearest(blank, sorted(filled))
            expected = f"One of: {', '.join(sorted(filled))}."
            yield f"{key}.{part}", f"nothing fills {{{blank}}}", expected, near
    yield from _told(key, name, step)
    yield from _captures(f"{key}.capture", name, step.capture)
    yield from _statuses(f"{key}.success", step.success)
    yield from _statuses(f"{key}.refusal", step.refusal)


def _told(key: str, name: str, step: Step) -> Iterator[Wrong]:
    """Whether a step carries what it must."""
    has = set(blanks((step.path, step.headers, step.json, step.form)))
    if secret := sorted({"password", "new_password"}.intersection(blanks(step.headers))):
        found = f"{{{secret[0]}}} does not go into a header"
        yield f"{key}.headers", found, "Send it in the body, as `json` or `form`.", ""
    if name == "delete" and has.isdisjoint(("token", "password")):
        expected = "Nobody should delete an account by its number alone: write {token} or {password} into it."
        yield key, "it does not prove whose account it is", expected, ""
    lacks = [f"{{{word}}}" for word in NEEDS.get(name, ()) if word not in has]
    if lacks:
        expected = "Write it where the service expects it: in the path, the headers, or the body."
        yield key, f"{' and '.join(lacks)} is nowhere in it", expected, ""


def _captures(key: str, name: str, capture: Mapping[str, str]) -> Iterator[Wrong]:
    wanted = CAPTURES.get(name)
    if wanted and wanted not in capture:
        expected = f'Write capture = {{ {wanted} = "/{wanted}" }}, where the answer has it.'
        yield key, f"it does not say where the {wanted} is", expected, ""
    for word, pointer in capture.items():
        if word in OURS:
            found = f"{quoted(word)} is made here, and never taken from an answer"
            yield key, found, "Give what the answer holds another name.", ""
        elif word == "token" and name not in ("sign_up", "log_in"):
            expected = "What else the answer holds needs another name: {token} is sent only as an account."
            yield key, "a session is begun by a log-in", expected, ""
        elif not NAME.fullmatch(word):
            found = f"{quoted(word)} is no name"
            yield key, found, 'Expected small letters and "_", as in {token}.', ""
        if not POINTER.fullmatch(pointer):
            found = f"{quoted(pointer)} is no JSON pointer"
            yield key, found, 'Expected for example "/token" or "/user/id".', ""


def _headers(key: str, headers: Mapping[str, str]) -> Iterator[Wrong]:
    for name, value in headers.items():
        if name.lower() in OWN_HEADERS:
            yield key, f"{quoted(name)} is written by the client itself", "Leave it out.", ""
        elif not HEADER.fullmatch(name) or not (value.isascii() and value.isprintable()):
            found = f"{quoted(name)} cannot be sent"
            yield key, found, 'Expected for example { Authorization = "Bearer {token}" }.', ""


def _statuses(key: str, statuses: tuple[int, ...]) -> Iterator[Wrong]:
    for status in statuses:
        if status not in STATUSES:
            yield key, f"{status} is no HTTP status", "Expected numbers from 200 to 599.", ""


def blanks(words: object) -> Iterator[str]:
    """The words in braces in text, or in the texts of a table or list."""
    match words:
        case str():
            yield from BLANK.findall(words)
        case Mapping():
            for inner in words.values():
                yield from blanks(inner)
        case tuple() | list():
            for inner in words:
                yield from blanks(inner)
