"""A real S3 server (SeaweedFS), with buckets that are open or closed to strangers."""

import http.client
import json
import time
from collections.abc import Callable, Iterable
from functools import partial
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
    """Create a bucket with these objects, and wait until strangers meet it as it is. Raises `CantRun`."""
    with s3.Client(server.host, server.port) as client:
        _when_ready(partial(client.put, bucket))
        if public:
            rule = "<Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule>"
            controls = f"<OwnershipControls>{rule}</OwnershipControls>".encode()
            _when_ready(partial(client.put, bucket, controls, {"ownershipControls": ""}))
            _when_ready(partial(client.put, bucket, b"", {"acl": ""}, {"x-amz-acl": "public-read"}))
        for key, content in objects.items():
            _when_ready(partial(client.put, f"{bucket}/{key}", content))
    if public:
        _when_ready(partial(_shows_its_grant, server, bucket))


def _when_ready(ask: Callable[[], None]) -> None:
    """Ask until it works: what lies behind the port takes longer (5xx), and so does a new bucket (404)."""
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            return ask()
        except s3.Refused as error:
            if (error.status < 500 and error.status != 404) or time.monotonic() > deadline:
                raise CantRun(f"seaweedfs did not do as asked: {error}") from error
        time.sleep(0.05)


def _shows_its_grant(server: Server, bucket: str) -> None:
    """Raises `Refused` as long as a stranger does not see in the ACL that all users may read."""
    line = http.client.HTTPConnection(server.host, server.port, timeout=30)
    try:
        line.request("GET", f"/{bucket}?acl")
        answer = line.getresponse()
        said = answer.read()
    finally:
        line.close()
    if b"AllUsers" not in said:
        raise s3.Refused(f"GET {bucket}?acl", 404 if answer.status == 200 else answer.status, said)


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
