"""The API: its frame, and the calls of each area."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI, Router

from shelfworthy import __version__
from shelfworthy.shelf.api.frame import ByToken, Problem, answer
from shelfworthy.shelf.deciding.api import router as deciding
from shelfworthy.shelf.watching.api import router as watching

ROUTERS: tuple[Router, ...] = (deciding, watching)  # of the areas, typed by hand

api = NinjaAPI(title="Shelfworthy", version=__version__, auth=ByToken(), docs_url=None)
for router in ROUTERS:
    api.add_router("", router)


@api.exception_handler(Problem)
def problem(request: HttpRequest, said: Problem) -> HttpResponse:
    """A problem, as an answer."""
    return answer(said)


urlpatterns: list[URLPattern | URLResolver] = [path("", api.urls)]
