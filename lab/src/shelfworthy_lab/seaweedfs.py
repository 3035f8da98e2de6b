"""A real S3 server (SeaweedFS), with buckets that are open or closed to strangers."""

import json
import time
from collections.abc import Iterable
from pathlib import Path

from shelfworthy_lab import parts, s3
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import Server, free_port, spawn, wait_for_port

READY_SECONDS = 30.0


def start(
    folder: Path,
    public: Iterable[str] = (),
    host: str = "127.0.0.1",
    port: int | None = None,
    name: str = "seaweedfs",
) -> Server:
    """Start SeaweedFS in `folder`; strangers may list, read and see the ACL of the `public` buckets.

    Create those with `create(…, public=True)`; an ACL alone does not open a bucket for SeaweedFS, and the
    rights given here alone do not show in the ACL. Raises `CantRun`.
    """
    binary = parts.fetch("seaweedfs") / "weed"
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / f"{name}-data"
    data.mkdir(exist_ok=True)
    config = folder / f"{name}.json"
    config.write_text(json.dumps(_identities(public)))
    taken: set[int] = set()
    port = port or free_port(host, taken)
    internal = {
        flag: free_port(host, taken)
        for role in ("master", "volume", "filer", "s3", "admin")  # the last even without its pages
        for flag in (f"{role}.port", f"{role}.port.grpc")
        if flag != "s3.port"
    }
    command = [str(binary), "mini", f"-dir={data}", f"-ip={host}", f"-ip.bind={host}", f"-s3.port={port}"]
    command += [f"-{flag}={number}" for flag, number in internal.items()]
    command += [
        f"-s3.config={config}",
        "-master.telemetry=false",  # its default reports to the vendor
        "-webdav=false",
        "-admin.ui=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
    ]
    pid_file = spawn(name, command, folder)
    wait_for_port(host, port, pid_file, folder / "logs" / f"{name}.log")
    return Server(host, port, pid_file)


def create(server: Server, bucket: str, objects: dict[str, bytes], public: bool = False) -> None:
    """Create a bucket with these objects, waiting until the server is ready for it. Raises `CantRun`."""
    with s3.Client(server.host, server.port) as client:
        _put_when_ready(client, bucket)
        if public:
            rule = "<Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule>"
            controls = f"<OwnershipControls>{rule}</OwnershipControls>".encode()
            client.put(bucket, controls, {"ownershipControls": ""})
            client.put(bucket, query={"acl": ""}, headers={"x-amz-acl": "public-read"})
        for key, content in objects.items():
            client.put(f"{bucket}/{key}", content)


def _put_when_ready(client: s3.Client, bucket: str) -> None:
    """The port opens before the server behind it is ready; until then it answers 5xx."""
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            return client.put(bucket)
        except s3.Refused as error:
            if error.status < 500 or time.monotonic() > deadline:
                raise CantRun(f"seaweedfs did not take a bucket: {error}") from error
        time.sleep(0.1)


def _identities(public: Iterable[str]) -> dict[str, object]:
    keeper = {
        "name": "keeper",
        "credentials": [{"accessKey": s3.ACCESS_KEY, "secretKey": s3.SECRET_KEY}],
        "actions": ["Admin", "Read", "List", "Write"],
    }
    strangers = [f"{right}:{bucket}" for bucket in public for right in ("Read", "List", "ReadAcp")]
    if not strangers:
        return {"identities": [keeper]}
    return {"identities": [keeper, {"name": "anonymous", "actions": strangers}]}
