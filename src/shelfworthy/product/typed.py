"""What the operator types instead of a product file: URLs and `--permit`. It counts as file and policy."""

from collections.abc import Sequence
from datetime import date
from ipaddress import ip_network

from shelfworthy.model import (
    AnySurface,
    Basis,
    Bucket,
    Contact,
    Database,
    Endpoint,
    Identity,
    Level,
    Permission,
    Permit,
    Policy,
    Product,
)
from shelfworthy.product.address import (
    Address,
    HostTarget,
    NetworkTarget,
    Target,
    literal,
    parse_target,
    parse_where,
)
from shelfworthy.product.mistakes import BadFile, Mistake, quoted

TYPED = "the command line"
FORMS: tuple[tuple[str, type[AnySurface]], ...] = (
    ("contact:", Contact),
    ("s3+http://", Bucket),
    ("s3+https://", Bucket),
    ("mongodb://", Database),
    ("https://", Endpoint),
    ("http://", Endpoint),
)
LOCALHOST = "127.0.0.1"  # what `localhost` means, whatever a resolver says
FAR = date.max  # typed permissions end with the run


def from_things(
    things: Sequence[str], permits: Sequence[str], *, level: Level = Level.LOOK, basis: Basis | None = None
) -> tuple[Product, Policy]:
    """Product and policy of a run on things typed. Raises BadFile with all mistakes.

    permits: `HOST[:PORT]` or networks. An address in a range that is otherwise closed is opened by naming it.
    """
    mistakes: list[Mistake] = []
    surfaces = [
        surface for number, thing in enumerate(things, 1) if (surface := _surface(number, thing, mistakes))
    ]
    if level is not Level.LOOK and basis in (None, Basis.PUBLIC):
        mistakes.append(
            _wrong(
                "--level",
                f"{level} is more than any visitor does",
                "Say why it is allowed: --basis own, contract or written.",
            )
        )
    targets = [target for text in permits if (target := _target(text, mistakes))]
    for surface in surfaces:
        at = parse_where(surface.kind, surface.where)
        if not any(_covers(target, at) for _, target in targets):
            found = f"nothing permits contact with {at.host}"
            mistakes.append(_wrong(quoted(surface.where), found, f"Add: --permit {at.host}"))
    if mistakes:
        raise BadFile(mistakes)
    permissions = tuple(
        Permission(
            to=text,
            level=level,
            basis=basis or Basis.PUBLIC,
            person="the operator",
            until=FAR if level is not Level.LOOK else None,
            resolve=LOCALHOST if isinstance(target, HostTarget) and target.host == "localhost" else "",
        )
        for text, target in targets
    )
    name = parse_where(surfaces[0].kind, surfaces[0].where).host if surfaces else "nothing"
    product = Product(
        product=Identity(name=name, vendor="unknown"), surface=tuple(surfaces), permission=permissions
    )
    policy = Policy(
        observer="the operator",
        open=tuple(dict.fromkeys(_opened(target) for _, target in targets if _opened(target))),
        permit=(Permit(to="*", level=level),),
    )
    return product, policy


def _surface(number: int, thing: str, mistakes: list[Mistake]) -> AnySurface | None:
    for start, kind in FORMS:
        if thing.startswith(start):
            surface = kind(id=f"{kind.__name__.lower()}-{number}", where=thing)
            try:
                parse_where(surface.kind, thing)
            except ValueError as wrong:
                mistakes.append(_wrong(quoted(thing), str(wrong)))
                return None
            return surface
    known = ", ".join(start for start, _ in FORMS)
    expected = f"Expected a product.toml, or a URL beginning with {known}."
    mistakes.append(_wrong(quoted(thing), "it is nothing that can be audited", expected))
    return None


def _target(text: str, mistakes: list[Mistake]) -> tuple[str, Target] | None:
    try:
        target = parse_target(text)
    except ValueError as wrong:
        mistakes.append(_wrong(f"--permit {text}", str(wrong)))
        return None
    return text, target


def _covers(target: Target, at: Address) -> bool:
    """Whether a permit is about this host at all; the port is the door's question."""
    if isinstance(target, HostTarget):
        return target.host == at.host
    address = literal(at.host)
    return isinstance(target, NetworkTarget) and address is not None and address in target.network


def _opened(target: Target) -> str:
    """The range a permit opens: what it names, and no more."""
    if isinstance(target, NetworkTarget):
        return str(target.network)
    if isinstance(target, HostTarget) and target.host == "localhost":
        return str(ip_network(LOCALHOST))
    return ""


def _wrong(key: str, found: str, expected: str = "") -> Mistake:
    return Mistake(file=TYPED, key=key, found=found, expected=expected)
