"""Debian packages as files: fetched by apt without root and without installing, for any release and machine.

apt keeps all that it knows in a folder of ours. Whom to ask, this machine's own apt says.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from shelfworthy_lab import home
from shelfworthy_lab.debian import PLACES
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.parts import once

SECONDS = 300
TARGETS = re.compile(r"^(\S*/debian)/? (\S+) main ?(\S*)", re.MULTILINE)
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def unpacked(release: str, machine: str, packages: Sequence[str]) -> Path:
    """A folder with the content of these packages (`root/`), and their names (`packages.txt`).

    release: "" is the one this machine has. machine: Debian's word. Raises `CantRun`.
    """
    ours, said = _ours()
    label = f"{release or ours}-{machine}-{'-'.join(packages)}"
    folder = home.parts() / f"debian-{release or ours}-{machine}-{_short(label)}"

    def make(whole: Path) -> None:
        with tempfile.TemporaryDirectory(dir=whole.parent) as temporary:
            files = _download(Path(temporary), said, release or ours, machine, packages)
            for file in files:
                _run(["dpkg-deb", "-x", str(file), str(whole / "root")])
            names = sorted(file.name.replace("%3a", ":").removesuffix(".deb") for file in files)
            (whole / "packages.txt").write_text("\n".join(names) + "\n")

    return once(folder, make)


def tools(package: str, names: Sequence[str], libraries: Sequence[str] = ()) -> dict[str, Path]:
    """Where programs of a package lie: those installed, else fetched ones. Raises `CantRun`."""
    found = {name: _installed(name) for name in names}
    if missing := [name for name, path in found.items() if path is None]:
        folder = unpacked("", own_machine(), (package, *libraries)) / "root" / "usr"
        for name in missing:
            found[name] = next(
                (one for one in (folder / "bin" / name, folder / "sbin" / name) if one.is_file()), None
            )
    lacking = [name for name, path in found.items() if path is None]
    if lacking:
        raise CantRun(f"the Debian package {package} has no {', '.join(lacking)}")
    return {name: path for name, path in found.items() if path is not None}


def environment(tool: Path) -> dict[str, str]:
    """What a program needs to run from where it was unpacked: its own libraries and neighbours first."""
    usr = tool.parent.parent
    own = [str(path) for path in sorted((usr / "lib").glob("*-linux-gnu*"))] if usr != Path("/usr") else []
    path = os.pathsep.join([str(tool.parent), os.environ.get("PATH", ""), *PLACES])
    return {"PATH": path} | ({"LD_LIBRARY_PATH": os.pathsep.join(own)} if own else {})


def own_machine() -> str:
    """What Debian calls this machine's kind. Raises `CantRun`."""
    return _run(["dpkg", "--print-architecture"]).strip()


def _short(label: str) -> str:
    return sha256(label.encode()).hexdigest()[:12]


def _installed(name: str) -> Path | None:
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *PLACES]))
    return Path(found) if found else None


def _ours() -> tuple[str, str]:
    """This machine's release, and where its packages come from."""
    said = _run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"]
    )
    for address, release, _ in TARGETS.findall(said):
        if "-" not in release:  # not updates of one
            return release, address
    raise CantRun("needs a Debian whose apt knows where packages of `main` come from")


def _download(at: Path, address: str, release: str, machine: str, packages: Sequence[str]) -> list[Path]:
    for name in ("lists/partial", "cache/archives/partial", "parts", "debs"):
        (at / name).mkdir(parents=True)
    (at / "status").touch()
    (at / "sources.list").write_text(f"deb [signed-by={KEYRING}] {address} {release} main\n")
    settings = {
        "Dir::Etc::sourcelist": at / "sources.list",
        "Dir::Etc::sourceparts": at / "parts",
        "Dir::State::lists": at / "lists",
        "Dir::State::status": at / "status",
        "Dir::Cache": at / "cache",
        "APT::Architecture": machine,
        "APT::Architectures": machine,
        "Acquire::Languages": "none",
        "APT::Sandbox::User": "",  # the folder is ours alone
    }
    command = [
        "apt-get",
        "-q",
        *(word for key, value in settings.items() for word in ("-o", f"{key}={value}")),
    ]
    _run([*command, "update"])
    _run([*command, "download", *packages], at / "debs")
    return sorted((at / "debs").glob("*.deb"))


def _run(command: Sequence[str], at: Path | None = None) -> str:
    """What a program prints. Raises `CantRun` with what it complains of."""
    try:
        done = subprocess.run(command, cwd=at, capture_output=True, text=True, timeout=SECONDS, check=False)
    except FileNotFoundError as error:
        raise CantRun(f"needs {command[0]}, which Debian has") from error
    except subprocess.TimeoutExpired as error:
        raise CantRun(f"{command[0]} did not end within {SECONDS} s") from error
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith(("E:", "dpkg"))]
        raise CantRun(f"{command[0]}: {(lines or done.stderr.splitlines() or ['it said nothing'])[-1]}")
    return done.stdout
