"""URLs of this area."""

from django.urls import URLPattern, path

from shelfworthy.shelf.web import views

urlpatterns: list[URLPattern] = [path("", views.dashboard, name="dashboard")]
