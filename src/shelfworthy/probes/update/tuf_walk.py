"""Walk TUF metadata as a client does: root, timestamp, snapshot, targets, image (specification, section 5.3).

The numbers below are the section's own steps. Nothing expires here: when files expire is kept, and what that
means is a check's question.
"""

import hashlib
from typing import NamedTuple, TypeVar
from urllib.parse import quote

from shelfworthy.model import Update
from shelfworthy.probes.update.asking import Client, Got
from shelfworthy.probes.update.tuf import (
    About,
    File,
    Refused,
    Root,
    Signed,
    Snapshot,
    Target,
    Targets,
    Timestamp,
    counted,
    matches,
    read,
)
from shelfworthy.reach import Address, destination
from shelfworthy.seen.update import Asked, Role, Tuf

MOST_ROOTS = 8  # new roots that are followed in one look; a client may take more
NO_NEWER_ROOT = frozenset({403, 404, 410})  # how file servers and storage say that a file is not there

R = TypeVar("R", bound=Signed)


class Unanswered(Exception):
    """A file of the metadata was not answered as it should."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked.url)
        self.asked = asked


class Walked(NamedTuple):
    """What was verified, and the answers for the image, None if nobody asked for it."""

    tuf: Tuf
    image: Got | None


class Walk:
    """One walk. Trust only grows: what is not verified is not used."""

    def __init__(self, client: Client, update: Update, timestamp: Got) -> None:
        self._client = client
        self._wanted = update.image
        self._timestamp = timestamp
        self._roles: list[Role] = []
        self._trusted = ""
        self._image: Got | None = None

    async def run(self, trusted_root: bytes | None) -> Walked:
        """trusted_root: what devices trust; without it the server's own first root stands in for it."""
        refused, refused_at, missing = "", "", None
        try:
            await self._walk(trusted_root)
        except Refused as stop:
            refused, refused_at = stop.why, stop.at
        except Unanswered as stop:
            missing = stop.asked
        tuf = Tuf(
            trusted=self._trusted,
            roles=tuple(self._roles),
            refused=refused,
            refused_at=refused_at,
            missing=missing,
        )
        return Walked(tuf, self._image)

    async def _walk(self, trusted_root: bytes | None) -> None:
        if trusted_root is None:
            trusted_root = await self._fetched("1.root.json")
        else:
            self._trusted = hashlib.sha256(trusted_root).hexdigest()
        file = read(trusted_root, Root)
        root = self._trust(file, file.signed)  # 5.3.1 and 5.3.2
        root = await self._newest(root)
        timestamp = self._verified(self._content(self._timestamp), Timestamp, root, None)  # 5.4
        snapshot = await self._next("snapshot", timestamp.meta, Snapshot, root)  # 5.5
        targets = await self._next("targets", snapshot.meta, Targets, root)  # 5.6
        path, target = self._chosen(targets)
        await self._download(path, target, bool(root.consistent_snapshot))  # 5.7

    async def _newest(self, root: Root) -> Root:
        """5.3.3 to 5.3.9: one root after the other, each signed by the one before and by itself."""
        for _ in range(MOST_ROOTS):
            got = await self._ask(f"{root.version + 1}.root.json")
            if got.last.status in NO_NEWER_ROOT:
                return root
            file = read(self._content(got), Root)
            if file.signed.version != root.version + 1:
                raise Refused("version", "root")
            self._trust(file, root)
            root = self._trust(file, file.signed)
        raise Unanswered(got.last)

    async def _next(self, role: str, meta: dict[str, About], of: type[R], root: Root) -> R:
        """A file as the one before describes it."""
        about = meta.get(f"{role}.json")
        if about is None:
            raise Refused("form", role)
        prefix = f"{about.version}." if root.consistent_snapshot else ""
        content = await self._fetched(f"{prefix}{role}.json")
        if not matches(content, about.length, about.hashes):
            raise Refused("content", role)
        return self._verified(content, of, root, about.version)

    def _verified(self, content: bytes, of: type[R], root: Root, version: int | None) -> R:
        signed = self._trust(read(content, of), root)
        if version is not None and signed.version != version:
            raise Refused("version", signed.type)
        return signed

    def _trust(self, file: File[R], by: Root) -> R:
        """What the keys of this root signed. Raises Refused where too few did, whatever we cannot verify."""
        said = counted(file, file.signed.type, by)
        self._roles = [one for one in self._roles if one.role != said.role] + [said]  # the newest root counts
        if said.good + said.unknown < said.threshold:
            raise Refused("signatures", said.role)
        return file.signed

    def _chosen(self, targets: Targets) -> tuple[str, Target]:
        """The image the product file names, or the one there is."""
        names = sorted(targets.targets)
        if self._wanted in targets.targets or (names and not self._wanted):
            name = self._wanted or names[0]
            return name, targets.targets[name]
        raise Refused("delegated" if targets.delegations else "no image", "targets")

    async def _download(self, path: str, target: Target, consistent: bool) -> None:
        folder, _, name = path.rpartition("/")
        hashed = next(iter(target.hashes.values()), "")
        prefix = f"{hashed}." if consistent and hashed else ""
        at = self._beside(f"../targets/{quote(folder + '/' if folder else '')}{prefix}{quote(name)}")
        self._image = await self._client.follow(at)
        content = self._content(self._image)
        if not target.hashes or not matches(content, target.length, target.hashes):
            raise Refused("image", path[:200])

    async def _fetched(self, name: str) -> bytes:
        return self._content(await self._ask(name))

    async def _ask(self, name: str) -> Got:
        return await self._client.follow(self._beside(name))

    def _content(self, got: Got) -> bytes:
        if got.content is None:
            raise Unanswered(got.last)
        return got.content

    def _beside(self, reference: str) -> Address:
        """An address relative to the metadata. Raises Refused for what is none."""
        at = destination(self._client.reach.address, reference)
        if at is None:
            raise Refused("form", "targets")
        return at
