"""URLs of this area."""

from django.urls import URLPattern, path

from shelfworthy.shelf.running.health import health
from shelfworthy.shelf.running.metrics import metrics
from shelfworthy.shelf.running.static import static

urlpatterns: list[URLPattern] = [
    path("health", health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("static/<path:path>", static, name="static"),
]
