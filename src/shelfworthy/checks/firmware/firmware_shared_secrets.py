"""Are the firmware's keys and password hashes in other products as well?

Why it matters: one firmware is sold under many names. A key or a password that several products share is
the supplier's, and what leaks of one opens all.

How we look (look): fingerprints of private keys and of salted password hashes are compared with a table of
one's own audits (`shelfworthy reference build`). A salt is drawn at random, so the same hash is the same
password, copied. The table holds no password and names no product, and neither does the answer.

What it does not show: products that are not in the table; passwords without a salt, or with another.

If it fails: give the product keys of its own, better each unit; ask the supplier who else has these.
"""

from collections.abc import Iterator

import msgspec

from shelfworthy.checks.firmware._contents import lies_in, unseen
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.model.shared import SharedSecrets
from shelfworthy.seen.firmware import FirmwareContents

MOST = 24  # answers
TABLE = "shared-secrets"
KEY = "private key"

SAYS = {
    "shared-key": "The private key in {file} ({scheme}) is in {count} other products as well.",
    "shared-password": "The password of {name} is the same in {count} other products, its salt included.",
    "own": "None of its {secrets} keys and password hashes is in {count} other products that were compared.",
    "nothing": "There is no private key in it, and no password hash with a salt.",
    "unread": "The private key in {file} cannot be compared: a pass phrase hides it.",
    "no-table": "There is no table of other products to compare. Make one: shelfworthy reference build.",
    "no-others": "The table of keys is of no other product. Make it anew of more audits.",
    "unseen": "Whether it shares more keys or passwords stayed open: {why}.",
}


def judge(seen: FirmwareContents, about: About) -> Iterator[Answer]:
    content = about.references.get(TABLE)
    table = msgspec.json.decode(content, type=SharedSecrets) if content else None
    product = about.product.key if about.product else ""
    compared = list(secrets(seen))
    shared = [answer for one in compared if table and (answer := of(one, table, product)) is not None]
    if shared:
        yield from shared[:MOST]
    elif why := unseen(seen, "accounts", "secrets"):
        yield inconclusive("unseen", why[1], why=why[0])
    elif hidden := next((one for one in seen.secrets if one.sort == KEY and not one.fingerprint), None):
        yield inconclusive("unread", Cause.NOT_UNDERSTOOD, file=lies_in(hidden.place))
    elif not compared:
        yield moot("nothing", field("secrets"))
    elif table is None:
        yield inconclusive("no-table", Cause.DATA_MISSING)
    elif not (others := table.compared(product)):
        yield inconclusive("no-others", Cause.DATA_MISSING)
    else:
        sure, count = Confidence.PROBABLE, len(compared)
        yield passes("own", field("secrets"), confidence=sure, secrets=count, count=others)


class Compared(msgspec.Struct, frozen=True):
    """A secret with a fingerprint. account: whose password it is; "" for a key."""

    fingerprint: str
    path: str
    account: str
    file: str
    scheme: str


def secrets(seen: FirmwareContents) -> Iterator[Compared]:
    """Every private key and salted hash, each fingerprint once."""
    told: set[str] = set()
    for number, account in enumerate(seen.accounts):
        if account.fingerprint and account.fingerprint not in told and not account.blank:
            told.add(account.fingerprint)
            at = f"accounts.{number}"
            yield Compared(account.fingerprint, at, account.name, lies_in(account.place), account.scheme)
    for number, key in enumerate(seen.secrets):
        if key.sort == KEY and key.fingerprint and key.fingerprint not in told:
            told.add(key.fingerprint)
            yield Compared(key.fingerprint, f"secrets.{number}", "", lies_in(key.place), key.scheme)


def of(one: Compared, table: SharedSecrets, product: str) -> Answer | None:
    """What there is to say of a secret that others have too."""
    at, count = field(one.path), table.others(one.fingerprint, product)
    if not count:
        return None
    if one.account:
        return fails(
            "shared-password", at, Severity.CRITICAL, subject=one.account, name=one.account, count=count
        )
    return fails(
        "shared-key",
        at,
        Severity.CRITICAL,
        subject=f"{one.file} {one.scheme}",
        file=one.file,
        scheme=one.scheme,
        count=count,
    )


CHECK = Check(
    id="firmware-shared-secrets",
    version=2,
    level=Level.LOOK,
    judge=judge,
    reads=(FirmwareContents,),
    says=SAYS,
    needs=("product", TABLE),
)
