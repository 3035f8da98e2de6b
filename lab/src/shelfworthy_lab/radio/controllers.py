"""Controllers on one virtual air, with what bumble's leave out or get wrong for an audit."""

import asyncio
from struct import Struct

from bumble import controller, hci, link, ll, lmp
from bumble.core import PhysicalTransport
from bumble.transport.common import TransportSink

TIMEOUT = hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
SCAN_REPORT = hci.HCI_LE_Extended_Advertising_Report_Event
DATA = Struct("<BHH")  # kind of packet, handle and flags, length (volume 4, part E, section 5.4.2)
UNIT = Struct("<BHHH")  # the same, and the length of the unit that begins here
HANDLE, FIRST_TO_HOST = 0x0FFF, 0x2000
TAKEN = Struct("<BBBBHH")  # kind, event, length, how many handles; handle, how many packets (7.7.19)
HELD = 0.001  # seconds in which a host may not be told that its data was taken
MANY = 16  # packets taken of which a host is told at once: it sends 64, and waits
ACTIVE = 1  # LE scan type (Core Specification 5.4, volume 4, part E, section 7.8.64)


class Air(link.LocalLink):
    """Carries packets between controllers.

    bumble routes LE data by the sender's address of now, which may have changed since it connected, and hands
    advertisements to controllers that do not listen.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.ears: set[LabController] = set()  # those that scan, or call somebody
        self.responses: dict[hci.Address, bytes] = {}  # scan response by the advertiser's address

    def send_acl_data(
        self,
        sender_controller: controller.Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        if transport != PhysicalTransport.LE:
            super().send_acl_data(sender_controller, destination_address, transport, data)
            return
        connection = sender_controller.le_connections.get(destination_address)
        receiver = self.find_le_controller(destination_address)
        if connection is not None and receiver is not None:
            loop = asyncio.get_running_loop()
            loop.call_soon(receiver.on_link_acl_data, connection.self_address, transport, data)

    def send_advertising_pdu(
        self, sender_controller: controller.Controller, packet: ll.AdvertisingPdu
    ) -> None:
        loop = asyncio.get_running_loop()
        if isinstance(packet, ll.AdvInd | ll.AdvExtInd):
            if not self.ears:  # most of the time nobody listens
                return
            self.responses[packet.advertiser_address] = _scan_response(sender_controller)
            hearing = [each for each in self.ears if each.hears(packet)]
        else:
            hearing = [each for each in self.controllers if isinstance(each, LabController)]
        for each in hearing:
            if each is not sender_controller:
                loop.call_soon(each.on_ll_advertising_pdu, packet)

    def send_ll_control_pdu(
        self, sender_address: hci.Address, receiver_address: hci.Address, packet: ll.ControlPdu
    ) -> None:
        if self.find_le_controller(receiver_address):  # else it has left: nobody hears this
            super().send_ll_control_pdu(sender_address, receiver_address, packet)


class LabController(controller.Controller):
    """One participant's radio."""

    link: Air
    scanning_actively = False
    le_acl_data_packet_length = 251  # bytes, as of most controllers since 4.2; bumble's take 27

    def __init__(self, name: str, host: TransportSink, air: Air, address: str) -> None:
        super().__init__(name, host_sink=host, link=air, public_address=address)
        self.taken: dict[int, int] = {}  # packets of the host's that it was not told of yet, by connection
        self._ends: dict[int, tuple[controller.Connection, LabController, controller.Connection]] = {}

    def on_packet(self, packet: bytes) -> None:
        """What the host says, as it came."""
        if not self._is_unit(packet):
            super().on_packet(packet)

    def _is_unit(self, packet: bytes) -> bool:
        """Whether this is a whole unit of LE data, which then is on its way: shorter than bumble's."""
        if len(packet) < UNIT.size or packet[0] != hci.HCI_ACL_DATA_PACKET:
            return False
        _, handle, length, inner = UNIT.unpack_from(packet)
        if len(packet) != length + DATA.size or length != inner + 4:
            return False
        connection = self.find_le_connection_by_handle(handle)
        if connection is None or connection.assembler.current_data is not None:
            return False
        end = self._other_end(connection)
        if end is not None:
            there, back = end
            asyncio.get_running_loop().call_soon(there.hear, back, packet[DATA.size :])
        self._taken(handle)
        return True

    def _other_end(self, here: controller.Connection) -> "End | None":
        """Who takes what is said on a connection, as long as both are there; among a hundred, found once."""
        known = self._ends.get(here.handle)
        if known and known[0] is here and known[1].host and known[2] in known[1].le_connections.values():
            return known[1:]
        there = self.link.find_le_controller(here.peer_address)
        back = there.le_connections.get(here.self_address) if there is not None else None
        if not isinstance(there, LabController) or back is None:
            return None
        self._ends[here.handle] = here, there, back
        return there, back

    def hear(self, connection: controller.Connection, unit: bytes) -> None:
        """A unit came over the air."""
        if connection in self.le_connections.values():
            self._say(DATA.pack(hci.HCI_ACL_DATA_PACKET, connection.handle | FIRST_TO_HOST, len(unit)) + unit)

    def _taken(self, handle: int) -> None:
        """Tell the host that a packet was taken: with what it hears next, as controllers do, or soon."""
        if not self.taken:
            self._telling = asyncio.get_running_loop().call_later(HELD, self._tell)
        self.taken[handle] = self.taken.get(handle, 0) + 1
        if self.taken[handle] >= MANY:
            self._tell()

    def _tell(self) -> None:
        """Say how much was taken."""
        self._telling.cancel()
        taken = dict(self.taken)
        self.taken.clear()
        for handle, number in taken.items():
            self._say(
                TAKEN.pack(
                    hci.HCI_EVENT_PACKET, hci.HCI_NUMBER_OF_COMPLETED_PACKETS_EVENT, 5, 1, handle, number
                )
            )

    def on_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """What the host says; bumble puts all of it into words first, for a log that nobody keeps."""
        if isinstance(packet, hci.HCI_AclDataPacket):
            self.on_hci_acl_data_packet(packet)
        elif isinstance(packet, hci.HCI_Command):
            self.on_hci_command_packet(packet)
            listens = self.le_scan_enable or self.pending_le_connection is not None
            (self.link.ears.add if listens else self.link.ears.discard)(self)

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        self._say(bytes(packet))

    def _say(self, packet: bytes) -> None:
        """To the host, whose line says nothing before this turn of the loop is over."""
        if self.taken:
            self._tell()
        if self.host:
            self.host.on_packet(packet)

    def hears(self, pdu: ll.AdvInd | ll.AdvExtInd) -> bool:
        """Whether an advertisement means anything to it: it scans, or calls this one."""
        wanted = self.pending_le_connection
        return self.le_scan_enable or (wanted is not None and wanted.peer_address == pdu.advertiser_address)

    def leave(self) -> None:
        """Out of range: whoever it was connected with notices, and nothing of it is left."""
        for connection in list(self.le_connections.values()):
            connection.send_ll_control_pdu(ll.TerminateInd(TIMEOUT))
        for address in list(self.classic_connections):
            if self.link.find_classic_controller(address):
                self.link.send_lmp_packet(self, address, lmp.LmpDetach(TIMEOUT))
        self.le_legacy_advertiser.stop()
        for advertising in self.advertising_sets.values():
            advertising.stop()
        self.link.remove_controller(self)
        self.link.ears.discard(self)
        if self.taken:
            self._tell()
        self.host = None

    def on_le_disconnected(self, connection: controller.Connection, reason: int) -> None:
        if connection.peer_address in self.le_connections:  # else both hung up at once
            super().on_le_disconnected(connection, reason)

    def on_hci_le_set_extended_scan_parameters_command(
        self, command: hci.HCI_LE_Set_Extended_Scan_Parameters_Command
    ) -> hci.HCI_StatusReturnParameters:
        self.scanning_actively = ACTIVE in command.scan_types
        return super().on_hci_le_set_extended_scan_parameters_command(command)

    def on_hci_le_create_connection_cancel_command(
        self, command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Call nobody any more, and say that no connection came of it (7.8.13); bumble's go on calling."""
        wanted, self.pending_le_connection = self.pending_le_connection, None
        if wanted is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        called_off = hci.HCI_LE_Connection_Complete_Event(
            status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
            connection_handle=0,
            role=hci.Role.CENTRAL,
            peer_address_type=wanted.peer_address.address_type,
            peer_address=wanted.peer_address,
            connection_interval=0,
            peripheral_latency=0,
            supervision_timeout=0,
            central_clock_accuracy=0,
        )
        asyncio.get_running_loop().call_soon(self.send_hci_packet, called_off)
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_advertising_pdu(self, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        """Report what is heard; a scan response only to those who ask for it, and what is in it."""
        if self.le_scan_enable:
            self._report(pdu, pdu.data, SCAN_REPORT.EventType.CONNECTABLE_ADVERTISING)
            response = self.link.responses.get(pdu.advertiser_address, b"")
            if self.scanning_actively and response:
                self._report(pdu, response, SCAN_REPORT.EventType.SCAN_RESPONSE)
        wanted = self.pending_le_connection
        if wanted is not None and wanted.peer_address == pdu.advertiser_address:
            self.create_le_connection(pdu.advertiser_address)

    def _report(self, pdu: ll.AdvInd | ll.AdvExtInd, data: bytes, event: int) -> None:
        report = SCAN_REPORT.Report(
            event_type=event,
            address_type=pdu.advertiser_address.address_type,
            address=pdu.advertiser_address,
            primary_phy=hci.Phy.LE_1M,
            secondary_phy=hci.Phy.LE_1M,
            advertising_sid=0,
            tx_power=0,
            rssi=-50,
            periodic_advertising_interval=0,
            direct_address_type=0,
            direct_address=hci.Address.ANY,
            data=data,
        )
        self.send_hci_packet(SCAN_REPORT([report]))

    def on_hci_set_connection_encryption_command(
        self, command: hci.HCI_Set_Connection_Encryption_Command
    ) -> None:
        """Classic encryption, which bumble has no words for: on where both sides hold the same link key."""
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        here = self.find_classic_connection_by_handle(command.connection_handle)
        if here is None:
            return
        peer = self.link.find_classic_controller(here.peer_address)
        there = peer.classic_connections.get(self.public_address) if peer else None
        key = here.ssp_state.link_key
        held = there is not None and key is not None and there.ssp_state.link_key == key
        for side, connection in ((self, here), (peer, there)):
            if side is not None and connection is not None:
                side.send_hci_packet(
                    hci.HCI_Encryption_Change_Event(
                        status=0 if held else hci.HCI_ErrorCode.PIN_OR_KEY_MISSING_ERROR,
                        connection_handle=connection.handle,
                        encryption_enabled=int(held and bool(command.encryption_enable)),
                    )
                )


End = tuple[LabController, controller.Connection]


def _scan_response(sender: controller.Controller) -> bytes:
    for advertising in sender.advertising_sets.values():
        if advertising.enabled:
            return bytes(advertising.scan_response_data)
    return sender.le_legacy_advertiser.scan_response_data
