"""What names a privacy policy leads to its page, path and all; everything else to the server alone."""

import pytest

from shelfworthy.discovery import discover
from shelfworthy.discovery.trail import MOST
from shelfworthy.model import AnySurface, Mention, PrivacyPolicy, Seen, canonical
from shelfworthy.seen.contact import ContactSeen, Link, Page, SecurityField, SecurityTxt
from shelfworthy.seen.firmware import FirmwareContents
from shelfworthy.seen.firmware_contents import Named, Place
from tests.builders import NOON, observed
from tests.discovery.content import APP, product, saying

SITE = PrivacyPolicy(id="policy", where="policy:https://www.bear.test/")
URL = "https://www.bear.test/legal/privacy"


class Naming(Seen, frozen=True, tag="naming/1"):
    """Something that calls these privacy policies."""

    names: tuple[str, ...]

    def mentions(self) -> tuple[Mention, ...]:
        return tuple(
            Mention(what=name, role="privacy policy", field=f"names.{at}", place=f"line {at + 1}")
            for at, name in enumerate(self.names)
        )


def policies(
    *observations: Seen, at: AnySurface = APP, beside: tuple[AnySurface, ...] = ()
) -> dict[str, bool]:
    """The policies that these lead to, and whether each decides."""
    found = discover(product(at, *beside), [observed(one, at.id) for one in observations]).found
    return {one.surface.id: one.decides for one in found if isinstance(one.surface, PrivacyPolicy)}


@pytest.mark.parametrize(
    ("what", "where"),
    [
        (URL, "https://www.bear.test/legal/privacy"),
        ("HTTPS://WWW.Bear.test:443/Privacy#top", "https://www.bear.test/Privacy"),
        ("https://wren:secret@www.bear.test/privacy", "https://www.bear.test/privacy"),
        ("http://www.bear.test:8080/privacy?lang=de", "http://www.bear.test:8080/privacy?lang=de"),
        ("https://www.bear.test", "https://www.bear.test/"),
        (
            "https://www.bear.test/プライバシー",
            "https://www.bear.test/%E3%83%97%E3%83%A9%E3%82%A4%E3%83%90%E3%82%B7%E3%83%BC",
        ),
        ("https://www.bear.test/daten%C3%BC", "https://www.bear.test/daten%C3%BC"),
    ],
)
def test_a_policy_is_its_whole_page(what: str, where: str) -> None:
    assert policies(Naming(names=(what,))) == {f"seen:policy:{where}": True}
    (one,) = [
        one
        for one in discover(product(APP), [observed(Naming(names=(what,)), "app")]).found
        if isinstance(one.surface, PrivacyPolicy)
    ]
    assert one.surface.where == f"policy:{where}"
    assert one.told == "line 1 (the app app)"


@pytest.mark.parametrize(
    "what",
    [
        "javascript:alert('privacy')",
        "data:text/html,privacy",
        "ftp://www.bear.test/privacy",
        "mailto:privacy@bear.test",
        "https://www.bear.test/priv acy",
        "https://www.bear.test/privacy\n",
        "https://www.bear.test/privacy\x1b[2J",
        "https://www.bear.test/privacy\u202etxt",
        "http://2130706433/privacy",
        "https://a.test\\@b.test/privacy",
        "privacy.bear.test",
        "https://www.bear.test/privacy/" + "x" * 3000,
    ],
)
def test_what_is_no_page_is_no_policy(what: str) -> None:
    found = policies(Naming(names=(what,)))
    assert found in ({}, {"seen:policy:https://www.bear.test/privacy": True})
    if found:
        assert what == "https://www.bear.test/privacy\n"  # white space around an address is none of it


def test_the_server_and_its_name_are_seen_as_ever() -> None:
    ids = {one.surface.id for one in discover(product(APP), [observed(Naming(names=(URL,)), "app")]).found}
    assert ids == {
        "seen:domain:www.bear.test",
        "seen:endpoint:https://www.bear.test/",
        f"seen:policy:{URL}",
    }


def test_a_word_in_a_path_alone_names_no_policy() -> None:
    found = discover(product(APP), [saying("app", URL)]).found
    assert not any(isinstance(one.surface, PrivacyPolicy) for one in found)


def test_a_declared_policy_is_no_other_one() -> None:
    for declared in (
        PrivacyPolicy(id="policy", where=f"policy:{URL}"),
        PrivacyPolicy(id="policy", where="policy:https://www.bear.test/", children=URL),
        PrivacyPolicy(id="policy", where="policy:https://else.test/", start=URL),
    ):
        assert policies(Naming(names=(URL,)), beside=(declared,)) == {}
    assert policies(Naming(names=(URL,)), beside=(SITE,)) == {f"seen:policy:{URL}": True}


def test_at_storage_that_is_rented_to_many_it_is_shared() -> None:
    url = "https://s3.amazonaws.com/bear/privacy.html"
    found = discover(product(APP), [observed(Naming(names=(url,)), "app")]).found
    assert [one.shared for one in found if isinstance(one.surface, PrivacyPolicy)] == [True]


def test_what_a_page_calls_so_is_listed_and_decides_nothing() -> None:
    assert policies(Naming(names=(URL,)), at=SITE) == {f"seen:policy:{URL}": False}


def test_thousands_of_them_on_a_page_are_bounded() -> None:
    many = tuple(f"https://www.bear.test/privacy/{n}" for n in range(5000))
    found = discover(product(SITE), [observed(Naming(names=many), "policy")])
    assert len(found.found) <= MOST
    assert found.left_out >= 4000


def test_in_whatever_order_it_says_the_same() -> None:
    several = [
        observed(Naming(names=(URL, "https://b.test/p")), "app"),
        observed(Naming(names=(URL,)), "policy"),
    ]
    one = canonical(discover(product(APP, SITE), several))
    assert canonical(discover(product(SITE, APP), several[::-1])) == one


def contents(*names: Named) -> FirmwareContents:
    return FirmwareContents(
        length=1,
        sha256="",
        parts=(),
        accounts=(),
        secrets=(),
        services=(),
        updaters=(),
        names=names,
        programs=(),
        tried=0,
        truncated=False,
        left=(),
    )


def test_of_firmware_the_place_of_the_string_is_told() -> None:
    seen = contents(Named(URL, "privacy policy", Place(2, "usr/bin/bear", 8123, 30)))
    (mention,) = seen.mentions()
    assert (mention.role, mention.field) == ("privacy policy", "names.0")
    assert mention.place == "byte 8123 of usr/bin/bear in part 2"


def security_txt(*fields: SecurityField) -> ContactSeen:
    return ContactSeen(
        at=NOON,
        site="https://www.bear.test/",
        places=(),
        security_txt=SecurityTxt(
            url="https://www.bear.test/.well-known/security.txt",
            final="https://www.bear.test/.well-known/security.txt",
            whole=True,
            fields=fields,
            problems=(),
            expires=None,
            signature=None,
        ),
        pages=(
            Page(
                role="place",
                url="https://www.bear.test/",
                final="https://www.bear.test/",
                status=200,
                cause=None,
                words="",
                whole=True,
                readable=True,
                language="en",
                form=False,
                passages=(),
                links=(Link("Privacy & security", "https://www.bear.test/p/7"),),
            ),
        ),
        unvisited=(),
    )


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://www.bear.test/privacy", True),
        ("https://www.bear.test/datenschutz", True),
        # A Policy of RFC 9116 is one of disclosure, whatever it is called.
        ("https://www.bear.test/security-policy", False),
        ("https://www.bear.test/policy", False),
        ("https://www.bear.test/vulnerability-disclosure-and-privacy", False),
        ("mailto:privacy@bear.test", False),
    ],
)
def test_of_security_txt_only_what_says_privacy_itself(url: str, is_one: bool) -> None:
    seen = security_txt(SecurityField("policy", url, 3))
    said = [one for one in seen.mentions() if one.field == "security_txt.fields.0"]
    assert [one.what for one in said] == [url]
    assert said[0].role.startswith("privacy policy") is is_one
    if is_one:
        assert said[0].place == "line 3 of https://www.bear.test/.well-known/security.txt"


def test_a_link_that_is_called_so_on_a_contact_page() -> None:
    (one,) = [one for one in security_txt().mentions() if one.what == "https://www.bear.test/p/7"]
    assert one.role == "privacy policy"
    assert one.place == 'the link "Privacy & security" at https://www.bear.test/'
