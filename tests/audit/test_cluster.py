"""A real dask cluster on loopback: the same answers as one process, TLS, dying workers, what nobody has."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shelfworthy.audit.parcel import Parcel, packed, settle, unpack
from shelfworthy.record import Unreadable, verify
from tests.many import Site, catalogue, name, said, site

pytestmark = pytest.mark.timeout(300)

AUDIT = ("--catalogue", "listings.csv", "--policy", "bench.toml")
PRODUCTS = 10


class Cluster:
    """A running one. address, process: of its scheduler. tls: the options of all its programs."""

    def __init__(self, address: str, tls: tuple[str, ...], process: "subprocess.Popen[bytes]") -> None:
        self.address = address
        self.tls = tls
        self.process = process


@pytest.fixture(scope="module")
def toys() -> Iterator[Site]:
    with site() as made:
        yield made


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers, one of which has a radio, over TLS."""
    folder = tmp_path_factory.mktemp("tls")
    with ExitStack() as stack:
        made = stack.enter_context(scheduler(folder, certificate(folder)))
        stack.enter_context(worker(made, folder, "--resources", "radio=1"))
        stack.enter_context(worker(made, folder))
        yield made


def certificate(folder: Path) -> tuple[str, str]:
    """One certificate for everybody, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cluster.test")])
    day = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(day - timedelta(days=1))
        .not_valid_after(day + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()))
    return str(folder / "cert.pem"), str(folder / "key.pem")


@contextmanager
def program(module: str, *arguments: str, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """One of dask's own programs, until the end of the block."""
    with (folder / f"{module}.log").open("ab") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
            stdout=log,
            stderr=log,
            cwd=folder,
        )
        try:
            yield running
        finally:
            running.terminate()
            running.wait(100)


@contextmanager
def scheduler(folder: Path, pems: tuple[str, str] | None = None) -> Iterator[Cluster]:
    tls = ("--tls-ca-file", pems[0], "--tls-cert", pems[0], "--tls-key", pems[1]) if pems else ()
    file = folder / "scheduler.json"
    at = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    protocol = ("--protocol", "tls") if pems else ()
    with program("dask_scheduler", *at, *protocol, *tls, folder=folder) as running:
        until(lambda: (file.is_file() and file.stat().st_size > 0) or running.poll() is not None)
        yield Cluster(json.loads(file.read_text())["address"], tls, running)


@contextmanager
def worker(of: Cluster, folder: Path, *more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker without a nanny: nobody starts it again when it dies."""
    given = ("--nthreads", "3", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1", *more)
    with program("dask_worker", of.address, *given, *of.tls, folder=folder) as running:
        yield running


def audit(folder: Path, out: str, *more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "shelfworthy", "audit", *AUDIT, "--out", out, *more]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)


def on(of: Cluster) -> tuple[str, ...]:
    """The options that name a cluster."""
    if not of.tls:
        return ("--cluster", of.address)
    _, ca, _, cert, _, key = of.tls
    return ("--cluster", of.address, "--cluster-ca", ca, "--cluster-cert", cert, "--cluster-key", key)


def test_two_workers_give_the_same_answers_as_one_process(toys: Site, two: Cluster, tmp_path: Path) -> None:
    catalogue(tmp_path, toys, PRODUCTS)
    assert two.address.startswith("tls://")
    there = audit(tmp_path, "there", *on(two))
    assert there.returncode == 10, there.stderr
    assert audit(tmp_path, "here").returncode == 10
    for number in range(PRODUCTS):
        audited = tmp_path / "there" / name(number)
        assert verify(audited).problems == ()
        assert said(audited) == said(tmp_path / "here" / name(number))
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == sorted(
        path.name for path in (tmp_path / "here").iterdir()
    )
    again = audit(tmp_path, "there", *on(two))
    assert "10 of 10 products are audited" in again.stdout


def test_a_resource_that_no_worker_has_is_refused_at_once(toys: Site, two: Cluster, tmp_path: Path) -> None:
    catalogue(tmp_path, toys, 2)
    began = time.monotonic()
    ran = audit(tmp_path, "out", *on(two), "--cluster-resource", "microscope")
    assert ran.returncode == 2
    assert f"No worker of {two.address} has the resource 'microscope'. They have: radio." in ran.stderr
    assert time.monotonic() - began < 15
    assert audit(tmp_path, "out", *on(two), "--cluster-resource", "radio").returncode == 10


def test_without_our_certificate_nobody_lets_us_in(toys: Site, two: Cluster, tmp_path: Path) -> None:
    catalogue(tmp_path, toys, 1)
    ran = audit(tmp_path, "out", "--cluster", two.address.replace("tls://", "tcp://"))
    assert ran.returncode == 2
    assert "cannot be joined" in ran.stderr


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    with ExitStack() as stack:
        slow = stack.enter_context(site(delay=0.05))
        catalogue(tmp_path, slow, 12)
        cluster = stack.enter_context(scheduler(tmp_path))
        first = stack.enter_context(worker(cluster, tmp_path))
        stack.enter_context(worker(cluster, tmp_path))
        command = [sys.executable, "-m", "shelfworthy", "audit", *AUDIT, "--out", "out", *on(cluster)]
        running = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        ledger = tmp_path / "out" / "catalogue.jsonl"
        until(lambda: ledger.is_file() and ledger.stat().st_size > 0)
        (child,) = children(first.pid)
        first.send_signal(signal.SIGKILL)
        out, err = running.communicate(timeout=90)
        assert running.returncode == 10, err.decode()
        assert b"12 of 12 products are audited" in out
        lines = [json.loads(line)["audit"] for line in ledger.read_text().splitlines()]
        assert sorted(lines) == sorted(name(number) for number in range(12))
        assert all(verify(tmp_path / "out" / one).problems == () for one in lines)
        until(lambda: not Path(f"/proc/{child}").exists())  # nobody goes on looking for one that is dead


@pytest.mark.slow
def test_a_child_that_dies_is_replaced_and_its_products_tried_again(tmp_path: Path) -> None:
    with ExitStack() as stack:
        slow = stack.enter_context(site(delay=0.05))
        catalogue(tmp_path, slow, 6)
        cluster = stack.enter_context(scheduler(tmp_path))
        only = stack.enter_context(worker(cluster, tmp_path))
        command = [sys.executable, "-m", "shelfworthy", "audit", *AUDIT, "--out", "out", *on(cluster)]
        running = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        ledger = tmp_path / "out" / "catalogue.jsonl"
        until(lambda: ledger.is_file() and ledger.stat().st_size > 0)
        (child,) = children(only.pid)
        os.kill(child, signal.SIGKILL)
        out, err = running.communicate(timeout=90)
        assert running.returncode == 10, err.decode()
        assert b"6 of 6 products are audited" in out


@pytest.mark.slow
def test_a_scheduler_that_goes_away_is_told_and_what_is_done_is_kept(tmp_path: Path) -> None:
    with ExitStack() as stack:
        slow = stack.enter_context(site(delay=0.05))
        catalogue(tmp_path, slow, 12)
        cluster = stack.enter_context(scheduler(tmp_path))
        stack.enter_context(worker(cluster, tmp_path))
        command = [sys.executable, "-m", "shelfworthy", "audit", *AUDIT, "--out", "out", *on(cluster)]
        running = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        ledger = tmp_path / "out" / "catalogue.jsonl"
        until(lambda: ledger.is_file() and ledger.stat().st_size > 0)
        cluster.process.kill()
        _, err = running.communicate(timeout=90)
        assert running.returncode == 2, err.decode()
        assert b"What is done is kept" in err
        done = len(ledger.read_text().splitlines())
        assert 1 <= done < 12
    assert audit(tmp_path, "out").returncode in {10, 1}  # the site is away now, and nothing is lost
    assert len(ledger.read_text().splitlines()) == 12


def test_a_cluster_without_workers_is_refused(toys: Site, tmp_path: Path) -> None:
    catalogue(tmp_path, toys, 1)
    with scheduler(tmp_path) as empty:
        ran = audit(tmp_path, "out", *on(empty))
    assert ran.returncode == 2
    assert "has no workers. Start some:" in ran.stderr


@pytest.mark.slow
def test_a_worker_of_another_version_is_refused(toys: Site, tmp_path: Path) -> None:
    catalogue(tmp_path, toys, 1)
    (tmp_path / "other.py").write_text("import shelfworthy\nshelfworthy.__version__ = '0.0.9'\n")
    with scheduler(tmp_path) as cluster, worker(cluster, tmp_path, "--preload", str(tmp_path / "other.py")):
        ran = audit(tmp_path, "out", *on(cluster))
    assert ran.returncode == 2
    assert "has another shelfworthy (0.0.9, here " in ran.stderr


def test_what_comes_back_is_believed_only_if_it_is_whole_and_an_audit(toys: Site, tmp_path: Path) -> None:
    catalogue(tmp_path, toys, 1)
    assert audit(tmp_path, "out").returncode == 10
    whole = packed(tmp_path / "out" / name(0))
    other = tmp_path / "elsewhere" / "x.audit"
    other.parent.mkdir()
    with pytest.raises(Unreadable, match="no audit"):
        unpack(Parcel(files={"evidence/../../x": b""}), other)
    with pytest.raises(Unreadable, match="no audit"):
        unpack(Parcel(files={"/etc/x": b""}), other)
    manifest = "evidence/manifest.json"
    text = whole.files["evidence/product.toml"]
    for broken in (
        {**whole.files, "evidence/looks/x.json": b"{}"},
        {path: content for path, content in whole.files.items() if path != manifest},
    ):
        with pytest.raises(Unreadable, match="is not whole"):
            settle(Parcel(files=broken), other, text)
    with pytest.raises(Unreadable, match="of another product"):
        settle(whole, other, text + b" ")
    unjudged = {path: content for path, content in whole.files.items() if path.startswith("evidence/")}
    with pytest.raises(Unreadable, match="was not judged"):
        settle(Parcel(files=unjudged), other, text)
    assert list(other.parent.iterdir()) == []
    assert settle(whole, other, text) == verify(tmp_path / "out" / name(0)).digest
    assert packed(other) == whole


def children(pid: int) -> list[int]:
    """The processes a process started."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()] or [
        int(word)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for word in (task / "children").read_text().split()
    ]


def until(holds: object, patience: float = 100) -> None:
    assert callable(holds)
    ends = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.02)
