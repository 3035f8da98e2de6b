"""The same camera in every kind of file system and wrapping that devices have: the same is found in each."""

import pytest
from msgspec import structs

from tests.readers.firmware.contents.file_systems import ROOTS, camera
from tests.readers.firmware.contents.many import Both, all_seen, both
from tests.readers.firmware.contents.unpacking import QUICK

# What comes before the file system in an image of several pieces is made up, so nothing is known of it.
PIECES = {"uimage of several": ["Nothing is known that begins like it."] * 2}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Both]:
    """What is seen of each kind."""
    folder = tmp_path_factory.mktemp("roots")
    camera(folder)
    images = [make(folder).read_bytes() for make in ROOTS.values()]
    seen = all_seen(images, folder, structs.replace(QUICK, disk=256 << 20, inodes=20_000))
    return dict(zip(ROOTS, map(both, seen), strict=True))


@pytest.mark.parametrize("kind", ROOTS)
def test_the_same_is_found_in_each(kind: str, found: dict[str, Both]) -> None:
    contents, components = found[kind]
    assert [part.why for part in contents.unopened] == PIECES.get(kind, [])
    assert [(one.name, one.published) for one in contents.accounts] == [("root", "xc3511")]
    # An archive that lies unpacked in another part is read as a file of that as well.
    keys = {(one.scheme, one.fingerprint) for one in contents.secrets if one.sort == "private key"}
    assert [scheme for scheme, _ in keys] == ["RSA 2048"]
    assert [one.sort for one in contents.services] == ["telnet"]
    (root,) = (part for part in contents.parts if part.root)
    assert root.files == 12
    assert not contents.truncated
    assert components.whole is (kind not in PIECES)
