"""DNS messages as bytes (RFC 1035, 2308, 4035, 6891): built and read by dnspython, which opens nothing here.

The extra `cloud` brings it: imported when first needed.
"""

from shelfworthy.model import Record

PAYLOAD = 1232  # bytes of a datagram that is not torn on its way (DNS flag day 2020)
MOST_RECORDS = 500  # of one answer, all sections together: more is no answer, and reading it costs time
HEADER = 12
TRUNCATED, RESPONSE = 0x02, 0x80  # bits of the third byte


class NoAnswer(ValueError):
    """These bytes are no answer to the question; its text says why."""


class Question(Record, frozen=True):
    """A question on its way. content: as bytes."""

    name: str
    kind: str
    content: bytes


class Said(Record, frozen=True):
    """One answer. code: NOERROR, NXDOMAIN, SERVFAIL, … Names in lower case without the last dot.

    aliases: name → the name it stands for. records: name → its records of the type asked for, as text.
    signed: names whose records came with signatures. validated: AD. referral: it names other servers and
    does not answer.
    """

    code: str
    aliases: dict[str, str]
    records: dict[str, tuple[str, ...]]
    signed: tuple[str, ...]
    validated: bool
    referral: bool


def question(name: str, kind: str) -> Question:
    """Ask for records of a type ("A", "MX", …), with recursion and signatures. Raises NoAnswer.

    There are names nobody can be asked about, for example with a label of more than 63 bytes.
    """
    import dns.exception
    import dns.message

    try:
        message = dns.message.make_query(name, kind, want_dnssec=True, payload=PAYLOAD)
    except (dns.exception.DNSException, ValueError) as error:
        raise NoAnswer("its name is no DNS name") from error
    return Question(name=name, kind=kind, content=message.to_wire())


def is_cut(asked: Question, content: bytes) -> bool:
    """Whether this is the answer to the question, cut short to fit into a datagram."""
    of_ours = content[:2] == asked.content[:2] and len(content) >= HEADER
    return of_ours and bool(content[2] & RESPONSE) and bool(content[2] & TRUNCATED)


def answer(asked: Question, content: bytes) -> Said:
    """The answer in these bytes. Raises NoAnswer."""
    import dns.exception
    import dns.flags
    import dns.message
    import dns.rcode
    import dns.rdataclass
    import dns.rdatatype

    if len(content) < HEADER or content[:2] != asked.content[:2] or not content[2] & RESPONSE:
        raise NoAnswer("it is not the answer to our question")
    if content[2] & TRUNCATED:
        raise NoAnswer("it is cut short, and there is no other way to ask for the rest")
    counts = [int.from_bytes(content[place : place + 2]) for place in (6, 8, 10)]
    if sum(counts) > MOST_RECORDS:
        raise NoAnswer(f"it announces more than {MOST_RECORDS} records")
    try:
        message = dns.message.from_wire(content)
        if not dns.message.from_wire(asked.content).is_response(message):
            raise NoAnswer("it answers another question than ours")
        code = dns.rcode.to_text(message.rcode())
    except (dns.exception.DNSException, ValueError) as error:
        if isinstance(error, NoAnswer):
            raise
        raise NoAnswer("it is not a well-formed DNS message") from error
    wanted = dns.rdatatype.from_text(asked.kind)
    aliases: dict[str, str] = {}
    records: dict[str, tuple[str, ...]] = {}
    signed: list[str] = []
    for group in message.answer:
        owner = _name(group.name.to_text())
        if group.rdclass != dns.rdataclass.IN:
            continue
        if group.rdtype == wanted:
            records[owner] = tuple(_name(one.to_text()) for one in group)
        elif group.rdtype == dns.rdatatype.CNAME:
            aliases[owner] = _name(group[0].to_text())
        elif group.rdtype == dns.rdatatype.RRSIG and group.covers == wanted:
            signed.append(owner)
    beside = {group.rdtype for group in message.authority}
    return Said(
        code=code,
        aliases=aliases,
        records=records,
        signed=tuple(signed),
        validated=bool(message.flags & dns.flags.AD),
        referral=not message.answer and dns.rdatatype.NS in beside and dns.rdatatype.SOA not in beside,
    )


def _name(text: str) -> str:
    return text.lower().removesuffix(".")


def mail_exchanges(records: tuple[str, ...]) -> tuple[str, ...]:
    """Host names of MX records, best first; the null MX (RFC 7505) is none."""
    parts: list[tuple[str, str]] = [
        (first, host) for first, _, host in (one.partition(" ") for one in records)
    ]
    return tuple(host for _, host in sorted(parts, key=lambda part: (int(part[0]), part[1])) if host)
