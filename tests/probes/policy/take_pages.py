"""Take the specimens of `policy-accessible`: pages of our making in real Chromium, and what it says of each.

python -m tests.probes.policy.take_pages
"""

import asyncio
import re
from datetime import UTC, date, datetime
from pathlib import Path
from unittest.mock import patch

import msgspec

from shelfworthy.model import About, PrivacyPolicy
from shelfworthy.sandbox import browser
from shelfworthy.seen.policy import PolicyPage
from tests.harvest import write_specimen
from tests.probes.policy.looking import look, site

ABOUT = About(surface=PrivacyPolicy(id="policy", where="policy:https://www.bears.test/privacy"))
TEXT = "We keep the voice of your child for thirty days, and then we delete it for good. "
LONG = f"<p>{TEXT * 20}" * 2
HEADED = "<main><h1>Privacy policy</h1>" + LONG + "</main>"
HEAD = "<!doctype html><html lang=en><title>Privacy policy</title>"
SHEET = "main { color: #222; background: #fff }"
SVG = "xmlns='http://www.w3.org/2000/svg' width='800' height='1000'"
PICTURE = f"<svg {SVG}><text y='40'>We keep your voice</text></svg>"
SCANNED = "<main><h1>Privacy policy</h1><img src=/scan.svg width=800 height=1000 {}></main>"

# name → the page, the sentence of the answer
PAGES = {
    "plain": (f"{HEAD}<link rel=stylesheet href=/look.css><nav><a href=/>Home</a></nav>{HEADED}", "readable"),
    "made by a script": (
        f"{HEAD}<script>document.write(`{HEADED}`)</script><noscript>Switch on scripts.</noscript>",
        "readable",
    ),
    "small logo without words": (f"{HEAD}{HEADED}<img src=/scan.svg width=40 height=50>", "readable"),
    "pale": (f"{HEAD}{HEADED.replace('<p>', '<p style=color:#bbb>')}", "barrier"),
    "no language, unnamed link": (
        f"{HEAD.replace(' lang=en', '')}{HEADED}<a href=/terms><span></span></a>",
        "barrier",
    ),
    "scan without words": (HEAD + SCANNED.format(""), "picture"),
    "scan with a name": (HEAD + SCANNED.format("alt='Our privacy policy'"), "picture"),
    "long text, scan without words": (f"{HEAD}{HEADED}{SCANNED.format('')}", "barrier"),
    "no headings": (f"{HEAD}<main>{LONG}</main>", "no-headings"),
    "on a picture": (
        f"{HEAD}{HEADED.replace('<main', '<main style=background-image:url(/scan.svg)')}",
        "undecided",
    ),
    "in a frame": (
        f"{HEAD}{HEADED}<iframe title=Details width=600 height=400 srcdoc='<html lang=en><p>More'></iframe>",
        "framed",
    ),
    "style from elsewhere": (
        f"{HEAD}<link rel=stylesheet href=http://127.0.0.6:8080/look.css>{HEADED}",
        "not-dressed",
    ),
    "text that did not come": (
        f"{HEAD}{SCANNED.format('alt=Bears')}<script src=http://127.0.0.6:8080/text.js></script>",
        "not-dressed",
    ),
    "pale, a script did not come": (
        f"{HEAD}{HEADED.replace('<p>', '<p style=color:#bbb>')}<script src=http://127.0.0.6:8080/x.js></script>",
        "barrier",
    ),
    "never at rest": (f"{HEAD}{HEADED}<script>setInterval(() => fetch('/'), 50)</script>", "hurried"),
    "navigation only": (f"{HEAD}<nav><a href=/>Home</a></nav><script>let bears = 2</script>", "empty"),
}
FILES = {"text": ("/privacy.txt", TEXT * 20)}
AT = datetime(2026, 11, 29, 12, tzinfo=UTC)


def main() -> None:
    for name, (page, says) in PAGES.items():
        keep(name, taken({"/privacy": page}, "/privacy"), says)
    for name, (path, text) in FILES.items():
        keep(name, taken({path: text}, path), "no-web-page")
    shop = f"{HEAD.replace('Privacy policy', 'Bears')}<main><h1>Bears</h1>{'<p>Bears hug.' * 40}</main>"
    keep("no policy", taken({"/": shop}, "/"), "not-found")
    with patch.object(browser, "CHROMIUM", "/nowhere/chromium"):
        keep("no chromium", taken({"/privacy": HEAD + HEADED}, "/privacy"), "not-tried")


def taken(pages: dict[str, str], path: str) -> PolicyPage:
    """What is seen of a policy at an address and on a day that do not change from run to run."""

    async def run() -> PolicyPage:
        async with site({"/look.css": SHEET, "/scan.svg": PICTURE, **pages}) as one:
            (seen,) = (await look(one, path)).pages
            url = seen.url.replace(f"http://{one.server.at}", "https://www.bears.test")
            return msgspec.structs.replace(seen, at=AT, url=url)

    return asyncio.run(run())


def keep(name: str, seen: PolicyPage, says: str) -> None:
    """Write the specimen if the check says what it must."""
    source = f"tests.servers, page “{name}”, "
    source += f"Chromium {seen.browser}, axe {seen.axe}" if seen.axe else "no browser needed"
    file = re.sub(r"[^a-z0-9]+", "-", name.lower())
    path = write_specimen("policy-accessible", seen, ABOUT, f"{source}, {date.today().isoformat()}", file)
    assert f'"says": "{says}"' in path.read_text(), (name, path, seen)
    print(path.relative_to(Path.cwd()))


if __name__ == "__main__":
    main()
