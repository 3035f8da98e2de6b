"""A maker's policy that was supplied as a file (a saved page, a PDF, a text), or a listing that names one."""

from shelfworthy.model import Kind
from shelfworthy.readers.reader import Reader
from shelfworthy.seen.policy import PolicyListing, PolicySeen

POLICY = Reader(
    # Not that of the probe: where a listing led to the policy, both have looked at the same surface.
    name="supplied-policy",
    version=1,
    kind=Kind.POLICY,
    sees=(PolicySeen, PolicyListing),
    read="shelfworthy.readers.policy.paper:read",
    tools=("pypdf",),
    extra="policy",
)
