"""Is the policy about this product?

Why it matters: from 2019 the guideline asks for privacy information that applies to the device, "not a
generic privacy policy". A policy about cookies of a web site says nothing of a microphone in a nursery.

How we look (look): the policy's own words: the product's name, line or model, or the data that this kind of
device takes (voice, video, location, health, a child's data) together with the device. A name within an
address (www.NAME.com) does not count.

What it does not show: whether all the product does is told.

If it fails: write what this product takes, by its name.
"""

import re
from collections.abc import Iterator

from shelfworthy.checks.policy._reading import CUT, NOTHING, Reading, reading, short, unread
from shelfworthy.checks.policy._rules import ELSEWHERE
from shelfworthy.checks.policy._words import any_of, words
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Identity,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.policy import PolicySeen
from shelfworthy.webtext.sentences import Sentence

# Words of names that other products have as well.
GENERIC = words(
    """the and for smart home kids baby toy bear doll robot camera doorbell speaker watch band lock light lamp
    sound video audio mini plus pro max one two air play connect app hub series model edition vacuum
    kettle oven pen collar collars tracker scale bell monitor thermostat sensor bulb plug cam kid child
    children fox dog cat owl dino dinosaur hedgehog talking story music"""
)
# A device and what it takes, in one sentence; in the languages of `policy-available`.
DEVICE = any_of(
    r"""\b(?:toy|bear|doll|robot|camera|doorbell|speaker|band|lock|tracker|collar|vacuum|device)s?\b
    \b(?:appliance|kettle|oven|pen|product|bell|buckle)s?\b \bwatch(?:es)?\b
    spielzeug kamera gerät lautsprecher \buhr\b roboter schloss
    juguete cámara dispositivo altavo(?:z|ces) pulsera reloj timbre aparato
    jouet caméra appareil enceinte montre sonnette thermostat
    カメラ 体組成計 体重計 おもちゃ 機器 製品 スピーカー ランプ"""
)
TAKEN = any_of(
    r"""\b(?:voices?|speech|record(?:s|ed|ings?)|videos?|film(?:s|ed)?|footage|clips?|location|gps)\b
    \b(?:positions?|heart|sleep|steps|pulse|weight|microphones?|lens|where_your_\w+_is)\b
    stimme sprach aufnahme standort video bilder \bpuls schlaf mikrofon
    \bvoz\b voces grab(?:a|o|ación) imágenes vídeo ubicación pulso sueño micrófono \bmicros?\b
    \bvoix\b enregistre images vidéo localisation température présence
    映像 動画 音声 録画 体重 体脂肪 睡眠 心拍 位置情報"""
)
# Where a name stands by the way: a maker's site is often called like the product.
ADDRESS = re.compile(
    r"[\w.+-]{1,64}@[\w.-]{1,253}|https?://\S{1,300}|\b(?:[\w-]{1,63}\.){1,8}[a-z]{2,}\b(?:/\S{0,300})?"
)
OURS = any_of(
    r"""\bdevices? \bproducts? \bappliances? hardware gerät produkt dispositivo producto
    appareil produits? 製品 機器"""
)
SHOP = any_of(
    r"""\bweb_?site \bshop \borders? \bpurchases? \bvisitors? newsletter onlineshop bestell
    sitio_web tienda pedidos? boutique commandes? サイト"""
)

SAYS = {
    "named": 'It names the product: "{sentence}".',
    "data": 'It names what this kind of product takes: "{sentence}".',
    "other": "It is about a site or shop, and names neither the product nor what such a product takes.",
    "unclear": "It names neither the product nor what such a product takes; what is it about.",
    "nothing": NOTHING,
    "cut": CUT,
}


def judge(seen: PolicySeen, about: About) -> Iterator[Answer]:
    assert about.product is not None
    read = reading(seen)
    if answer := unread(read, "nothing"):
        yield answer
        return
    text = [one for one in read.sentences if is_own(one, read)]
    named = names(about.product)
    if named and (one := next((one for one in text if names_it(named, one.text)), None)):
        yield passes("named", read.at(one), sentence=short(one))
    elif one := next((one for one in text if DEVICE.search(one.said) and TAKEN.search(one.said)), None):
        yield passes("data", read.at(one), confidence=Confidence.PROBABLE, sentence=short(one))
    elif not read.whole:
        yield inconclusive("cut", Cause.NOT_UNDERSTOOD)
    elif any(SHOP.search(one.text) for one in text) and not any(OURS.search(one.text) for one in text):
        yield fails("other", field("documents"), Severity.MEDIUM, confidence=Confidence.PROBABLE)
    else:
        yield inconclusive("unclear", Cause.NEEDS_A_PERSON)


def is_own(one: Sentence, read: Reading) -> bool:
    """Whether a sentence is of the policy itself, and not about the devices of others."""
    own = not one.aside and read.documents[one.document].role == "policy"
    return own and one not in read.topics.get(ELSEWHERE, {})


def names(product: Identity) -> re.Pattern[str] | None:
    """The product's whole name or model, and words that only its name has, as written."""
    vendor = {word.lower() for word in re.findall(r"\w+", product.vendor)}
    own = [
        word
        for word in re.findall(r"\w+", product.name)
        if len(word) >= 4 and word.lower() not in GENERIC | vendor and not word.islower()
    ]
    whole = [rf"(?i:{bounded(one)})" for one in (product.name, product.model) if len(one) >= 2]
    forms = [*whole, *(rf"(?:{bounded(one)}|{bounded(one.upper())})" for one in own)]
    return re.compile("|".join(forms)) if forms else None


def bounded(word: str) -> str:
    """An expression for a word that is not a part of another."""
    return rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)


def names_it(named: re.Pattern[str], text: str) -> bool:
    """Whether the product is named otherwise than as a part of an address."""
    addresses = [one.span() for one in ADDRESS.finditer(text)]
    return any(
        not any(
            start <= one.start() and one.end() <= end and one.span() != (start, end)
            for start, end in addresses
        )
        for one in named.finditer(text)
    )


CHECK = Check(
    id="policy-specific",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
    needs=("product",),
)
