"""Observations that mention what a test wants, at whatever surface."""

from shelfworthy.model import AnySurface, Endpoint, Identity, Mention, Observation, Product, Seen
from shelfworthy.model.surfaces import App
from tests.builders import observed

API = Endpoint(id="api", where="https://api.bear.test/")
APP = App(id="app", where="bear.apk")


class Content(Seen, frozen=True, tag="content/1"):
    """Something that names these."""

    names: tuple[str, ...]

    def mentions(self) -> tuple[Mention, ...]:
        return tuple(
            Mention(what=name, role="link", field=f"names.{place}") for place, name in enumerate(self.names)
        )


def saying(surface: str, *names: str) -> Observation[Seen]:
    """An observation at a surface that mentions these names."""
    return observed(Content(names=names), surface)


def product(*surfaces: AnySurface) -> Product:
    """A product with these surfaces."""
    return Product(product=Identity(name="Bear", vendor="Tests"), surface=surfaces)
