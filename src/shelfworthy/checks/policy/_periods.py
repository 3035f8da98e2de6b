"""How long which data are kept, as a sentence says it: English, German, Spanish. Pure.

Two sentences give different periods for the same data where they name the same thing (a clip, a position),
speak of the same end (so long after it was made; after an account is closed; in backups) and the times
differ. What is bound to a plan, to a wish or to "other" data is not compared.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations

from msgspec import Struct

from shelfworthy.webtext.sentences import Sentence

ALIKE = 1.1  # a month of 30 days and one of 31, four weeks and a month are no two periods
WORDS = {
    "en": "a=1 an=1 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 twelve=12 "
    "fourteen=14 "
    "fifteen=15 eighteen=18 twenty=20 twenty-four=24 thirty=30 forty-eight=48 sixty=60 ninety=90",
    "de": "ein=1 eine=1 einen=1 einem=1 einer=1 zwei=2 drei=3 vier=4 fünf=5 sechs=6 sieben=7 acht=8 "
    "neun=9 zehn=10 "
    "zwölf=12 vierzehn=14 fünfzehn=15 achtzehn=18 zwanzig=20 vierundzwanzig=24 dreißig=30 achtundvierzig=48 "
    "sechzig=60 neunzig=90",
    "es": "un=1 una=1 dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 doce=12 catorce=14 "
    "quince=15 dieciocho=18 veinte=20 veinticuatro=24 treinta=30 sesenta=60 noventa=90",
}
# Days of a unit, by how its name begins.
UNITS = {
    "en": {"second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "fortnight": 14}
    | {"month": 30.4, "year": 365},
    "de": {"sekunde": 1 / 86400, "minute": 1 / 1440, "stunde": 1 / 24, "tag": 1, "kalendertag": 1, "woche": 7}
    | {"monat": 30.4, "jahr": 365},
    "es": {"segundo": 1 / 86400, "minuto": 1 / 1440, "hora": 1 / 24, "día": 1, "semana": 7, "mes": 30.4}
    | {"año": 365},
}
LEAST = 1 / 1440  # days; what is shorter is held to be worked on
FULL = r"(?:calendar|full|whole|volle[nr]?|ganze[nr]?)"
# What is kept, by words. Of "voice recordings" the voice counts, of a "location history" the location.
THINGS = {
    "en": {
        "video": r"\b(?:videos?|clips?|footage|films?)\b",
        "picture": r"\b(?:pictures?|photos?|photographs?|images?|snapshots?|stills?)\b",
        "voice": r"\b(?:voices?|sounds?|audio|speech)\b",
        "recording": r"\brecordings?\b",
        "transcript": r"\btranscripts?\b",
        "place": r"\b(?:locations?|positions?|coordinates|whereabouts|GPS|routes?)\b",
        "pulse": r"\b(?:heart|pulse)\b",
        "sleep": r"\bsleep\b",
        "steps": r"\bsteps\b",
        "weight": r"\bweight\b",
        "crash": r"\b(?:crash|diagnostic)\w*\b",
        "mail": r"\be-?mail address(?:es)?\b",
        "account": r"\baccount (?:data|details|information)\b",
        "usage": r"\busage\b",
        "bill": r"\binvoices?\b",
        "message": r"\bmessages?\b",
        "any": r"\b(?:your|all|personal) (?:your )?(?:personal )?(?:data|information)\b",
        "log": r"\b(?:logs?|history|diary|activity)\b",
    },
    "de": {
        "video": r"\b(?:videos?|video\w+|clips?|filme?n?)\b",
        "picture": r"\b(?:bild(?:er|ern)?|fotos?|standbild\w*)\b",
        "voice": r"\b(?:sprach\w+|stimm\w+|ton\w*|audio\w*)\b",
        "recording": r"\b\w*(?:aufnahmen?|aufzeichnung(?:en)?)\b",
        "transcript": r"\b(?:transkript\w*|abschrift\w*)\b",
        "place": r"\b(?:standort\w*|position(?:en|sdaten)?|ortungsdaten|ortsdaten|gps\w*|routen?)\b",
        "pulse": r"\b(?:puls\w*|herz\w+)\b",
        "sleep": r"\bschlaf\w*\b",
        "steps": r"\bschritte?n?\b",
        "weight": r"\bgewicht\w*\b",
        "crash": r"\b(?:absturz\w*|abstürze|diagnose\w*)\b",
        "mail": r"\be-?mail-?adressen?\b",
        "account": r"\b(?:konto|nutzer)daten\b",
        "usage": r"\bnutzungsdaten\b",
        "bill": r"\brechnung(?:en)?\b",
        "message": r"\bnachrichten\b",
        "any": r"\b(?:ihre|deine|eure|alle|personenbezogene[nr]?) (?:personenbezogenen )?daten\b",
        "log": r"\b(?:\w*protokoll\w*|verlauf\w*)\b",
    },
    "es": {
        "video": r"\b(?:v[ií]deos?|clips?|secuencias)\b",
        "picture": r"\b(?:imagen|imágenes|fotos?|fotografías?)\b",
        "voice": r"\b(?:voz|voces|sonidos?|audios?)\b",
        "recording": r"\bgrabaci(?:ón|ones)\b",
        "transcript": r"\btranscripci(?:ón|ones)\b",
        "place": r"\b(?:ubicaci(?:ón|ones)|posici(?:ón|ones)|coordenadas|gps|rutas?|recorridos?)\b",
        "pulse": r"\b(?:pulso|card[ií]ac\w+)\b",
        "sleep": r"\bsueño\b",
        "steps": r"\bpasos\b",
        "weight": r"\bpeso\b",
        "crash": r"\b(?:fallos|diagnóstico)\b",
        "mail": r"\bcorreos?\b",
        "account": r"\bdatos de (?:la|su|tu) cuenta\b",
        "usage": r"\bdatos de uso\b",
        "bill": r"\bfacturas?\b",
        "message": r"\bmensajes?\b",
        "any": r"\b(?:sus|tus|todos los|los) datos(?: personales)?\b(?! de\b)",
        "log": r"\b(?:registros?|historial)\b",
    },
}
LESS = frozenset({"recording", "log", "message", "any"})  # named only where nothing else is
RECORDED = frozenset({"recording", "voice", "video"})  # a recording may be of either
# What a period is counted from, or where: both must be the same.
ENDS = {
    "en": {
        "closing": r"\b(?:after|once|when|if|following|until|past|from|of"
        r"|upon)\b[^,.;]{0,40}\b(?:account|contract|membership"
        r"|subscription)\b|\b(?:after|once|when|following|until|of|upon) (?:you|your|a parent"
        r"|the (?:user|owner))\b",
        "backup": r"\bback-?ups?\b|\barchiv\w+",
        "here": r"\b(?:on|in) (?:the|your|its) (?:own )?(?:\w+ )?(?:card|phone|device|camera|memory"
        r"|base|hub|app"
        r"|toy|speaker|lock|band|ring|watch|robot|pen|product|collar|bear|doll|bell|doorbell|monitor"
        r"|lamp|oven|scale)\b|\b(?:locally|memory)\b",
        "idle": r"\b(?:inactiv\w+|not (?:been )?used|unused)\b",
    },
    "de": {
        "closing": r"\b(?:konto\w*|nutzerkonto\w*|vertrag\w*|kündig\w+|abmeld\w+)\b|\b(?:nachdem|sobald"
        r"|wenn|bis) (?:sie|du|ihr)\b",
        "backup": r"\b(?:sicherung\w*|backups?|archiv\w*)\b",
        "here": r"\b(?:auf|in) (?:der|dem|ihrem|deinem|ihrer|deiner) (?:\w+ )?(?:\w*karte|telefon|handy"
        r"|gerät|kamera|speicher|app"
        r"|spielzeug|lautsprecher|schloss|band|ring|uhr|roboter|bär\w*|puppe|klingel|lampe|ofen"
        r"|waage)\b|\blokal\w*\b",
        "idle": r"\b(?:inaktiv\w*|nicht (?:mehr )?(?:ge|be)nutzt)\b",
    },
    "es": {
        "closing": r"\b(?:cuenta|contrato|baja|suscripción)\b|\b(?:cuando|hasta que|una vez que"
        r"|después de que) (?:usted|tú)\b",
        "backup": r"\b(?:copias? de seguridad|respaldo\w*|archiv\w+)\b",
        "here": r"\ben (?:la|el|su|tu) (?:\w+ )?(?:tarjeta|teléfono|móvil|dispositivo|cámara|memoria"
        r"|app|aplicación"
        r"|juguete|altavoz|cerradura|pulsera|anillo|reloj|robot|muñec[oa]|osito|timbre|lámpara|horno"
        r"|báscula)\b",
        "idle": r"\b(?:inactiv\w+|sin us\w+)\b",
    },
}
# What may be kept for another time by right: other data, another plan, a wish, an event.
APART = {
    "en": r"\b(?:other|others|rest|remaining|some|certain|selected|plans?|premium|plus|subscri\w+|tier"
    r"|if|unless|or until|deleted clips"
    r"|starred|pinned|shared|flagged|favou?rites?|law|legal\w*|court|police|test|research|anonymi\w+"
    r"|bin|trash|restor\w+|recover\w*|thumbnails?|(?:that|which)? ?you (?:\w+ )?(?:delete|save|keep"
    r"|mark|share|pin|star))\b"
    r"|^\W*deleted\b",
    "de": r"\b(?:andere\w*|übrige\w*|restliche\w*|einige\w*|bestimmte\w*|tarif\w*|abo\w*|premium|falls"
    r"|sofern|markiert\w*|geteilt\w*|favorit\w*"
    r"|gesetz\w*|gericht\w*|polizei|forschung\w*|anonym\w*"
    r"|papierkorb|wiederherstell\w*|vorschaubild\w*|gelöschte[nr]?|die (?:sie"
    r"|du) (?:\w+ )?(?:speichern?|löschen|teilen|behalten|markieren))\b",
    "es": r"\b(?:demás|otr[oa]s?|resto|restantes|algun[oa]s|ciert[oa]s|plan|planes|premium|suscri\w+|si"
    r"|salvo|marcad[oa]s|compartid[oa]s"
    r"|favorit[oa]s|ley|legal\w*|judicial\w*|policía|investigación|anónim\w*|anonimi\w+"
    r"|papelera|recuper\w+|restaur\w+|miniaturas|(?:borrad|eliminad)[oa]s (?:permanec|qued|sigu)\w+)\b",
}
MOST = (
    r"\b(?:up to|at most|no longer than|not longer than|within|not (?:exceeding|more than)|a maximum of"
    r"|bis zu|höchstens|maximal|längstens|spätestens"
    r"|innerhalb(?: von)?|binnen|hasta|como máximo|máximo de|en un plazo de)(?: \w+)?\W*$"
)
# Before or after a time: it is a length, or how often.
NO_PERIOD = (
    r"\b(?:every|each|alle|jede[nrs]?|cada|of (?:up to )?|lasting|long as|duración (?:\w+ ){0,2}de|de hasta"
    r"|(?:ist|sind|dauert|dauern)(?: (?:bis zu|etwa|rund|nur|jeweils|höchstens))?|duran?(?: hasta)?)\W*$"
)
LENGTH = r"^\W*(?:long|lange[nrs]?|de duración|old|alt|de edad)\b"
CLAUSE = re.compile(r"[;,]| (?:and|whereas|while|und|während|y|mientras que) ")


class Period(Struct, frozen=True):
    """Of a sentence or a part of it. things: what is kept. ends: what its time is counted from, and where.

    days: how long. most: at most so long.
    """

    things: frozenset[str]
    ends: frozenset[str]
    days: float
    most: bool


def differing(several: Iterable[Sentence], language: str) -> tuple[Sentence, Sentence] | None:
    """The first two that give different periods for the same data."""
    if language not in THINGS:
        return None
    found = [(one, period) for one in several for period in periods(one, language)]
    for (one, first), (other, second) in combinations(found, 2):
        same_list = one.lead and one.lead == other.lead and one.document == other.document
        if one != other and not same_list and apart(first, second):
            return one, other
    return None


def apart(one: Period, other: Period) -> bool:
    """Whether two periods are for the same data, and cannot both hold."""
    if one.ends != other.ends or not same(one.things, other.things):
        return False
    short, long = sorted((one, other), key=lambda period: period.days)
    return long.days > short.days * ALIKE and not long.most


def same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether some of it is the same: a recording may be of voices or be a video."""
    either = "recording" in one | other and bool(one & RECORDED) and bool(other & RECORDED)
    return bool(one & other) or either


def periods(one: Sentence, language: str) -> Iterator[Period]:
    """What a sentence says of time: of all of it where it says one time, else clause by clause."""
    alone = len(list(times(one.said, language))) == 1
    parts = [one.said] if alone else CLAUSE.split(one.said)
    for part in parts:
        found = list(times(part, language))
        things = things_of(part, language)
        if len(found) == 1 and things and not re.search(APART[language], part, re.IGNORECASE):
            yield Period(things, ends_of(one.said, language), *found[0])


def things_of(text: str, language: str) -> frozenset[str]:
    """What is kept."""
    named = {thing for thing, said in THINGS[language].items() if re.search(said, text, re.IGNORECASE)}
    return frozenset(named - LESS or named)


def ends_of(text: str, language: str) -> frozenset[str]:
    """What the time is counted from, and where something is kept."""
    return frozenset(end for end, said in ENDS[language].items() if re.search(said, text, re.IGNORECASE))


@cache
def numbers(language: str) -> dict[str, int]:
    """What words for numbers stand for."""
    pairs = (one.split("=") for one in WORDS[language].split())
    return {word: int(number) for word, number in pairs}


@cache
def written(language: str) -> re.Pattern[str]:
    """A number and a unit of time."""
    words, units = (
        "|".join(sorted(some, key=len, reverse=True)) for some in (numbers(language), UNITS[language])
    )
    return re.compile(rf"\b(\d+|{words})\)?[ -](?:{FULL} )?({units})(?:s|es|en|n|e)?\b", re.IGNORECASE)


def times(text: str, language: str) -> Iterator[tuple[float, bool]]:
    """Days, and whether at most so many."""
    for time in written(language).finditer(text):
        before, number = text[: time.start()], time[1].lower()
        if re.search(NO_PERIOD, before, re.IGNORECASE) or re.match(LENGTH, text[time.end() :], re.IGNORECASE):
            continue
        most = re.search(MOST, before, re.IGNORECASE) is not None
        days = int(numbers(language).get(number, number)) * UNITS[language][time[2].lower()]
        if days >= LEAST:
            yield days, most
