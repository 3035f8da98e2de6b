"""The bear's web pages."""

import datetime as dt
from pathlib import Path

from shelfworthy_lab import openpgp, policies, toml
from shelfworthy_lab.listeners import Page
from shelfworthy_lab.products.cloudpets import advisories

API = {"/": Page('{"service": "MurmurPal API", "status": "awake"}\n', "application/json")}
PARENTS = {"/": Page("<!doctype html><title>For parents</title><p>Parents sign in with the app.\n")}
HOME = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>MurmurPal</title>
<h1>MurmurPal, the bear that murmurs back</h1>
<p>Send a message from anywhere. The bear holds it until a paw is pressed.
{links}
</html>
"""
LINKS = """<p><a href="/contact">Contact</a> · <a href="/security">Security</a>
<footer><p><a href="/privacy">Privacy</a></footer>"""
LEGAL = '<footer><p><a href="/legal">Legal</a></footer>'
CONTACT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Contact</title>
<h1>Contact</h1>
<p>Found a security problem? See <a href="/security">how to report a vulnerability</a>.
<p>Plumwhistle Toys, care@murmurpal.test
</html>
"""
SECURITY = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Report a security vulnerability</title>
<h1>Report a security vulnerability</h1>
<p>Write to <a href="mailto:security@murmurpal.test">security@murmurpal.test</a>. You need no account.
<p>What happens then is in our <a href="/security/policy">vulnerability disclosure policy</a>.
<p>What we repaired is in our <a href="/security/advisories">security advisories</a>.
</html>
"""
SUPPORT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Support</title>
<h1>Support for your bear</h1>
<p>The MurmurPal Bear (model MP-2019) gets security updates until {day}, at least.
<p>They install themselves at night, while the bear is on its charger. No account is needed to ask for help.
</html>
"""
SUPPORTED_YEARS = 6
POLICY = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Vulnerability disclosure policy</title>
<h1>Vulnerability disclosure policy</h1>
<h2>What we do with your report</h2>
<p>We acknowledge receipt of every report within 3 working days.
<p>You will receive status updates at least every 14 days until the reported security issue is resolved.
<p>We fix what is confirmed within 90 days and publish an advisory that names you if you wish.
<h2>What we ask</h2>
<p>Use your own bear and your own account. We take no legal action against research in good faith.
</html>
"""


def www(edition: str, origin: str, folder: Path) -> dict[str, Page]:
    """The public site: in 2018 a home page, and what lawyers want."""
    if edition == "2018":
        legal = ("legal", "terms", "privacy", "tickets")
        return {"/": Page(HOME.format(links=LEGAL))} | {f"/{name}": kept(f"{name}-2018") for name in legal}
    text = security_txt(origin)
    pages = {
        "/": Page(HOME.format(links=LINKS)),
        "/privacy": kept("privacy-fixed"),
        "/contact": Page(CONTACT),
        "/security": Page(SECURITY),
        "/security/policy": Page(POLICY),
        "/support": Page(SUPPORT.format(day=supported_until())),
    }
    pages |= advisories.pages(origin)
    if signed := openpgp.sign(text, "MurmurPal Security <security@murmurpal.test>"):
        text, key = signed
        pages["/security/openpgp-key.asc"] = Page(key, "application/pgp-keys")
        (folder / "openpgp-key.asc").write_text(key)
    pages["/.well-known/security.txt"] = Page(text, "text/plain; charset=utf-8")
    return pages


def kept(name: str) -> Page:
    """A page of the folder `pages/`."""
    return Page(policies.text("cloudpets", f"{name}.html"))


def privacy(edition: str, origin: str) -> dict[str, toml.Value]:
    """The surface of the policy; in 2018 it is looked for from the home page."""
    home = f"{origin}/"
    where, start = (home, "") if edition == "2018" else (f"{origin}/privacy", home)
    return policies.surface(where, ["microphone"], start)


def supported_until() -> str:
    """A day some years from now, as people write it."""
    return f"31 May {dt.datetime.now(dt.UTC).year + SUPPORTED_YEARS}"


def security_txt(origin: str) -> str:
    """RFC 9116: Contact and Expires are required (2.5.3, 2.5.5); the rest helps."""
    expires = (dt.datetime.now(dt.UTC) + dt.timedelta(days=180)).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = [
        "Contact: mailto:security@murmurpal.test",
        f"Contact: {origin}/security",
        f"Expires: {expires}",
        f"Encryption: {origin}/security/openpgp-key.asc",
        "Preferred-Languages: en",
        f"Canonical: {origin}/.well-known/security.txt",
        f"CSAF: {origin}/.well-known/csaf/provider-metadata.json",
        f"Policy: {origin}/security/policy",
    ]
    if not openpgp.AVAILABLE:
        lines = [line for line in lines if not line.startswith("Encryption")]
    return "\n".join(lines) + "\n"
