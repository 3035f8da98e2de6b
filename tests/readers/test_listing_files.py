"""The file of an app's listing names the policy: JSON of whatever form, or the page as a browser saved it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.model import Cause, Kind, NotSeen
from shelfworthy.product.address import parse_where
from shelfworthy.readers.policy import POLICY
from shelfworthy.readers.policy.listing import of_json
from shelfworthy.sandbox.box import Heard, look_into
from shelfworthy.seen.policy import PolicyListing, PolicySeen

URL = "https://www.bear.test/legal/7"
OTHER = "https://www.bear.test/"


def heard(folder: Path, content: bytes, name: str = "listing.json") -> Heard:
    file = folder / name
    file.write_bytes(content)
    return asyncio.run(look_into(POLICY.read, name, file, POLICY.sees, POLICY.limits, patience=60))


def listing(folder: Path, content: Any, name: str = "listing.json") -> PolicyListing:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    came = heard(folder, raw, name)
    assert came.trouble is None, came.trouble
    (seen,) = came.seen
    assert isinstance(seen, PolicyListing)
    return seen


FORMS: dict[str, tuple[Any, str, str]] = {
    "a store's look-up": (
        {"resultCount": 1, "results": [{"sellerUrl": OTHER, "privacyPolicyUrl": URL, "trackName": "Bear"}]},
        "results.0.privacyPolicyUrl",
        "privacyPolicyUrl",
    ),
    "an export": (
        [{"appId": "test.bear", "developerWebsite": OTHER, "privacyPolicy": URL}],
        "0.privacyPolicy",
        "privacyPolicy",
    ),
    "snake case": (
        {"privacy_policy_url": URL, "support_url": OTHER},
        "privacy_policy_url",
        "privacy_policy_url",
    ),
    "a key above": (
        {"privacy": {"policy": {"url": URL}}, "site": OTHER},
        "privacy.policy.url",
        "privacy policy url",
    ),
    "English": ({"links": [{"title": "Privacy Policy", "href": URL}]}, "links.0.href", "Privacy Policy"),
    "German": (
        {"links": [{"label": "Datenschutzrichtlinie", "href": URL}]},
        "links.0.href",
        "Datenschutzrichtlinie",
    ),
    "Spanish": ({"l": {"name": "Política de privacidad", "url": URL}}, "l.url", "Política de privacidad"),
    "French": (
        {"l": {"text": "Politique de confidentialité", "url": URL}},
        "l.url",
        "Politique de confidentialité",
    ),
    "Japanese": ({"l": {"text": "プライバシー ポリシー", "url": URL}}, "l.url", "プライバシー ポリシー"),
    "in its text": (
        {"description": f"A bear.\nShop: {OTHER}\nPrivacy policy: {URL}.", "url": OTHER},
        "description",
        "Privacy policy",
    ),
    "by its path": ({"urls": [OTHER, "https://www.bear.test/privacy"]}, "urls.1", ""),
}


@pytest.mark.parametrize("form", FORMS)
def test_json_of_whatever_form(tmp_path: Path, form: str) -> None:
    content, place, words = FORMS[form]
    seen = listing(tmp_path, content)
    (one,) = seen.named
    assert (seen.file, seen.form) == ("listing.json", "json")
    assert one.url == (URL if form != "by its path" else "https://www.bear.test/privacy")
    assert (one.place, one.words) == (place, words)


NONE: dict[str, Any] = {
    "no URL": {"privacyPolicyUrl": "see our site"},
    "no page": {
        "privacyPolicyUrl": "javascript:alert(1)",
        "privacy": "data:text/html,x",
        "p": "file:///privacy",
    },
    "a script": {"privacyPolicyUrl": "https://www.bear.test/\u0000privacy"},
    "another thing": {"name": "Privacy Camera", "sellerUrl": OTHER, "artwork": "https://img.bear.test/1.png"},
    "the store's own": {
        "privacyPolicyUrl": "https://www.apple.com/legal/privacy/",
        "p": "https://policies.google.com/privacy",
    },
    "nothing": {},
}


@pytest.mark.parametrize("how", NONE)
def test_a_listing_that_names_none_says_so(tmp_path: Path, how: str) -> None:
    came = heard(tmp_path, json.dumps(NONE[how]).encode())
    assert came.seen == ()
    assert came.trouble is not None
    assert came.trouble.cause is Cause.NOT_SUPPLIED
    assert "listing.json names no privacy policy" in came.trouble.words
    assert 'where = "policy:https://' in came.trouble.words


STORE = f"""<!doctype html><html lang=de><title>Murmurpal im Store</title><h1>Murmurpal</h1>
<p>Ein Bär, der zuhört. <p><a href="{OTHER}">Website des Entwicklers</a>
<p>Mehr dazu in der <a href="{URL}">Datenschutzrichtlinie des Entwicklers</a>.
<footer><a href="https://www.apple.com/de/privacy/">Datenschutz</a></footer></html>"""


def test_a_page_that_was_saved(tmp_path: Path) -> None:
    seen = listing(tmp_path, STORE.encode(), "listing.html")
    (one,) = seen.named
    assert (seen.form, one.url) == ("web page", URL)
    assert one.words == "Datenschutzrichtlinie des Entwicklers"
    assert one.clicks == 1


@pytest.mark.parametrize("title", ["Privacy policy", "Murmurpal: what we keep"])
def test_a_saved_policy_is_no_listing_because_it_links_to_another(tmp_path: Path, title: str) -> None:
    page = (
        f"<!doctype html><title>{title}</title><h1>{title}</h1><p>This says what we do with your data."
        f'<p>We count visits with another: <a href="{URL}">its privacy policy</a>.'
    )
    (seen,) = heard(tmp_path, page.encode(), "saved.html").seen
    assert isinstance(seen, PolicySeen)


def test_a_saved_page_with_the_stores_own_policy_alone_is_not_judged_as_one(tmp_path: Path) -> None:
    page = STORE.replace(URL, "https://www.apple.com/legal/privacy/")
    came = heard(tmp_path, page.encode(), "listing.html")
    assert came.seen == ()
    assert came.trouble is not None
    assert came.trouble.cause is Cause.NOT_SUPPLIED


def test_a_page_that_a_store_rents_out_is_its_tenants(tmp_path: Path) -> None:
    url = "https://sites.google.com/view/bear/privacy"
    assert [one.url for one in listing(tmp_path, {"privacyPolicy": url}).named] == [url]


def test_a_text_in_brackets_is_a_text(tmp_path: Path) -> None:
    (seen,) = heard(tmp_path, b"[Draft] We keep your voice for 30 days. [end]", "privacy.txt").seen
    assert isinstance(seen, PolicySeen)


def test_the_one_by_its_name_comes_before_the_one_by_its_path(tmp_path: Path) -> None:
    seen = listing(tmp_path, {"a": "https://ads.test/privacy", "privacyPolicyUrl": URL})
    assert [one.url for one in seen.named] == [URL, "https://ads.test/privacy"]
    # The first is what the surface is looked at; the others are seen on the way.
    assert [(one.what, one.role) for one in seen.mentions()] == [
        ("https://ads.test/privacy", "privacy policy")
    ]


HOSTILE = {
    "20 MB": b'{"privacyPolicyUrl":"' + URL.encode() + b'","x":"' + b"x" * (20 << 20) + b'"}',
    "deep": b"[" * 3_000_000,
    "deep and whole": b"[" * 200_000 + b"]" * 200_000,
    "deep objects": b'{"privacy":' * 100_000 + b"1" + b"}" * 100_000,
    "no JSON": b'{"privacyPolicyUrl": ',
    "no letters": b'{"a":"\xff\xfe\x00"}',
}


@pytest.mark.parametrize("how", HOSTILE)
def test_a_hostile_file_is_not_understood(tmp_path: Path, how: str) -> None:
    came = heard(tmp_path, HOSTILE[how])
    assert came.seen == ()
    assert came.trouble is not None
    assert came.trouble.cause is Cause.NOT_UNDERSTOOD
    assert "listing.json" in came.trouble.words


def test_thousands_of_policies_are_bounded_and_counted(tmp_path: Path) -> None:
    many = {"links": [{"title": "Privacy", "url": f"https://h{n}.test/privacy"} for n in range(20_000)]}
    seen = listing(tmp_path, many)
    assert len(seen.named) == 20
    assert seen.more == 20_000 - 20


def test_a_text_of_nothing_but_addresses_takes_linear_time(tmp_path: Path) -> None:
    text = ("privacy https://" * 20_000) + " ".join(f"https://h{n}.test/privacy" for n in range(20_000))
    seen = listing(tmp_path, {"description": text})
    assert (len(seen.named), seen.more, seen.whole) == (20, 19_979, True)  # the first has no space before it
    seen = listing(tmp_path, {"description": " ".join(f"https://h{n}.test/privacy" for n in range(200_000))})
    assert (len(seen.named), seen.whole) == (20, False)


@pytest.mark.parametrize("form", ["addresses", "values"])
def test_where_not_all_was_read_nothing_is_said_to_be_missing(tmp_path: Path, form: str) -> None:
    # 6 MB: to look at the whole text once for each address in it would take minutes.
    many: Any = f"{OTHER}{'y' * 5} " * 200_000 if form == "addresses" else ["y"] * 500_000
    came = heard(tmp_path, json.dumps({"x": many, "privacyPolicyUrl": URL}).encode())
    assert came.seen == ()
    assert came.trouble is not None
    assert came.trouble.cause is Cause.NOT_UNDERSTOOD
    assert "not all of it was read" in came.trouble.words


def test_what_is_kept_has_no_control_characters(tmp_path: Path) -> None:
    seen = listing(tmp_path, {"privacy\u001b[2J\u202e": {"url": URL}})
    (one,) = seen.named
    assert "\u001b" not in one.words + one.place
    assert "\u202e" not in one.words + one.place


JSONS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.sampled_from([URL, OTHER])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(["privacy", "url", "title"]), st.text(max_size=8)), inner),
    ),
    max_leaves=20,
)


@settings(max_examples=300)
@given(JSONS)
def test_whatever_it_holds_what_is_named_can_be_asked_for(content: object) -> None:
    try:
        seen = of_json(json.dumps(content).encode(), "listing.json")
    except NotSeen:
        return
    for one in seen.named:
        at = parse_where(Kind.POLICY, f"policy:{one.url}")
        assert at.scheme in ("http", "https")
        assert (one.words + one.place).isprintable()
