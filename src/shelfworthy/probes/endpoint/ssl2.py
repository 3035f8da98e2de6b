"""What comes back on a CLIENT-HELLO of SSL 2.0 (draft-hickman-netscape-ssl-00, section 2.6). Pure,
never raises.
"""

from struct import unpack_from

from shelfworthy.probes.endpoint.answer import Answer

SERVER_HELLO, ERROR = 4, 0
HEAD = 11  # message, session hit, certificate type, version, three lengths


class Ssl2Answer:
    """The answer as far as it has come: a SERVER-HELLO, an SSL 2.0 error, or a TLS alert from a newer server.

    kinds: cipher kinds the server shares, None until its SERVER-HELLO came. certificate: DER, or b"".
    alert, fatal, broken: as in `Answer`; fatal stands for an SSL 2.0 error, too.
    """

    def __init__(self) -> None:
        self.kinds: tuple[int, ...] | None = None
        self.certificate = b""
        self.alert = -1
        self.fatal = False
        self.broken = False
        self._content = bytearray()
        self._newer = Answer()

    @property
    def ended(self) -> bool:
        """Nothing that still comes can change the answer."""
        return self.fatal or self.broken or self.kinds is not None

    def feed(self, content: bytes) -> None:
        """Read on."""
        self._content += content
        if self.ended or not self._content:
            return
        if self._content[0] & 0x80:
            self._record()
        else:
            self._alert(content)

    def _record(self) -> None:
        if len(self._content) < 2:
            return
        (head,) = unpack_from("!H", self._content)
        length = head & 0x7FFF
        if len(self._content) < 2 + length:
            return
        body = bytes(self._content[2 : 2 + length])
        if len(body) == 3 and body[0] == ERROR:
            self.fatal = True
            return
        self.kinds = self._server_hello(body)
        self.broken = self.kinds is None

    def _server_hello(self, body: bytes) -> tuple[int, ...] | None:
        if len(body) < HEAD or body[0] != SERVER_HELLO:
            return None
        version, certificate, specs, connection = unpack_from("!HHHH", body, 3)
        if version != 2 or specs % 3 or len(body) != HEAD + certificate + specs + connection:
            return None
        self.certificate = body[HEAD : HEAD + certificate]
        kinds = body[HEAD + certificate : HEAD + certificate + specs]
        return tuple(int.from_bytes(kinds[at : at + 3], "big") for at in range(0, specs, 3))

    def _alert(self, content: bytes) -> None:
        """A server without SSL 2.0 may answer with a TLS alert; a ServerHello to this would be nonsense."""
        self._newer.feed(content)
        self.alert, self.fatal = self._newer.alert, self._newer.fatal
        self.broken = self._newer.broken or self._newer.hello is not None
