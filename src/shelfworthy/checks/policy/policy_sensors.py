"""Does the policy tell of every sensor the product has?

Why it matters: a microphone that nobody is told of was found in toys, thermostats and headsets. ETSI EN 303
645, provision 5.8-3, asks that a product's sensors are documented.

How we look (look): each sentence of the policy and the texts that belong to it, by written rules, for each
sensor that the product file says the product has (`sensors`).

What it does not show: a sensor that the product file does not name; texts in other languages than English,
German and Spanish.

If it fails: say for each microphone, camera and position sensor what it takes, and when.
"""

from collections.abc import Iterator

from shelfworthy.checks.policy._reading import (
    CUT,
    DOUBT,
    NOTHING,
    OTHER_LANGUAGE,
    doubt,
    first,
    reading,
    short,
    unread,
)
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    PrivacyPolicy,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.seen.policy import PolicySeen

SAYS = {
    "told": 'It tells of the {sensors}: "{sentence}".',
    "silent": "It does not tell of the {sensor}.",
    "none": "The product has no microphone, camera or position sensor, by the product file.",
    "not-supplied": "Which sensors the product has is not said in the product file (`sensors`).",
    "nothing": NOTHING,
    "language": OTHER_LANGUAGE,
    "cut": CUT,
    "doubt": DOUBT,
}


def judge(seen: PolicySeen, about: About) -> Iterator[Answer]:
    sensors = about.surface.sensors if isinstance(about.surface, PrivacyPolicy) else None
    if sensors == ():
        yield moot("none", field("documents"))
        return
    read = reading(seen)
    if answer := unread(read, "nothing", "language"):
        yield answer
        return
    if sensors is None:
        yield inconclusive("not-supplied", Cause.NOT_SUPPLIED)
        return
    told = {one: first(read.stated(f"sensor-{one}")) for one in sensors}
    missing = next((one for one, sentence in told.items() if sentence is None), None)
    if missing is None:
        sentence = next(one for one in told.values() if one)
        names = ", ".join(str(one) for one in told)
        yield passes(
            "told", read.at(sentence), confidence=Confidence.PROBABLE, sensors=names, sentence=short(sentence)
        )
    elif near := first(read.said(f"sensor-{missing}", f"near-{missing}")):
        yield doubt("doubt", near)
    elif not read.whole:
        yield inconclusive("cut", Cause.NOT_UNDERSTOOD)
    else:
        at, severity = field("documents"), Severity.HIGH
        yield fails("silent", at, severity, confidence=Confidence.PROBABLE, sensor=str(missing))


CHECK = Check(
    id="policy-sensors",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
)
