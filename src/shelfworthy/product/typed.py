"""`audit THING… --permit HOST`: what the operator types is product file and policy for that run."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from shelfworthy.model import AnySurface, Basis, Identity, Kind, Level, Permission, Permit, Policy, Product
from shelfworthy.product.address import (
    FORMS,
    Address,
    HostTarget,
    NetworkTarget,
    RadioTarget,
    Target,
    WrongAddress,
    is_contacted,
    parse_target,
    parse_where,
)
from shelfworthy.product.closed import closed_network
from shelfworthy.product.mistakes import BadFile, Mistake
from shelfworthy.product.things import kind_of_url, recognise_file, surface, url_surface

HERE = "the command line"
LOCALHOST, LOOPBACK = "localhost", "127.0.0.1"
OPERATOR = "the operator"


def from_things(
    things: Sequence[str],
    permits: Sequence[str],
    *,
    today: date,
    level: Level = Level.LOOK,
    basis: Basis | None = None,
    person: str = OPERATOR,
    observer: str = OPERATOR,
) -> tuple[Product, Policy]:
    """A product file and a policy for one run and one day. Raises BadFile with all mistakes.

    things: files and URLs. permits: what --permit was given. An address among them that is closed by default
    is opened, it alone; the name "localhost" means 127.0.0.1.
    """
    mistakes: list[Mistake] = []
    targets = [(text, target) for text in permits if (target := _target(text, mistakes)) is not None]
    surfaces: list[AnySurface] = []
    for thing in things:
        try:
            surfaces.append(_surface(thing, surfaces))
        except WrongAddress as wrong:
            mistakes.append(_mistake(thing, wrong.found, wrong.expected))
    if targets or not permits:  # else the permits are what is wrong, and said so
        mistakes += _unpermitted(surfaces, [target for _, target in targets])
    if level is not Level.LOOK and basis in (None, Basis.PUBLIC):
        expected = f"Add --basis {Basis.OWN}, --basis {Basis.CONTRACT} or --basis {Basis.WRITTEN}."
        mistakes.append(_mistake(f"--level {level}", "it is more than any visitor does", expected))
    if not things:
        mistakes.append(_mistake("", "there is nothing to look at", _example()))
    if mistakes:
        raise BadFile(mistakes)
    product = Product(
        product=Identity(name=_name(surfaces[0]), vendor="unknown"),
        surface=tuple(surfaces),
        permission=tuple(
            Permission(
                to=text,
                level=level,
                basis=basis or Basis.PUBLIC,
                person=person,
                until=today,
                resolve=LOOPBACK if _is_localhost(target) else "",
            )
            for text, target in targets
        ),
    )
    return product, _policy(targets, level, observer)


def typed_policy(permits: Sequence[str], level: Level, observer: str = OPERATOR) -> Policy:
    """The policy that --permit and --level mean by themselves. Raises BadFile with all mistakes."""
    mistakes: list[Mistake] = []
    targets = [(text, target) for text in permits if (target := _target(text, mistakes)) is not None]
    if mistakes:
        raise BadFile(mistakes)
    return _policy(targets, level, observer)


def _policy(targets: Sequence[tuple[str, Target]], level: Level, observer: str) -> Policy:
    return Policy(
        observer=observer,
        open=tuple(dict.fromkeys(_opened(target for _, target in targets))),
        permit=tuple(Permit(to=text, level=level) for text, _ in targets),
    )


def _surface(thing: str, before: Sequence[AnySurface]) -> AnySurface:
    taken = [one.id for one in before]
    if kind_of_url(thing) is not None or "://" in thing:
        return url_surface(thing, taken)
    try:
        found = recognise_file(Path(thing))
    except OSError as error:
        raise WrongAddress(f"it is no URL, and no file either ({error.strerror})", _example()) from None
    if found.kind is None:
        raise WrongAddress(found.words, "Write a product file and declare its kind there.")
    name = Path(thing).name  # it is kept beside the product file, wherever it lies now
    if name in {one.where for one in before}:
        raise WrongAddress(f"there is another {name} among them", "Rename one, or write a product file.")
    return surface(found.kind, Path(thing).stem, name, taken)


def _target(text: str, mistakes: list[Mistake]) -> Target | None:
    try:
        return parse_target(text)
    except WrongAddress as wrong:
        mistakes.append(_mistake(f"--permit {text}", wrong.found, wrong.expected))
        return None


def _unpermitted(surfaces: Sequence[AnySurface], targets: Sequence[Target]) -> Iterator[Mistake]:
    for one in surfaces:
        if is_contacted(one.kind) and not one.file:
            at = parse_where(one.kind, one.where)
            if not any(_may_cover(target, at) for target in targets):
                expected = (
                    f"To look as any visitor does, add --permit {at.authority}; where you may do more, also"
                    f" --level {Level.KNOCK} --basis {Basis.OWN}, {Basis.CONTRACT} or {Basis.WRITTEN}."
                )
                yield _mistake(one.where, "nothing permits to contact it", expected)


def _may_cover(target: Target, at: Address) -> bool:
    """Whether a permission is for an address, or may be once its name is resolved."""
    if at.scheme == Kind.BLUETOOTH:
        return target == RadioTarget(radio=at.path)
    match target:
        case HostTarget(host=host, port=port):
            return host == at.host and port in (None, at.port)
        case NetworkTarget(network=network, port=port):
            return port in (None, at.port) and (at.literal is None or at.literal in network)
    return False


def _opened(targets: Iterator[Target]) -> Iterator[str]:
    for target in targets:
        if _is_localhost(target):
            yield LOOPBACK
        elif isinstance(target, NetworkTarget) and closed_network(target.network):
            yield str(target.network)


def _is_localhost(target: Target) -> bool:
    return isinstance(target, HostTarget) and target.host == LOCALHOST


def _name(one: AnySurface) -> str:
    at = parse_where(one.kind, one.where)
    return at.path if one.kind is Kind.BLUETOOTH else at.host or Path(one.where).name


def _mistake(key: str, found: str, expected: str) -> Mistake:
    return Mistake(file=HERE, key=key, found=found, expected=expected)


def _example() -> str:
    return "Expected files or URLs, for example " + ", ".join(form.example for form in FORMS.values()) + "."
