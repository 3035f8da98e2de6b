"""Do updates come over a protected channel?

Why it matters: who can change an update on its way owns the device. On a channel that anybody can read, an
attacker also learns which devices still lack which repair.

How we look (look): the manifest at the address the product file gives, and the image it names (of TUF: the
image that the metadata names), with every redirect on the way. It passes if all of that goes over TLS to
servers whose certificates are right (see `tls-certificate`) for a look at that time. It fails if any of it
is asked for, or redirected to, in cleartext, or if the same manifest or image is also given out at the
plain port: 80 beside 443, else `plain_port` of the product file.

What it does not show: whether devices check the certificate, and which address they really use; which TLS
versions the server accepts; a plain port that stays silent or that nobody named.

If it fails: give devices an address with https, let the plain port give out nothing, and name only https
addresses in the manifest. A good signature is no reason to go without TLS, nor the other way round.
"""

from collections.abc import Iterator

from shelfworthy.checks.endpoint.tls_certificate import SAYS as CERTIFICATE_SAYS
from shelfworthy.checks.endpoint.tls_certificate import judge as judge_certificate
from shelfworthy.checks.update._given import GIVEN, away
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Level,
    NotLooked,
    Outcome,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.endpoint import EndpointCertificate
from shelfworthy.seen.update import Asked, UpdateSeen

CLEAR = "http:"

SAYS = {
    "protected": "Manifest and image come over TLS, from servers with the right certificate.",
    "cleartext": "The {part} is given out in cleartext, at {url}.",
    "begins-in-cleartext": "The way to the {part} begins in cleartext, at {url}.",
    "downgrade": "The {part} is asked for by https and redirected to cleartext, at {url}.",
    "also-in-cleartext": "The {part} is given out in cleartext as well, at {url}.",
    "plain-not-whole": "Something is given out in cleartext at {url}, too large to see if it is the {part}.",
    "certificate": "The certificate of {url} is not right: {why}.",
    "certificate-open": "Whether the certificate of {url} is right stays open: {why}.",
    "not-given": "The {part} was not given out (status {status}).",
    "no-image": "No address of an image is known: the manifest names none that we recognise.",
}


def judge(seen: UpdateSeen, about: About) -> Iterator[Answer]:
    certificates = list(judged_certificates(seen, about))
    plain = list(as_well(seen))
    wrong = [
        *in_cleartext(seen),
        *(one for one in plain if one.outcome is Outcome.FAIL),
        *(one for one in certificates if one.outcome is Outcome.FAIL),
    ]
    unknown = [
        *not_given(seen),
        *(one for one in (*certificates, *plain) if one.outcome is Outcome.INCONCLUSIVE),
    ]
    if wrong or unknown:
        yield from wrong or unknown[:1]
        return
    until = min((one.until for one in certificates if one.until), default=None)
    yield passes("protected", field("manifest"), until=until)


def in_cleartext(seen: UpdateSeen) -> Iterator[Answer]:
    """What was answered without TLS on the way to manifest and image: the worst of each."""
    for part, asked in (("manifest", seen.manifest), ("image", seen.image)):
        clear = [number for number, one in enumerate(asked) if one.url.startswith(CLEAR) and one.status]
        if not clear:
            continue
        at = field(f"{part}.{clear[-1]}")
        one = asked[clear[-1]]
        if not asked[0].url.startswith(CLEAR):
            yield fails("downgrade", at, Severity.HIGH, subject=part, part=part, url=one.url)
        elif one.status in GIVEN:
            yield fails("cleartext", at, Severity.HIGH, subject=part, part=part, url=one.url)
        else:
            yield fails("begins-in-cleartext", at, Severity.MEDIUM, subject=part, part=part, url=one.url)


def as_well(seen: UpdateSeen) -> Iterator[Answer]:
    """What the plain port gives out, if it is the same."""
    pairs = (
        ("manifest", "plain_manifest", seen.plain_manifest, seen.manifest),
        ("image", "plain_image", seen.plain_image, seen.image),
    )
    for part, path, plain, asked in pairs:
        if isinstance(plain, NotLooked) or plain.status not in GIVEN or not asked:
            continue
        if not plain.sha256 or not asked[-1].sha256:
            yield inconclusive("plain-not-whole", Cause.NOBODY_LOOKED, part=part, url=plain.url)
        elif plain.sha256 == asked[-1].sha256 and not asked[-1].url.startswith(CLEAR):
            at, subject = field(path), f"plain {part}"
            yield fails("also-in-cleartext", at, Severity.MEDIUM, subject=subject, part=part, url=plain.url)


def judged_certificates(seen: UpdateSeen, about: About) -> Iterator[Answer]:
    """What the check of certificates says of each server, in the words of this one."""
    for number, shown in enumerate(seen.certificates):
        certificate = EndpointCertificate(
            name=shown.name,
            at=seen.at,
            chain=shown.chain,
            shown=shown.count,
            completed=True,
            version="",
            suite="",
        )
        at = field(f"certificates.{number}")
        for said in judge_certificate(certificate, about):
            why = CERTIFICATE_SAYS[said.says].format(**said.facts).removesuffix(".")
            if said.outcome is Outcome.FAIL:
                yield fails("certificate", at, Severity.HIGH, subject=f"certificate {shown.name}",
                            url=shown.url, why=why)  # fmt: skip
            elif said.cause is not None:
                yield inconclusive("certificate-open", said.cause, url=shown.url, why=why)
            else:
                yield passes("protected", at, until=said.until)


def not_given(seen: UpdateSeen) -> Iterator[Answer]:
    """What did not come, so that nobody knows how it would have."""
    parts: tuple[tuple[str, tuple[Asked, ...]], ...] = (("manifest", seen.manifest), ("image", seen.image))
    for part, asked in parts:
        if not asked:
            yield inconclusive("no-image", Cause.NOT_SUPPLIED)
        elif asked[-1].status not in GIVEN:
            yield inconclusive("not-given", away(asked[-1]), part=part, status=asked[-1].status)


CHECK = Check(
    id="update-transport",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(UpdateSeen,),
    says=SAYS,
    needs=("roots",),
)
