"""Accounts: what is stored for each, and which published password fits."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from shelfworthy.readers.firmware.contents import libcrypt
from shelfworthy.readers.firmware.contents.accounts import MOST, accounts
from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.hashes import Trying, scheme_of
from shelfworthy.readers.firmware.contents.published import PASSWORDS, SOURCES
from shelfworthy.seen.firmware_contents import Account
from tests.needs import missing
from tests.readers.firmware.contents.trees import Files
from tests.readers.firmware.with_tools import has, run

PASSWD = b"root:x:0:0:root:/root:/bin/sh\nftp:x:14:50:FTP:/var/ftp:/sbin/nologin\n"


def of(files: Mapping[str, bytes | str]) -> dict[str, Account]:
    return {one.name: one for one in accounts(Files(files), Bounds("accounts"))}


@pytest.mark.parametrize(
    ("flag", "scheme"),
    [("-1", "md5-crypt"), ("-apr1", "apr-md5-crypt"), ("-5", "sha256-crypt"), ("-6", "sha512-crypt")],
)
def test_what_openssl_hashed_is_recognised_and_its_published_password_found(
    flag: str, scheme: str, tmp_path: object
) -> None:
    has("openssl", "openssl")
    for password in ("xc3511", "not on any list"):
        stored = run("openssl", "passwd", flag, password, cwd=tmp_path).strip()  # type: ignore[arg-type]
        root = of({"etc/passwd": PASSWD, "etc/shadow": b"root:%s:17000::::::\n" % stored.encode()})["root"]
        assert (root.password, root.scheme) == ("hash", scheme)
        assert root.published == ("xc3511" if password == "xc3511" else "")
        assert len(root.fingerprint) == 64
        assert root.tried == (len(PASSWORDS) if not root.published else PASSWORDS.index("xc3511") + 1)
        assert stored not in repr(root)


@pytest.mark.parametrize(
    ("stored", "password", "scheme"),
    [
        ("", "none", ""),
        ("*", "locked", ""),
        ("!", "locked", ""),
        ("!!", "locked", ""),
        ("!$6$abc$def", "locked", ""),
        ("x", "locked", ""),
        ("admin", "locked", ""),  # no hash that crypt could make fits
        ("abJnggxhB/yWI", "hash", "descrypt"),
        ("_J9..rasmBYk8r9AiWNc", "hash", "bsdi-crypt"),
        ("$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", "hash", "bcrypt"),
        ("$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7", "hash", "yescrypt"),
        ("$7$101$bGFzYWx0$" + "A" * 86 + "==", "hash", "mosquitto-pbkdf2"),
        ("$9$what$ever", "hash", "crypt"),
    ],
)
def test_what_stands_in_the_place_of_a_password(stored: str, password: str, scheme: str) -> None:
    root = of({"etc/passwd": PASSWD, "etc/shadow": f"root:{stored}:17000::::::\n".encode()})["root"]
    assert (root.password, root.scheme) == (password, scheme)


SALTS = {
    "bcrypt": "$2b$05$KBCwKxOzLha2MUDgW0PjXe",
    "yescrypt": "$y$j75$k2XAnEHBqQ1Ct2aMXFKNa/",
    "gost-yescrypt": "$gy$j75$k2XAnEHBqQ1Ct2aMXFKNa/",
    "scrypt": "$7$8U..../....k2XAnEHBqQ1Ct2aMXFKNa/",
    "bsdi-crypt": "_J9..k2XA",
}


def by_perl(password: str, salt: str) -> str:
    """What Perl's crypt, which asks the system's, makes of it."""
    has("perl", "perl-base")
    made = run("perl", "-e", "print crypt($ARGV[0], $ARGV[1])", password, salt, cwd=Path("/"))
    if not made.startswith(salt):
        missing("libcrypt of libxcrypt")
    return made


@pytest.mark.parametrize("scheme", SALTS)
def test_what_libcrypt_hashed_is_tried(scheme: str) -> None:
    for password in ("xc3511", "not on any list", ""):
        stored = by_perl(password, SALTS[scheme])
        root = of({"etc/passwd": PASSWD, "etc/shadow": f"root:{stored}:17000::::::\n".encode()})["root"]
        assert root.scheme == scheme
        assert root.published == (password if password == "xc3511" else "")
        assert root.blank is (password == "")
        assert root.tried == {"xc3511": PASSWORDS.index("xc3511") + 1, "": 0}.get(password, len(PASSWORDS))


@pytest.mark.parametrize(
    "stored",
    [
        "$2b$31$" + "a" * 53,  # days
        "$2b$99$" + "a" * 53,
        "$y$jXX$" + "a" * 22 + "$" + "a" * 43,  # terabytes
        "$y$jXXzzz$" + "a" * 22 + "$" + "a" * 43,
        "$7$zzzzzzzzzzz" + "a" * 22 + "$" + "a" * 43,
        "$7$CU..../zzzz" + "a" * 22 + "$" + "a" * 43,  # in parallel, so often
        "$7$C.........." + "a" * 22 + "$" + "a" * 43,  # not at all
        "$2b$04$" + "!" * 53,
    ],
)
def test_a_hash_that_cannot_be_had_for_a_little_costs_nothing_and_says_so(stored: str) -> None:
    root = of({"etc/passwd": PASSWD, "etc/shadow": f"root:{stored}:17000::::::\n".encode()})["root"]
    assert (root.password, root.published, root.tried) == ("hash", "", 0)


def test_without_libcrypt_its_hashes_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = by_perl("xc3511", SALTS["bcrypt"])
    assert Trying().at(stored).fits == "xc3511"
    monkeypatch.setattr(libcrypt, "_CRYPT", None)
    assert Trying().at(stored) == (None, 0)


def test_shells_tell_who_may_log_in() -> None:
    shells = ("/bin/sh", "", "/bin/false", "/usr/sbin/nologin", "/bin/sync")
    rows = "".join(f"{name}::1:1::/:{shell}\n" for name, shell in zip("abcde", shells, strict=True)).encode()
    assert {name: one.login for name, one in of({"etc/passwd": rows}).items()} == {
        "a": True,
        "b": True,  # no shell is /bin/sh
        "c": False,
        "d": False,
        "e": False,
    }


def test_a_descrypt_hash_in_passwd_itself_without_shadow() -> None:
    rows = b"admin:" + crypt_of("1234") + b":0:0::/:/bin/ash\n"
    admin = of({"etc/passwd": rows})["admin"]
    assert (admin.scheme, admin.published, admin.uid) == ("descrypt", "1234", 0)
    assert (admin.place.file, admin.place.at, admin.place.length) == ("etc/passwd", 0, len(rows) - 1)


def crypt_of(password: str) -> bytes:
    from passlib.hash import des_crypt

    return str(des_crypt.using(salt="ab").hash(password)).encode()


def test_the_hash_of_nothing_asks_for_nothing() -> None:
    assert of({"etc/passwd": b"root:" + crypt_of("") + b":0:0::/:/bin/sh\n"})["root"].blank


def test_shadow_alone_copies_and_links_count() -> None:
    found = of(
        {
            "upper/etc/shadow": b"root::1::::::\n",
            "etc/passwd-": b"old::7:7::/:/bin/sh\n",
            "etc/passwd": "../var/real/passwd",
            "var/real/passwd": b"new::8:8::/:/bin/sh\n",
        }
    )
    assert found["root"].blank
    assert found["old"].blank
    assert found["new"].place.file == "var/real/passwd"


def test_the_brokers_own_tool_made_it(tmp_path: object) -> None:
    has("mosquitto_passwd", "mosquitto")
    run("mosquitto_passwd", "-b", "-c", "passwd", "cam", "ubnt", cwd=tmp_path)  # type: ignore[arg-type]
    content = (tmp_path / "passwd").read_bytes()  # type: ignore[operator]
    cam = of({"etc/mosquitto/passwd": content})["cam"]
    assert (cam.scheme, cam.published) == ("mosquitto-pbkdf2", "ubnt")


def test_files_of_web_servers() -> None:
    found = of(
        {
            "etc/lighttpd/.htpasswd": b"# users\nweb:{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc=\nfree:\n",
            "etc/httpd.conf": b"H:/www\n/cgi-bin:cam:Herbst2015\n*.php:/usr/bin/php\n",
        }
    )
    assert (found["web"].scheme, found["web"].published, found["web"].fingerprint) == ("sha1", "admin", "")
    assert found["free"].blank
    assert (found["cam"].password, found["cam"].published) == ("text", "")
    assert "Herbst" not in repr(found)
    assert set(found) == {"web", "free", "cam"}


def test_a_hash_that_wants_a_billion_rounds_costs_nothing() -> None:
    stored = "$6$rounds=999999999$saltsalt$" + "a" * 86
    root = of({"etc/passwd": PASSWD, "etc/shadow": f"root:{stored}:::::::\n".encode()})["root"]
    assert (root.scheme, root.tried, root.published) == ("sha512-crypt", 0, "")


def test_work_is_bounded_over_all_accounts() -> None:
    stored = "$5$rounds=5000$salt%d$" + "a" * 43
    trying = Trying(rounds=20_000)
    assert [trying.at(stored % number).tried for number in range(3)] == [3, 0, 0]


def test_more_accounts_than_are_listed_can_be_told() -> None:
    rows = b"".join(b"u%d:*:%d:1::/:/bin/sh\n" % (number, number) for number in range(3 * MOST))
    assert len(list(accounts(Files({"etc/passwd": rows}), Bounds("accounts")))) == MOST + 1


def test_words_that_are_no_hash() -> None:
    assert scheme_of("$") == scheme_of("$$$") == scheme_of("hello") == scheme_of("$1$" + "x" * 5000) == ""


def test_each_published_password_names_where() -> None:
    assert len(PASSWORDS) == len(SOURCES) > 50
    assert all(len(source) > 10 for source in SOURCES.values())
