"""The map of all URLs and of all calls of the API, as the tests of permission go over it.

An area that adds a URL with an argument of a new name says in `EXAMPLES` what somebody else's is.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from shelfworthy.shelf.people.entrance import FIRST_FACTOR, ONE_TIME, OPEN
from shelfworthy.shelf.people.roles import May
from tests.shelf.world import World

ASKS_NO_ROLE = OPEN | FIRST_FACTOR | ONE_TIME | {"static", "api-nothing"}

# What stands for an argument: by the name of the URL and of the argument, or by the argument's alone.
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
    "proposal": lambda world: world.proposal.pk,
    "decision": lambda world: world.decision.pk,
    "subscription": lambda world: world.subscription.pk,
}
# Pages about what is the whole shop's, of no market: whoever may see them sees them for all.
OF_NO_MARKET = frozenset({"person", "let-go", "let-in", "erase", "revoke"})


class Page(NamedTuple):
    """A URL: its name, what it needs (None: no role), the names of its arguments."""

    name: str
    needs: May | None
    arguments: tuple[str, ...]

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
            if one not in EXAMPLES:
                raise AssertionError(f"Say in EXAMPLES what {one} of {self.path} may be.")
            path = path.replace(f"{{{one}}}", str(EXAMPLES[one](world)))
        return f"/api/v1{path}"


def pages() -> list[Page]:
    """All URLs but the API's."""
    return [
        Page(pattern.name or "", getattr(pattern.callback, "needs", None), tuple(pattern.pattern.converters))
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


def _of_the_api(pattern: URLPattern) -> bool:
    module = getattr(pattern.callback, "__module__", "")
    return module.startswith("ninja.") or pattern.lookup_str.startswith("ninja.")
