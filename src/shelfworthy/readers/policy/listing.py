"""Find the privacy policy that a listing names: JSON of whatever form, or a page as a browser saved it. Pure.

No store's form is known here. What counts is words, in the languages of `seen.policy_words`: of the key an
address has, of what stands beside it or before it in the same text, or of the address itself. A store's own
policy is none of the app's.
"""

import re
from collections.abc import Iterator, Mapping
from enum import IntEnum
from itertools import islice
from typing import Any, Literal, NamedTuple

import msgspec

from shelfworthy.discovery.known import registered
from shelfworthy.discovery.naming import policy
from shelfworthy.model import Cause, NotSeen
from shelfworthy.product.address import WrongAddress
from shelfworthy.seen.policy import PolicyDocument, PolicyListing, PolicyNaming
from shelfworthy.seen.policy_words import names_policy

MOST = 20  # that are listed
MOST_VALUES = 200_000  # of JSON
MOST_ADDRESSES = 100_000
MOST_KEYS = 20  # that lead to a value and are kept, the nearest
NEAREST = 3  # keys above an address that may say what it is
BEFORE = 80  # characters before an address in a text
LONGEST_WORDS = 120
LABELS = ("title", "label", "name", "text", "type", "rel", "caption")
ADDRESS = re.compile(r"https?://[^\s\"'<>\\]{1,2000}", re.IGNORECASE)
SENTENCE = re.compile(r"[.;|](?=\s|$)|[\n\r]")
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_.-]+")
# Whoever runs a store has a policy of its own on every page of it.
STORES = frozenset(
    {
        "amazon.com",
        "amazon.co.jp",
        "amazon.co.uk",
        "amazon.de",
        "amazon.es",
        "amazon.fr",
        "apple.com",
        "google.com",
        "huawei.com",
        "microsoft.com",
        "samsung.com",
    }
)
RENTED = frozenset({"docs.google.com", "drive.google.com", "sites.google.com"})  # where others have pages

registered("example.com")  # it reads its list at its first use: later is too late
policy("https://example.com/")


class Sure(IntEnum):
    """By what a policy was told, the surest first."""

    KEY = 0
    LABEL = 1
    SENTENCE = 2
    FRAME = 3  # a link in the frame of a page, which may be that of the site it was saved from
    PATH = 4


class Candidate(NamedTuple):
    """What may be a policy."""

    sure: Sure
    naming: PolicyNaming


class Value(NamedTuple):
    """A text in JSON, without the space around it. keys: that lead there. beside: what labels it."""

    text: str
    keys: tuple[str, ...]
    beside: str


def of_json(content: bytes, name: str) -> PolicyListing:
    """What a JSON file names. Raises NotSeen where it is no JSON, or names nothing."""
    try:
        whole = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        words = f"{name} begins like JSON and is none, or is nested deeper than any listing."
        raise NotSeen(Cause.NOT_UNDERSTOOD, words) from None
    several = list(islice(values(whole), MOST_VALUES + 1))
    texts = (value for value in several[:MOST_VALUES] if value is not None)
    addresses = ((value, address) for value in texts for address in ADDRESS.finditer(value.text))
    read = list(islice(addresses, MOST_ADDRESSES + 1))
    found = [one for value, address in read[:MOST_ADDRESSES] if (one := told(value, address)) is not None]
    return listed(found, name, "json", whole=len(several) <= MOST_VALUES and len(read) <= MOST_ADDRESSES)


def of_page(page: PolicyDocument, name: str) -> PolicyListing | None:
    """What a saved page that is no policy links to as one; None if it links to none. Raises NotSeen where all
    that it links to are a store's own."""
    framed = {page.text[one.start :].partition("\n")[0] for one in page.blocks if one.aside}
    found = [
        Candidate(
            Sure.FRAME if any(link.text in text for text in framed) else Sure.LABEL,
            PolicyNaming(url=link.url, words=plain(link.text), place=f"links.{at}", clicks=1),
        )
        for at, link in enumerate(page.links)
        if names_policy(link.text, link.url)
    ]
    return listed(found, name, "web page", whole=page.whole) if found else None


def values(whole: object) -> Iterator[Value | None]:
    """Everything in JSON, in order; None for what is no text. What waits is on a list of our own: nothing
    calls itself, however deep it is."""
    waiting: list[tuple[object, tuple[str, ...], str]] = [(whole, (), "")]
    while waiting:
        value, keys, beside = waiting.pop()
        yield Value(value.strip(), keys, beside) if isinstance(value, str) else None
        if isinstance(value, dict):
            label = labelled(value)
            waiting += [
                (one, (*keys[-MOST_KEYS:], str(key)[:LONGEST_WORDS]), label)
                for key, one in reversed(value.items())
            ]
        elif isinstance(value, list):
            waiting += [
                (one, (*keys[-MOST_KEYS:], str(at)), beside) for at, one in reversed(list(enumerate(value)))
            ]


def labelled(table: Mapping[str, Any]) -> str:
    """What labels the address in a small table that has just one."""
    if len(table) > len(LABELS):
        return ""
    texts = {str(key).lower(): text for key, text in table.items() if isinstance(text, str)}
    if sum(ADDRESS.match(text) is not None for text in texts.values()) != 1:
        return ""
    return next((texts[key] for key in LABELS if key in texts and len(texts[key]) <= LONGEST_WORDS), "")


def told(value: Value, address: re.Match[str]) -> Candidate | None:
    """Whether an address in a text is that of a policy, and by what that is told."""
    alone = address.span() == (0, len(value.text))
    url = value.text if alone else address[0].rstrip(".,;:)]}'\"")
    if alone:
        named = [key for key in value.keys if not key.isdigit()]
        ways = [(Sure.KEY, " ".join(named[-many:])) for many in range(1, NEAREST + 1)]
        ways.append((Sure.LABEL, value.beside))
    else:
        before = ADDRESS.split(value.text[max(0, address.start() - BEFORE) : address.start()])[-1]
        ways = [(Sure.SENTENCE, SENTENCE.split(before)[-1].strip(" ,:-–—("))]
    for sure, words in ways:
        if names_policy(HUMP.sub(" ", words) if sure is Sure.KEY else words, ""):
            return Candidate(sure, PolicyNaming(url=url, words=plain(words), place=at(value), clicks=0))
    if names_policy("", url):
        return Candidate(Sure.PATH, PolicyNaming(url=url, words="", place=at(value), clicks=0))
    return None


def at(value: Value) -> str:
    """Where a value stands, in keys."""
    return plain(".".join(value.keys))


def listed(
    found: list[Candidate], name: str, form: Literal["json", "web page"], *, whole: bool
) -> PolicyListing:
    """The best first, each page once. Raises NotSeen if there is none."""
    best: dict[str, Candidate] = {}
    for one in sorted(found, key=lambda one: one.sure):
        try:
            page = policy(one.naming.url)
        except WrongAddress:
            continue
        stores = registered(page.host) in STORES and page.host not in RENTED
        if "." in page.host and not stores:
            best.setdefault(page.where, one)
    if not best and not whole:
        words = (
            f"{name} holds more than any listing: not all of it was read, and no privacy policy was named."
        )
        raise NotSeen(Cause.NOT_UNDERSTOOD, words)
    if not best:
        words = (
            f"{name} names no privacy policy: no key, link or sentence in it says so of an address of the"
            " maker. If you know it, write into the product file: "
            'where = "policy:https://…".'
        )
        raise NotSeen(Cause.NOT_SUPPLIED, words)
    several = [msgspec.structs.replace(one.naming, url=policy_url(where)) for where, one in best.items()]
    return PolicyListing(
        file=name, form=form, named=tuple(several[:MOST]), more=len(several[MOST:]), whole=whole
    )


def policy_url(where: str) -> str:
    """The page of a surface's `where`."""
    return where.partition(":")[2]


def plain(text: str) -> str:
    """Words as evidence keeps them: short, and nothing that shows as something else."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:LONGEST_WORDS]
