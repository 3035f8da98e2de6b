"""What a product file says of the bear: how it is told to record, to play, to let an app in.

The same for every edition: what the fixed one refuses is what the others do.
"""

from typing import Any

from shelfworthy_lab.radio import oad, shape, sound

Act = dict[str, Any]

WITHIN = 1000  # ms
KEY = shape.KEY.hex()
SUBSCRIBE_STATE: Act = {"subscribe": shape.STATE}
REFUSES = {"refused_on": shape.STATE, "refused": "0f"}


def operations() -> list[dict[str, Any]]:
    """[[surface.operation]]."""
    return [
        {
            "id": "unlock",
            "does": "unlock",
            "says": "be let in like the toy's own app",
            **REFUSES,
            "act": [SUBSCRIBE_STATE, _commands(f"0000{KEY}", "09") | {"key": True}],
            "undo": [_writes("01")],
        },
        {
            "id": "record",
            "does": "record",
            "says": "record from the microphone",
            **REFUSES,
            "after": "unlock",
            "header": sound.HEADER,
            "rate": sound.BYTES_A_SECOND,
            "act": [
                SUBSCRIBE_STATE,
                {"subscribe": shape.AUDIO_RECV},
                _commands("0802", "02"),
                {"wait_ms": 1000 // shape.CLOCK},
                _commands("080100", "04"),
                _commands("02", "01") | {"collect": shape.AUDIO_RECV},  # idle again: that was all
            ],
            "undo": [_writes("01")],
        },
        {
            "id": "play",
            "does": "play",
            "says": "play any sound through the speaker",
            **REFUSES,
            "after": "unlock",
            "act": [
                SUBSCRIBE_STATE,
                _commands(f"0001{KEY}", "09"),
                *({"write": shape.AUDIO_SEND, "value": part.hex()} for part in _beep()),
                _commands("01", "01"),
                _commands("080102", "05"),
            ],
            "undo": [_writes("080100")],
        },
        {
            "id": "replay",
            "does": "replay",
            "says": "repeat what an app once sent, with effect",
            **REFUSES,
            "act": [SUBSCRIBE_STATE, _commands(f"0002{KEY}", "09")],
            "undo": [_writes("01")],
        },
    ]


def harmless() -> list[dict[str, str]]:
    """[[surface.harmless]]: end an upload, and lights out."""
    return [{"write": shape.CMD, "value": "01"}, {"write": shape.LED, "value": "0000006400"}]


def changed_image() -> bytes:
    """A firmware image that somebody changed: newer, for the free place, its CRC put right, unsigned."""
    return oad.image(shape.VERSION + 1, "A", size=256)


def _writes(value: str) -> Act:
    return {"write": shape.CMD, "value": value}


def _commands(value: str, state: str) -> Act:
    """A command, and the state that it leads to."""
    return _writes(value) | {"on": shape.STATE, "expect": state, "within_ms": WITHIN}


def _beep() -> list[bytes]:
    """A very short sound, in the pieces that it is sent in."""
    whole = sound.beep()
    return [whole[start : start + sound.FRAME] for start in range(0, len(whole), sound.FRAME)]
