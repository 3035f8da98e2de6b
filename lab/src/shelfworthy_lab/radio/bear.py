"""The bear as a part of a product: its air, its surface in the product file, and who else is in range."""

from collections.abc import Callable

from shelfworthy_lab import toml
from shelfworthy_lab.bench import Bench
from shelfworthy_lab.radio import profile
from shelfworthy_lab.radio.start import Guest, start

NAME, ADDRESS = "MurmurPal", "C4:7C:8D:00:00:01"
IMAGE = "changed-firmware.bin"
PERSON = "Shelfworthy lab"
WINDOW_S = 10
# Others in range, one of whom sounds like the bear.
BYSTANDERS = (
    Guest("band", "", "Murmur Band", "C4:7C:8D:00:00:02", process="bystanders"),
    Guest("lock", "", "Plumlock", "C4:7C:8D:00:00:03", process="bystanders"),
)


def declare(bench: Bench, edition: str, part: str) -> Callable[[], None]:
    """Declare the bear of this edition; answers what starts it."""
    port = bench.port(part)
    fixed = edition == "fixed"
    (bench.folder / IMAGE).write_bytes(profile.changed_image())
    surface: dict[str, toml.Value] = {
        "id": part,
        "kind": "bluetooth",
        "where": f"bluetooth:{NAME if fixed else ADDRESS}",  # the fixed one's address changes
        "owner": "maker",
        "transport": "le",
        "person": PERSON,
        "window_s": WINDOW_S,
        "watch_s": 1,
        "image": IMAGE,
        "operation": profile.operations(),
        "harmless": profile.harmless(),
    }
    surface |= {"button": "press the paw of the bear"} if fixed else {}
    bench.declare_radio(surface, part, port)
    bear = Guest("toy", edition, NAME, "" if fixed else ADDRESS)

    def begin() -> None:
        start([bear, *BYSTANDERS], bench.folder, port)

    return begin
