"""The parsers of what servers send: right on what real servers sent, and unmoved by everything else."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tlslite.extensions import SNIExtension, SrvSupportedVersionsExtension, TLSExtension
from tlslite.messages import Certificate, ServerHello, ServerHelloDone
from tlslite.x509 import X509
from tlslite.x509certchain import X509CertChain

from shelfworthy.probes.endpoint.answer import MOST_BYTES, MOST_RECORDS, RETRY, Answer
from shelfworthy.probes.endpoint.offers import Reply, read
from shelfworthy.probes.endpoint.ssl2 import Ssl2Answer
from tests.servers import self_signed_der

SUITES = (0xC02F, 0x002F)


def record(content: bytes, kind: int = 22, version: bytes = b"\3\3") -> bytes:
    return bytes([kind]) + version + len(content).to_bytes(2, "big") + content


def server_hello(
    version: int = 3, suite: int = 0xC02F, random: bytes = bytes(32), *, tls13: bool = False
) -> bytes:
    """A ServerHello as tlslite-ng writes one."""
    extensions: list[TLSExtension] = [SNIExtension().create(serverNames=[])] if not tls13 else []
    if tls13:
        extensions.append(SrvSupportedVersionsExtension().create((3, 4)))
    message = ServerHello().create((3, version), bytearray(random), bytearray(b"id"), suite, None, None)
    message.extensions = extensions or None
    return bytes(message.write())


def flight() -> bytes:
    """ServerHello, Certificate, ServerHelloDone."""
    leaf = X509()
    leaf.parseBinary(bytearray(self_signed_der()))
    certificate = bytes(Certificate(0, (3, 3)).create(X509CertChain([leaf])).write())
    return server_hello() + certificate + bytes(ServerHelloDone().create().write())


def fed(*pieces: bytes) -> Answer:
    answer = Answer()
    for piece in pieces:
        answer.feed(piece)
    return answer


def test_a_whole_flight() -> None:
    answer = fed(record(flight()))
    assert answer.hello is not None
    assert (answer.hello.version, answer.hello.suite, answer.hello.retry) == (0x0303, 0xC02F, False)
    assert answer.chain == (self_signed_der(),)
    assert answer.done
    assert read(answer, "", 0x0303, SUITES).reply == "accepted"


@given(cuts=st.lists(st.integers(0, 1200), max_size=12), size=st.integers(1, 300))
def test_how_it_is_cut_makes_no_difference(cuts: list[int], size: int) -> None:
    """Into records of any size, and pieces of any size."""
    whole = flight()
    stream = b"".join(record(whole[at : at + size]) for at in range(0, len(whole), size))
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    answer = fed(*(stream[start:end] for start, end in pairwise(edges)))
    assert answer.chain == (self_signed_der(),)
    assert answer.done
    assert not answer.broken


def test_tls13_and_its_retry() -> None:
    assert hashlib.sha256(b"HelloRetryRequest").digest() == RETRY
    for random, retry in ((bytes(32), False), (RETRY, True)):
        answer = fed(record(server_hello(suite=0x1301, random=random, tls13=True)))
        assert answer.hello is not None
        assert (answer.hello.version, answer.hello.retry) == (0x0304, retry)
        assert read(answer, "", 0x0304, (0x1301,)).suites == (0x1301,)


def test_other_versions_and_suites_nobody_offered() -> None:
    older = fed(record(server_hello(version=1)))
    assert read(older, "", 0x0303, SUITES).reply == "other version"
    newer = fed(record(server_hello(version=3)))
    assert read(newer, "", 0x0301, SUITES).reply == "not understood"
    unasked = fed(record(server_hello(suite=0x0005)))
    assert read(unasked, "", 0x0303, SUITES).reply == "not understood"


def test_alerts() -> None:
    fatal = fed(record(b"\2\x46", kind=21))
    assert read(fatal, "closed", 0x0303, SUITES) == Reply(reply="alert", alert=70)
    warned = fed(record(b"\1\x70", kind=21), record(server_hello()))
    assert read(warned, "", 0x0303, SUITES).reply == "accepted"
    only_warned = fed(record(b"\1\x70", kind=21))
    assert read(only_warned, "closed", 0x0303, SUITES) == Reply(reply="closed", alert=112)
    assert fed(record(b"\1\0", kind=21)).ended  # close_notify
    assert fed(record(b"\2", kind=21)).broken


@pytest.mark.parametrize(
    "content",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2p1\r\n",
        b"\x16\x02\x00\x00\x02aa",
        record(b"\x0b\0\0\3\0\0\0"),  # a Certificate before the ServerHello
        record(b"\2\xff\xff\xff"),
        b"\x16\x03\x03\xff\xff",
        record(b"x", kind=23),
        record(b"\2\0\0\x31" + server_hello()[4:] + b"\0"),  # a byte behind its extensions
        record(b"\2\0\0\5short"),
    ],
)
def test_what_is_not_an_answer(content: bytes) -> None:
    answer = fed(content)
    assert answer.broken
    reply = "http" if content.startswith(b"HTTP/") else "not understood"
    assert read(answer, "closed", 0x0303, SUITES).reply == reply


def test_plain_http_is_told_apart_however_it_is_cut() -> None:
    assert fed(b"H", b"TT", b"P/1.0 400").http
    assert not fed(b"H", b"TT").ended
    assert fed(b"HTML").broken
    assert not fed(b"HTML", b"HTTP/").http


def test_endless_flights_end() -> None:
    for piece in (record(b""), record(b"\0\0\0\0"), record(b"\1\x70", kind=21)):
        assert fed(*[piece] * (MOST_RECORDS + 1)).broken
    long = fed(record(server_hello()))
    for _ in range(MOST_BYTES // 16384 + 1):
        long.feed(record(bytes(16384), kind=23))
    assert long.broken
    assert long.hello is not None  # what it chose before stays seen


ANYTHING = st.binary(max_size=600)
NEARLY = st.builds(
    lambda good, at, bad: good[:at] + bad + good[at + len(bad) :],
    st.sampled_from([record(flight()), record(server_hello(tls13=True, suite=0x1301))]),
    st.integers(0, 900),
    st.binary(min_size=1, max_size=4),
)


@given(pieces=st.lists(ANYTHING | NEARLY, max_size=5))
def test_nothing_makes_it_raise(pieces: list[bytes]) -> None:
    for answer in (Answer(), Ssl2Answer()):
        for piece in pieces:
            answer.feed(piece)
    reply = read(fed(*pieces), "closed", 0x0303, SUITES)
    assert reply.reply in {"accepted", "other version", "alert", "closed", "http", "not understood"}


# -- SSL 2.0 -----------------------------------------------------------------------------------------------


def ssl2_server_hello(kinds: bytes, certificate: bytes = b"") -> bytes:
    """Written by hand after draft-hickman-netscape-ssl-00, section 2.6: nobody's library still writes it."""
    lengths = b"".join(len(part).to_bytes(2, "big") for part in (certificate, kinds, bytes(16)))
    body = b"\4\0\1\0\2" + lengths + certificate + kinds + bytes(16)
    return (0x8000 | len(body)).to_bytes(2, "big") + body


@given(size=st.integers(1, 40))
def test_an_ssl2_server_hello(size: int) -> None:
    content = ssl2_server_hello(bytes.fromhex("010080 0700c0"), self_signed_der())
    answer = Ssl2Answer()
    for at in range(0, len(content), size):
        answer.feed(content[at : at + size])
    assert answer.kinds == (0x010080, 0x0700C0)
    assert answer.certificate == self_signed_der()


def test_other_answers_to_ssl2() -> None:
    for content, fatal, broken in (
        (b"\x80\3\0\0\1", True, False),  # its own error: no cipher
        (record(b"\2\x46", kind=21), True, False),
        (record(server_hello()), False, True),
        (b"HTTP/1.0 400 Bad Request\r\n", False, True),
        (ssl2_server_hello(b"ab"), False, True),
        (b"\x80\2\4\0", False, True),
    ):
        answer = Ssl2Answer()
        answer.feed(content)
        assert (answer.fatal, answer.broken, answer.kinds) == (fatal, broken, None)
