"""A small guest with Debian's kernel and BlueZ: build what it boots from, boot it, talk to it, end it.

Its root is this machine's own file system, read-only, under a layer of memory; its network is QEMU's own, and
leads nowhere but to the two ports that are handed to loopback here. The kernel is downloaded as a package and
unpacked in `.bluez/`; nothing of it is installed.
"""

import gzip
import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
KEPT = ROOT / ".bluez"
KERNEL = "linux-image-6.12-amd64"  # whose dependency names the version
MODULES = (
    *("virtio_pci", "9pnet_virtio", "9p", "overlay", "virtio_net"),
    *(
        "algif_hash",
        "algif_skcipher",
        "ecb",
        "cmac",
        "sha512_generic",
        "drbg",
        "ecdh_generic",
        "hci_vhci",
        "rfcomm",
    ),
)
PACKAGES = {  # what each command is in
    "qemu-system-x86_64": "qemu-system-x86",
    "bluetoothd": "bluez",
    "btvirt": "bluez-test-tools",
    "busybox": "busybox-static",
    "dbus-daemon": "dbus-daemon",
    "depmod": "kmod",
    "apt-get": "apt",
}
DEBIAN_PYTHON = "/usr/bin/python3"
PACKAGED = sysconfig.get_paths()["purelib"]  # what the auditor needs where it is inside
SBIN = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
WORDS = "console=ttyS0 quiet panic=-1 mitigations=off cryptomgr.notests"  # to the kernel
MEMORY = "768"  # MiB
BOOT = 400.0  # seconds for the guest to be there, on a slow machine without KVM
READY = 60.0  # seconds to change its edition


class NoGuest(Exception):
    """It could not be built or did not boot; in words."""


def lacking() -> str:
    """Which Debian packages are missing, "" if none."""
    missing = [package for command, package in PACKAGES.items() if shutil.which(command, path=SBIN) is None]
    tried = subprocess.run([DEBIAN_PYTHON, "-c", "import dbus, gi"], capture_output=True, check=False)
    return ", ".join(missing + (["python3-dbus", "python3-gi"] if tried.returncode else []))


def versions() -> str:
    """Of what runs in the guest and around it, in a sentence."""
    if lacking():
        return ""
    kernel = _kernel_name(_kernel())
    bluetoothd = _run("bluetoothd", "--version").stdout.strip()
    qemu = _run("qemu-system-x86_64", "--version").stdout.split("\n")[0].split("version ")[1].split(" ")[0]
    return f" Linux {kernel}, bluetoothd and btvirt {bluetoothd}, QEMU {qemu} without KVM."


def built() -> tuple[Path, Path]:
    """The kernel and the initial file system, made if they are not there yet."""
    unpacked = _kernel()
    name = _kernel_name(unpacked)
    initial = KEPT / "initial.gz"
    initial.write_bytes(gzip.compress(_initial(unpacked, name), 1))
    return unpacked / "boot" / f"vmlinuz-{name}", initial


def _kernel_name(unpacked: Path) -> str:
    return next(unpacked.glob("boot/vmlinuz-*")).name.removeprefix("vmlinuz-")


def _kernel() -> Path:
    unpacked = KEPT / "kernel"
    if unpacked.is_dir():
        return unpacked
    KEPT.mkdir(exist_ok=True)
    said = _run("apt-cache", "depends", KERNEL).stdout
    package = said.split("Depends: ")[1].split()[0]
    _run("apt-get", "download", "-q", package, cwd=KEPT)
    (downloaded,) = KEPT.glob(f"{package}_*.deb")
    half = KEPT / "half"
    shutil.rmtree(half, ignore_errors=True)
    _run("dpkg", "-x", str(downloaded), str(half))
    downloaded.unlink()
    version = package.removeprefix("linux-image-")
    _run("depmod", "-b", str(half), version)
    half.rename(unpacked)
    return unpacked


def _initial(unpacked: Path, version: str) -> bytes:
    """An archive (cpio, newc) of busybox, the modules in the order of their loading, and `init`."""
    asked = ("modprobe", "-d", str(unpacked), "-S", version, "--show-depends")
    lines = [line for name in MODULES for line in _run(*asked, name).stdout.splitlines()]
    modules = list(dict.fromkeys(Path(line.split()[1]) for line in lines if line.startswith("insmod")))
    busybox = shutil.which("busybox", path=SBIN)
    assert busybox is not None
    folders = ("bin", "modules", "proc", "sys", "dev", "host", "layer", "root")
    entries = [(name, 0o040755, b"") for name in folders]
    entries += [("bin/busybox", 0o100755, Path(busybox).read_bytes())]
    entries += [("init", 0o100755, (HERE / "inside" / "init").read_bytes())]
    entries += [(f"modules/{one.name}", 0o100644, one.read_bytes()) for one in modules]
    entries += [("modules/order", 0o100644, "".join(f"{one.name}\n" for one in modules).encode())]
    entries += [("TRAILER!!!", 0, b"")]
    return b"".join(_entry(number, *entry) for number, entry in enumerate(entries, 1))


def _entry(number: int, name: str, mode: int, content: bytes) -> bytes:
    """One file of the archive: the header's 13 fields, 8 hex digits each, after the magic "070701"."""
    links = 2 if mode & 0o040000 else 1
    fields = (number, mode, 0, 0, links, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
    return _padded(head) + _padded(content)


def _padded(some: bytes) -> bytes:
    return some + bytes(-len(some) % 4)


def _run(*command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env={"PATH": SBIN})
    if ran.returncode:
        raise NoGuest(f"{' '.join(command)}: {ran.stderr.strip()[-500:]}")
    return ran


class Guest:
    """A running guest. adapter: how the auditor gets its own controller there."""

    def __init__(self, air: int, control: int, console: Path) -> None:
        self.adapter = f"tcp-client:127.0.0.1:{air}"
        self.console = console
        self._control = control
        self._line: socket.socket | None = None
        self._rest = b""

    def become(self, edition: str) -> str:
        """Have the device be that edition: its address."""
        self.told()
        assert self._line is not None
        self._line.sendall(f"{edition}\n".encode())
        until = time.monotonic() + READY
        while time.monotonic() < until:
            for said in self.told(wait=1):
                if said.startswith("ready "):
                    return said.removeprefix("ready ")
                if said.startswith("failed"):
                    raise NoGuest(said)
        raise NoGuest(f"the device did not become {edition}: {self.words()}")

    def told(self, wait: float = 0.01) -> list[str]:
        """What happened to the device since it was last asked."""
        assert self._line is not None
        self._line.settimeout(wait)
        try:
            while some := self._line.recv(65536):
                self._rest += some
                self._line.settimeout(0.01)
        except TimeoutError:
            pass
        *lines, self._rest = self._rest.split(b"\n")
        return [line.decode() for line in lines]

    def words(self) -> str:
        """The last of what its console shows."""
        return self.console.read_text(errors="replace")[-8000:] if self.console.exists() else ""

    def arrived(self, process: "subprocess.Popen[bytes]") -> None:
        """Wait until the device is there; QEMU itself takes connections long before that."""
        until = time.monotonic() + BOOT
        while not all(f"the {one} is there" in self.words() for one in ("device", "air")):
            if process.poll() is not None or time.monotonic() > until:
                raise NoGuest(f"the guest did not come up: {self.words()}")
            time.sleep(0.5)
        self._line = socket.create_connection(("127.0.0.1", self._control), timeout=10)

    def answered(self, within: float) -> list[str]:
        """Of an audit from inside: `CHECK OUTCOME …` for each finding. Raises NoGuest with its gaps."""
        until = time.monotonic() + within
        while "the audit ended" not in self.words():
            if time.monotonic() > until or "Traceback" in self.words():
                raise NoGuest(f"the audit did not end: {self.words()}")
            time.sleep(1)
        lines = self.words().splitlines()
        if gaps := [line for line in lines if line.startswith("gap ")]:
            raise NoGuest(" ".join(gaps))
        return [line.removeprefix("answered ") for line in lines if line.startswith("answered ")]

    def close(self) -> None:
        if self._line is not None:
            self._line.close()


@contextmanager
def booted(folder: Path, device: str) -> Iterator[Guest]:
    """A guest with that device (owl, doll, here) until the end of the block; its console is kept there."""
    kernel, initial = built()
    air, control = _free(), _free()
    console = folder / "console.log"
    handed = f"hostfwd=tcp:127.0.0.1:{air}-:7300,hostfwd=tcp:127.0.0.1:{control}-:7301"
    command = (
        *("qemu-system-x86_64", "-M", "pc", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2"),
        *("-m", MEMORY, "-nodefaults", "-no-reboot", "-display", "none", "-serial", f"file:{console}"),
        *("-kernel", str(kernel), "-initrd", str(initial)),
        *("-append", f"{WORDS} device={device} packages={PACKAGED} inside={HERE / 'inside'}"),
        *("-fsdev", "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap"),
        *("-device", "virtio-9p-pci,fsdev=host,mount_tag=host"),
        *("-netdev", f"user,id=in,restrict=on,{handed}", "-device", "virtio-net-pci,netdev=in,romfile="),
    )
    with (folder / "qemu.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    guest = Guest(air, control, console)
    try:
        guest.arrived(process)
        yield guest
    finally:
        guest.close()
        process.kill()
        process.wait()


def _free() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
