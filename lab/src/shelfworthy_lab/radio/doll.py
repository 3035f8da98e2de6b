"""A talking doll that is a Bluetooth Classic headset: hands-free (HFP) and loudspeaker (A2DP).

What bumble's virtual controllers have no words for is not here: inquiry (it is found by address) and PINs.
"""

from typing import cast

from bumble import a2dp, avdtp, hci, hfp, l2cap, rfcomm, sdp
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.keys import MemoryKeyStore
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport.common import TransportSink, TransportSource

from shelfworthy_lab.radio.finger import Finger
from shelfworthy_lab.radio.log import Log
from shelfworthy_lab.radio.manners import Manners
from shelfworthy_lab.radio.peripheral import Presence
from shelfworthy_lab.radio.work import Work

HEADSET = 0x240404  # class of device: audio, wearable headset
PAIRING_NOT_ALLOWED = 0x18
SECURITY_BLOCK = l2cap.L2CAP_Connection_Response.Result.CONNECTION_REFUSED_SECURITY_BLOCK
# What a headset gives its phone; SDP stays open, as it must: that is how phones learn what there is.
AUDIO = (rfcomm.RFCOMM_PSM, avdtp.AVDTP_PSM)


class Body(Device):
    """bumble's device, which asks the doll before it pairs."""

    doll: "Doll"

    def on_authentication_io_capability_request(self, address: hci.Address) -> None:
        if self.doll.refuses():
            command = hci.HCI_IO_Capability_Request_Negative_Reply_Command(
                bd_addr=address, reason=PAIRING_NOT_ALLOWED
            )
            self.doll.work.soon(self.host.send_sync_command(command))
        else:
            super().on_authentication_io_capability_request(address)


class Doll:
    """The doll. Whoever has its RFCOMM channel has its microphone and its mouth."""

    def __init__(self, presence: Presence, manners: Manners) -> None:
        self._presence = presence
        self._manners = manners
        self._finger = Finger()
        self._log = Log(presence.log)
        self.work = Work()
        self._paired: set[int] = set()  # connections

    async def begin(self, source: TransportSource, sink: TransportSink) -> None:
        """Switch it on."""
        config = DeviceConfiguration(
            name=self._presence.name,
            address=hci.Address(self._presence.address),
            le_enabled=False,
            classic_enabled=True,
            classic_sc_enabled=False,
            class_of_device=HEADSET,
        )
        self._device = device = cast(Body, Body.from_config_with_hci(config, source, sink))
        device.doll = self
        device.keystore = MemoryKeyStore()
        delegate = PairingDelegate(PairingDelegate.NO_OUTPUT_NO_INPUT)
        device.pairing_config_factory = lambda _: PairingConfig(mitm=False, bonding=True, delegate=delegate)
        channel = rfcomm.Server(device).listen(self._talks)
        listener = avdtp.Listener.for_device(device)
        listener.on(avdtp.Listener.EVENT_CONNECTION, self._plays)
        device.sdp_service_records = _records(channel)
        manager = device.l2cap_channel_manager
        self._accept = manager.on_l2cap_connection_request
        manager.on_l2cap_connection_request = self._channel  # type: ignore[method-assign]
        device.on(Device.EVENT_CONNECTION, self._came)
        await device.power_on()

    def refuses(self) -> bool:
        """Whether somebody who wants to pair now is refused; the finger hears of it."""
        pairs = self._manners.pairs
        if pairs == "always" or (pairs == "window" and self._finger.open):
            return False
        self._finger.refused()
        self._log.note("refused to pair")
        return True

    def _came(self, connection: Connection) -> None:
        self._log.peer = str(connection.peer_address)
        self._log.note("connected")
        connection.on(Connection.EVENT_DISCONNECTION, lambda _: self._left(connection))
        connection.on(Connection.EVENT_CONNECTION_AUTHENTICATION, lambda: self._knows(connection))
        connection.on(Connection.EVENT_LINK_KEY, lambda: self._knows(connection))

    def _knows(self, connection: Connection) -> None:
        self._finger.paired()
        if connection.handle not in self._paired:
            self._log.note("paired")
        self._paired.add(connection.handle)

    def _left(self, connection: Connection) -> None:
        self._log.note("disconnected")
        self._paired.discard(connection.handle)

    def _channel(self, connection: Connection, cid: int, request: l2cap.L2CAP_Connection_Request) -> None:
        """Refuse a stranger's channel before anything is said on it."""
        if not self._manners.shy or request.psm not in AUDIO or connection.handle in self._paired:
            self._accept(connection, cid, request)
            return
        refusal = l2cap.L2CAP_Connection_Response(
            identifier=request.identifier,
            destination_cid=0,
            source_cid=request.source_cid,
            result=SECURITY_BLOCK,
            status=0,
        )
        self._device.l2cap_channel_manager.send_control_frame(connection, cid, refusal)

    def _talks(self, channel: rfcomm.DLC) -> None:
        """Answer a phone as a headset: every command, and nothing more."""

        def answer(command: bytes) -> None:
            self._log.note("took a command")
            channel.write(b"\r\nOK\r\n")

        channel.sink = answer

    def _plays(self, protocol: avdtp.Protocol) -> None:
        """One stream end point: a mouth."""
        protocol.add_sink(
            avdtp.MediaCodecCapabilities(
                media_type=avdtp.AVDTP_AUDIO_MEDIA_TYPE,
                media_codec_type=a2dp.CodecType.SBC,
                media_codec_information=_sbc(),
            )
        )


def _sbc() -> a2dp.SbcMediaCodecInformation:
    of = a2dp.SbcMediaCodecInformation
    return of(
        sampling_frequency=of.SamplingFrequency.SF_44100,
        channel_mode=of.ChannelMode.MONO,
        block_length=of.BlockLength.BL_16,
        subbands=of.Subbands.S_8,
        allocation_method=of.AllocationMethod.LOUDNESS,
        minimum_bitpool_value=2,
        maximum_bitpool_value=53,
    )


def _records(channel: int) -> dict[int, list[sdp.ServiceAttribute]]:
    handsfree = hfp.HfConfiguration(
        supported_hf_features=[hfp.HfFeature.REMOTE_VOLUME_CONTROL],
        supported_hf_indicators=[],
        supported_audio_codecs=[hfp.AudioCodec.CVSD],
    )
    return {
        0x10001: hfp.make_hf_sdp_records(0x10001, channel, handsfree),
        0x10002: a2dp.make_audio_sink_service_sdp_records(0x10002),  # type: ignore[no-untyped-call]
    }
