"""The map of all URLs and of all calls of the API, as the tests of permission go over it.

An area that adds a URL with an argument of a new name says in `EXAMPLES` what somebody else's is.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from shelfworthy.shelf.people.entrance import FIRST_FACTOR, ONE_TIME, OPEN
from shelfworthy.shelf.people.roles import May
from tests.shelf.world import World

ASKS_NO_ROLE = OPEN | FIRST_FACTOR | ONE_TIME | {"static", "api-nothing", "openapi"}

# What stands for an argument: by the name of the URL and of the argument, or by the argument's alone; of a
# call of the API by its path.
Example = Callable[[World], object]
EXAMPLES: dict[str, Example] = {
    "sku": lambda world: world.listings[0].sku,
    "digest": lambda world: world.audit.digest,
    "person.number": lambda world: world.owner.pk,
    "let-go.number": lambda world: world.owner.pk,
    "let-in.number": lambda world: world.owner.pk,
    "erase.number": lambda world: world.owner.pk,
    "revoke-own.number": lambda world: world.token.pk,
    "revoke.number": lambda world: world.token.pk,
    "import-result.number": lambda world: world.reading.pk,
    "attachment.name": lambda world: "b" * 64,
    "decisions-export.form": lambda world: "csv",
    "decision.number": lambda world: world.decision.number,
    "replay.number": lambda world: world.decision.number,
    "letter-form.number": lambda world: world.decision.number,
    "letter-form.kind": lambda world: "maker",
    "letter.pk": lambda world: world.letter.pk,
    "letter.form": lambda world: "html",
    "close-feed.pk": lambda world: world.feed.pk,
    "end-subscription.number": lambda world: world.subscription.pk,
    "/imports/{number}": lambda world: world.reading.pk,
    "/decisions/{number}": lambda world: world.decision.number,
    "/decisions/{number}/replay": lambda world: world.decision.number,
    "/subscriptions/{number}": lambda world: world.subscription.pk,
    "/proposals/{id}/second": lambda world: world.proposal.pk,
    "/proposals/{id}/refuse": lambda world: world.proposal.pk,
    "proposal": lambda world: world.proposal.pk,
    "decision": lambda world: world.decision.pk,
    "subscription": lambda world: world.subscription.pk,
}
# What a call is sent so that it is a whole one: who may not make it is told so, and not what is wrong.
BODIES: dict[tuple[str, str], dict[str, object]] = {
    ("PUT", "/listings/{sku}"): {"title": "Guessed"},
    ("POST", "/listings/{sku}/decisions"): {"action": "withdraw", "expected": "held", "reason": "guessed"},
    ("POST", "/policy/dry-run"): {"text": ""},
    ("POST", "/subscriptions"): {"channel": "feed", "to": "guessed"},
}
QUERIES = {
    ("PUT", "/audits/{digest}/part"): "?at=0&of=1",
    ("POST", "/notices"): "?address=https://shop.example/feed",
}
# Pages about what is the whole shop's, of no market: whoever may see them sees them for all.
OF_NO_OBJECT = frozenset(  # an argument that names nothing of anybody: a form, or one's own upload
    {"decisions-export", "/audits/{digest}/part"}
)
OF_NO_MARKET = frozenset({"person", "let-go", "let-in", "erase", "revoke", "close-feed"})


# Pages that everybody may see and only some send.
SENDING = {"policy": May.SET_POLICY}


class Page(NamedTuple):
    """A URL: its name, what it needs (None: no role), the names of its arguments."""

    name: str
    needs: May | None
    arguments: tuple[str, ...]

    def needed(self, method: str) -> May | None:
        """What it needs if it is asked so."""
        return SENDING.get(self.name, self.needs) if method == "POST" else self.needs

    def address(self, world: World) -> str:
        """One that leads to something of the world."""
        return reverse(self.name, kwargs={one: self._example(one)(world) for one in self.arguments})

    def _example(self, argument: str) -> Example:
        for name in (f"{self.name}.{argument}", argument):
            if name in EXAMPLES:
                return EXAMPLES[name]
        raise AssertionError(f"Say in EXAMPLES what {self.name}.{argument} may be.")


class Call(NamedTuple):
    """A call of the API."""

    method: str
    path: str
    needs: May | None
    arguments: tuple[str, ...]

    def address(self, world: World) -> str:
        """As in `Page`."""
        path = self.path
        for one in self.arguments:
            example = EXAMPLES.get(self.path) or EXAMPLES.get(one)
            if example is None:
                raise AssertionError(f"Say in EXAMPLES what {one} of {self.path} may be.")
            path = path.replace(f"{{{one}}}", str(example(world)))
        return f"/api/v1{path}{QUERIES.get((self.method, self.path), '')}"

    @property
    def body(self) -> dict[str, object]:
        """What it is sent."""
        return BODIES.get((self.method, self.path), {})


def pages() -> list[Page]:
    """All URLs but the API's."""
    return [
        Page(pattern.name or "", getattr(pattern.callback, "needs", None), _arguments(pattern))
        for pattern in _patterns(get_resolver().url_patterns)
        if not _of_the_api(pattern)
    ]


def calls() -> list[Call]:
    """All calls of the API."""
    from shelfworthy.shelf.api.urls import api

    found = []
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    needs = getattr(operation.view_func, "needs", None)
                    whole = f"/{prefix}/{path}".replace("///", "/").replace("//", "/")
                    plain = whole
                    names = []
                    for part in whole.split("{")[1:]:
                        declared = part.partition("}")[0]
                        names.append(declared.rpartition(":")[2])
                        plain = plain.replace(f"{{{declared}}}", f"{{{names[-1]}}}")
                    found.append(Call(method, plain, needs, tuple(names)))
    return found


def _patterns(several: list[Any]) -> Iterator[URLPattern]:
    for one in several:
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns)
        else:
            yield one


def _arguments(pattern: URLPattern) -> tuple[str, ...]:
    return tuple(pattern.pattern.converters) or tuple(pattern.pattern.regex.groupindex)


def _of_the_api(pattern: URLPattern) -> bool:
    module = getattr(pattern.callback, "__module__", "")
    return module.startswith("ninja.") or pattern.lookup_str.startswith("ninja.")
