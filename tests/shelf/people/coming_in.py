"""What somebody at the door does: the code a phone shows, the forms in their order."""

from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice


def code_of(device: TOTPDevice) -> str:
    """What the phone shows now."""
    return f"{totp(device.bin_key):06d}"


def enrolled(client: Client, username: str, password: str) -> list[str]:
    """Log in for the first time and set up the phone; the recovery codes that were shown."""
    assert client.post("/log-in", {"username": username, "password": password}).status_code == 302
    client.get("/enrol")
    device = TOTPDevice.objects.get(user=User.objects.get(username=username.lower()), confirmed=False)
    answer = client.post("/enrol", {"code": code_of(device)})
    assert answer.status_code == 200
    return list(answer.context["codes"])
