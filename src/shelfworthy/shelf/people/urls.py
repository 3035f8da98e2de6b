"""URLs of this area."""

from django.urls import URLPattern, path
from django.views.i18n import set_language

from shelfworthy.shelf.people import doors, logbook, own, people

urlpatterns: list[URLPattern] = [
    path("log-in", doors.log_in, name="log-in"),
    path("log-out", doors.log_out, name="log-out"),
    path("second-factor", doors.second_factor, name="second-factor"),
    path("enrol", doors.enrol, name="enrol"),
    path("new-password", doors.new_password, name="new-password"),
    path("language", set_language, name="set-language"),
    path("people/", people.people, name="people"),
    path("people/<int:number>/", people.person, name="person"),
    path("people/<int:number>/let-go", people.let_go, name="let-go"),
    path("people/<int:number>/let-in", people.let_in, name="let-in"),
    path("people/<int:number>/erase", people.erase, name="erase"),
    path("settings/", own.settings, name="settings"),
    path("settings/token", own.make_token, name="make-token"),
    path("settings/token/<int:number>/revoke", own.revoke_own, name="revoke-own"),
    path("settings/recovery-codes", own.recovery_codes, name="recovery-codes"),
    path("tokens/", own.all_tokens, name="tokens"),
    path("tokens/<int:number>/revoke", own.revoke, name="revoke"),
    path("log/", logbook.log, name="log"),
    path("log/export", logbook.export, name="log-export"),
]
