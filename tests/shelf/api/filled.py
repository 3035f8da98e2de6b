"""A running shelf with what a shop would have: people, listings, the lab's evidence, decisions by policy."""

import os
import subprocess
import sys
from pathlib import Path

from tests.golden import FOLDER
from tests.shelf.process import Shelf

SECRET = "shelf_of_a_test_and_no_other"
AUDITS = [FOLDER / "0.1.0" / f"cloudpets-{edition}.audit" for edition in ("2018", "fixed")]
CATALOGUE = b"""sku,gtin,title,maker,seller,category,for_children,markets,firmware,app,product,vendor,model
BEAR-1,4006381333931,Talking bear,Plum Toys,Shop,toy,yes,DE AT,1.2,2.0,MurmurPal bear,Plum Toys,
BEAR-2,,Talking bear (blue),Plum Toys,Shop,toy,yes,DE,1.2,2.0,MurmurPal bear,Plum Toys,
BEAR/3,,A bear with a slash,Plum Toys,Shop,toy,,UK,,,MurmurPal bear,Plum Toys,
LAMP-1,,Lamp,Lumen,Shop,light,no,DE,,,Lamp,Lumen,L1
"""
PEOPLE = f"""
import hashlib
import django; django.setup()
from datetime import timedelta
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import *
from shelfworthy.shelf.people.roles import SCOPES
person = Person.objects.get()
observer = Observer.objects.create(name="a lab", origin=Origin.LAB)
Token.objects.create(
    name="test", hash=hashlib.sha256({SECRET!r}.encode()).hexdigest(), person=person, observer=observer,
    scopes=list(SCOPES), made_at=now(), expires_at=now() + timedelta(days=1),
)
"""

# The key of a session of the first administrator, who has come in with both factors.
SESSION = """
import django; django.setup()
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from shelfworthy.shelf.models import Person
person = Person.objects.get()
person.password_until = None
person.save()
device = TOTPDevice.objects.create(user=person.user, name="phone", confirmed=True)
client = Client()
client.force_login(person.user)
session = client.session
session["otp_device_id"] = device.persistent_id
session.save()
print(session.session_key)
"""


def carry_out(code: str, environment: dict[str, str]) -> str:
    """Python with the shelf's settings, in a process of its own; what it printed."""
    settings = {"DJANGO_SETTINGS_MODULE": "shelfworthy.shelf.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment | settings, timeout=600, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def fill(shelf: Shelf, audits: list[Path] = AUDITS[:1]) -> None:
    """Make people, import the catalogue and push audits, as a shop would."""
    carry_out(PEOPLE, shelf.environment)
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "text/csv"}
    status, body = shelf.ask("POST", "/api/v1/imports", CATALOGUE, headers)
    assert status == 201, body
    for audit in audits:
        push(shelf, audit)


def push(shelf: Shelf, audit: Path) -> None:
    """`shelfworthy push`, as a lab does it."""
    done = subprocess.run(
        [sys.executable, "-m", "shelfworthy", "push", str(audit), "--to", shelf.url],
        env=os.environ | {"SHELFWORTHY_TOKEN": SECRET},
        timeout=600, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
