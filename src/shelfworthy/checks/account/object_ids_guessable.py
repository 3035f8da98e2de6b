"""Are the names of customers' objects such that nobody can guess them?

Why it matters: where objects are numbered, whoever has one has them all, as soon as a single check of the
owner is forgotten. A name nobody can guess is the second lock.

How we look (use): an account of our own makes four small objects, one after the other. Of their names we
keep the shape: length, alphabet, how many places differ, the steps between numbers.

What it does not show: whether names that look random are: four are too few to tell a good generator from a
bad one. Names that differ in less than 40 bits count as guessable, those in 112 and more as not.

If it fails: name objects by 128 random bits (a UUID of version 4, RFC 9562), and check the owner all the
same.
"""

from collections.abc import Iterator

from shelfworthy.checks.account._why import because
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.account import AccountObjects, Ids, Stopped

FEWEST = 3  # names that show whether they follow each other
SMALL_STEP = 1000  # numbers this near to the one before were counted on, others in between
GUESSABLE, NOT_GUESSABLE = 40, 112  # bits; 128 random ones, two places alike by chance
PLACE = {"digits": 3.3, "hexadecimal": 4.0, "letters and digits": 6.0, "other": 6.0}  # bits at most

SAYS = {
    "counted": "Objects are numbered: each of {samples} names is at most {step} from the one before.",
    "address": "The names of objects hold the address of the account.",
    "same": "{samples} objects made one after the other got the same name.",
    "few-bits": "The names of objects differ in about {bits} bits: few enough to try.",
    "dated": "The names of objects follow from the time at which they are made.",
    "random": "The names of objects differ in about {bits} bits (at least {length} characters, {alphabet}).",
    "some-bits": "The names of objects differ in about {bits} bits: a person must say if that is enough.",
    "few-samples": "Only {samples} objects could be made: too few to see how they are named.",
    "stopped": "The question could not be asked: {why}.",
}


def judge(seen: AccountObjects, about: About) -> Iterator[Answer]:
    at = field("ids")
    match seen.ids:
        case Stopped(cause=cause, words=why):
            yield inconclusive("stopped", cause, why=because(why))
        case Ids(ours=True):
            yield fails("address", at, Severity.HIGH)
        case Ids(count=count) if count < FEWEST:
            yield inconclusive("few-samples", Cause.REFUSED, samples=count)
        case Ids(varying=0, length=(shortest, longest), count=count) if shortest == longest:
            yield inconclusive("same", Cause.CONTRADICTORY, samples=count)
        case Ids(steps=steps, count=count) if steps and max(map(abs, steps)) <= SMALL_STEP:
            yield fails("counted", at, Severity.HIGH, samples=count, step=max(map(abs, steps)))
        case Ids(dated=True):
            yield fails("dated", at, Severity.MEDIUM, confidence=Confidence.PROBABLE)
        case Ids() as ids:
            yield from by_bits(ids)


def by_bits(ids: Ids) -> Iterator[Answer]:
    """How many bits the names differ in, at the most their form allows."""
    at = field("ids")
    bits = int(ids.varying * PLACE[ids.alphabet])
    if ids.uuid == 4:  # of which so many are random at most (RFC 9562, section 5.4); some count in that form
        bits = min(bits, 122)
    if bits < GUESSABLE:
        yield fails("few-bits", at, Severity.HIGH, bits=bits)
    elif bits < NOT_GUESSABLE:
        yield inconclusive("some-bits", Cause.NEEDS_A_PERSON, bits=bits)
    else:
        yield passes("random", at, bits=bits, length=ids.length[0], alphabet=ids.alphabet)


CHECK = Check(
    id="object-ids-guessable", version=1, level=Level.USE, judge=judge, reads=(AccountObjects,), says=SAYS
)
