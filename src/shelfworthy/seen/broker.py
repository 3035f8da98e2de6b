"""What can be seen of a message broker: who is let in, and how much they are handed, never a message."""

from typing import Literal

from msgspec import Struct

from shelfworthy.model import NotLooked, Seen

# `let in`; `refused` for want of credentials; `answered` in its protocol with something else; `handshake`:
# TLS answered our hello and we cannot go on from there (DTLS); `hung up`; `silent`; `no tls`: no handshake
# completed.
Came = Literal["let in", "refused", "answered", "handshake", "hung up", "silent", "no tls"]


class Try(Struct, frozen=True, forbid_unknown_fields=True):
    """One attempt to join, in the order they were made.

    version: of the protocol, as spoken by us: "3.1.1", "5" (MQTT), "0-9-1" (AMQP), "1" (CoAP). name: "" for
    no credentials at all, else the published user name that was tried with its published password. code:
    the protocol's own for what came: "5", "0x87" (MQTT 3.1.1, 5), "403" (AMQP), "4.01" (CoAP), "" if there
    is none.
    """

    over_tls: bool
    version: str
    name: str
    came: Came
    code: str


class Asked(Struct, frozen=True, forbid_unknown_fields=True):
    """What a stranger who was let in asked for: a topic filter, or resources of one shape.

    granted: None where that was not answered, or with something that is not about rights. code: as in `Try`.
    """

    what: str
    granted: bool | None
    code: str


class TopicsSeen(Struct, frozen=True, forbid_unknown_fields=True):
    """Topics of one shape: generic words as they are, everything else by what it consists of.

    topics: how many different ones. messages, retained: how many came, and how many of them had been kept by
    the broker. smallest, largest: bytes of a payload; none was kept.
    """

    shape: str
    topics: int
    messages: int
    retained: int
    smallest: int
    largest: int


class Received(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="received"):
    """What a stranger was really handed after being let in, in one second of listening.

    messages, topics, size: of customers, in bytes; system: messages about the broker itself (`$SYS`), in no
    other number. offered: links of a CoAP server's list, 0 for others. truncated: there was more than we
    took.
    """

    asked: tuple[Asked, ...]
    messages: int
    topics: int
    size: int
    system: int
    offered: int
    shapes: tuple[TopicsSeen, ...]
    truncated: bool


class BrokerSeen(Seen, frozen=True, tag="broker/1"):
    """How a broker answers a stranger who wants to join, in cleartext and over TLS, and what they are handed.

    protocol: "mqtt", "amqp" or "coap". product: as it introduces itself to anyone (AMQP), "" if it does
    not. mechanisms: the ways to log in that it names (AMQP). received: NotLooked if nobody was let in, or
    they may not ask for messages.
    """

    protocol: str
    product: str
    mechanisms: tuple[str, ...]
    tries: tuple[Try, ...]
    received: Received | NotLooked
