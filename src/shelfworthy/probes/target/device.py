"""The device, as its recipe says how to speak to it: ask what it runs, send it an image.

What it answers never stands in what is kept, but for the version that it names, in few plain characters.
"""

import re
import secrets
import time
from hashlib import sha256

import msgspec

from shelfworthy.model import Cause, Level, Pushing, Telling, Upload
from shelfworthy.probes.filling import pointed
from shelfworthy.reach import Address, Missing, NotSeen, Reach, Reply, attempt
from shelfworthy.seen.target import Answered, Push

PAUSE = 0.5  # seconds between two questions while it restarts
MOST_WORDS = 1 << 20  # bytes of an answer that are searched for the version
SAYS_NOTHING = "Its answer does not say what it runs where the recipe looks for it, so nothing was pushed."
VERSION = re.compile(r"[ -~]{1,80}")


class Device:
    """What is spoken to. touched: an image of ours was sent, and not the device's own since."""

    def __init__(self, recipe: Pushing, reach: Reach, name: str) -> None:
        self.recipe = recipe
        self.touched = False
        self._reach = reach
        self._name = name

    async def meet(self) -> str:
        """What it says that it runs, before anything was sent. Raises NotSeen if it does not say so."""
        came = await self._runs()
        if isinstance(came, Missing):
            raise NotSeen(came.cause, came.words)
        if not came:
            raise NotSeen(Cause.NOT_UNDERSTOOD, SAYS_NOTHING)
        return came

    async def runs(self) -> str:
        """What it says that it runs; "" if it says nothing."""
        came = await self._runs()
        return "" if isinstance(came, Missing) else came

    async def _runs(self) -> str | Missing:
        asked = self.recipe.version
        came = await self._ask(asked, tuple(asked.headers.items()), b"")
        if isinstance(came, Missing):
            return came
        return version(asked, came.body) if came.status == 200 else ""

    def in_time(self) -> bool:
        """Whether one more image can be sent and the device's own after it."""
        once = self.recipe.settle_ms / 1000 + self.recipe.restart_s + self.recipe.answer_s
        return self._reach.seconds_left > 2 * once

    async def push(self, image: bytes, *, own: bool) -> Push:
        """Send an image, and see what runs then. own: it is the one that the device had."""
        upload = self.recipe.push
        headers, body = packed(upload, image)
        self.touched = self.touched or not own
        came = await self._ask(upload, (*upload.headers.items(), *headers), body)
        await self._reach.wait(self.recipe.settle_ms / 1000)
        runs = await self._runs_again()
        return Push(
            sha256=sha256(image).hexdigest(),
            length=len(image),
            answer=meaning(upload, came),
            status=0 if isinstance(came, Missing) else came.status,
            runs=runs,
        )

    async def _runs_again(self) -> str:
        """What it says that it runs, as soon as it says so again."""
        ends = time.monotonic() + self.recipe.restart_s
        while not (runs := await self.runs()) and time.monotonic() < ends:
            await self._reach.wait(PAUSE)
        return runs

    async def _ask(
        self, step: Telling | Upload, headers: tuple[tuple[str, str], ...], body: bytes
    ) -> Reply | Missing:
        at = self._reach.address
        to: Address = msgspec.structs.replace(at, path=at.path.rstrip("/") + step.path)
        return await attempt(
            self._reach,
            to,
            level=Level.RISK,
            method=step.method,
            headers=headers,
            body=body,
            name=self._name,
            within=float(self.recipe.answer_s),
        )


def packed(upload: Upload, image: bytes) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """An image as it is sent: headers and body (RFC 7578 for a form)."""
    if not upload.field:
        return (("Content-Type", "application/octet-stream"),), image
    boundary = f"shelfworthy{secrets.token_hex(12)}"
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="{upload.field}"; filename="firmware.bin"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + image + f"\r\n--{boundary}--\r\n".encode()
    return (("Content-Type", f"multipart/form-data; boundary={boundary}"),), body


def meaning(upload: Upload, came: Reply | Missing) -> Answered:
    """Whether an answer is a yes or a no, as the recipe has it."""
    if isinstance(came, Missing):
        return "unanswered"
    if came.status in upload.success:
        return "accepted"
    return "refused" if came.status in upload.refusal else "unclear"


def version(asked: Telling, body: bytes) -> str:
    """The version that an answer names; "" if none, or one that is not few plain characters."""
    found: object = None
    if asked.pointer:
        try:
            found = pointed(msgspec.json.decode(body), asked.pointer)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            return ""
    else:
        _, there, behind = body[:MOST_WORDS].decode("utf-8", "replace").partition(asked.after)
        found, ended, _ = behind.partition(asked.before)
        if not there or not ended:
            return ""
    text = found.strip() if isinstance(found, str) else ""
    return text if VERSION.fullmatch(text) else ""
