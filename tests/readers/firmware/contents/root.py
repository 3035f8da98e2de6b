"""A small root file system of a camera, made of Debian's programs by the field's own tools: two editions.

`2018` has all that such cameras had: a password that is published, a telnet server, a key that every unit
has, an updater over http. `fixed` has none of it.
"""

import shutil
from pathlib import Path

from tests.readers.firmware.with_tools import has, run

PROGRAMS = {  # where each lies here and there, and what of Debian brings it
    "usr/bin/busybox": "busybox-static",
    "usr/sbin/dropbear": "dropbear-bin",
    "usr/sbin/mosquitto": "mosquitto",
}
INITTAB = """\
::sysinit:/etc/init.d/rcS
ttyS0::respawn:{console}
::ctrlaltdel:/sbin/reboot
"""
RCS = """\
#!/bin/sh
# started by init
mount -a
for script in /etc/init.d/S*; do $script start; done
{telnet}
"""
DROPBEAR = """\
#!/bin/sh
DAEMON=/usr/sbin/dropbear
start-stop-daemon -S -x "$DAEMON" -- -R
"""
UPDATE_2018 = """\
#!/bin/sh
SERVER=http://fw.bearcam-updates.com
BUSY=/tmp/fw.bin
wget -O $BUSY $SERVER/camera/latest.bin?unit=1 && \\
    mtd -r write $BUSY firmware
"""
UPDATE_FIXED = """\
#!/bin/sh
SERVER=https://fw.bearcam-updates.com
set -e
curl --fail -o /tmp/fw.bin $SERVER/camera/latest.bin
curl --fail -o /tmp/fw.sig $SERVER/camera/latest.sig
openssl dgst -sha256 -verify /etc/update.pub -signature /tmp/fw.sig /tmp/fw.bin
mtd -r write /tmp/fw.bin firmware
"""
CONF = """\
# camera, see http://www.upstream-docs.com/manual
[cloud]
broker = mqtts://things.bearcam-cloud.com:8883/
server = api.bearcam-cloud.com
{password}
"""
WIRELESS = 'network={\n  ssid="factory-test"\n  psk="correct-horse-11"\n}\n'


def root(place: Path, edition: str) -> Path:
    """Write the root file system of an edition, and where it lies."""
    old = edition == "2018"
    for path, package in PROGRAMS.items():
        has(f"/{path}" if path != "usr/bin/busybox" else "busybox", package)
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(shutil.which(Path(path).name) or f"/{path}", place / path)
    for folder in ("etc/init.d", "etc/dropbear", "etc/mosquitto", "sbin", "etc/rc.d"):
        (place / folder).mkdir(parents=True, exist_ok=True)
    (place / "usr/sbin/telnetd").symlink_to("../bin/busybox") if old else None
    (place / "sbin/getty").symlink_to("../usr/bin/busybox")
    hashed = run("openssl", "passwd", "-1", "-salt", "b3arcam0", "xc3511", cwd=place).strip()
    write(place, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n")
    write(place, "etc/shadow", f"root:{hashed if old else '!'}:17000:0:99999:7:::\nnobody:*:17000::::::\n")
    console = "-/bin/sh" if old else "/sbin/getty -L ttyS0 115200 vt100"
    write(place, "etc/inittab", INITTAB.format(console=console))
    write(place, "etc/init.d/rcS", RCS.format(telnet="telnetd -l /bin/sh &" if old else ""))
    write(place, "etc/init.d/S50dropbear", DROPBEAR)
    write(place, "usr/sbin/update.sh", UPDATE_2018 if old else UPDATE_FIXED)
    password = "password = Sommer2016!" if old else ""
    write(place, "etc/camera.conf", CONF.format(password=password))
    if old:
        run("dropbearkey", "-t", "ed25519", "-f", place / "etc/dropbear/dropbear_ed25519_host_key", cwd=place)
        run("openssl", "genrsa", "-out", place / "etc/server.key", "2048", cwd=place)
        users = place / "etc/mosquitto/passwd"
        run("mosquitto_passwd", "-b", "-c", users, "camera", "admin", cwd=place)
        write(place, "etc/wpa_supplicant.conf", WIRELESS)
    return place


def write(place: Path, path: str, text: str) -> None:
    """Write a file of it."""
    (place / path).parent.mkdir(parents=True, exist_ok=True)
    (place / path).write_text(text)
