"""The second factor: a phone's time-based codes, and recovery codes for when it is lost."""

import hashlib
import secrets

import django_otp
import segno
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django_otp.plugins.otp_totp.models import TOTPDevice

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Person, RecoveryCode

CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
GROUPS = 3  # of four letters: 59 bits, which no table of hashes covers


def phone_of(user: User) -> TOTPDevice | None:
    """The phone that is set up, if one is."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def offered(user: User) -> TOTPDevice:
    """The phone that would be set up: the same until a code of it was given."""
    with transaction.atomic():
        found = TOTPDevice.objects.filter(user=user, confirmed=False).first()
        return found or TOTPDevice.objects.create(user=user, name="phone", confirmed=False)


def qr(device: TOTPDevice) -> SafeString:
    """What the phone's app scans, as SVG in the page: no style attribute, no other address."""
    drawn: str = segno.make(device.config_url, error="m").svg_inline(
        scale=4, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True,
        title=gettext("QR code with the key below"),
    )  # fmt: skip
    return mark_safe(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S308 # segno's own drawing


def passes(device: TOTPDevice, code: str) -> bool:
    """Whether a code is the device's, now, and was not used before."""
    code = "".join(code.split())
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return False
    return django_otp.verify_token(device.user, device.persistent_id, code) is not None


def set_up(person: Person, device: TOTPDevice) -> list[str]:
    """Make this phone the only one; the recovery codes, to be shown once."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=device.user).exclude(pk=device.pk).delete()
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        return new_codes(person)


def new_codes(person: Person) -> list[str]:
    """New recovery codes in place of the old ones, to be shown once."""
    codes = [
        "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(GROUPS))
        for _ in range(CODES)
    ]
    with transaction.atomic():
        person.recovery_codes.all().delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(person=person, hash=_hash(code)) for code in codes)
    return codes


def recovers(person: Person, code: str) -> bool:
    """Whether it is a recovery code that was not used yet; it is used then."""
    unused = person.recovery_codes.filter(hash=_hash(code), used_at=None)
    return unused.update(used_at=now()) == 1


def enter(request: HttpRequest, device: TOTPDevice) -> None:
    """Let in who has shown both factors, under a session that nobody knew before."""
    request.session.cycle_key()
    django_otp.login(request, device)


def take_away(person: Person) -> None:
    """Nothing is set up any more: at the next log-in it is asked for."""
    TOTPDevice.objects.filter(user=person.user).delete()
    person.recovery_codes.all().delete()


def _hash(code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter in LETTERS)
    return hashlib.sha256(plain.encode()).hexdigest()
