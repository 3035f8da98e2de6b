"""What an ACL and a bucket policy give to strangers. Pure; nothing here raises for what a server sends."""

from collections.abc import Iterator

import msgspec

from shelfworthy.probes.bucket.leaves import leaves
from shelfworthy.seen.bucket import Grant, Grants

STRANGERS = ("AllUsers", "AuthenticatedUsers")  # of the predefined groups of S3, those anyone is in
EVERYONE = "AllUsers"
MOST = 100
LONGEST = 64


def acl_grants(body: bytes) -> Grants | None:
    """The grants of an AccessControlPolicy to strangers; None if it is none, or not whole."""
    found = leaves(body, ("URI", "Permission", "Grant"))
    if found.root != "AccessControlPolicy" or not found.whole:
        return None
    grants, group, permission = [], "", ""
    for name, text in found.found:
        if name == "URI":
            group = text.strip().rpartition("/")[2]
        elif name == "Permission":
            permission = text.strip()
        else:
            if group in STRANGERS:
                grants.append(Grant(group=group, permission=permission[:LONGEST]))
            group = permission = ""
    different = tuple(dict.fromkeys(grants))
    return Grants(grants=different) if len(different) <= MOST else None


def policy_grants(body: bytes) -> Grants | None:
    """The actions a bucket policy allows to everyone; None if it cannot be read, or not whole.

    A statement with conditions, and any beside a statement that denies, counts as conditional.
    """
    try:
        policy = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    if not isinstance(policy, dict) or "Statement" not in policy:
        return None
    statements = [item for item in several(policy["Statement"]) if isinstance(item, dict)]
    denies = any(item.get("Effect") == "Deny" for item in statements)
    found = [grant for item in statements for grant in statement_grants(item, denies=denies)]
    different = tuple(dict.fromkeys(found))
    return Grants(grants=different) if len(different) <= MOST else None


def statement_grants(statement: dict[str, object], *, denies: bool) -> Iterator[Grant]:
    if statement.get("Effect") != "Allow":
        return
    excepted = "NotPrincipal" in statement  # everyone but those named
    if not excepted and not everyone(statement.get("Principal")):
        return
    conditional = denies or excepted or bool(statement.get("Condition")) or "NotAction" in statement
    actions = several(statement.get("Action")) or (["*"] if "NotAction" in statement else [])
    for action in actions:
        if isinstance(action, str):
            yield Grant(group=EVERYONE, permission=action[:LONGEST], conditional=conditional)


def everyone(principal: object) -> bool:
    """Whether a policy's Principal names everyone: "*", {"AWS": "*"}, or, as some servers take it, ["*"]."""
    named = [principal.get("AWS"), principal.get("*")] if isinstance(principal, dict) else [principal]
    return any("*" in several(one) for one in named)


def several(value: object) -> list[object]:
    """A list where JSON has one thing or a list of them."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
