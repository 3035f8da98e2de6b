"""URLs of this area."""

from django.urls import URLPattern, path

from shelfworthy.shelf.catalogue import views

urlpatterns: list[URLPattern] = [
    path("listings/", views.listings, name="listings"),
    path("listings.csv", views.export, name="listings-export"),
    path("listings/import/", views.hand_in, name="import"),
    path("imports/<int:number>/", views.result, name="import-result"),
]
