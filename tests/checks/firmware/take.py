"""Take the specimens of the checks that judge components.

    python -m tests.checks.firmware.take

What is known comes from a real import of `tests/vulndata/data`; the components are fixtures: what real ones
say is in the specimens of the component rules. What each must be answered stands in the table.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from shelfworthy.model import About, Outcome
from shelfworthy.model.surfaces import Firmware
from shelfworthy.seen.components import rules
from shelfworthy.seen.firmware import FirmwareComponents
from shelfworthy.seen.firmware_contents import Component, Place
from shelfworthy.vulndata.database import excerpt
from shelfworthy.vulndata.importing import import_files
from tests.harvest import write_specimen

EXPLOITED, CRITICAL, ENDED = "firmware-known-exploited", "firmware-components", "firmware-end-of-life"
DATA = Path(__file__).parents[2] / "vulndata" / "data"
F, P, I, M = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE, Outcome.MOOT  # noqa: E741
KEV = "known_exploited_vulnerabilities.json"


class Case(NamedTuple):
    """What a list of components must be answered by the three checks. leaves, only: of the data files."""

    name: str
    source: str
    components: str
    answers: tuple[Outcome, Outcome, Outcome]
    whole: bool = True
    vex: str = ""
    only: tuple[str, ...] = ()
    data: bool = True


def cases() -> Iterator[Case]:
    """Every case."""
    yield Case("heartbleed", "fixture: OpenSSL 1.0.1e", "openssl 1.0.1e", (F, F, I))
    yield Case("clean", "fixture: newer than every flaw known", "dnsmasq 2.90, busybox 1.36.1", (P, P, M))
    yield Case("dnsmasq-2-77", "fixture: dnsmasq 2.77", "dnsmasq 2.77", (P, F, M))
    yield Case("busybox-1-31-1", "fixture: a flaw that is not critical", "busybox 1.31.1", (P, P, M))
    yield Case("mosquitto-2-0-11", "fixture: known by OSV", "mosquitto 2.0.11", (P, P, M))
    yield Case("curl-7-88-1", "fixture: a flaw that nobody rates", "curl 7.88.1", (P, I, M))
    yield Case("samba-4-5-0", "fixture: exploited, without a record", "samba 4.5.0", (I, I, I))
    yield Case("linux-5-10-110", "fixture: Linux before the repair", "linux 5.10.110", (F, F, I))
    yield Case("linux-5-10-240", "fixture: Linux after the repair", "linux 5.10.240", (P, P, I))
    yield Case("linux-4-9-84", "fixture: Linux of a line that ended", "linux 4.9.84", (F, F, F))
    yield Case("linux-6-12-54", "fixture: Linux of a line that goes on", "linux 6.12.54", (P, P, P))
    yield Case("linux-6-12-54-unread", "fixture: not all was read", "linux 6.12.54", (I, I, I), whole=False)
    yield Case("ffmpeg-4-0-6", "fixture: a line that ended, nobody says when", "ffmpeg 4.0.6", (I, I, F))
    yield Case("nginx-1-22-1", "fixture: from the API of endoflife.date", "nginx 1.22.1", (I, I, F))
    yield Case("openssl-3-5-4", "fixture: a record in words", "openssl 3.5.4", (P, I, P))
    yield Case("opus", "fixture: nothing is known about it", "opus 1.3.1", (I, I, M))
    yield Case("no-version", "fixture: no version told", "openssl ?, busybox 1.36.1", (I, I, I))
    yield Case("none", "fixture: no component recognised", "", (I, I, I))
    yield Case("unread", "fixture: not all was read", "dnsmasq 2.90", (I, I, I), whole=False)
    yield Case("no-data", "fixture: nothing imported", "openssl 1.0.1e", (I, I, I), data=False)
    yield Case("only-kev", "fixture: only CISA's list", "dnsmasq 2.90", (I, I, M), only=(KEV,))
    yield Case("denied", "fixture: OpenVEX denies it", "openssl 1.0.1e", (P, I, I), vex="vex.openvex.json")
    yield Case(
        "denied-dnsmasq", "fixture: OpenVEX denies it", "dnsmasq 2.77", (P, P, M), vex="vex.openvex.json"
    )
    yield Case(
        "denied-cyclonedx", "fixture: CycloneDX denies it", "openssl 1.0.1e", (P, I, I), vex="vex.cdx.json"
    )
    yield Case(
        "denied-without-reason",
        "fixture: OpenVEX without a justification",
        "openssl 1.0.1e",
        (F, F, I),
        vex="vex-without-reason.openvex.json",
    )
    yield Case("repaired", "fixture: OpenVEX: fixed", "linux 5.10.110", (I, I, I), vex="vex.openvex.json")


def seen(case: Case) -> FirmwareComponents:
    """What the reader would have seen."""
    found = []
    for number, one in enumerate(filter(None, case.components.split(", "))):
        name, version = one.split()
        version = version.replace("?", "")
        place = Place(part=0, file=f"usr/bin/{name}", at=4096 + number, length=len(version))
        says = f"{name} {version}".strip()
        found.append(Component(name=name, version=version, says=says, source="bytes", places=(place,)))
    return FirmwareComponents(
        sha256="0" * 64, components=tuple(found), whole=case.whole, rules=len(rules()), truncated=False
    )


def known(case: Case, folder: Path) -> bytes:
    """What was imported about these components."""
    data = folder / case.name / "flaws"
    data.mkdir(parents=True)
    for file in DATA.iterdir():
        if file.name != "README.md" and "vex" not in file.name and (not case.only or file.name in case.only):
            shutil.copy(file, data)
    into = folder / case.name / "vulndata.sqlite"
    import_files([data], into)
    return excerpt(into, seen(case).looks_up())


def about(case: Case, check: str, folder: Path) -> About:
    """What a check is told beside what was seen."""
    references = {"vulnerabilities": known(case, folder)} if case.data else {}
    shutil.rmtree(folder / case.name, ignore_errors=True)
    if case.vex and check != ENDED:
        references["vex"] = (DATA / case.vex).read_bytes()
    return About(surface=Firmware(id="image", where="image.bin", vex=case.vex), references=references)


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        for case in cases():
            for check, expected in zip((EXPLOITED, CRITICAL, ENDED), case.answers, strict=True):
                told = about(case, check, Path(temporary))
                print(write_specimen(check, seen(case), told, case.source, case.name, expected))


if __name__ == "__main__":
    main()
