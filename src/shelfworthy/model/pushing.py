"""How firmware is pushed to a device, and how that tells what it runs: declared by people, done by a probe.

What a recipe says is all that the probe ever sends to the device.
"""

import msgspec

from shelfworthy.model.base import Record


class Telling(Record, frozen=True):
    """How the device tells which version it runs: a request, and where in its answer that stands.

    path: appended to the path of the surface. pointer: JSON pointer (RFC 6901) to a text. after, before: the
    words on both sides of it, where the answer is a page. One of the two ways.
    """

    path: str
    method: str = "GET"
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    pointer: str = ""
    after: str = ""
    before: str = ""


class Upload(Record, frozen=True):
    """How an image is sent. field: of a form with the file in it; "" where the body is the image itself.

    success, refusal: HTTP statuses by which the device says that it takes an image, or that it does not.
    """

    path: str
    method: str = "POST"
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    field: str = ""
    success: tuple[int, ...] = (200, 201, 202, 204)
    refusal: tuple[int, ...] = (400, 403, 406, 409, 415, 422)


class Pushing(Record, frozen=True):
    """What the target probe may do to one device.

    settle_ms: from taking an image until it is about to restart. restart_s: within which it tells again what
    it runs. answer_s: how long it may take to answer a push.
    """

    version: Telling
    push: Upload
    settle_ms: int = 5000
    restart_s: int = 120
    answer_s: int = 60
