"""What a product file or policy of the right shape still gets wrong: one function a section.

Each yields what it finds as `Wrong`; the key is the one in that section's table.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path as Folder
from pathlib import PureWindowsPath

from shelfworthy.model import (
    Account,
    AnySurface,
    Attribution,
    Basis,
    Bluetooth,
    Declaration,
    Identity,
    Kind,
    Level,
    Permission,
    Permit,
    Registry,
    Standing,
    Target,
    Unit,
)
from shelfworthy.product.adapter import parse_adapter
from shelfworthy.product.address import (
    HostTarget,
    NetworkTarget,
    WrongAddress,
    literal,
    normal_host,
    parse_network,
    parse_target,
    parse_where,
)
from shelfworthy.product.asking import registry_at, resolver_at
from shelfworthy.product.lines import KeyPath
from shelfworthy.product.mistakes import nearest, quoted
from shelfworthy.product.pushing import target
from shelfworthy.product.radio import bluetooth
from shelfworthy.product.recipe import recipe
from shelfworthy.product.sheet import Wrong

NAME = re.compile(r"\w[\w.-]{0,79}")
REQUIREMENT = re.compile(r"[a-z]+\.[a-z]+(-[a-z]+)*")
GTIN_LENGTHS = (8, 12, 13, 14)
LARGEST_PORT = 65535
LOOKED_INTO = frozenset(
    {"where", "capture", "image", "older"}
)  # keys whose files are not trusted, but looked into or sent


class Files:
    """Where files named in the product file may lie. folder: None when there is none, as for typed ones."""

    def __init__(self, folder: Folder | None, *, trusted: bool) -> None:
        self.folder = folder
        self.trusted = trusted

    def wrong(self, name: str, *, trust: bool = True) -> tuple[str, str]:
        """What is wrong with a file key, and what was expected; ("", "") if nothing.

        trust: the file is one we would trust, not one we look into.
        """
        if trust and not self.trusted:
            return (
                "a product file from others may not bring its own trusted roots",
                "Take this key out, or use the file as your own after you have read it.",
            )
        inside = "Put the file into the product file's folder and write its name."
        windows = PureWindowsPath(name)
        if windows.is_absolute() or windows.drive or name.startswith("/") or ".." in windows.parts:
            return f"{quoted(name)} leads out of the product file's folder", inside
        return self.lacking(name, inside)

    def lacking(self, name: str, inside: str) -> tuple[str, str]:
        """The same of a name that stays in the folder. inside: what was expected."""
        if self.folder is None:
            return f"there is no folder {quoted(name)} could lie in", "Write a product file."
        file = self.folder / name
        if not file.resolve().is_relative_to(self.folder.resolve()):
            return f"{quoted(name)} is a link that leads out of the product file's folder", inside
        if not file.is_file():
            return f"there is no file {quoted(name)} beside the product file", inside
        return "", ""


class Listed(Files):
    """Files that are there by a list of their names: for who reads a product file where no file is opened."""

    def __init__(self, names: Collection[str], *, trusted: bool) -> None:
        super().__init__(None, trusted=trusted)
        self._names = names

    def lacking(self, name: str, inside: str) -> tuple[str, str]:
        if name not in self._names:
            return f"there is no file {quoted(name)} beside the product file", inside
        return "", ""


def identity(it: Identity) -> Iterator[Wrong]:
    for key, text in (("name", it.name), ("vendor", it.vendor)):
        if not text.strip():
            yield key, "it is empty", f'Write {key} = "…" as it stands on the box.', ""
    if it.gtin:
        yield from wrong_gtin(it.gtin)
    if it.sold_from and it.sold_until and it.sold_until < it.sold_from:
        found = f"sales end on {it.sold_until} before they begin on {it.sold_from}"
        yield "sold_until", found, "Expected the later of the two dates here.", ""


def unit(it: Unit) -> Iterator[Wrong]:
    yield from short_name(it.id)


def surface(it: AnySurface, units: list[str], files: Files) -> Iterator[Wrong]:
    yield from short_name(it.id)
    try:
        if it.kind is Kind.POLICY and not it.where:
            raise WrongAddress(
                "it is missing, and no surface of kind contact says where the maker's site is",
                'Write where = "policy:https://www.example.com/", or declare the site: kind = "contact".',
            )
        parse_where(it.kind, it.where)
    except WrongAddress as wrong:
        yield "where", wrong.found, wrong.expected, ""
    if it.unit and it.unit not in units:
        words = (
            f"Units are: {', '.join(dict.fromkeys(units))}."
            if units
            else "Describe it in a [[unit]] with this id."
        )
        yield "unit", f"there is no unit {quoted(it.unit)}", words, nearest(it.unit, units)
    yield from _keys_of_kind(it, files)


def permission(it: Permission) -> Iterator[Wrong]:
    target = None
    try:
        target = parse_target(it.to)
    except WrongAddress as wrong:
        yield "to", wrong.found, wrong.expected, ""
    if it.resolve and target is not None and not isinstance(target, HostTarget):
        found = f"{quoted(it.to)} is already an address"
        yield "resolve", found, "This key gives a name its address; leave it out.", ""
    if it.resolve and literal(it.resolve) is None:
        found = f"{quoted(it.resolve)} is no address"
        yield "resolve", found, 'Expected the address the name means, for example "127.0.0.2".', ""
    if it.level is Level.LOOK:
        return
    if it.basis is Basis.PUBLIC:
        others = ", ".join(basis for basis in Basis if basis is not Basis.PUBLIC)
        found = f'being public allows only "{Level.LOOK}", not "{it.level}"'
        yield "basis", found, f'For "{it.level}", one of: {others}.', ""
    for key, value, words in (
        ("person", it.person.strip(), 'person = "who allows it"'),
        ("until", it.until, "until = 2027-12-31"),
    ):
        if not value:
            yield key, f'it is missing, and "{it.level}" needs it', f"Write {words}.", ""


def declaration(it: Declaration, requirements: Collection[str], policies: Collection[str]) -> Iterator[Wrong]:
    """requirements: ids there are; none if any id of the right form will do. policies: ids of surfaces."""
    if requirements and it.requirement not in requirements:
        found = f"there is no requirement {quoted(it.requirement)}"
        near = nearest(it.requirement, requirements)
        yield "requirement", found, f"One of: {', '.join(requirements)}.", near
    elif not REQUIREMENT.fullmatch(it.requirement):
        found = f"{quoted(it.requirement)} is not the name of a requirement"
        yield "requirement", found, 'Expected guideline.requirement, for example "updates.support".', ""
    if it.answer is Standing.CANNOT_DETERMINE:
        others = ", ".join(answer for answer in Standing if answer is not Standing.CANNOT_DETERMINE)
        found = f'"{it.answer}" is what a declaration settles, not what it can say'
        yield "answer", found, f"One of: {others}.", ""
    for key, text in (("because", it.because), ("by", it.by)):
        if not text.strip():
            yield key, "it is empty", "A declaration shows under a person's name, with the reason.", ""
    if it.surface and it.surface not in policies:
        found = f"{quoted(it.surface)} is no surface of kind policy in this file"
        there = f"One of: {', '.join(policies)}." if policies else 'Declare one: kind = "policy".'
        yield "surface", found, f"Name the policy that the quote stands in. {there}", ""
    if it.surface and not it.quote.strip():
        found = "it names a policy, and no words of it are quoted"
        yield "surface", found, 'Copy them from the policy: quote = "We delete it after 30 days."', ""
    if it.until < it.on:
        found = f"it ends on {it.until} before it was made on {it.on}"
        yield "until", found, "Expected a later date.", ""


def attribution(it: Attribution) -> Iterator[Wrong]:
    expected = 'Expected a host name, or an address: "ads.example.net".'
    try:
        target = parse_target(it.what)
    except WrongAddress as wrong:
        yield "what", wrong.found, expected, ""
    else:
        one = isinstance(target, HostTarget) and "." in target.host
        one |= isinstance(target, NetworkTarget) and target.network.num_addresses == 1
        if not one or getattr(target, "port", None) is not None:
            yield "what", f"{quoted(it.what)} is not one host", expected, ""
    if not it.because.strip():
        yield "because", "it is empty", "Say how you know whose it is: the report shows it.", ""


def other_owners(attributions: list[tuple[KeyPath, Attribution]]) -> Iterator[tuple[KeyPath, Wrong]]:
    """Hosts whose owner was said before."""
    said: set[str] = set()
    for path, it in attributions:
        with suppress(WrongAddress):
            host = normal_host(it.what)
            if host in said:
                found = f"whose {quoted(it.what)} is was said before"
                yield path, ("what", found, "Keep one of the two.", "")
            said.add(host)


def permit(it: Permit) -> Iterator[Wrong]:
    if it.to != "*":
        try:
            parse_target(it.to)
        except WrongAddress as wrong:
            yield "to", wrong.found, f'{wrong.expected} "*" means anywhere.', ""


def opened(network: str) -> Iterator[Wrong]:
    try:
        parse_network(network)
    except WrongAddress as wrong:
        yield "", f"{quoted(network)}: {wrong.found}", wrong.expected, ""


def resolver(text: str) -> Iterator[Wrong]:
    try:
        resolver_at(text)
    except WrongAddress as wrong:
        yield "", wrong.found, wrong.expected, ""


def adapter(text: str) -> Iterator[Wrong]:
    try:
        parse_adapter(text)
    except WrongAddress as wrong:
        yield "", wrong.found, wrong.expected, ""


def registry(it: Registry) -> Iterator[Wrong]:
    try:
        registry_at(it.to)
    except WrongAddress as wrong:
        whois = 'Or, where there is no RDAP: "whois://whois.example.com".'
        yield "to", wrong.found, f"{wrong.expected} {whois}", ""
    if not it.suffixes:
        yield "suffixes", "it is empty", 'Write suffixes = ["com"], the domains it knows.', ""
    for suffix in it.suffixes:
        try:
            normal_host(suffix)
        except WrongAddress:
            yield "suffixes", f"{quoted(suffix)} is no suffix", 'Expected for example ["com", "co.uk"].', ""


def _keys_of_kind(it: AnySurface, files: Files) -> Iterator[Wrong]:
    for key, file in it.files.items():
        found, expected = files.wrong(file, trust=key not in LOOKED_INTO)
        if found:
            yield key, found, expected, ""
    if isinstance(it, Account) and it.recipe is not None:
        yield from recipe(it.recipe)
    if isinstance(it, Bluetooth):
        yield from bluetooth(it)
    if isinstance(it, Target):
        yield from target(it)
    name = getattr(it, "name", "")
    if name:
        try:
            if literal(normal_host(name)) is not None:
                yield "name", f"{quoted(name)} is an address", "Expected the name in its certificate.", ""
        except WrongAddress as wrong:
            yield "name", wrong.found, wrong.expected, ""
    for key in ("support", "start", "terms", "children", "cookies"):  # pages besides that of `where`
        if page := getattr(it, key, ""):
            try:
                parse_where(Kind.ENDPOINT, page)
            except WrongAddress as wrong:
                yield key, wrong.found, wrong.expected, ""
    port = getattr(it, "plain_port", 0)
    if not 0 <= port <= LARGEST_PORT:
        yield "plain_port", f"{port} is no port", f"Expected a number from 1 to {LARGEST_PORT}.", ""


def short_name(name: str) -> Iterator[Wrong]:
    """What is wrong with the id of an item."""
    if not NAME.fullmatch(name):
        found = f"{quoted(name)} is no short name" if name else "it is empty"
        yield (
            "id",
            found,
            'Expected letters, digits, "-", "_" and ".", at most 80, for example "records-db".',
            "",
        )


def wrong_gtin(gtin: str) -> Iterator[Wrong]:
    """What is wrong with the digits under a bar code."""
    if not re.fullmatch("[0-9]+", gtin) or len(gtin) not in GTIN_LENGTHS:
        yield (
            "gtin",
            f"{quoted(gtin)} is no GTIN",
            "Expected the 8, 12, 13 or 14 digits under the bar code.",
            "",
        )
        return
    # GS1 General Specifications, section 7.9: weights 3 and 1 alternate, from the right.
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(gtin[:-1])))
    if (right := str(-total % 10)) != gtin[-1]:
        found = f"the check digit of {quoted(gtin)} is wrong"
        yield "gtin", found, f"With these digits it would be {right}; compare with the bar code.", ""


def doubles(names: list[str]) -> Iterator[tuple[int, Wrong]]:
    """Ids that were there before: the place in the list, and what is wrong there."""
    for place, name in enumerate(names):
        if name and name in names[:place]:
            found = f"{quoted(name)} is already the id of #{names.index(name) + 1}"
            yield place, ("id", found, "Expected a name of its own.", "")


def other_pins(permissions: list[tuple[KeyPath, Permission]]) -> Iterator[tuple[KeyPath, Wrong]]:
    """Permissions that give a name another address than one before: a name has one address here."""
    pins: dict[str, str] = {}
    for path, it in permissions:
        try:
            target = parse_target(it.to)
        except WrongAddress:
            continue
        if it.resolve and isinstance(target, HostTarget):
            first = pins.setdefault(target.host, it.resolve)
            if first != it.resolve:
                found = f"{quoted(it.resolve)} is not the address {target.host} already has"
                yield path, ("resolve", found, f'Write "{first}", or give the other server its own name.', "")
