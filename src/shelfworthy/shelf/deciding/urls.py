"""URLs of this area."""

from django.urls import URLPattern, path, re_path

from shelfworthy.shelf.deciding import (
    asking_pages,
    feed_pages,
    letter_pages,
    pages,
    policy_pages,
    replay_pages,
)

urlpatterns: list[URLPattern] = [
    path("listings/<str:sku>/decide/", pages.decide, name="decide"),
    path("listings/<str:sku>/ask/", asking_pages.ask, name="ask"),
    path("decisions/", pages.decisions, name="decisions"),
    re_path(r"^decisions\.(?P<form>csv|json)$", pages.exported, name="decisions-export"),
    path("decisions/<int:number>/", pages.decision, name="decision"),
    path("decisions/<int:number>/replay/", replay_pages.replay, name="replay"),
    path("decisions/<int:number>/letters/<str:kind>/", letter_pages.letter_form, name="letter-form"),
    re_path(r"^letters/(?P<pk>\d{1,18})\.(?P<form>html|pdf)$", letter_pages.letter, name="letter"),
    path("proposals/", pages.proposed, name="proposals"),
    path("proposals/<int:proposal>/", pages.answered, name="proposal"),
    path("policy/", policy_pages.policy, name="policy"),
    path("feeds/", feed_pages.feeds, name="feeds"),
    path("feeds/<int:pk>/close/", feed_pages.close_feed, name="close-feed"),
    path("feeds/decisions.atom", feed_pages.decisions_feed, name="feed-decisions"),
    path("notices/", feed_pages.notices, name="notices"),
]
