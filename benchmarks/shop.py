"""A shop's shelf for benchmarks: products with real evidence, and listings that rest on its judgements.

The evidence is a release's golden audits of the lab, copied for each product with another product's name; the
judgements are the shelf's own. Variants of a product share its verdict, as in a shop.
To be called with Django set up.
"""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shelfworthy.shelf.models import Listing, Product, Verdict

AUDITS = ("cloudpets-2018", "cloudpets-fixed", "endpoints-all")
VARIANTS = 20  # listings of a product
BATCH = 1000


def products(number: int, at: datetime, audits: Sequence[str] = AUDITS) -> "list[Product]":
    """So many products, each with one audit on disk and as a row, one kind after the other."""
    import msgspec
    from tests.golden import FOLDER

    from shelfworthy.product.read import read_product
    from shelfworthy.record import close
    from shelfworthy.shelf.evidence import kept
    from shelfworthy.shelf.models import Audit, Observer, Origin, Product

    lab, _ = Observer.objects.get_or_create(name="the lab", defaults={"origin": Origin.LAB})
    sources = []
    for name in audits:
        source = FOLDER / "0.1.0" / f"{name}.audit" / "evidence"
        contents = {
            path.relative_to(source): path.read_bytes()
            for part in ("observations", "gaps", "looks", "supplied")
            for path in (source / part).glob("*")
        }
        identity = read_product(source / "product.toml", beside=source / "supplied").product
        sources.append(((source / "product.toml").read_text(), contents, identity))
    made, digests = [], []
    for index in range(number):
        text, contents, identity = sources[index % len(sources)]
        new = kept.audits() / f"{index}.part"
        evidence = new / "x" / "evidence"
        for path, content in contents.items():
            (evidence / path).parent.mkdir(parents=True, exist_ok=True)
            (evidence / path).write_bytes(content)
        title = f"{identity.name} {index}"
        line = f'name = "{identity.name}"'
        assert line in text
        (evidence / "product.toml").write_text(text.replace(line, f'name = "{title}"', 1))
        digest = close(evidence.parent)
        evidence.parent.rename(new / f"{digest[:16]}.audit")
        new.rename(kept.audits() / digest)
        key = msgspec.structs.replace(identity, name=title).key
        made.append(Product(key=key, name=title, vendor=identity.vendor, changed_at=at))
        digests.append(digest)
    Product.objects.bulk_create(made, batch_size=BATCH)
    Audit.objects.bulk_create(
        (
            Audit(digest=digest, product=one, observer=lab, received_at=at, size=1)
            for digest, one in zip(digests, made, strict=True)
        ),
        batch_size=BATCH,
    )
    return made


def fill(number: int) -> None:
    """A catalogue of so many listings, all judged."""
    from django.db import connection

    from shelfworthy.shelf.clock import now
    from shelfworthy.shelf.evidence import current
    from shelfworthy.shelf.models import Listing, Market, Verdict

    chance, at = random.Random(7), now()
    markets = [Market.objects.get_or_create(code=code)[0] for code in ("DE", "AT", "UK")]
    several = products(max(1, number // VARIANTS), at)
    rows = [
        Listing(
            sku=f"SKU-{one:07}", title=f"{chance.choice(('Bear', 'Lamp', 'Camera'))} {one}", created_at=at,
            changed_at=at, product=several[one % len(several)], maker=f"Maker {chance.randrange(400)}",
            category="toy", for_children=True,
        )
        for one in range(number)
    ]  # fmt: skip
    Listing.objects.bulk_create(rows, batch_size=BATCH)
    through = Listing.markets.through
    through.objects.bulk_create(
        [through(listing=one, market=chance.choice(markets)) for one in rows], batch_size=BATCH
    )
    first = rows[: len(several)]
    current.refresh([one.pk for one in first])
    known = {one.listing_id: one for one in Verdict.objects.all()}
    shared = [known[one.pk] for one in first]
    Verdict.objects.bulk_create(
        [of(shared[place % len(shared)], one) for place, one in enumerate(rows) if place >= len(first)],
        batch_size=BATCH,
    )
    if connection.vendor == "postgresql":  # at rest, as it is but for the minute after so much was written
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")


def of(known: "Verdict", listing: "Listing | int") -> "Verdict":
    """The same verdict, of another listing."""
    from shelfworthy.shelf.models import Verdict

    names = [field.attname for field in Verdict._meta.concrete_fields if field.name not in ("id", "listing")]
    number = listing if isinstance(listing, int) else listing.pk
    return Verdict(listing_id=number, **{name: getattr(known, name) for name in names})
