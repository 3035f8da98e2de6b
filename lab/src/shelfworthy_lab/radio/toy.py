"""A talking bear, in the shape of the story's: its attributes, its states, its five slots, its firmware."""

import asyncio
import re
import time
from collections.abc import Sequence

from bumble.core import UUID
from bumble.gatt import Characteristic, Service

from shelfworthy_lab.radio import oad, shape, sound
from shelfworthy_lab.radio.editions import Edition
from shelfworthy_lab.radio.peripheral import Peripheral, Presence, Properties, advertisement
from shelfworthy_lab.radio.shape import State

SLOTS = 5
GRANT = 1024  # bytes that may be uploaded until more is asked for
SLOT_BYTES = 40 * 2000 + sound.HEADER  # 40 s at 16 kbit/s
READ_WRITE = Properties.READ | Properties.WRITE
READ_NOTIFY = Properties.READ | Properties.NOTIFY


class Toy(Peripheral):
    """The bear."""

    def __init__(self, presence: Presence, edition: Edition, clock: int = shape.CLOCK) -> None:
        super().__init__(presence, edition.guard)
        self.edition = edition
        self._clock = clock
        self._state = State.IDLE
        self._unlocked = False
        self._slots = [b""] * SLOTS
        self._slot, self._upload, self._granted = 0, bytearray(), 0
        self._began = 0.0  # recording
        self._recording = sound.recorded(0)
        self._set_up, self._volume = shape.CONFIG_ID, bytes([0, 128])
        self._timer: asyncio.TimerHandle | None = None
        self.updating = oad.Updating(
            shape.VERSION, shape.LETTER, edition.signed, self._oad_tells, self._restart
        )

    # -- what it has -----------------------------------------------------------------------------------------

    def services(self) -> Sequence[Service]:
        make, lies = self.characteristic, self.guard.lies
        self._state_at = make(shape.STATE, READ_NOTIFY, lambda: bytes([self._state]))
        self._sound_at = make(shape.AUDIO_RECV, Properties.NOTIFY)
        self._asks_at = make(shape.DATA_REQ, Properties.NOTIFY)
        body = [
            make(shape.CMD, Properties.WRITE, write=self._commanded),
            make(
                shape.AUDIO_SEND, Properties.WRITE | Properties.WRITE_WITHOUT_RESPONSE, write=self._uploaded
            ),
            self._sound_at,
            self._state_at,
            self._asks_at,
            make(shape.CONFIG, READ_WRITE, lambda: self._set_up, self._configured),
            make(shape.LED, Properties.WRITE, write=lambda _: None),
            make(shape.VOLUME, READ_WRITE, lambda: self._volume, self._turned),
        ]
        if lies:
            body.append(make(shape.BASE.format(9), READ_WRITE))
        flags = Properties.WRITE | Properties.WRITE_WITHOUT_RESPONSE | Properties.NOTIFY
        self._oad_at = {
            oad.IDENTIFY: make(oad.IDENTIFY, flags, write=self.updating.identify, strict=True),
            oad.BLOCKS: make(oad.BLOCKS, flags, write=self.updating.block, strict=True),
        }
        about = Characteristic[bytes](
            UUID("2A29"), Properties.READ, Characteristic.READABLE, b"Plumwhistle Toys"
        )
        return [
            Service(UUID(shape.BASE.format(0)), body),
            Service(UUID(oad.SERVICE), list(self._oad_at.values())),
            Service(UUID("180A"), [about]),
        ]

    def advertised(self) -> tuple[bytes, bytes]:
        name = self.presence.name
        if self.edition.versioned:
            name = f"{name} {self.updating.letter} 1.0.{self.updating.version}"
        response = advertisement("", b"\xff\xff" + self._set_up) if self.edition.versioned else b""
        return advertisement(name, self.edition.company), response

    def subscribed(self, characteristic: "Characteristic[bytes]") -> None:
        if self.guard.leaks and characteristic is self._state_at:
            self.tell(self._state_at, bytes([self._state]))

    def left(self) -> None:
        self._unlocked = False
        self.updating.forget()
        if self._state not in (State.IDLE, State.UNPLAYED):
            self._becomes(State.IDLE)

    # -- what it does ----------------------------------------------------------------------------------------

    def _becomes(self, state: State, after: State | None = None, seconds: float = 0) -> None:
        """Change state, and tell; after so many seconds of its own clock change again."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._state = state
        self.tell(self._state_at, bytes([state]))
        if after is not None:
            wait = seconds / self._clock
            self._timer = asyncio.get_running_loop().call_later(wait, self._becomes, after)

    def _commanded(self, value: bytes) -> None:
        if value[:1] == b"\x00" and len(value) == 2 + len(shape.KEY):
            self._begins_upload(value[1], value[2:])
        elif self.edition.locked and not self._unlocked:
            self._becomes(State.KEY_FAILED)
        elif value == b"\x01":
            self._ends_upload()
        elif value == b"\x02":
            self.work.soon(self._sends())
        elif value in (b"\x08\x02", b"\x08\x02\x01"):
            self._began = time.monotonic()
            self._becomes(State.RECORD)
        elif value[:2] == b"\x08\x01" and len(value) == 3:
            self._plays(value[2])
        elif value[:1] == b"\x0c" and len(value) == 5:
            self._plays(1)
        elif value == b"\x0b\x01":
            self._becomes(State.PLAY_PAW, State.IDLE, 1)  # the finger presses whenever a game begins
        self.log.note(f"command {value[:2].hex()}")

    def _begins_upload(self, slot: int, key: bytes) -> None:
        if self.edition.locked and key != shape.KEY:
            self._unlocked = False
            self._becomes(State.KEY_FAILED)
            return
        self._unlocked = True
        self._slot, self._upload, self._granted = slot % SLOTS, bytearray(), GRANT
        self._becomes(State.PRIMED)
        self._asks(GRANT)

    def _asks(self, wanted: int) -> None:
        transferred = len(self._upload) & 0xFFFF
        self.tell(self._asks_at, wanted.to_bytes(2, "little") + transferred.to_bytes(2, "little"))

    def _uploaded(self, value: bytes) -> None:
        if self._state not in (State.PRIMED, State.UPLOAD) or len(self._upload) + len(value) > SLOT_BYTES:
            return
        self._upload += value[: sound.FRAME]
        if self._state == State.PRIMED:
            self._becomes(State.UPLOAD)
        if len(self._upload) >= self._granted:
            self._granted += GRANT
            self._asks(GRANT)

    def _ends_upload(self) -> None:
        if self._state in (State.PRIMED, State.UPLOAD):
            if self._upload:
                self._slots[self._slot] = bytes(self._upload)
            self._asks(0)
        self._becomes(State.IDLE)

    def _plays(self, slot: int) -> None:
        if self._state == State.RECORD:
            seconds = min((time.monotonic() - self._began) * self._clock, sound.LONGEST)
            self._recording = sound.recorded(int(seconds * sound.BYTES_A_SECOND))
            self._slots[0] = self._recording
            self._becomes(State.UNPLAYED)
        elif slot and slot <= SLOTS and self._slots[slot - 1]:
            self._becomes(State.PLAYBACK, State.IDLE, len(self._slots[slot - 1]) / 2000)
        else:
            self._becomes(State.IDLE)

    async def _sends(self) -> None:
        self._becomes(State.DOWNLOAD)
        for start in range(0, len(self._recording), sound.FRAME):
            if self.central is None or self.error:
                return
            chunk = self._recording[start : start + sound.FRAME]
            await self.device.gatt_server.notify_subscriber(self.central, self._sound_at, chunk)
        self._becomes(State.IDLE)

    def _configured(self, value: bytes) -> None:
        if re.fullmatch(rb"\d{4}_\d{2}_\d{2}_\d{2}_\d{2}", value):
            self._set_up = value

    def _turned(self, value: bytes) -> None:
        if len(value) == 2:
            self._volume = value

    # -- its firmware ----------------------------------------------------------------------------------------

    def _oad_tells(self, uuid: str, value: bytes) -> None:
        self.tell(self._oad_at[uuid], value)

    def _restart(self) -> None:
        self.log.note(f"runs {self.updating.letter} {self.updating.version}")
        if self.central is not None:
            self.work.soon(self.central.disconnect())
