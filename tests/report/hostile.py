"""What a hostile product may call itself, and what must not be left of it."""

import msgspec

from shelfworthy.model import (
    Cause,
    Declaration,
    Identity,
    Judgement,
    Outcome,
    Severity,
    Standing,
    Unit,
    quote,
)
from shelfworthy.record import Evidence
from tests.report.audits import JUDGED_AT, Leaflet, bear, found, gap, looked, observed

MARKUP = "<script>document.title='owned'</script><img src=//evil.test/x onerror=alert(1)>&amp;\"'>"
TERMINAL = "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[0m\x9b31mC1\x07bell\rreturn\x08back"
TURNED = "\u202egnp.exe\u202c \u2066isolated\u2069 zero\u200bwidth tag\U000e0041 line\u2028break"
RICH = "[bold red]styled[/] [link=https://evil.test]here[/link]"
TEMPLATE = "{{ 7 * 7 }} {% raw %} ${x} {facts} {0}"
PILED = "Z" + "\u0301" * 400
LONG = "A" * 70_000
ALL = " ".join((MARKUP, TERMINAL, TURNED, RICH, TEMPLATE, PILED, LONG))
TEXTS = (
    MARKUP,
    TERMINAL,
    TURNED,
    RICH,
    TEMPLATE,
    PILED,
    LONG,
    ALL,
    "",
    " ",
    "\x1b]",
    "\x1b[",
    "\x1b",
    "\u202e",
)


def product(text: str) -> tuple[Evidence, Judgement]:
    """The bear with that text wherever a product or its maker can put one."""
    evidence, judgement = bear()
    page = observed("site", Leaflet(text=f"x{text}x", scan=b"", names=(text, f"https://{text}/")))
    said = found(
        "database-open",
        page,
        Outcome.FAIL,
        "refused",
        place=quote("text", f"x{text}x", 1, 60),
        severity=Severity.LOW,
        subject=text[:100],
        reason=text,
        names=(text, text),
    )
    identity = Identity(name=text, vendor=text, model=text, category=text)
    declared = Declaration(
        requirement="updates.support",
        answer=Standing.MET,
        because=text,
        quote=text,
        by=text,
        on=JUDGED_AT.date(),
        until=JUDGED_AT.date(),
    )
    replace = msgspec.structs.replace
    whole = replace(
        evidence.product,
        product=identity,
        unit=(Unit(id=text, bought=text, serial=text),),
        surface=tuple(replace(one, where=text) for one in evidence.product.surface),
        declaration=(declared,),
    )
    broken = gap("records", Cause.OUR_FAULT, f"The probe crashed: {text}")
    return (
        replace(
            evidence,
            product=whole,
            observations=(*evidence.observations, page),
            gaps=(broken,),
            looks=(looked("site", (page,)),),
        ),
        replace(judgement, findings=(*judgement.findings, said)),
    )
