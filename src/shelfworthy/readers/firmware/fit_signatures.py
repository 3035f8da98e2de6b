"""The signatures in a FIT: of an image's content, or of a configuration.

That of a configuration is over the nodes it lists (the configuration, its images and their hashes), not over
the images' content: their hashes carry it there. So it counts as verified only where these are right as
well. A list that leaves out the root or the configuration itself is that of something else.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from msgspec import structs

from shelfworthy.readers.firmware.fdt import BEGIN, END, LAST, Tree
from shelfworthy.readers.firmware.fit_images import FORGEABLE, HASHES, Image
from shelfworthy.readers.firmware.format import View
from shelfworthy.readers.firmware.keys import Keys, PublicKey, ecdsa, rsa_pkcs1, rsa_pss, tried
from shelfworthy.seen.firmware import Proof, Signature

CONTENT = frozenset({"data", "data-size", "data-position", "data-offset"})  # never signed
ALGORITHMS: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - what is signed with it has to be said as well
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def configuration(
    view: View, read: Tree, name: str, node: str, images: list[Image], keys: Keys
) -> list[tuple[Signature, set[str]]]:
    """A configuration's signature, if the node has one, and the paths of the images it is over."""
    own = node.rpartition("/")[0]
    listed = read.nodes[node].get("hashed-nodes")
    nodes = set(listed.texts) if listed else set()
    over = [one for one in images if one.path in nodes and carried(read, one, nodes)]
    strings = read.nodes[node].get("hashed-strings")
    size = strings.content.number(">I", 4) if strings and len(strings.content) >= 8 else 0
    start, most = read.strings
    signed = regions(view, read, nodes) + bytes(view.slice(start, min(size, most)).content)
    flaw: Proof | None = None
    if not {"/", own} <= nodes or size > most or any(one.sum == "wrong" for one in over):
        flaw = "wrong"
    elif not all(one.there for one in over):
        flaw = "not understood"
    made = signature(read, node, f"configuration {name}", signed, keys, flaw)
    return [(one, {image.path for image in over}) for one in made]


def carried(read: Tree, one: Image, nodes: set[str]) -> bool:
    """Whether a hash that nobody can forge, and that stands on the list, names an image's content."""
    return any(
        kind.startswith("hash") and path in nodes and read.text(path, "algo") in HASHES.keys() - FORGEABLE
        for kind, path in read.children(one.path)
    )


def regions(view: View, read: Tree, nodes: set[str]) -> bytes:
    """The bytes of listed nodes: all but content, and of the nodes right in them only that they are there."""
    signed = bytearray()
    for token in read.tokens:
        if token.kind in (BEGIN, END):
            take = token.path in nodes or (token.path.rpartition("/")[0] or "/") in nodes
        else:
            take = token.kind == LAST or (token.path in nodes and token.name not in CONTENT)
        if take:
            signed += view.take(token.at, token.end - token.at)
    return bytes(signed)


def signature(
    read: Tree, node: str, covers: str, signed: bytes, keys: Keys, flaw: Proof | None
) -> list[Signature]:
    """A node's signature, if it has one. flaw: what stands already, whatever its key says."""
    value, by = read.nodes[node].get("value"), read.text(node, "algo")
    if value is None:
        return []
    hash_, _, kind = by.partition(",")
    algorithm, pss = ALGORITHMS.get(hash_), read.text(node, "padding") == "pss"
    hint, made = read.text(node, "key-name-hint"), value.bytes
    one = Signature(
        scheme=f"{by}, PSS" if pss else by,
        covers=covers,
        proof="not understood",
        at=value.at,
        length=len(made),
        key=hint,
        key_from="image" if hint else "",
    )
    if algorithm is None or not kind.startswith(("rsa", "ecdsa", "secp")):
        return [one]
    digest = HASHES[hash_](signed)

    def fits(key: PublicKey) -> bool:
        if not kind.startswith("rsa"):
            return ecdsa(key, made, digest, algorithm)
        if pss:
            return rsa_pss(key, made, digest, algorithm, None)
        return rsa_pkcs1(key, made, digest, algorithm)

    able = rsa.RSAPublicKey if kind.startswith("rsa") else ec.EllipticCurvePublicKey
    proof, key = tried(keys, fits, able)
    one = structs.replace(one, proof=flaw or proof)
    return [structs.replace(one, key=key, key_from="product file") if key else one]
