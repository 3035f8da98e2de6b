"""Can people who cannot see well read the privacy policy?

Why it matters: who uses a screen reader, large letters or strong contrast agrees to the same policy as
everybody else, and often depends on the device more than others do. A policy that is a picture of text, or
pale grey on white, tells them nothing.

How we look (look): the policy as its site serves it is shown in Chromium, which has no network of its own;
what the page asks for is fetched for it where the permission allows. There axe, the rules by which most
sites test themselves, goes over the page, and we count letters, headings, pictures and frames. A rule of
impact serious or critical that does not hold is a barrier. That pictures lack a description is one where a
picture is big enough to hold text.

What it does not show: whether the text makes sense when it is heard, and whether the way to it has barriers.
Machines find about half of what a person would. Frames, and PDF and plain text files, are not looked into.

If it fails: let axe (or Lighthouse, which has it inside) show you the places, and repair them; put text on
the page instead of pictures of text.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.policy import PolicyPage, PolicyRule

BARRIERS = {"critical": Severity.HIGH, "serious": Severity.MEDIUM}  # by axe's impact
# What these say depends on colours and sizes, which nobody knows where a style sheet did not come.
STYLE = frozenset({"color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"})
# A picture without a description is a barrier where it may hold the text.
PICTURE = frozenset({"area-alt", "image-alt", "object-alt", "role-img-alt", "svg-img-alt"})
MAKES_TEXT = frozenset({"document", "script", "xhr", "fetch"})
LEAST = 600  # letters: with fewer beside a picture, the picture is the text
LONG = 2000  # letters: a text that nobody can find his way through without headings

SAYS = {
    "readable": "A screen reader can read {url}: of axe's rules {passes} hold, and no serious one is broken.",
    "barrier": "At {url} axe's rule {rule} is broken in {places} places; its impact is {impact}.",
    "picture": "The text of {url} is a picture: beside it there are {letters} letters.",
    "no-headings": "{url} has {letters} letters and not one heading.",
    "undecided": "Whether axe's rule {rule} holds at {url}, a machine cannot tell in {places} places.",
    "framed": "Some of {url} is in a frame, into which axe does not look.",
    "not-dressed": "Of {url} not all came that decides what it looks like ({part}).",
    "hurried": "{url} did not come to rest in the time we gave it.",
    "empty": "{url} shows {letters} letters and no picture: nothing to read.",
    "no-web-page": "{url} is no web page, and axe tries nothing else.",
    "not-tried": "{url} was not tried: {why}.",
    "not-found": "No policy was found that could be tried.",
}


def judge(seen: PolicyPage, about: About) -> Iterator[Answer]:
    url = seen.url
    if not url:
        yield inconclusive("not-found", Cause.NOT_UNDERSTOOD)
    elif seen.cause is not None:
        yield inconclusive("not-tried", seen.cause, subject=path(url), url=url, why=seen.words.rstrip("."))
    elif seen.form != "web page":
        yield inconclusive("no-web-page", Cause.NEEDS_A_PERSON, subject=path(url), url=url)
    elif seen.pictures and seen.letters < LEAST and all_there(seen):
        yield fails(
            "picture",
            field("letters"),
            Severity.HIGH,
            confidence=Confidence.PROBABLE,
            subject=path(url),
            url=url,
            letters=seen.letters,
        )
    elif found := [(number, one) for number, one in enumerate(seen.broken) if counts(one, seen)]:
        for number, one in found:
            yield fails(
                "barrier",
                field(f"broken.{number}"),
                BARRIERS[one.impact],
                confidence=Confidence.CERTAIN if all_there(seen) else Confidence.PROBABLE,
                subject=f"{path(url)} {one.rule}",
                url=url,
                rule=one.rule,
                places=one.places,
                impact=one.impact,
            )
    else:
        yield open_or_readable(seen)


def open_or_readable(seen: PolicyPage) -> Answer:
    """The answer where no barrier was found: it counts only if nothing could have hidden one."""
    url = seen.url
    if late := next((one for one in seen.lacks if decides(one.part, seen)), None):
        return inconclusive("not-dressed", late.cause, subject=path(url), url=url, part=late.part)
    if not seen.loaded:
        return inconclusive("hurried", Cause.NOT_UNDERSTOOD, subject=path(url), url=url)
    if seen.frames:
        return inconclusive("framed", Cause.NEEDS_A_PERSON, subject=path(url), url=url)
    if not seen.letters:
        return inconclusive("empty", Cause.NOT_UNDERSTOOD, subject=path(url), url=url, letters=seen.letters)
    if one := next((one for one in seen.undecided if counts(one, seen)), None):
        return inconclusive(
            "undecided", Cause.NEEDS_A_PERSON, subject=path(url), url=url, rule=one.rule, places=one.places
        )
    if not seen.headings and seen.letters >= LONG:
        return inconclusive(
            "no-headings", Cause.NEEDS_A_PERSON, subject=path(url), url=url, letters=seen.letters
        )
    return passes(
        "readable",
        field("passes"),
        confidence=Confidence.PROBABLE,
        subject=path(url),
        url=url,
        passes=seen.passes,
    )


def path(url: str) -> str:
    """Which of the site's pages it is, wherever the site is served."""
    return urlsplit(url).path


def counts(rule: PolicyRule, seen: PolicyPage) -> bool:
    """Whether a rule is about a barrier on this page."""
    if rule.impact not in BARRIERS or (rule.rule in PICTURE and not seen.pictures):
        return False
    return rule.rule not in STYLE or not any(one.part == "stylesheet" for one in seen.lacks)


def decides(part: str, seen: PolicyPage) -> bool:
    """Whether a part that did not come could make a barrier; most only where hardly a text is there."""
    return part == "stylesheet" or seen.letters < LEAST


def all_there(seen: PolicyPage) -> bool:
    """Whether what the page's text may be made by came, and was seen."""
    return seen.loaded and not seen.frames and not any(one.part in MAKES_TEXT for one in seen.lacks)


CHECK = Check(
    id="policy-accessible", version=1, level=Level.LOOK, judge=judge, reads=(PolicyPage,), says=SAYS
)
