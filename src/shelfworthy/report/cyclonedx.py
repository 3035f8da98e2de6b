"""`--format cyclonedx`: which software of others the product's images are made of (CycloneDX 1.6).

Each component has the text that shows its version, and where in the image that stands. The list never claims
to be whole: there are rules for some components only. The same evidence, the same bytes.
"""

import uuid
from collections.abc import Iterator
from typing import Any

import msgspec

from shelfworthy import __version__
from shelfworthy.record import Evidence
from shelfworthy.report.clean import escaped
from shelfworthy.seen.components import by_name, title
from shelfworthy.seen.firmware import FirmwareComponents
from shelfworthy.seen.firmware_contents import Component

PRODUCT = "product"
SYSTEMS = frozenset({"linux", "freertos"})  # of the type that CycloneDX calls an operating system


def report(evidence: Evidence) -> bytes:
    """The document as UTF-8, indented."""
    found = list(_seen(evidence))
    whole = bool(found) and all(seen.whole and not seen.truncated for _, seen in found)
    about = evidence.product.product
    maker = {"manufacturer": {"name": about.vendor}} if about.vendor else {}
    when = max((one.at for one in evidence.observations), default=None)
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.UUID(evidence.digest[:32], version=4)}",
        "version": 1,
        "metadata": {
            **({"timestamp": when.strftime("%Y-%m-%dT%H:%M:%SZ")} if when else {}),
            "tools": {"components": [{"type": "application", "name": "shelfworthy", "version": __version__}]},
            "component": {"type": "device", "bom-ref": PRODUCT, "name": about.name, **maker},
        },
        "components": list(_components(found)),
        "compositions": [{"aggregate": "unknown" if whole else "incomplete", "assemblies": [PRODUCT]}],
    }
    return msgspec.json.format(escaped(msgspec.json.encode(document)), indent=2)


def _seen(evidence: Evidence) -> Iterator[tuple[str, FirmwareComponents]]:
    """The newest list of each image, by surface."""
    newest: dict[str, tuple[Any, FirmwareComponents]] = {}
    for observation in evidence.observations:
        seen = observation.seen.newest()
        if isinstance(seen, FirmwareComponents):
            before = newest.get(observation.surface)
            if before is None or before[0] < (observation.at, observation.id):
                newest[observation.surface] = ((observation.at, observation.id), seen)
    for surface in sorted(newest):
        yield surface, newest[surface][1]


def _components(found: list[tuple[str, FirmwareComponents]]) -> Iterator[dict[str, Any]]:
    for surface, seen in found:
        for number, one in enumerate(seen.components):
            yield {
                "type": "operating-system" if one.name in SYSTEMS else "library",
                "bom-ref": f"{surface}/{number}/{one.name}",
                "name": title(one.name),
                **({"version": one.version, **_cpe(one)} if one.version else {}),
                "evidence": {"occurrences": list(_occurrences(surface, one))},
                "properties": [{"name": "shelfworthy:source", "value": one.source}],
            }


def _cpe(one: Component) -> dict[str, str]:
    """By which name lists of flaws find it."""
    if one.name not in by_name():
        return {}
    vendor, _, product = by_name()[one.name].cve[0].partition(":")
    parts = [_bound(text) for text in (vendor, product, one.version)]
    return {"cpe": f"cpe:2.3:{'o' if one.name == 'linux' else 'a'}:{':'.join(parts)}:*:*:*:*:*:*:*"}


def _bound(text: str) -> str:
    """A text as CPE 2.3 writes it: what is neither letter, digit, "_", "-" nor "." is escaped."""
    return "".join(letter if letter.isalnum() or letter in "_-." else f"\\{letter}" for letter in text)


def _occurrences(surface: str, one: Component) -> Iterator[dict[str, Any]]:
    """Where it was found: the image, the part of it, the file in that, the byte."""
    for place in one.places:
        location = f"{surface}, part {place.part}: {place.file}"
        yield {"location": location, "offset": place.at, "additionalContext": one.says}
