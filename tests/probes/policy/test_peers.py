"""Sites with a policy that are broken, hostile, or lead elsewhere: bounded, and the answer says why."""

import asyncio
import resource

import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Cause, Identity, Outcome, PrivacyPolicy
from shelfworthy.probes.policy import POLICY
from shelfworthy.reach import Limits, NotSeen
from shelfworthy.seen.policy import PolicySeen
from tests.bombs import gzip_of_zeros
from tests.looking import allow, bench, door, product
from tests.policies.judging import POLICY_CHECKS
from tests.probes.contact.test_peers import Answer, site
from tests.servers import Server, answers, page, saying, self_signed, serving
from tests.specimen import outcome

HTML = ("Content-Type: text/html; charset=utf-8",)
PATIENT = Limits(connect=5, silence=5, look=60)  # the machine may be busy
GONE = page(b"", "404 Not Found")
TEXT = "<html lang=en><title>Privacy</title><h1>Privacy policy</h1>"
SAYS = (
    "<p>The Murmurpal bear takes your voice so that it can answer. We keep it for 30 days and then delete it."
)
GOOD = page(f"{TEXT}{SAYS}</html>".encode(), headers=HTML)
ABOUT = About(
    surface=PrivacyPolicy(id="policy", where="policy:https://bears.test/", sensors=()),
    product=Identity(name="Murmurpal", vendor="Plumwhistle", for_children=False),
)
# What a text is asked for that must not be called missing when not all of it was read.
ABSENT = ("policy-opt-out", "policy-deletion", "policy-retention", "policy-sharing", "policy-contact")


def by_path(**said: bytes) -> Answer:
    """404 everywhere but at these paths (`home` is /)."""
    return lambda path: said.get("home" if path == "/" else path.strip("/"), GONE)


async def look(where: str, others: tuple[Server, ...] = ()) -> PolicySeen:
    at = PrivacyPolicy(id="policy", where=where)
    reach = door(product([at], [allow("127.0.0.5")]), bench(("127.0.0.0/8",)), PATIENT).reach(at)
    (seen,) = [one async for one in POLICY.observe(at, reach) if isinstance(one, PolicySeen)]
    return seen


def seen(answer: Answer, path: str = "/") -> PolicySeen:
    async def run() -> PolicySeen:
        async with serving(site(answer), tls=self_signed()) as server:
            return await look(f"policy:https://{server.at}{path}")

    return asyncio.run(run())


def said(it: PolicySeen) -> dict[str, Outcome]:
    return {check.id: outcome(tuple(check.judge(it, ABOUT))) for check in POLICY_CHECKS}


def test_what_is_there_is_read() -> None:
    answers_ = said(seen(by_path(home=GOOD)))
    assert answers_["policy-available"] is Outcome.PASS
    assert answers_["policy-retention"] is Outcome.PASS
    assert answers_["policy-opt-out"] is Outcome.FAIL


FILLING = "<p>" + "We like bears and bears like you. " * 40
HUGE = {
    "20 MB": f"{TEXT}{SAYS}{FILLING * 15_000}".encode(),
    "20 MB of tags": (TEXT + SAYS + "<p><b>x</b>" * 2_000_000).encode(),
    "20 MB of one word": (TEXT + SAYS + "x" * (20 << 20)).encode(),
    "20 MB of sentences": (TEXT + SAYS + "<p>" + "A b. " * (4 << 20)).encode(),
    "20 MB of styles": (TEXT + "<style>" + ".a{color:#fff}" * 1_500_000 + "</style>" + SAYS).encode(),
    "deep": (TEXT + SAYS + "<div style='background:#fff'>" * 200_000).encode(),
}


QUICK = ("deep",)


@pytest.mark.parametrize(
    "how", [one if one in QUICK else pytest.param(one, marks=pytest.mark.slow) for one in HUGE]
)
def test_a_page_without_end_is_read_in_part_and_nothing_is_called_missing(how: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    it = seen(by_path(home=page(HUGE[how], headers=HTML)))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 << 10
    assert not it.documents[0].whole
    assert len(it.documents[0].text) <= 200_000
    answers_ = said(it)
    assert {answers_[one] for one in ABSENT} <= {Outcome.INCONCLUSIVE, Outcome.PASS}


NO_TEXT = {
    "a bomb": page(gzip_of_zeros(64), headers=("Content-Encoding: gzip", *HTML)),
    "an image": page(b"\x89PNG", headers=("Content-Type: image/png",)),
    "refused": page(b"", "403 Forbidden"),
    "a PDF that is none": page(b"%PDF-1.7\n" + bytes(1000), headers=("Content-Type: application/pdf",)),
    "redirects in a circle": page(b"", "302 Found", ("Location: /policy",)),
    "hangs up": b"",
}


@pytest.mark.parametrize("how", NO_TEXT)
def test_a_policy_that_cannot_be_read_is_not_called_bad(how: str) -> None:
    home = page(b"<html lang=en><p>Bears.<a href=/policy>Privacy policy</a>", headers=HTML)
    it = seen(by_path(home=home, policy=NO_TEXT[how]))
    answers_ = said(it)
    assert set(answers_.values()) <= {Outcome.INCONCLUSIVE, Outcome.MOOT}
    assert it.documents[0].text == "" or not it.documents[0].readable


def test_redirects_without_end() -> None:
    def on(path: str) -> bytes:
        return page(b"", "302 Found", (f"Location: {path}x",))

    with pytest.raises(NotSeen) as trouble:
        seen(on)
    assert trouble.value.cause is Cause.NOT_UNDERSTOOD


def test_an_encoding_that_lies() -> None:
    text = f"{TEXT}<p>Schreiben Sie an die Straße 5. Wir löschen Ihre Aufnahmen nach dreißig Tagen.".replace(
        "S", "S"
    )
    lying = page(text.encode("latin-1", "replace"), headers=("Content-Type: text/html; charset=utf-8",))
    it = seen(by_path(home=lying))
    assert "\ufffd" in it.documents[0].text
    wrong = page(text.encode(), headers=("Content-Type: text/html; charset=zip",))
    assert "Straße" in seen(by_path(home=wrong)).documents[0].text


def test_text_that_nobody_sees_does_not_count() -> None:
    hidden = '<p style="color:#fff">You can delete everything in the app under Settings, Delete.</p>'
    it = seen(by_path(home=page(f"{TEXT}{SAYS}{hidden}".encode(), headers=HTML)))
    assert it.documents[0].hidden > 20
    assert said(it)["policy-deletion"] is Outcome.FAIL


def test_a_link_out_of_the_permission_is_not_followed() -> None:
    async def run() -> tuple[PolicySeen, int]:
        async with serving(saying(GOOD), host="127.0.0.6") as other:
            assert await answers(other)
            home = f'<html lang=en><p>Bears.<a href="http://{other.at}/">Privacy policy</a>'.encode()
            async with serving(site(by_path(home=page(home, headers=HTML))), tls=self_signed()) as server:
                return await look(f"policy:https://{server.at}/"), other.contacts

    it, contacts = asyncio.run(run())
    assert contacts == 1  # our own
    assert it.documents[0].cause is Cause.NOT_PERMITTED
    assert said(it)["policy-available"] is Outcome.INCONCLUSIVE


def test_a_shopper_who_finds_no_link() -> None:
    it = seen(
        by_path(
            home=page(b"<html lang=en><p>Bears. <a href=/about>About us</a>", headers=HTML),
            about=page(b"<html lang=en><p>We are bears.", headers=HTML),
        )
    )
    assert [hop.by for hop in it.hops] == ["", "About us"]
    assert said(it)["policy-available"] is Outcome.FAIL


def test_a_thousand_links_are_not_all_followed() -> None:
    links = "".join(f"<a href=/about{n}>About {n}</a>" for n in range(1000))
    it = seen(lambda path: page(f"<html lang=en><p>{links}".encode(), headers=HTML))
    assert len(it.hops) <= 6
    assert said(it)["policy-available"] is Outcome.INCONCLUSIVE
    assert BY_ID["policy-available"].says["left"]


POLISH = """<html lang=pl><title>Prywatność / privacy</title><h1>Polityka prywatności (privacy policy)</h1>
<p>Nie sprzedajemy danych. To jest polityka dla misia, który nagrywa głos i wysyła go do nas, aby na niego
odpowiedzieć. Dane są u nas przez rok lub dwa. {more}</html>"""


@pytest.mark.parametrize(("more", "contact"), [("", Outcome.INCONCLUSIVE), ("mis@bears.test", Outcome.PASS)])
def test_in_a_language_without_rules_nothing_is_called_missing(more: str, contact: Outcome) -> None:
    it = seen(by_path(home=page(POLISH.format(more=more).encode(), headers=HTML)))
    answers_ = said(it)
    assert answers_["policy-contact"] is contact
    assert Outcome.FAIL not in answers_.values()
    assert answers_["policy-current"] is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(("language", "answer"), [("pl", Outcome.INCONCLUSIVE), ("en", Outcome.FAIL)])
def test_a_link_in_words_nobody_knows_is_no_link_that_lacks(language: str, answer: Outcome) -> None:
    home = f"<html lang={language}><p>Miś. <a href=/polityka>Polityka prywatności</a>".encode()
    assert said(seen(by_path(home=page(home, headers=HTML))))["policy-available"] is answer
