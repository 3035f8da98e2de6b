"""Real evidence, as the tests of the evidence have it."""

from tests.shelf.evidence.conftest import audit_folder, listing, observer, parcel, shelf_folder, taken_in

__all__ = ["audit_folder", "listing", "observer", "parcel", "shelf_folder", "taken_in"]
