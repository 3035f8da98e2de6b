"""Sites of makers, each served over TLS by the lab's web server, and what must be said of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from shelfworthy_lab import openpgp
from shelfworthy_lab.listeners import Page

Pages = dict[str, Page]
TXT = "/.well-known/security.txt"
PLAIN = "text/plain; charset=utf-8"
TRUTH = ("contact-security-txt", "contact-page", "contact-bounty", "contact-policy")

HOME = (
    "<!doctype html><html lang={}><title>Bears</title><h1>Bears that murmur</h1><p>Hear your bear.{}</html>"
)
REPORT = "<html lang=en><h1>Report a vulnerability</h1><p>Write to <a href='mailto:{0}'>{0}</a>.</html>"
TIMES = (
    "<html lang=en><h1>Vulnerability disclosure policy</h1>"
    "<p>We acknowledge each report within 3 working days."
    "<p>You will receive status updates at least every 14 days until the issue is resolved.</html>"
)


class Site(Struct, frozen=True):
    """pages: made for the origin they will have. says: the first sentence of each check of TRUTH."""

    pages: Callable[[str], Pages]
    says: tuple[str, str, str, str]


def page(body: str) -> Page:
    return Page(body)


def home(words: str = "", language: str = "en") -> Page:
    return Page(HOME.format(language, words))


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def txt(*lines: str, expires: float = 100) -> str:
    """A security.txt with one contact, and these lines besides."""
    return "\n".join(["Contact: mailto:security@bears.test", f"Expires: {in_days(expires)}", *lines]) + "\n"


def only_txt(body: str, type: str = PLAIN, at: str = TXT) -> Callable[[str], Pages]:
    return lambda origin: {"/": home(), at: Page(body.replace("{origin}", origin), type)}


def pages(**more: str) -> Callable[[str], Pages]:
    """A home page, and these pages by path (`_` is `-`); `home` for words on the home page."""
    words = more.pop("home", "")
    return lambda origin: (
        {"/": home(words.replace("{origin}", origin))}
        | {
            f"/{path.replace('_', '-')}": page(body.replace("{origin}", origin))
            for path, body in more.items()
        }
    )


def signed(change: Callable[[str], str] = lambda text: text, linked: bool = True) -> Callable[[str], Pages]:
    """A security.txt signed with a key it links to, and perhaps changed afterwards."""

    def made(origin: str) -> Pages:
        key_at = f"Encryption: {origin}/key.asc"
        done = openpgp.sign(txt(key_at if linked else "# no key"), "Bears <security@bears.test>")
        assert done is not None
        text, key = done
        return {"/": home(), TXT: Page(change(text), PLAIN), "/key.asc": Page(key, "application/pgp-keys")}

    return made


def other_key(origin: str) -> Pages:
    """Signed by a key that is not the one linked to."""
    stranger = openpgp.sign("x\n", "Stranger <stranger@bears.test>")
    assert stranger is not None
    return signed()(origin) | {"/key.asc": Page(stranger[1], "application/pgp-keys")}


BARE = ("absent", "absent", "absent", "absent")
OK = ("valid", *BARE[1:])
MANY = "".join(f"<p><a href=/news-{n}>Security news {n}</a>" for n in range(9))

SITES: dict[str, Site] = {
    "bare": Site(pages(), BARE),
    "txt": Site(only_txt(txt()), OK),
    "txt at the old place": Site(only_txt(txt(), at="/security.txt"), OK),
    "txt canonical": Site(only_txt(txt("Canonical: {origin}/.well-known/security.txt")), OK),
    "txt long expiry": Site(only_txt(txt(expires=900)), ("advice", *BARE[1:])),
    "txt without charset": Site(only_txt(txt(), "text/plain"), ("advice", *BARE[1:])),
    "txt expired": Site(only_txt(txt(expires=-1)), ("expired", *BARE[1:])),
    "txt expired and elsewhere": Site(
        only_txt(txt("Canonical: https://bears.test/x", expires=-1)), ("fault", *BARE[1:])
    ),
    "txt no contact": Site(only_txt(f"Expires: {in_days(9)}\n"), ("fault", *BARE[1:])),
    "txt contact without scheme": Site(only_txt(txt().replace("mailto:", "")), ("fault", *BARE[1:])),
    "txt nothing in it": Site(only_txt("hello\n"), ("fault", *BARE[1:])),
    "txt too long": Site(only_txt(txt() + "# pad\n" * 8000), ("too-long", *BARE[1:])),
    "txt is the home page": Site(lambda origin: {path: home() for path in ("/", TXT, "/security.txt")}, BARE),
    "txt signed": Site(signed(), OK),
    "txt signed, tampered": Site(
        signed(lambda text: text.replace("security@", "thief@")), ("bad-signature", *BARE[1:])
    ),
    "txt signed, key not linked": Site(signed(linked=False), ("unverified", *BARE[1:])),
    "txt signed with another key": Site(other_key, ("unverified", *BARE[1:])),
    "txt signed, words outside": Site(
        signed(lambda text: "Contact: mailto:thief@bears.test\n" + text), ("fault", *BARE[1:])
    ),
    "txt signed, cut": Site(
        signed(lambda text: text.partition("-----BEGIN PGP SIGNATURE")[0]), ("fault", *BARE[1:])
    ),
    "page": Site(pages(security=REPORT.format("care@bears.test")), ("absent", "mail", "absent", "absent")),
    "page by link": Site(
        pages(
            home="<a href=/about/tell.html>Report a security bug</a>",
            **{"about/tell.html": REPORT.format("a@b.test")},
        ),
        ("absent", "mail", "absent", "absent"),
    ),
    "page with form": Site(
        pages(
            contact="<html lang=en><p>Found a security flaw? Tell us here.<form><textarea></textarea></form>"
        ),
        ("absent", "form", "absent", "absent"),
    ),
    "page with platform": Site(
        pages(
            security="<html lang=en><p>Please report vulnerabilities"
            " <a href='https://hackerone.com/bears'>at HackerOne</a>."
        ),
        ("absent", "platform", "linked", "unseen"),
    ),
    "page without a way": Site(
        pages(support="<html lang=en><p>If you find a security problem, call us."),
        ("absent", "no-way", "absent", "absent"),
    ),
    "page in German": Site(
        pages(
            home="<a href=/sicherheit>Sicherheitslücke melden</a>",
            sicherheit="<html lang=de><p>Haben Sie eine Schwachstelle gefunden? hilfe@bears.test",
        ),
        ("absent", "mail", "absent", "absent"),
    ),
    "in a language we do not know": Site(
        lambda origin: {"/": home("<p>Din bamse.", language="da")}, ("absent", "unseen", "unseen", "unseen")
    ),
    "made by scripts": Site(
        lambda origin: {
            "/": page("<html lang=en><script src=/app.js></script><noscript>Please switch on</noscript>")
        },
        ("absent", "unseen", "unseen", "unseen"),
    ),
    "hidden words": Site(
        pages(security="<html lang=en><p>Bears.<p hidden>Report a vulnerability to a@bears.test"), BARE
    ),
    "places broken": Site(
        lambda origin: {"/": home(), TXT: Page("", status=500), "/security": Page("", status=403)},
        ("unseen", "unseen", "unseen", "unseen"),
    ),
    "more links than we follow": Site(
        lambda origin: {"/": home(MANY)}, ("absent", "unseen", "unseen", "unseen")
    ),
    "txt contact in clear text": Site(
        only_txt(txt().replace("mailto:security@bears.test", "http://bears.test/tell")),
        ("no-safe-contact", "unseen", "unseen", "unseen"),  # what it names by http is not followed
    ),
    "page that takes no reports": Site(
        pages(
            security="<html lang=en><h1>Report a vulnerability</h1><p>We do not accept vulnerability reports."
            "<p>Sales: <a href=mailto:sales@bears.test>sales@bears.test</a>"
        ),
        ("absent", "no-way", "absent", "absent"),
    ),
    "page with news": Site(
        pages(
            home="<p>Researchers found a vulnerability in our first bear.<p>Press: press@bears.test",
            support="<html lang=en><p>A new report shows vulnerabilities in toys. Mail: help@bears.test",
        ),
        ("absent", "no-way", "absent", "absent"),
    ),
    "words in the navigation": Site(
        pages(
            home="<nav><a href=/tell.html>Report a vulnerability</a></nav>"
            "<p>Orders: <a href=mailto:orders@bears.test>orders@bears.test</a>",
            **{"tell.html": "<html lang=en><p>Coming soon."},
        ),
        ("absent", "no-way", "absent", "absent"),
    ),
    "times of a shop": Site(
        pages(
            support="<html lang=en><p>Has my bear a vulnerability?<p>We respond to mail within 2 days."
            "<p>The status of your order is updated every day."
        ),
        ("absent", "absent", "absent", "unsure"),
    ),
    "times nobody promises": Site(
        pages(
            vulnerability_disclosure="<html lang=en><h1>Vulnerability disclosure policy</h1>"
            "<p>We do not acknowledge reports within 3 days.<p>We send status updates every 14 days."
        ),
        ("absent", "no-way", "absent", "unsure"),
    ),
    "times for something else": Site(
        pages(
            responsible_disclosure="<html lang=en><h1>Responsible disclosure policy</h1>"
            "<p>We believe in responsible disclosure after 90 days.<p>Security updates come every month."
        ),
        ("absent", "absent", "absent", "no-times"),
    ),
    "privacy and security policy": Site(
        lambda origin: {
            "/": home("<p><a href=/privacy>Privacy and security policy</a>"),
            "/privacy": page("<html lang=en><p>Disclosure of your data to others: see below."),
            "/security": Page("", status=403),
        },
        ("absent", "unseen", "unseen", "unseen"),
    ),
    "bounty hunters": Site(
        pages(bug_bounty="<html lang=en><p>Bug bounty hunters will be prosecuted."),
        ("absent", "absent", "unsure", "absent"),
    ),
    "blog of a platform": Site(
        pages(
            security="<html lang=en><p>Read about toys at"
            " <a href='https://hackerone.com/blog/bears'>HackerOne on security</a>."
        ),
        ("absent", "unseen", "unseen", "unseen"),
    ),
    "bounty": Site(
        pages(bug_bounty="<html lang=en><p>Our bug bounty pays for what you find."),
        ("absent", "absent", "offered", "absent"),
    ),
    "bounty declined": Site(
        pages(bug_bounty="<html lang=en><p>We do not offer a bug bounty."),
        ("absent", "absent", "declined", "absent"),
    ),
    "policy": Site(pages(vulnerability_disclosure=TIMES), ("absent", "no-way", "absent", "times")),
    "policy by security.txt": Site(
        lambda origin: {
            "/": home(),
            TXT: Page(txt(f"Policy: {origin}/legal/cvd"), PLAIN),
            "/legal/cvd": page(TIMES),
        },
        ("valid", "no-way", "absent", "times"),
    ),
    "policy without times": Site(
        pages(
            responsible_disclosure="<html lang=en><h1>Responsible disclosure policy</h1>"
            "<p>We acknowledge reports within 3 days. Security updates come within 90 days."
        ),
        ("absent", "absent", "absent", "no-times"),
    ),
    "policy at another host": Site(
        lambda origin: {"/": home(), TXT: Page(txt("Policy: https://elsewhere.bears.test/cvd"), PLAIN)},
        ("valid", "unseen", "unseen", "unseen"),
    ),
    "support answers in a day": Site(
        pages(support="<html lang=en><p>We respond within 24 hours and send status updates every day."), BARE
    ),
}
