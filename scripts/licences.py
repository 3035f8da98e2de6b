"""The licences of all we depend on. A new one, or a strong copyleft one in the core, is an error."""

import importlib.metadata as metadata
import re

from packaging.requirements import Requirement

ALLOWED = {
    "Apache-2.0",
    "Apache-2.0 OR BSD-2-Clause",
    "Apache-2.0 OR BSD-3-Clause",
    "Apache-2.0 AND BSD-2-Clause",
    "Apache-2.0 AND CNRI-Python",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "MIT-0",
    "MIT AND MPL-2.0",
    "MIT AND PSF-2.0",
    "MIT-CMU",
    "MIT OR Apache-2.0",
    "MPL-2.0",
    "PSF-2.0",
    "Unlicense",
}
# Weak copyleft of a library that is loaded as it is and can be replaced: in an extra, never in the core.
# cvss computes severities of vectors; libusb1 loads libusb, which libusb-package brings as a file of its own;
# psycopg speaks to PostgreSQL.
IN_EXTRAS = {"LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"}
# Of several licences that are offered, the one we take.
CHOSEN = {"pyphen": "MPL-1.1"}
# Programs under the GPL that another distribution in an extra starts and does not import, nor do we.
PROGRAMS = {"ubi-reader"}
# What wheels say in older words.
SAME = {
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "BSD-3": "BSD-3-Clause",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "MIT License": "MIT",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
# Wheels that name no licence: what their licence files say, and axe.min.js about itself.
BY_FILE = {"axe-playwright-python": "MIT AND MPL-2.0"}


class NotAllowed(Exception):
    """A licence nobody decided about."""


def licence_of(name: str, *, core: bool = True) -> str:
    """The licence a distribution declares, as an SPDX expression. Raises NotAllowed for a new one."""
    about = metadata.metadata(name)
    classifiers = [text for text in about.get_all("Classifier") or () if text.startswith("License")]
    said = [
        *(about.get_all("License-Expression") or ()),
        *(text.rpartition(" :: ")[2] for text in classifiers),
        *(about.get_all("License") or ()),
        BY_FILE.get(name, "unknown"),
    ]
    first: str = said[0].strip().splitlines()[0]
    licence = SAME.get(first, first)
    if name in CHOSEN:
        return CHOSEN[name]
    if not core and name in PROGRAMS:
        return licence
    if licence not in ALLOWED and (core or licence not in IN_EXTRAS):
        raise NotAllowed(f"{name}: licence {licence!r} is new. Decide, then add it to scripts/licences.py.")
    return licence


def closure(roots: list[Requirement]) -> set[str]:
    """Names of everything these requirements bring on this platform."""
    found: set[str] = set()
    todo = [(root.name, root.extras) for root in roots if root.marker is None or root.marker.evaluate()]
    while todo:
        name, extras = todo.pop()
        plain = re.sub(r"[-_.]+", "-", name).lower()
        if plain in found:
            continue
        found.add(plain)
        for text in metadata.requires(plain) or []:
            needed = Requirement(text)
            wanted = {"", *extras}
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in wanted):
                todo.append((needed.name, needed.extras))
    return found


def licences_page() -> str:
    """The table, core first, then each extra's own. Optional parts of the lab are named in lab/."""
    needs = [Requirement(text) for text in metadata.requires("shelfworthy") or []]
    core = closure([need for need in needs if need.marker is None])
    parts = {"core": core}
    for extra in metadata.metadata("shelfworthy").get_all("Provides-Extra") or ():
        roots = [need for need in needs if need.marker and need.marker.evaluate({"extra": extra})]
        for root in roots:
            root.marker = None
        parts[f"extra {extra}"] = closure(roots) - core
    rows = [
        f"| {name} | {licence_of(name, core=part == 'core')} | {part} |"
        for part, names in parts.items()
        for name in sorted(names)
    ]
    head = "# Licences\n\nShelfworthy is Apache-2.0. What an installation brings:\n"
    return "\n".join([head, "| distribution | licence | part |", "|---|---|---|", *rows, ""])
