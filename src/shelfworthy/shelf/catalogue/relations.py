"""Other products that share something they do not say: a firmware image, a name in the cloud."""

from collections import defaultdict
from typing import NamedTuple

from shelfworthy.shelf.models import Listing, Person, Product, Trait
from shelfworthy.shelf.people.permission import listings_of

TRAITS_MOST = 200  # of one product
PRODUCTS_MOST = 50
SHARED_MOST = 2000  # of a kind; what more share tells little
LISTINGS_SHOWN = 3


class Relation(NamedTuple):
    """Another product, and by what it is one with this: kinds of traits and their values."""

    product: Product
    shared: tuple[tuple[str, str], ...]
    other_vendor: bool
    listings: tuple[Listing, ...]


def relations_of(product: Product, person: Person | None = None) -> tuple[Relation, ...]:
    """Products that share a trait with this one, those of other vendors first, then by how much they share.

    person: who sees them; only products with a listing that this person may see are told. None: all.
    """
    own = list(product.traits.values_list("kind", "value").distinct().order_by("kind", "value")[:TRAITS_MOST])
    shared: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for kind in {kind for kind, _ in own}:
        values = [value for it, value in own if it == kind]
        same = Trait.objects.filter(kind=kind, value__in=values).exclude(product=product)
        for number, value in same.values_list("product_id", "value").distinct()[:SHARED_MOST]:
            shared[number].add((kind, value))
    sold = _sold(shared, person)
    found = Product.objects.defer("text").filter(pk__in=shared)
    all_of_them = [
        Relation(
            one,
            tuple(sorted(shared[one.pk])),
            one.vendor.casefold() != product.vendor.casefold(),
            tuple(sold[one.pk][:LISTINGS_SHOWN]),
        )
        for one in found
        if person is None or sold[one.pk]
    ]
    all_of_them.sort(key=lambda it: (not it.other_vendor, -len(it.shared), it.product.name, it.product.pk))
    return tuple(all_of_them[:PRODUCTS_MOST])


def _sold(products: dict[int, set[tuple[str, str]]], person: Person | None) -> dict[int, list[Listing]]:
    """The listings of some products that somebody may see."""
    found: dict[int, list[Listing]] = defaultdict(list)
    seen = listings_of(person) if person is not None else Listing.objects.all()
    for one in seen.filter(product_id__in=products).only("sku", "title", "product_id").order_by("sku"):
        assert one.product_id is not None
        found[one.product_id].append(one)
    return found
