"""What the maker published of flaws it repaired: CSAF metadata, one advisory, and a page (fixed edition).

CSAF 2.0, sections 7.1.7 to 7.1.13: provider-metadata.json names a directory with index.txt and changes.csv.
"""

import datetime as dt
import json

from shelfworthy_lab.listeners import Page

NAME = "mur-sa-2019-001"
REPORTED, RELEASED = dt.date(2019, 2, 4), dt.date(2019, 4, 2)
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
ADVISORIES = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Security advisories</title>
<h1>Security advisories</h1>
<p>2019-04-02: <a href="{file}">MUR-SA-2019-001</a>, the bear took commands without pairing.
</html>
"""


def pages(origin: str) -> dict[str, Page]:
    """By path, for the site at this origin."""
    folder = "/.well-known/csaf/white"
    file = f"{folder}/{RELEASED.year}/{NAME}.json"
    released = f"{RELEASED.isoformat()}T10:00:00Z"
    return {
        "/.well-known/csaf/provider-metadata.json": _json(provider(origin, folder)),
        f"{folder}/index.txt": Page(f"{RELEASED.year}/{NAME}.json\n", TEXT),
        f"{folder}/changes.csv": Page(f'"{RELEASED.year}/{NAME}.json","{released}"\n', "text/csv"),
        file: _json(advisory(origin, released)),
        "/security/advisories": Page(ADVISORIES.format(file=file)),
    }


def provider(origin: str, folder: str) -> dict[str, object]:
    """Provider metadata, as CSAF 2.0 wants it in section 7.1.7."""
    return {
        "canonical_url": f"{origin}/.well-known/csaf/provider-metadata.json",
        "distributions": [{"directory_url": f"{origin}{folder}/"}],
        "last_updated": f"{RELEASED.isoformat()}T10:00:00Z",
        "list_on_CSAF_aggregators": False,
        "metadata_version": "2.0",
        "mirror_on_CSAF_aggregators": False,
        "publisher": _publisher(origin),
        "role": "csaf_publisher",
    }


def advisory(origin: str, released: str) -> dict[str, object]:
    """One security advisory in the least form that CSAF 2.0 allows (section 4.4)."""
    return {
        "document": {
            "category": "csaf_security_advisory",
            "csaf_version": "2.0",
            "publisher": _publisher(origin),
            "title": "The bear took commands without pairing",
            "tracking": {
                "current_release_date": released,
                "id": NAME.upper(),
                "initial_release_date": released,
                "revision_history": [{"date": released, "number": "1", "summary": "First version"}],
                "status": "final",
                "version": "1",
            },
            "notes": [{"category": "summary", "text": "Whoever was near could record and play."}],
            "distribution": {"tlp": {"label": "WHITE"}},
        },
        "product_tree": {
            "full_product_names": [{"name": "MurmurPal Bear before 2.1.0", "product_id": "MP-2019"}]
        },
        "vulnerabilities": [
            {
                "title": "Missing authentication on the radio link",
                "discovery_date": f"{REPORTED.isoformat()}T09:00:00Z",
                "notes": [{"category": "description", "text": "Commands are taken from anybody."}],
                "product_status": {"known_affected": ["MP-2019"]},
                "remediations": [
                    {
                        "category": "vendor_fix",
                        "date": released,
                        "details": "Update to 2.1.0",
                        "product_ids": ["MP-2019"],
                    }
                ],
            }
        ],
    }


def _publisher(origin: str) -> dict[str, str]:
    return {"category": "vendor", "name": "Plumwhistle Toys", "namespace": origin}


def _json(value: object) -> Page:
    return Page(json.dumps(value, indent=1) + "\n", JSON)
