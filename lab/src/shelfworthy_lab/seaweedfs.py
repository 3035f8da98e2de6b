"""A real S3 server (SeaweedFS), with buckets that are open or closed to strangers."""

import json
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from pathlib import Path

from shelfworthy_lab import parts, s3
from shelfworthy_lab.certificates import Identity
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import START_SECONDS, Server, free_port, spawn, wait_for_port

ATTEMPTS = 3  # one of its ten ports may be taken between our choice and its start; once it crashed on its own


@dataclass(frozen=True)
class Store(Server):
    """A running S3 server; authority: who signed its certificate if it speaks TLS, and then nothing else."""

    authority: Path | None


def start(
    folder: Path,
    public: Iterable[str] = (),
    host: str = "127.0.0.1",
    port: int | None = None,
    name: str = "seaweedfs",
    writable: Iterable[str] = (),
    tls: Identity | None = None,
) -> Store:
    """Start SeaweedFS in `folder`; strangers may list, read and see the ACL of the `public` buckets.

    Create those with `create(…, public=True)`; an ACL alone does not open a bucket for SeaweedFS, and the
    rights given here alone do not show in the ACL. They may write into the `writable` ones. `tls` makes
    TLS the only way in. Raises `CantRun`.
    """
    binary = parts.fetch("seaweedfs") / "weed"
    data = folder / f"{name}-data"
    data.mkdir(parents=True, exist_ok=True)
    config = folder / f"{name}.json"
    config.write_text(json.dumps(_identities(public, writable)))
    command = [str(binary), "mini", f"-dir={data}", f"-ip={host}", f"-ip.bind={host}", f"-s3.config={config}"]
    command += ["-master.telemetry=false"]  # its default reports to the vendor
    command += ["-webdav=false", "-admin.ui=false", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    if tls:
        command += [f"-s3.cert.file={tls.certificate}", f"-s3.key.file={tls.key}"]
    attempt = partial(_try, command, folder, name, host, port, tls.authority if tls else None)
    for _ in range(ATTEMPTS - 1):
        with suppress(CantRun):
            return attempt()
    return attempt()


def _try(
    command: list[str], folder: Path, name: str, host: str, port: int | None, authority: Path | None
) -> Store:
    ports = _ports(port)
    chosen = [f"-{flag}={number}" for flag, number in ports.items()]
    pid_file = spawn(name, command + chosen, folder, leaves=_sockets(ports))
    server = Store(host, ports["s3.port"], pid_file, authority)
    try:
        wait_for_port(host, server.port, pid_file, folder / "logs" / f"{name}.log")
        with s3.Client(host, server.port, authority) as client:
            _when_ready(partial(client.get, ""))
    except CantRun:
        server.stop()
        raise
    return server


def _ports(port: int | None) -> dict[str, int]:
    """A port for each of its services, the last one even without its pages: flag → port."""
    taken = {port} if port else set()
    services = ("s3", "master", "volume", "filer", "admin")
    ports = {f"{service}.{kind}": free_port(taken) for service in services for kind in ("port", "port.grpc")}
    return ports | ({"s3.port": port} if port else {})


def _sockets(ports: dict[str, int]) -> list[str]:
    """The sockets it makes in /tmp, under names that can't be chosen, and leaves there."""
    plain = [f"/tmp/seaweedfs-{service}-{ports[f'{service}.port']}.sock" for service in ("s3", "filer")]
    services = [flag.removesuffix(".port.grpc") for flag in ports if flag.endswith(".grpc")]
    return plain + [f"/tmp/seaweedfs-{one}-grpc-{ports[f'{one}.port.grpc']}.sock" for one in services]


def create(server: Store, bucket: str, objects: dict[str, bytes], public: bool = False) -> None:
    """Create a bucket with these objects, and wait until strangers meet it as it is. Raises `CantRun`."""
    with s3.Client(server.host, server.port, server.authority) as client:
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


def _when_ready(ask: Callable[[], object]) -> None:
    """Ask until it works: what lies behind the port takes longer (5xx), and so does a new bucket (404)."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            ask()
            return
        except (OSError, HTTPException) as error:
            raise CantRun(f"seaweedfs broke off: {error!r}") from error
        except s3.Refused as error:
            if (error.status < 500 and error.status != 404) or time.monotonic() > deadline:
                raise CantRun(f"seaweedfs did not do as asked: {error}") from error
        time.sleep(0.05)


def _shows_its_grant(server: Store, bucket: str) -> None:
    """Raises `Refused` as long as a stranger does not see in the ACL that all users may read."""
    line = s3.line(server.host, server.port, server.authority)
    try:
        line.request("GET", f"/{bucket}?acl")
        answer = line.getresponse()
        said = answer.read()
    finally:
        line.close()
    if b"AllUsers" not in said:
        raise s3.Refused(f"GET {bucket}?acl", 404 if answer.status == 200 else answer.status, said)


def _identities(public: Iterable[str], writable: Iterable[str]) -> dict[str, object]:
    keeper = {
        "name": "keeper",
        "credentials": [{"accessKey": s3.ACCESS_KEY, "secretKey": s3.SECRET_KEY}],
        "actions": ["Admin", "Read", "List", "Write"],
    }
    strangers = [f"{right}:{bucket}" for bucket in public for right in ("Read", "List", "ReadAcp")]
    strangers += [f"Write:{bucket}" for bucket in writable]
    if not strangers:
        return {"identities": [keeper]}
    return {"identities": [keeper, {"name": "anonymous", "actions": strangers}]}
