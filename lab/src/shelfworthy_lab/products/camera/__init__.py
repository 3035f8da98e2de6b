"""A camera for nurseries, in the shape of those of 2018, and as it should have been: firmware and device."""

from collections.abc import Callable
from datetime import date

from shelfworthy_lab import device, policies, toml
from shelfworthy_lab.bench import Bench
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.products.camera import content, images, root

EDITIONS = ("2018", "fixed")
PARTS = ("image", "device")
NETWORK = {"2018": "127.0.65", "fixed": "127.0.66"}
HOST = "camera.owlwatch.test"
RUNS, OLDER, KEY = "firmware.bin", "older-firmware.bin", "firmware-key.pem"
RECIPE: dict[str, toml.Value] = {
    "settle_ms": 100,
    "restart_s": 10,
    "answer_s": 10,
    "version": {"path": "/api/version", "pointer": "/version"},
    "push": {"path": "/api/update", "field": "firmware", "success": [200], "refusal": [422]},
}


def build(bench: Bench, edition: str) -> None:
    """Make the camera's images and start it."""
    address = f"{NETWORK[edition]}.1"
    port = bench.port("device")
    for name in (RUNS, OLDER, *([KEY] if edition == "fixed" else [])):
        (bench.folder / name).write_bytes(
            b""
        )  # until it is made: a product file names no file that is not there
    bench.declare(_image(edition), "image", HOST, address)
    target: dict[str, toml.Value] = {
        "id": "camera-device",
        "kind": "target",
        "where": f"target:http://{HOST}:{port}/",
    }
    target |= {"owner": "maker", "image": RUNS, "older": OLDER, "recovery": "start it anew with `up`"}
    bench.declare(target | {"recipe": RECIPE}, "device", HOST, address, risk=True)
    _policy(bench, {"2018": "privacy-2018.txt", "fixed": "privacy-fixed.html"}[edition])
    begin = _device(bench, edition, address, port)
    bench.run({"image": lambda: _write(bench, edition)})
    bench.run({"device": begin})
    bench.write(
        {
            "name": "OwlWatch",
            "vendor": "Plumwhistle Home",
            "model": {"2018": "OW-1", "fixed": "OW-2"}[edition],
            "gtin": "2000000000053",
            "category": "camera",
            "for_children": True,
            "sold_from": date(2017, 9, 1),
        },
        {"id": "camera-1", "bought": "lab", "lot": "L1", "firmware": images.RUNS[edition]},
    )


def planted() -> list[str | bytes]:
    """What lies in the firmware of 2018 and belongs in no report."""
    return [*root.private_lines(), content.HASH, content.HASH.rpartition("$")[2], content.WIRELESS]


def _image(edition: str) -> dict[str, toml.Value]:
    surface: dict[str, toml.Value] = {
        "id": "camera-image",
        "kind": "firmware",
        "where": RUNS,
        "owner": "maker",
    }
    return surface | ({"public_key": KEY} if edition == "fixed" else {})


def _policy(bench: Bench, name: str) -> None:
    """The maker has no site here: its policy is a file beside the product file."""
    (bench.folder / name).write_text(policies.text("camera", name))
    surface: dict[str, toml.Value] = {
        "id": "camera-privacy",
        "kind": "policy",
        "where": name,
        "owner": "maker",
    }
    bench.supply(surface | {"sensors": ["camera", "microphone"], "languages": ["en"]})


def _write(bench: Bench, edition: str) -> None:
    made = images.images(edition)
    (bench.folder / RUNS).write_bytes(made.runs.read_bytes())
    (bench.folder / OLDER).write_bytes(made.older.read_bytes())
    if made.key:
        (bench.folder / KEY).write_bytes(made.key.read_bytes())


def _device(bench: Bench, edition: str, address: str, port: int) -> Callable[[], None]:
    """What starts the camera's update page, once there is an image that it runs."""
    key = str(bench.folder / KEY) if edition == "fixed" else ""
    config = device.Config(address, port, str(bench.folder / RUNS), key, str(bench.folder / "pushed.jsonl"))

    def begin() -> None:
        if bench.parts["image"] != "running":
            raise CantRun("there is no image that it could run")
        device.start(bench.folder, "device", config)

    return begin
