"""The bear on the air: its attributes, commands and states, in the shape of the story's.

Commands, written to `cmd`: `00 slot 00…0F` begin an upload; `01` end it; `02` send me the recording;
`08 01 slot` play (0 stops, slots count from 1); `08 02` record with the microphone; `0B 01` or `00` game
mode; `0C loops ms` play again and again. Time in it runs `clock` times as fast as ours.
"""

from enum import IntEnum

BASE = "6d75726d-7061-0000-{:04x}-706c756d7768"
CMD, AUDIO_SEND, AUDIO_RECV, STATE, DATA_REQ, CONFIG, LED, VOLUME = (BASE.format(n) for n in range(1, 9))
KEY = bytes(range(16))  # of every toy that was ever sold
CLOCK = 100
CONFIG_ID = b"0003_17_10_42_05"  # model and when it was set up
LETTER, VERSION = "B", 19


class State(IntEnum):
    """The first byte of `state`."""

    IDLE = 1
    RECORD = 2
    UPLOAD = 3
    UNPLAYED = 4
    PLAYBACK = 5
    DOWNLOAD = 7
    PRIMED = 9
    KEY_FAILED = 15
    RECORD_PAW = 18
    PLAY_PAW = 19
