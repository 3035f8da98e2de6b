"""How accounts are made, used and deleted at a service: declared by people, filled in by the account probe.

What a recipe can say is all that the probe ever does. Words in braces are filled in: `{email}`, `{password}`,
`{new_password}`, `{content}`, and whatever an earlier step captured.
"""

from typing import Any

import msgspec

from shelfworthy.model.base import Record

OURS = ("email", "password", "new_password", "content")  # what the probe makes and never takes from an answer


class Step(Record, frozen=True):
    """One request, and what its answers mean.

    path: appended to the path of the surface. json, form: the body, at most one of them. capture: JSON
    pointers (RFC 6901) into the answer by the name they are used under. success, refusal: HTTP statuses; a
    success counts only with everything it captures, so a status may be in both.
    """

    method: str
    path: str
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    json: dict[str, Any] = msgspec.field(default_factory=dict)
    form: dict[str, str] = msgspec.field(default_factory=dict)
    capture: dict[str, str] = msgspec.field(default_factory=dict)
    success: tuple[int, ...] = (200, 201, 202, 204)
    refusal: tuple[int, ...] = (400, 401, 403, 404, 409, 410, 422)


class Recipe(Record, frozen=True):
    """What the account probe may do at one service.

    email: a mailbox pattern of the operator's own, with `{random}` in it. slowed: statuses that mean "not so
    fast". interval_ms: at least this long between two requests. Captures with a meaning of their own: `token`
    and `lifetime` (its seconds) of `log_in`, `id` and `media` (a URL) of `create` or `read`.
    """

    email: str
    sign_up: Step
    log_in: Step
    delete: Step
    create: Step | None = None
    read: Step | None = None
    reset: Step | None = None
    log_out: Step | None = None
    slowed: tuple[int, ...] = (423, 429)
    interval_ms: int = 0

    def steps(self) -> dict[str, Step]:
        """The steps there are, by name, in the order they can first be taken."""
        names = ("sign_up", "log_in", "create", "read", "reset", "log_out", "delete")
        return {name: step for name in names if (step := getattr(self, name)) is not None}
