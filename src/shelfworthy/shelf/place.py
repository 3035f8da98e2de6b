"""Where the shelf keeps what is not in its database, and what it is told by its environment.

SHELFWORTHY_SHELF  its folder: SQLite's file, the secret, evidence that was pushed   [default: ./shelf]
DATABASE_URL       postgresql://user:password@host:port/name   [default: SQLite in the folder]
SHELFWORTHY_URL    how people reach it, for links in mails   [default: http://127.0.0.1:8000]
SHELFWORTHY_SMTP   smtp://user:password@host:port of the server that takes mails   [default: none are sent]
SHELFWORTHY_FROM   the address they come from
SHELFWORTHY_POLICY the operator's policy of looks from here   [default: policy.toml in the folder]
SHELFWORTHY_WEBHOOKS  networks closed by default that webhooks may go to: 10.1.0.0/16,fd12::/64
"""

import os
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SECRET = "secret"  # noqa: S105 - the name of a file
SQLITE = {
    # Who writes waits for who writes, from the beginning of a transaction on: else two that read the same
    # row could not both go on.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
}


class WrongSetting(Exception):
    """A setting of the environment that cannot be used: which, and what is expected."""


def folder() -> Path:
    """The shelf's own folder, which need not be there yet."""
    return Path(os.environ.get("SHELFWORTHY_SHELF") or "shelf").absolute()


def secret() -> str:
    """What sessions are signed with: the folder's, or of this process alone where there is no folder."""
    kept = folder() / SECRET
    try:
        return kept.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(48)


def prepared() -> Path:
    """The folder, made with its secret if there is none, for nobody else to read."""
    place = folder()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = place / SECRET
    if not kept.exists():
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return place


def database(url: str, at: Path) -> dict[str, Any]:
    """Django's settings for a database URL; "" for SQLite in the folder. Raises WrongSetting."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": at / "shelf.sqlite3",
            "CONN_MAX_AGE": 600,
            "OPTIONS": SQLITE,
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        words = "DATABASE_URL: expected postgresql://user:password@host:port/name, or nothing for SQLite."
        raise WrongSetting(words)
    asked = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "shelfworthy.shelf.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": asked.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": asked,
    }


def mail(url: str) -> dict[str, Any]:
    """Django's settings for the server that takes mails; "" for none. Raises WrongSetting."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise WrongSetting("SHELFWORTHY_SMTP: expected smtp://user:password@host:port, or smtps://….")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks that webhooks may go to besides public addresses. Raises WrongSetting."""
    try:
        return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())
    except ValueError as wrong:
        raise WrongSetting(
            f"SHELFWORTHY_WEBHOOKS: {wrong}. Expected networks: 10.1.0.0/16,fd12::/64."
        ) from None
