"""The map of all URLs. Each area has its own, in its `urls.py`.

They are tried in this order: the API's come first, for tills wait for it.
"""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("shelfworthy.shelf.api.urls")),
    path("", include("shelfworthy.shelf.web.urls")),
    path("", include("shelfworthy.shelf.catalogue.urls")),
    path("", include("shelfworthy.shelf.evidence.urls")),
    path("", include("shelfworthy.shelf.deciding.urls")),
    path("", include("shelfworthy.shelf.watching.urls")),
    path("", include("shelfworthy.shelf.people.urls")),
    path("", include("shelfworthy.shelf.running.urls")),
]
