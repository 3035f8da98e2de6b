"""A maker's policy that was supplied as a file: a saved page, a PDF, a text."""

from shelfworthy.model import Kind
from shelfworthy.readers.reader import Reader
from shelfworthy.seen.policy import PolicySeen

POLICY = Reader(
    name="policy",
    version=1,
    kind=Kind.POLICY,
    sees=(PolicySeen,),
    read="shelfworthy.readers.policy.paper:read",
    tools=("pypdf",),
    extra="policy",
)
