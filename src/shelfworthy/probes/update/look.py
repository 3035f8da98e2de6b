"""Look at an update server as a device does that asks for the newest image, and once more without TLS.

Of the image, length and hash are kept, nothing else. It is fetched whole only where a signature or hash of it
is to be verified, and only as far as reach's bounds go.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec

from shelfworthy.model import Cause, NotLooked, Scheme, Update
from shelfworthy.probes.update import manifest as manifests
from shelfworthy.probes.update.asking import BEGINNING, Client, Got, shown
from shelfworthy.probes.update.containers import container
from shelfworthy.probes.update.declared import declared, unsaid
from shelfworthy.probes.update.tuf_walk import Walk
from shelfworthy.reach import Address, NotSeen, Reach, destination
from shelfworthy.seen.update import Asked, Manifest, Signature, Tuf, Unsaid, UpdateSeen


async def observe(update: Update, reach: Reach) -> AsyncIterator[UpdateSeen]:
    at = datetime.now(UTC).replace(microsecond=0)
    root = reach.supplied(update.root) if update.root else None
    key = reach.supplied(update.public_key) if update.public_key else None
    client = Client(reach, update)
    manifest = await client.follow(reach.address)
    if not any(one.status for one in manifest.asked):
        first = manifest.asked[0]
        raise NotSeen(first.cause or Cause.SILENT, first.words)
    says = manifests.NOTHING if update.scheme is Scheme.TUF else manifests.read(manifest.content or b"")
    image_at = named_image(update, says, manifest)
    image: Got | None = None
    signed: Tuf | Signature | Unsaid
    part = () if update.scheme else BEGINNING  # of the image, the same both ways: what differs proves nothing
    if update.scheme is Scheme.TUF:
        signed, image = await Walk(client, update, manifest).run(root)
    elif update.scheme:
        image = await client.follow(image_at) if image_at else None
        signed = await declared(client, update, manifest, says, image, key)
    else:
        image = await client.follow(image_at, part) if image_at else None
        signed = await unsaid(client, image_at)
    yield UpdateSeen(
        at=at,
        scheme=update.scheme.value if update.scheme else "",
        manifest=manifest.asked,
        plain_manifest=await in_cleartext(client, update, manifest.first, ()),
        says=without_query(says, image_at),
        image=image.asked if image else (),
        plain_image=await in_cleartext(client, update, image.first if image else None, part),
        container=container(image.reply.body) if image and image.reply else "",
        certificates=tuple(client.certificates.values()),
        signed=signed,
    )


def named_image(update: Update, says: Manifest, manifest: Got) -> Address | None:
    """Where the image is: as the product file says, or the manifest."""
    reference = update.image or says.image
    return destination(manifest.final, reference) if reference and update.scheme is not Scheme.TUF else None


def without_query(says: Manifest, at: Address | None) -> Manifest:
    """The same with the image's whole address, as kept on record."""
    return msgspec.structs.replace(says, image=shown(at) if says.image and at else "")


async def in_cleartext(
    client: Client, update: Update, at: Address | None, headers: tuple[tuple[str, str], ...]
) -> Asked | NotLooked:
    """What the plain port of the same server has at the same path."""
    if at is None or at.scheme == "http":
        return NotLooked(Cause.NOT_SUPPLIED if at is None else Cause.NOBODY_LOOKED)
    own = at.authority == client.reach.address.authority
    port = (update.plain_port if own else 0) or (80 if at.port == 443 else 0)
    if not port:
        return NotLooked(Cause.NOT_SUPPLIED)
    plain = msgspec.structs.replace(at, scheme="http", port=port)
    asked, _ = await client.ask(plain, headers)
    return asked
