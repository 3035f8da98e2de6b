"""The API: its frame, and the calls of each area."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Router
from ninja.parser import Parser

from shelfworthy import __version__
from shelfworthy.shelf.api.description import whole
from shelfworthy.shelf.api.frame import ByToken, Problem, answer
from shelfworthy.shelf.api.problems import teach
from shelfworthy.shelf.catalogue.api import router as catalogue
from shelfworthy.shelf.deciding.api import router as deciding
from shelfworthy.shelf.evidence.api import router as evidence
from shelfworthy.shelf.watching.api import router as watching
from shelfworthy.shelf.web.api import router as web

# Of the areas, typed by hand. The gate's comes first: paths are tried in this order, and tills wait.
ROUTERS: tuple[Router, ...] = (deciding, catalogue, evidence, watching, web)
ABOUT = """What a shop's programs ask its shelf: listings, their verdicts, evidence in, decisions, the watch.

A token (page *Tokens*) is sent as `Authorization: Bearer TOKEN`. Lists come in pages: send `next` back as
`cursor`. Errors are `application/problem+json`. `429` says how long to wait in `Retry-After`."""


class Strict(Parser):
    """JSON as RFC 8259 has it: no NaN, no half characters; and none that a database cannot keep."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """What a body says. Raises an exception, which ninja makes a 400 of."""
        if b"\\u0000" in request.body:
            raise ValueError("the character NUL cannot be part of anything here")
        said: dict[str, Any] = msgspec.json.decode(request.body)
        return said


api = NinjaAPI(
    title="Shelfworthy",
    version=__version__,
    description=ABOUT,
    auth=ByToken(),
    docs_url=None,
    openapi_url=None,  # ninja's would answer any method
    parser=Strict(),
)
for router in ROUTERS:
    api.add_router("", router)
teach(api)


@require_safe
def described(_: HttpRequest) -> HttpResponse:
    """The description, for everybody: it says what any Shelfworthy can be asked, and nothing of this shop."""
    return HttpResponse(msgspec.json.encode(whole(api)), content_type="application/json")


@csrf_exempt
def nothing(_: HttpRequest) -> HttpResponse:
    """What is asked of the API and is not there."""
    return answer(Problem(404, "Not found", "The API has no such path: /api/v1/openapi.json lists them."))


urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", csrf_exempt(described), name="openapi"),
    path("", api.urls),
    re_path(r"^.*$", nothing, name="api-nothing"),
]
