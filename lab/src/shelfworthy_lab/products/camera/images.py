"""The camera's firmware: the image that it runs, an older one and, where they are signed, its maker's key.

2018: a U-Boot image of the older kind with several files: U-Boot itself, a kernel, the root file system, 16
MB in all. fixed: a U-Boot FIT whose configuration is signed and counts. Made once for a machine, by the
field's own tools, and kept with what the lab fetches.
"""

import gzip
import shutil
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from shelfworthy_lab import home, packages
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.parts import once
from shelfworthy_lab.products.camera import content, root

FLASH = 16 << 20
NAME = "OwlWatch {}"
RUNS = {"2018": "1.2.7", "fixed": "2.0.3"}
OLDER = {"2018": "1.2.5", "fixed": "2.0.1"}
COUNTS = {"2.0.3": 7, "2.0.1": 5}
RELEASE = {"2018": "bullseye", "fixed": "trixie"}
MACHINE = "armhf"
SHARED = ("busybox", "dropbear-bin", "dnsmasq-base", "lighttpd", "mosquitto", "libc6", "libcrypt1", "zlib1g")
PACKAGES = {
    "2018": (*SHARED, "libssl1.1", "libtomcrypt1", "libtommath1", "libnettle8", "libpcre3", "u-boot-qemu"),
    "fixed": (
        *SHARED,
        "libssl3t64",
        "libtomcrypt1",
        "libtommath1",
        "libnettle8t64",
        "libpcre2-8-0",
        "openssl",
        "curl",
    ),
}
KERNEL = {"2018": "3.4.35", "fixed": "6.12.48"}
KERNEL_SIZE = 3 << 19
SECONDS = 300
KEY_NAME = "owlwatch"


@dataclass(frozen=True)
class Images:
    """Files of an edition. key: PEM, the public half of the maker's key; None where nobody signs."""

    runs: Path
    older: Path
    key: Path | None


def images(edition: str) -> Images:
    """The firmware of an edition, made if it is not there yet. Raises `CantRun`."""
    system = packages.unpacked(RELEASE[edition], MACHINE, PACKAGES[edition])
    recipe = b"".join(_source(name) for name in ("content.py", "root.py", "images.py"))
    folder = home.parts() / f"camera-{edition}-{sha256(recipe + system.name.encode()).hexdigest()[:12]}"
    made = once(folder, lambda whole: _make(edition, system / "root", whole))
    return Images(made / "runs.bin", made / "older.bin", made / "key.pem" if edition == "fixed" else None)


def tool(name: str) -> Path:
    """One of U-Boot's tools. Raises `CantRun`."""
    return packages.tools("u-boot-tools", (name,), ("device-tree-compiler", "libfdt1", "libyaml-0-2"))[name]


def run(program: Path, *arguments: str | Path, at: Path) -> None:
    """Run a tool in a folder. Raises `CantRun`."""
    command = [str(program), *(str(one) for one in arguments)]
    done = subprocess.run(
        command, cwd=at, env=packages.environment(program), capture_output=True, text=True, timeout=SECONDS
    )
    if done.returncode:
        raise CantRun(f"{program.name}: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")


def _make(edition: str, system: Path, whole: Path) -> None:
    work = whole / "work"
    work.mkdir()
    root.make(system, edition, work / "root")
    squash = packages.tools("squashfs-tools", ("mksquashfs",), ("liblzo2-2",))["mksquashfs"]
    options = ("-comp", "xz", "-all-root", "-noappend", "-no-progress", "-mkfs-time", "1519862400")
    run(squash, "root", "root.sqfs", *options, "-all-time", "1519862400", at=work)
    kernel = _kernel(KERNEL[edition])
    (work / "kernel").write_bytes(kernel)
    (work / "kernel.gz").write_bytes(gzip.compress(kernel, mtime=0))
    if edition == "2018":
        (work / "u-boot.bin").write_bytes((system / "usr/lib/u-boot/qemu_arm/u-boot.bin").read_bytes())
        for name, version in (("runs", RUNS[edition]), ("older", OLDER[edition])):
            _legacy(work, version, whole / f"{name}.bin")
    else:
        _keys(work)
        (whole / "key.pem").write_bytes((work / f"{KEY_NAME}.pem").read_bytes())
        dtc = packages.tools("device-tree-compiler", ("dtc",), ("libfdt1", "libyaml-0-2"))["dtc"]
        (work / "board.dts").write_text(BOARD)
        run(dtc, "-O", "dtb", "-o", "board.dtb", "board.dts", at=work)
        for name, version in (("runs", RUNS[edition]), ("older", OLDER[edition])):
            _fit(work, version, whole / f"{name}.bin")
    shutil.rmtree(work)


def _legacy(work: Path, version: str, into: Path) -> None:
    """Several files in one image, as large as the flash."""
    own = ("-A", "arm", "-O", "linux", "-T", "kernel", "-C", "none", "-a", "80008000", "-e", "80008000")
    run(tool("mkimage"), *own, "-n", "Linux", "-d", "kernel", "kernel.uimage", at=work)
    inside = (work / "u-boot.bin").stat().st_size + (work / "kernel.uimage").stat().st_size
    padded = work / "root.padded"
    room = FLASH - 64 - 16 - inside - 8  # the header, four lengths, and each file from a word on
    padded.write_bytes((work / "root.sqfs").read_bytes().ljust(room - room % 4, b"\xff"))
    several = "u-boot.bin:kernel.uimage:root.padded"
    kind = ("-A", "arm", "-O", "linux", "-T", "multi", "-C", "none")
    run(tool("mkimage"), *kind, "-n", NAME.format(version), "-d", several, into, at=work)


def _fit(work: Path, version: str, into: Path) -> None:
    text = TREE.replace("VERSION", NAME.format(version)).replace("COUNT", str(COUNTS[version]))
    (work / "image.its").write_text(text.replace("HINT", KEY_NAME))
    run(tool("mkimage"), "-f", "image.its", "-k", work, "-r", into, at=work)


def _keys(work: Path) -> None:
    """A key pair of this machine's own, as mkimage wants it, and the public half as makers publish it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "OwlWatch firmware")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(content.MADE)
        .not_valid_after(content.MADE + 7300 * timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (work / f"{KEY_NAME}.key").write_bytes(key.private_bytes(pem, kind, serialization.NoEncryption()))
    (work / f"{KEY_NAME}.crt").write_bytes(certificate.public_bytes(pem))
    public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    (work / f"{KEY_NAME}.pem").write_bytes(public)


def _kernel(version: str) -> bytes:
    """What stands in for a kernel: the line by which it names itself, and noise."""
    line = (
        f"Linux version {version} (build@plumwhistle) (gcc 4.9.4) #1 PREEMPT Thu Mar 1 00:00:00 UTC 2018\n\0"
    )
    noise = b"".join(sha256(number.to_bytes(4, "little")).digest() for number in range(KERNEL_SIZE // 32))
    return noise[: KERNEL_SIZE // 2] + line.encode() + noise[KERNEL_SIZE // 2 :]


def _source(name: str) -> bytes:
    return files("shelfworthy_lab.products.camera").joinpath(name).read_bytes()


BOARD = '/dts-v1/; / { model = "OwlWatch"; compatible = "plumwhistle,owlwatch"; };\n'
TREE = """\
/dts-v1/;
/ {
    description = "VERSION";
    #address-cells = <1>;
    images {
        kernel {
            description = "kernel";
            data = /incbin/("kernel.gz");
            type = "kernel"; arch = "arm"; os = "linux"; compression = "gzip";
            load = <0x80008000>; entry = <0x80008000>;
            hash-1 { algo = "sha256"; };
        };
        fdt {
            description = "board";
            data = /incbin/("board.dtb");
            type = "flat_dt"; arch = "arm"; compression = "none";
            hash-1 { algo = "sha256"; };
        };
        rootfs {
            description = "root file system";
            data = /incbin/("root.sqfs");
            type = "filesystem"; arch = "arm"; compression = "none";
            hash-1 { algo = "sha256"; };
        };
    };
    configurations {
        default = "conf-1";
        conf-1 {
            description = "OwlWatch";
            kernel = "kernel"; fdt = "fdt"; loadables = "rootfs";
            plumwhistle,counter = <COUNT>;
            signature-1 {
                algo = "sha256,rsa2048";
                key-name-hint = "HINT";
                sign-images = "kernel", "fdt", "loadables";
            };
        };
    };
};
"""
