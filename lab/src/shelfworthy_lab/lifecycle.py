"""Start, find and end whole products."""

import fcntl
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from shelfworthy_lab import home, instance, processes
from shelfworthy_lab.bench import Bench
from shelfworthy_lab.instance import Instance
from shelfworthy_lab.products import PRODUCTS, Product


class WrongUsage(ValueError):
    """Asked for something the lab does not have; the text names what it has."""


def up(
    name: str, edition: str, folder: Path | None = None, only: Collection[str] = (), ransom: bool = True
) -> Instance:
    """Start a product, unless it already runs as asked, in `folder`/NAME-EDITION (else in the lab's state).

    What can't run is named in `parts`, the rest runs. `WrongUsage` for an unknown name, edition or part.
    """
    product = _product(name)
    _known("edition", [edition], product.editions)
    _known("part", only, product.parts)
    place = (folder or home.state()).absolute() / f"{name}-{edition}"
    with _alone(place):
        old = instance.load(place)
        if old and old.running() and old.ransom == ransom and _same_parts(old, product, only):
            return old
        _clear(place)
        try:
            return _start(name, edition, place, only, ransom)
        except BaseException:
            _end_all(place)  # half a product is nobody's
            raise


def down(name: str, edition: str | None = None, folder: Path | None = None) -> list[Path]:
    """End one edition of a product, or all, and remove what they kept. Answers the folders of those ended."""
    product = _product(name)
    if edition is not None:
        _known("edition", [edition], product.editions)
    base = (folder or home.state()).absolute()
    places = [base / f"{name}-{one}" for one in ([edition] if edition else product.editions)]
    return [place for place in places if _down(place)]


def down_all(folder: Path | None = None) -> list[Path]:
    """End everything that was started there, by other versions of the lab too."""
    return [place for place in _places(folder) if _down(place)]


def status(folder: Path | None = None) -> list[Instance]:
    """What was started there and not ended."""
    return [found for place in _places(folder) if (found := instance.load(place))]


def planted(started: Instance) -> list[str | bytes]:
    """Values that lie in this product's cloud and belong in no report: addresses, hashes, names, tones."""
    return PRODUCTS[started.name].planted()


def _places(folder: Path | None) -> list[Path]:
    return sorted(found.parent for found in (folder or home.state()).absolute().glob("*/instance.json"))


def _start(name: str, edition: str, place: Path, only: Collection[str], ransom: bool) -> Instance:
    bench = Bench(place, only, ransom)
    PRODUCTS[name].build(bench, edition)
    pids = tuple(sorted(pid_file.name for pid_file in (place / "pids").glob("*.pid")))
    started = Instance(place, name, edition, ransom, bench.ports, bench.parts, pids)
    instance.write_expected(started, bench.shown_by)
    started.save()
    return started


def _product(name: str) -> Product:
    _known("product", [name], PRODUCTS)
    return PRODUCTS[name]


def _known(what: str, asked: Collection[str], there: Collection[str]) -> None:
    for one in asked:
        if one not in there:
            raise WrongUsage(f"no {what} {one!r} in the lab; there is {', '.join(there)}")


def _same_parts(old: Instance, product: Product, only: Collection[str]) -> bool:
    left_out = {part for part, said in old.parts.items() if "--only" in said}
    return left_out == (set(product.parts) - set(only) if only else set())


def _down(place: Path) -> bool:
    if not (place / "instance.json").exists():
        return False
    with _alone(place):
        _clear(place)
    return True


def _clear(place: Path) -> None:
    _end_all(place)
    if place.exists():
        shutil.rmtree(place)


def _end_all(place: Path) -> None:
    for pid_file in sorted((place / "pids").glob("*.pid")):
        processes.end(pid_file)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Nobody else starts or ends this instance meanwhile."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_name(f".{place.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
