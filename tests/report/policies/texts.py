"""A policy of our own, and what becomes of it."""

from html import escape

from shelfworthy.report.policies.comparing import policy_diff
from shelfworthy.report.policies.shape import PolicyDiff
from shelfworthy.seen.policy import PolicySeen
from shelfworthy.webtext.documents import Source, of_html

ADDRESS = "https://brookvale.example/privacy"
DATE = "This privacy policy was last updated on 3 March 2026."
ABOUT = "It is about the Lantern night light and its app, which Brookvale Lamps makes."
TAKEN = "We collect your name, your e-mail address and the hours at which the light is on."
PURPOSE = "We need your e-mail address to let you log in, and the hours to suggest a bedtime."
NAMED = "Your data are stored for us by Hillcrest Hosting Ltd in Norwich."
SOLD = "We do not sell your personal data to anybody."
REFUSE = 'To stop the collection of hours, open the app, choose Settings and switch off "Hours".'
DELETE = "To delete your account and all your data, open the app and press Delete account."
PERIOD = "We keep the hours for 30 days and then delete them."
AGE = "The app is not meant for children under 13 years of age."
TOLD = "We will send you an e-mail at least 14 days before this policy changes."
CONTACT = "Questions about privacy go to privacy@brookvale.example."
LAW = "This policy is governed by the laws of England and Wales."
BASE = (DATE, ABOUT, TAKEN, PURPOSE, NAMED, SOLD, REFUSE, DELETE, PERIOD, AGE, TOLD, CONTACT, LAW)


def seen(*lines: str, whole: bool = True, language: str = "en") -> PolicySeen:
    """A policy with these paragraphs."""
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    source = Source(
        "policy", "https://brookvale.example/privacy", "https://brookvale.example/privacy", -1, 200
    )
    page = of_html(source, f"<html lang={language}><body><h1>Privacy</h1>{text}</body></html>", whole=whole)
    return PolicySeen(at=None, hops=(), documents=(page,), unvisited=())


def becomes(changed: dict[str, str], *more: str, whole: bool = True) -> PolicyDiff | None:
    """The base, with some sentences replaced ("" takes one away) and some more at its end."""
    lines = [changed.get(line, line) for line in BASE]
    new = seen(*filter(None, lines), *more, whole=whole)
    return policy_diff(seen(*BASE), new, "policy", "")
