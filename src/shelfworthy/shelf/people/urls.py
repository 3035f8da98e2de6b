"""URLs of this area."""

from django.urls import URLPattern, path
from django.views.i18n import set_language

from shelfworthy.shelf.people import doors

urlpatterns: list[URLPattern] = [
    path("log-in", doors.log_in, name="log-in"),
    path("log-out", doors.log_out, name="log-out"),
    path("second-factor", doors.second_factor, name="second-factor"),
    path("enrol", doors.enrol, name="enrol"),
    path("new-password", doors.new_password, name="new-password"),
    path("language", set_language, name="set-language"),
]
