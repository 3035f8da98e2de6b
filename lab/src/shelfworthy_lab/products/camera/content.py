"""What the maker of the camera put into its file system, by edition. All of it is invented."""

from datetime import datetime

MADE = datetime(2018, 3, 1)
SERVER_SECRET = 0x0FFC0FFEE2018  # the key of every camera's web server, in 2018
UPDATE_SECRET = 0x0DDBA11C0DE2024
PASSWORD = "xc3511"
HASH = "$1$OwlWatch$6RNH7OTfNjdz0qf99LK8v0"  # MD5-crypt of it
WIRELESS = "plumwhistle-line-4"

GROUP = "root:x:0:\nnobody:x:65534:\n"
PASSWD = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"
RELEASE = 'NAME="OwlWatch"\nID=owlwatch\nHOME_URL="https://www.owlwatch.test/"\n'
INITTAB = "::sysinit:/etc/init.d/rcS\n::respawn:/usr/bin/{program}\n{more}::ctrlaltdel:/sbin/reboot\n"

START_2018 = """\
#!/bin/sh
mount -t proc proc /proc
telnetd -l /bin/login &
/usr/sbin/dropbear -R
/usr/sbin/dnsmasq -C /etc/dnsmasq.conf
/usr/sbin/mosquitto -d -c /etc/mosquitto.conf
/usr/sbin/lighttpd -f /etc/lighttpd/lighttpd.conf
crond
"""

UPDATE_2018 = """\
#!/bin/sh
# Every night: fetch the newest firmware and write it to flash.
URL=http://updates.owlwatch.test/camera/latest.bin
wget -q -O /tmp/firmware.bin "$URL" || exit 1
flashcp /tmp/firmware.bin /dev/mtd0
reboot
"""

START_FIXED = """\
#!/bin/sh
mount -t proc proc /proc
/usr/sbin/dnsmasq -C /etc/dnsmasq.conf
/usr/sbin/mosquitto -d -c /etc/mosquitto.conf
/usr/sbin/lighttpd -f /etc/lighttpd/lighttpd.conf
crond
"""

UPDATE_FIXED = """\
#!/bin/sh
# Every night: fetch the newest firmware, and install it only if it is signed by us and newer.
set -e
URL=https://updates.owlwatch.test/camera/latest.itb
curl --fail --silent --proto =https --cacert /etc/ssl/owlwatch-ca.pem -o /tmp/firmware.itb "$URL"
curl --fail --silent --proto =https --cacert /etc/ssl/owlwatch-ca.pem -o /tmp/firmware.sig "$URL.sig"
openssl dgst -sha256 -verify /etc/owlwatch/update-key.pem -signature /tmp/firmware.sig /tmp/firmware.itb
owlwatch-newer /tmp/firmware.itb /data/counter
flashcp /tmp/firmware.itb /dev/mtd2
reboot
"""

NEWER = """\
#!/bin/sh
# Whether an image counts at least as far as what this camera has run. U-Boot asks that again.
test "$(fdtget "$1" /configurations/conf-1 plumwhistle,counter)" -ge "$(cat "$2")"
"""

DNS = "interface=wlan0\ndhcp-range=192.168.17.10,192.168.17.20,1h\n"
WEB = 'server.document-root = "/www"\nserver.port = {port}\n{more}'
TLS = 'ssl.engine = "enable"\nssl.pemfile = "{pem}"\n'

FILES: dict[str, dict[str, str]] = {
    "2018": {
        "etc/passwd": PASSWD,
        "etc/shadow": f"root:{HASH}:17600:0:99999:7:::\nnobody:*:17600:0:99999:7:::\n",
        "etc/group": GROUP,
        "etc/os-release": RELEASE,
        "etc/inittab": INITTAB.format(program="ipcamd", more="ttyS0::respawn:-/bin/sh\n"),
        "etc/init.d/rcS": START_2018,
        "etc/dnsmasq.conf": DNS,
        "etc/mosquitto.conf": "listener 1883\nallow_anonymous true\n",
        "etc/lighttpd/lighttpd.conf": WEB.format(port=443, more=TLS.format(pem="/etc/lighttpd/server.pem")),
        "etc/wpa_supplicant.conf": f'network={{\n\tssid="plumwhistle-factory"\n\tpsk="{WIRELESS}"\n}}\n',
        "etc/crontabs/root": "0 3 * * * /usr/bin/upgrade.sh\n",
        "usr/bin/upgrade.sh": UPDATE_2018,
        "www/index.html": "<!DOCTYPE html><title>OwlWatch</title>\n",
    },
    "fixed": {
        "etc/passwd": PASSWD,
        "etc/shadow": "root:*:19800:0:99999:7:::\nnobody:*:19800:0:99999:7:::\n",
        "etc/group": GROUP,
        "etc/os-release": RELEASE,
        "etc/inittab": INITTAB.format(program="owlwatchd", more=""),
        "etc/init.d/rcS": START_FIXED,
        "etc/dnsmasq.conf": DNS,
        "etc/mosquitto.conf": "listener 1883 127.0.0.1\nallow_anonymous false\npassword_file /data/keys\n",
        "etc/lighttpd/lighttpd.conf": WEB.format(port=443, more=TLS.format(pem="/data/server.pem")),
        "etc/crontabs/root": "0 3 * * * /usr/bin/upgrade.sh\n",
        "etc/owlwatch/README": "Keys and passwords of this camera are made when it is set up, in /data.\n",
        "usr/bin/upgrade.sh": UPDATE_FIXED,
        "usr/bin/owlwatch-newer": NEWER,
        "usr/bin/owlwatchd": "#!/bin/sh\nexec /usr/sbin/lighttpd -D -f /etc/lighttpd/lighttpd.conf\n",
        "www/index.html": "<!DOCTYPE html><title>OwlWatch</title>\n",
    },
}
