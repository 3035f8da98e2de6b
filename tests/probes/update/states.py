"""States of update servers that speak TUF: what must be said of each, and where a TUF client stops."""

import json
from collections.abc import Callable, Mapping

from msgspec import Struct
from securesystemslib.signer import CryptoSigner, Signature, SSlibKey
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    Targets,
    Timestamp,
)

from shelfworthy.model import Scheme
from shelfworthy_lab.listeners import Page
from shelfworthy_lab.tuf_repository import Repository

TRUTH = ("update-metadata-signed", "update-freshness")
NAME = "bear-2.bin"
IMAGE = b"\x00BEAR" + bytes(range(256)) * 20
OTHER = b"\x00BADB" + bytes(range(256)) * 20
Files = dict[str, bytes]


class State(Struct, frozen=True):
    """files: by path. path: of the manifest. says: the first sentence of each check of TRUTH.

    refused: whether a new python-tuf client that trusts the same root takes the image; None: not asked.
    status, media: of single paths.
    """

    files: Files
    says: tuple[str, str]
    scheme: Scheme | None = None
    path: str = "/manifest.json"
    root: bytes | None = None
    key: bytes | None = None
    image: str = ""
    refused: bool | None = None
    status: dict[str, int] = {}
    media: dict[str, str] = {}

    def pages(self) -> dict[str, Page]:
        """As the lab's web server gives them out."""
        return {
            path: Page(
                content.decode("latin-1"),
                self.media.get(path, "application/octet-stream"),
                self.status.get(path, 200),
                "latin-1",
            )
            for path, content in self.files.items()
        }


# -- TUF ---------------------------------------------------------------------------------------------------


def repository(version: int = 2, **days: float) -> tuple[Repository, bytes]:
    """A good one and the root that devices trust."""
    made = Repository()
    root = made.publish_root(days.pop("root", 300))
    made.publish(NAME, IMAGE, version, days)
    return made, root


def tuf(
    made: Repository, root: bytes | None, says: tuple[str, str], refused: bool | None, image: str = NAME
) -> State:
    return State(
        files=dict(made.files),
        says=says,
        scheme=Scheme.TUF,
        path="/metadata/timestamp.json",
        root=root,
        image=image,
        refused=refused,
    )


GOOD = ("tuf", "holds")
STOPS = "not-verified"


def good() -> State:
    return tuf(*repository(), GOOD, refused=False)


def without_named_image() -> State:
    return tuf(*repository(), GOOD, refused=None, image="")


def long_timestamp() -> State:
    return tuf(*repository(timestamp=700), ("tuf", "too-long"), refused=False)


def expired(role: str) -> Callable[[], State]:
    return lambda: tuf(*repository(**{role: -1}), ("tuf", "expired"), refused=True)


def rotated() -> State:
    """A second root with other keys for itself and the timestamp, signed by the first one's key, too."""
    made, root = repository()
    before = made.keys["root"]
    made.keys |= {"root": CryptoSigner.generate_ed25519(), "timestamp": CryptoSigner.generate_ecdsa()}
    made.publish_root(also=before)
    made.publish(NAME, IMAGE, 3)
    return tuf(made, root, GOOD, refused=False)


def stolen_root() -> State:
    """A second root that the first one's key did not sign."""
    made, root = repository()
    made.keys = Repository().keys
    made.publish_root()
    made.publish(NAME, OTHER, 3)
    return tuf(made, root, ("tuf-signatures", STOPS), refused=True)


def leaping_root() -> State:
    """The second root says that it is the third."""
    made, root = repository()
    made.roots = 2
    made.publish_root()
    made.files["/metadata/2.root.json"] = made.files.pop("/metadata/3.root.json")
    return tuf(made, root, ("tuf-version", STOPS), refused=True)


def wrong_key(role: str) -> Callable[[], State]:
    def made() -> State:
        it, root = repository()
        it.keys[role] = CryptoSigner.generate_ed25519()
        it.publish(NAME, OTHER, 3)
        return tuf(it, root, ("tuf-signatures", STOPS), refused=True)

    return made


def tampered_image() -> State:
    made, root = repository()
    (path,) = (path for path in made.files if path.endswith(NAME))
    made.files[path] = OTHER
    return tuf(made, root, ("tuf-image", "holds"), refused=True)


def longer_image() -> State:
    made, root = repository()
    (path,) = (path for path in made.files if path.endswith(NAME))
    made.files[path] += b"!"
    return tuf(made, root, ("tuf-image", "holds"), refused=True)


def changed(name: str, old: bytes, new: bytes) -> Callable[[], State]:
    """One file altered after it was signed."""

    def made() -> State:
        it, root = repository()
        path = f"/metadata/{name}.json"
        assert old in it.files[path]
        it.files[path] = it.files[path].replace(old, new)
        return tuf(it, root, ("tuf-signatures", STOPS), refused=True)

    return made


def mixed(role: str) -> Callable[[], State]:
    """The newest files with an old one, signed well at its time, in the place of one of them."""

    def made() -> State:
        it, root = repository(version=2)
        it.publish(NAME, OTHER, 3)
        it.files[f"/metadata/3.{role}.json"] = it.files[f"/metadata/2.{role}.json"]
        return tuf(it, root, ("tuf-version", STOPS), refused=True)

    return made


def other_content() -> State:
    """The timestamp says which hash the snapshot has, and it has another."""
    made, root = repository()
    stamp = Metadata[Timestamp].from_bytes(made.files["/metadata/timestamp.json"])
    stamp.signed.snapshot_meta = MetaFile(2, 5, {"sha256": "0" * 64})
    made.files["/metadata/timestamp.json"] = resigned(stamp, made.keys["timestamp"])
    return tuf(made, root, ("tuf-content", STOPS), refused=True)


def resigned(
    metadata: Metadata[Timestamp] | Metadata[Snapshot] | Metadata[Targets], *by: CryptoSigner
) -> bytes:
    metadata.signatures.clear()
    for key in by:
        metadata.sign(key, append=True)
    return metadata.to_bytes()


def threshold(
    sign: Callable[[Repository, Metadata[Root]], None], says: tuple[str, str]
) -> Callable[[], State]:
    """A root that wants two keys for targets."""

    def made() -> State:
        it = Repository()
        it.publish_root()
        root = Metadata[Root].from_bytes(it.files["/metadata/1.root.json"])
        sign(it, root)
        root.signed.roles["targets"].threshold = 2
        root.signatures.clear()
        root.sign(it.keys["root"])
        it.files["/metadata/1.root.json"] = root.to_bytes()
        it.publish(NAME, IMAGE, 2)
        return tuf(it, root.to_bytes(), says, refused=says != GOOD)

    return made


def second_key(made: Repository, root: Metadata[Root]) -> None:
    """Two keys may sign, one does."""
    root.signed.add_key(CryptoSigner.generate_ed25519().public_key, "targets")


def same_key_twice(made: Repository, root: Metadata[Root]) -> None:
    """One key under two names."""
    known = made.keys["targets"].public_key
    again = SSlibKey("again", known.keytype, known.scheme, dict(known.keyval))
    root.signed.add_key(again, "targets")


def signed_under_two_names() -> State:
    """The same signature under both names of one key: python-tuf counts two, and TUF says that key ids are
    hashes of keys, so that there is one."""
    state = threshold(same_key_twice, ("tuf-signatures", STOPS))()
    path = "/metadata/2.targets.json"
    targets = Metadata[Targets].from_bytes(state.files[path])
    (signature,) = targets.signatures.values()
    targets.signatures["again"] = Signature("again", signature.signature)
    return tuf_with(state, {path: targets.to_bytes()}, refused=False)


def tuf_with(state: State, files: Files, refused: bool | None) -> State:
    import msgspec

    return msgspec.structs.replace(state, files=state.files | files, refused=refused)


def kinds() -> State:
    """RSA and ECDSA keys."""
    made = Repository()
    made.keys |= {"targets": CryptoSigner.generate_rsa(), "snapshot": CryptoSigner.generate_ecdsa()}
    root = made.publish_root()
    made.publish(NAME, IMAGE, 2)
    return tuf(made, root, GOOD, refused=False)


def unknown_kind() -> State:
    """Targets signed by a key of a scheme that nobody here knows."""
    made, _ = repository()
    known = made.keys["targets"].public_key
    for path in ("/metadata/1.root.json",):
        raw = json.loads(made.files[path])
        raw["signed"]["keys"][known.keyid]["scheme"] = "ed448"
        root = Metadata[Root].from_bytes(made.files[path])
        payload = canonical(raw["signed"])
        signature = made.keys["root"].sign(payload)
        raw["signatures"] = [{"keyid": signature.keyid, "sig": signature.signature}]
        made.files[path] = json.dumps(raw).encode()
        assert root.signed.version == 1
    return tuf(made, made.files["/metadata/1.root.json"], ("tuf-unknown-keys", STOPS), refused=True)


def canonical(value: object) -> bytes:
    from securesystemslib.formats import encode_canonical

    text = encode_canonical(value)  # type: ignore[arg-type]
    assert text is not None
    return text.encode()


def no_image() -> State:
    return tuf(*repository(), ("tuf-no-image", "holds"), refused=True, image="other.bin")


def delegated() -> State:
    made, root = repository()
    targets = Metadata[Targets].from_bytes(made.files["/metadata/2.targets.json"])
    key = CryptoSigner.generate_ed25519().public_key
    role = DelegatedRole("bears", [key.keyid], 1, terminating=False, paths=["*"])
    targets.signed.delegations = Delegations({key.keyid: key}, {"bears": role})
    made.files["/metadata/2.targets.json"] = resigned(targets, made.keys["targets"])
    return tuf(made, root, ("tuf-delegated", "holds"), refused=True, image="other.bin")


def lost(name: str) -> Callable[[], State]:
    def made() -> State:
        it, root = repository()
        del it.files[f"/metadata/{name}.json"]
        return tuf(it, root, ("tuf-missing", STOPS), refused=True)

    return made


def replaced(name: str, content: bytes) -> Callable[[], State]:
    def made() -> State:
        it, root = repository()
        it.files[f"/metadata/{name}.json"] = content
        return tuf(it, root, ("tuf-form", STOPS), refused=True)

    return made


def newer_root_unseen() -> State:
    """The root that devices trust has expired; whether there is a newer one the server does not answer."""
    made, root = repository(root=-1)
    state = tuf(made, root, ("tuf-missing", STOPS), refused=True)
    state.status["/metadata/2.root.json"] = 503
    return tuf_with(state, {"/metadata/2.root.json": b""}, refused=True)


def other_role() -> State:
    made, root = repository()
    made.files["/metadata/timestamp.json"] = made.files["/metadata/2.snapshot.json"]
    return tuf(made, root, ("tuf-form", STOPS), refused=True)


def own_root() -> State:
    made, _ = repository()
    return tuf(made, None, ("tuf-own-root", STOPS), refused=None)


def rolled_back() -> State:
    """All of an older state: a client that never was here before takes it, and so do we."""
    return tuf(*repository(version=1), GOOD, refused=False)


TUF: Mapping[str, Callable[[], State]] = {
    "tuf good": good,
    "tuf without a named image": without_named_image,
    "tuf rotated root": rotated,
    "tuf RSA and ECDSA": kinds,
    "tuf rolled back as a whole": rolled_back,
    "tuf timestamp for two years": long_timestamp,
    "tuf expired root": expired("root"),
    "tuf expired timestamp": expired("timestamp"),
    "tuf expired snapshot": expired("snapshot"),
    "tuf expired targets": expired("targets"),
    "tuf root that nobody trusts": stolen_root,
    "tuf root that leaps": leaping_root,
    "tuf timestamp by another key": wrong_key("timestamp"),
    "tuf snapshot by another key": wrong_key("snapshot"),
    "tuf targets by another key": wrong_key("targets"),
    "tuf tampered image": tampered_image,
    "tuf longer image": longer_image,
    "tuf tampered targets": changed("2.targets", b'"length":', b'"length":1'),
    "tuf tampered snapshot": changed("2.snapshot", b'"version":2', b'"version":9'),
    "tuf old snapshot": mixed("snapshot"),
    "tuf old targets": mixed("targets"),
    "tuf other content": other_content,
    "tuf one signature of two": threshold(second_key, ("tuf-signatures", STOPS)),
    "tuf one key under two names": signed_under_two_names,
    "tuf unknown kind of key": unknown_kind,
    "tuf no such image": no_image,
    "tuf delegated": delegated,
    "tuf without snapshot": lost("2.snapshot"),
    "tuf without root": own_root,
    "tuf newer root unseen": newer_root_unseen,
    "tuf no JSON": replaced("2.targets", b"<html>"),
    "tuf deep JSON": replaced("2.targets", b"[" * 100_000),
    "tuf empty": replaced("timestamp", b"{}"),
    "tuf other role": other_role,
}
