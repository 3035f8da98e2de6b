"""URLs of this area."""

from django.urls import URLPattern, path, re_path

from shelfworthy.shelf.evidence import views

urlpatterns: list[URLPattern] = [
    path("audits/", views.audits, name="audits"),
    path("audits/upload", views.upload, name="upload"),
    re_path(r"^audits/(?P<digest>[0-9a-f]{64})/$", views.audit, name="audit"),
    re_path(r"^files/(?P<digest>[0-9a-f]{64})/(?P<name>[0-9a-f]{64})$", views.attachment, name="attachment"),
    path("listings/<str:sku>/", views.listing, name="listing"),
]
