"""URLs of this area."""

from django.urls import URLPattern, path

from shelfworthy.shelf.watching import views

urlpatterns: list[URLPattern] = [
    path("watch/", views.watch, name="watch"),
    path("watch/look/<path:sku>/", views.look, name="look"),
    path("watch/subscriptions/", views.subscriptions, name="subscriptions"),
    path("watch/subscriptions/<int:number>/end/", views.end_subscription, name="end-subscription"),
    path("feeds/changes.atom", views.changes_feed, name="changes-feed"),
]
